/* mcu/resume.c - resume tokens: who somebody was, signed by this server.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"

#define KEY_BYTES 32
#define MAC_BYTES 32 /* SHA-256 */

struct _McuResumeKey
{
  guint8 bytes[KEY_BYTES];
};

/* Returns: 0, or an errno. A key that others may read is no key. */
static int
read_key (const char *path, guint8 *bytes)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;
  int why = 0;

  if (fd < 0)
    return errno;
  if (fstat (fd, &info) < 0)
    why = errno;
  else if (!S_ISREG (info.st_mode) || (info.st_mode & 077) != 0)
    why = EPERM;
  else if (read (fd, bytes, KEY_BYTES) != KEY_BYTES)
    why = EIO;
  close (fd);
  return why;
}

/* link() instead of rename(): of two servers that start at once, both use the first one's key. */
static int
make_key (const char *directory, const char *path)
{
  g_autofree char *name = mcu_id_new (".resume");
  g_autofree char *temporary = g_build_filename (directory, name, NULL);
  guint8 bytes[KEY_BYTES];
  int fd = open (temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int why = 0;

  if (fd < 0)
    return errno;
  mcu_random_bytes (bytes, KEY_BYTES);
  if (write (fd, bytes, KEY_BYTES) != KEY_BYTES || fsync (fd) < 0)
    why = errno != 0 ? errno : EIO;
  else if (link (temporary, path) < 0 && errno != EEXIST)
    why = errno;
  close (fd);
  unlink (temporary);
  return why;
}

McuResumeKey *
mcu_resume_key_open (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "resume.key", NULL);
  McuResumeKey *self = g_new0 (McuResumeKey, 1);
  int why = read_key (path, self->bytes);

  if (why == ENOENT) {
    why = make_key (directory, path);
    if (why == 0)
      why = read_key (path, self->bytes);
  }
  if (why == 0)
    return self;
  g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "%s: %s", path, g_strerror (why));
  mcu_resume_key_free (self);
  return NULL;
}

void
mcu_resume_key_free (McuResumeKey *self)
{
  if (self == NULL)
    return;
  explicit_bzero (self->bytes, KEY_BYTES);
  g_free (self);
}

static char *
to_base64url (const guint8 *bytes, gsize n)
{
  char *text = g_base64_encode (bytes, n);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static guint8 *
from_base64url (const char *text, gsize length, gsize *n)
{
  GString *padded = g_string_new_len (text, length);

  for (gsize i = 0; i < padded->len; i++) {
    if (padded->str[i] == '-')
      padded->str[i] = '+';
    else if (padded->str[i] == '_')
      padded->str[i] = '/';
  }
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  guint8 *bytes = g_base64_decode (padded->str, n);
  g_string_free (padded, TRUE);
  return bytes;
}

static void
compute_mac (McuResumeKey *self, const char *text, gsize length, guint8 *mac)
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, self->bytes, KEY_BYTES);
  gsize n = MAC_BYTES;

  g_hmac_update (hmac, (const guint8 *) text, length);
  g_hmac_get_digest (hmac, mac, &n);
  g_hmac_unref (hmac);
}

/* In a time that does not tell where they differ. */
static gboolean
is_same (const guint8 *a, const guint8 *b, gsize n)
{
  guint8 difference = 0;

  for (gsize i = 0; i < n; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

char *
mcu_resume_sign (McuResumeKey *self, const McuResume *resume)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *json = NULL;
  g_autofree char *body = NULL;
  g_autofree char *tail = NULL;
  guint8 mac[MAC_BYTES];

  json_object_set_string_member (object, "r", resume->room);
  json_object_set_string_member (object, "p", resume->participant);
  json_object_set_string_member (object, "n", resume->name);
  json_object_set_string_member (object, "o", mcu_role_to_string (resume->role));
  if (resume->identity != NULL)
    json_object_set_string_member (object, "i", resume->identity);
  json_object_set_int_member (object, "g", resume->rights);
  json_object_set_int_member (object, "t", resume->issued_at_s);
  json = mcu_json_to_text (object);
  body = to_base64url ((const guint8 *) json, strlen (json));
  compute_mac (self, body, strlen (body), mac);
  tail = to_base64url (mac, MAC_BYTES);
  return g_strconcat (body, ".", tail, NULL);
}

static McuResume *
parse_body (const char *body, gsize length)
{
  gsize n = 0;
  g_autofree guint8 *json = from_base64url (body, length, &n);
  g_autoptr (JsonObject) object = mcu_json_parse_object ((const char *) json, n, NULL);
  g_autoptr (McuResume) resume = g_new0 (McuResume, 1);

  if (object == NULL)
    return NULL;
  resume->room = g_strdup (mcu_json_string (object, "r"));
  resume->participant = g_strdup (mcu_json_string (object, "p"));
  resume->name = g_strdup (mcu_json_string (object, "n"));
  resume->identity = g_strdup (mcu_json_string (object, "i"));
  resume->rights = mcu_json_int (object, "g", MCU_RIGHTS_DEFAULT) & MCU_RIGHTS_ALL;
  resume->issued_at_s = mcu_json_int (object, "t", 0);
  if (resume->room == NULL || resume->name == NULL || !mcu_id_is_valid (resume->participant) ||
      !mcu_role_from_string (mcu_json_string (object, "o"), &resume->role))
    return NULL;
  return g_steal_pointer (&resume);
}

McuResume *
mcu_resume_verify (McuResumeKey *self, const char *token, gint64 now_s)
{
  const char *dot = token != NULL ? strchr (token, '.') : NULL;
  g_autofree guint8 *given = NULL;
  guint8 mac[MAC_BYTES];
  gsize n = 0;
  McuResume *resume;

  if (dot == NULL || strlen (token) > MCU_RESUME_MAX_BYTES)
    return NULL;
  given = from_base64url (dot + 1, strlen (dot + 1), &n);
  compute_mac (self, token, dot - token, mac);
  if (n != MAC_BYTES || !is_same (given, mac, MAC_BYTES))
    return NULL;
  resume = parse_body (token, dot - token);
  if (resume != NULL && now_s - resume->issued_at_s > MCU_RESUME_MAX_AGE_S)
    g_clear_pointer (&resume, mcu_resume_free);
  return resume;
}

void
mcu_resume_free (McuResume *self)
{
  if (self == NULL)
    return;
  g_free (self->room);
  g_free (self->participant);
  g_free (self->name);
  g_free (self->identity);
  g_free (self);
}
