/* mcu/base/id.c - identifiers made by the server, and names given by users.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/id.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define ID_RANDOM_BYTES 16 /* 128 bits */
#define ID_MAX_BYTES 64

void
mcu_random_bytes (guint8 *out, gsize n)
{
  gsize done = 0;

  while (done < n) {
    gssize got = getrandom (out + done, n - done, 0);
    if (got > 0)
      done += got;
    else if (errno != EINTR)
      g_error ("no random numbers from the kernel: %s", g_strerror (errno));
  }
}

char *
mcu_id_new (const char *prefix)
{
  guint8 bytes[ID_RANDOM_BYTES];
  g_autofree char *text = NULL;

  mcu_random_bytes (bytes, sizeof bytes);
  text = g_base64_encode (bytes, sizeof bytes);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return g_strconcat (prefix != NULL ? prefix : "", prefix != NULL ? "_" : "", text, NULL);
}

static gboolean
consists_of (const char *text, const char *also, gsize max_bytes)
{
  gsize n = 0;

  if (text == NULL)
    return FALSE;
  for (; text[n] != '\0'; n++)
    if (n >= max_bytes || (!g_ascii_isalnum (text[n]) && strchr (also, text[n]) == NULL))
      return FALSE;
  return n > 0;
}

gboolean
mcu_id_is_valid (const char *id)
{
  return consists_of (id, "_-", ID_MAX_BYTES);
}

gboolean
mcu_room_name_is_valid (const char *name)
{
  return consists_of (name, "._-", ID_MAX_BYTES) && name[0] != '.';
}
