/* signaling/signed-link.c - links to a recording's files that hold for an hour.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/signed-link.h"

#include <string.h>

#include "mcu/config.h"

/* A secret that signs tokens too never signs the same text in both. */
#define PURPOSE "tessera recording 1"

/* Returns: (nullable): NULL without a key. */
static char *
sign (McuConfig *config, const char *id, gint64 expires_s)
{
  const char *name = mcu_config_first_key (config);
  const char *secret = name != NULL ? mcu_config_get_key (config, name) : NULL;
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT, PURPOSE, id, expires_s);

  if (secret == NULL)
    return NULL;
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret),
                                    text, -1);
}

char *
mcu_signed_link_new (McuConfig *config, const char *id, const char *file, gint64 now_s)
{
  gint64 expires_s = now_s + MCU_SIGNED_LINK_TTL_S;
  g_autofree char *signature = sign (config, id, expires_s);

  if (signature == NULL)
    return g_strdup_printf ("/v1/recordings/%s/%s", id, file);
  return g_strdup_printf ("/v1/recordings/%s/%s?expires=%" G_GINT64_FORMAT "&signature=%s", id,
                          file, expires_s, signature);
}

/* In a time that says nothing of where they differ. */
static gboolean
is_same (const char *a, const char *b)
{
  gsize length = strlen (a);
  guint8 difference = 0;

  if (strlen (b) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

gboolean
mcu_signed_link_is_good (McuConfig *config, const char *id, const char *expires,
                         const char *signature, gint64 now_s)
{
  g_autofree char *wanted = NULL;
  gint64 expires_s;

  if (expires == NULL || signature == NULL ||
      !g_ascii_string_to_signed (expires, 10, 0, G_MAXINT64, &expires_s, NULL))
    return FALSE;
  wanted = sign (config, id, expires_s);
  return wanted != NULL && is_same (wanted, signature) && now_s <= expires_s;
}
