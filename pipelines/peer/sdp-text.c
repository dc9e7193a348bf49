/* pipelines/peer/sdp-text.c - SDP as lines, and the small scanners that all SDP code shares.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/sdp-text.h"

#include <string.h>

#include "mcu/base/error.h"

#define FINGERPRINT_BYTES 32

static gboolean
line_is_sound (const char *line, gsize length)
{
  if (length < 2 || !g_ascii_islower (line[0]) || line[1] != '=')
    return FALSE;

  for (gsize i = 2; i < length; i++)
    if (((guchar) line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7f)
      return FALSE;

  return TRUE;
}

static gboolean
cut_lines (McuSdpText *self, gsize length)
{
  char *end = self->buffer + length;

  for (char *line = self->buffer; line < end;) {
    char *stop = memchr (line, '\n', end - line);
    char *next = stop != NULL ? stop + 1 : end;

    if (stop == NULL)
      stop = end;
    if (stop > line && stop[-1] == '\r')
      stop--;
    *stop = '\0';
    if (stop > line) {
      if (!line_is_sound (line, stop - line))
        return FALSE;
      g_ptr_array_add (self->lines, line);
    }
    line = next;
  }

  return self->lines->len > 0 && strcmp (self->lines->pdata[0], "v=0") == 0;
}

gboolean
mcu_sdp_text_init (McuSdpText *self, const char *text, gssize length, gsize max_bytes,
                   GError **error)
{
  gsize n = length >= 0 ? (gsize) length : strnlen (text, max_bytes + 1);

  self->buffer = NULL;
  self->lines = NULL;
  if (n > max_bytes) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "SDP over %" G_GSIZE_FORMAT " bytes",
                 max_bytes);
    return FALSE;
  }
  if (!g_utf8_validate_len (text, n, NULL)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_SDP, "SDP is not UTF-8 text");
    return FALSE;
  }

  self->buffer = g_strndup (text, n);
  self->lines = g_ptr_array_new ();
  if (!cut_lines (self, n)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_SDP, "SDP has a malformed line");
    mcu_sdp_text_clear (self);
    return FALSE;
  }

  return TRUE;
}

void
mcu_sdp_text_clear (McuSdpText *self)
{
  g_clear_pointer (&self->buffer, g_free);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
}

const char *
mcu_sdp_attribute (const char *line, const char *name)
{
  gsize n = strlen (name);

  if (line[0] != 'a' || line[1] != '=' || strncmp (line + 2, name, n) != 0)
    return NULL;
  line += 2 + n;
  if (*line == ':')
    return line + 1;
  return *line == '\0' ? line : NULL;
}

void
mcu_sdp_skip_spaces (const char **cursor)
{
  while (**cursor == ' ' || **cursor == '\t')
    (*cursor)++;
}

gboolean
mcu_sdp_take_uint (const char **cursor, guint64 max, guint64 *out)
{
  const char *p = *cursor;
  guint64 value = 0;

  for (; g_ascii_isdigit (*p); p++) {
    guint64 digit = *p - '0';
    if (digit > max || value > (max - digit) / 10 || p - *cursor >= 20)
      return FALSE;
    value = value * 10 + digit;
  }
  if (p == *cursor)
    return FALSE;

  *cursor = p;
  *out = value;
  return TRUE;
}

gboolean
mcu_sdp_take_word (const char **cursor, char *out, gsize size)
{
  mcu_sdp_skip_spaces (cursor);
  gsize n = strcspn (*cursor, " \t");

  if (n == 0 || n >= size)
    return FALSE;
  memcpy (out, *cursor, n);
  out[n] = '\0';
  *cursor += n;
  return TRUE;
}

gboolean
mcu_sdp_is_token (const char *text, gsize max)
{
  gsize n = strnlen (text, max + 1);

  if (n == 0 || n > max)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-.^_`{|}~", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
mcu_sdp_is_ice_word (const char *text, gsize min)
{
  gsize n = strnlen (text, 257);

  if (n < min || n > 256)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/') {
      /* Some stacks write '-', '_' or '=' (base64url); webrtcbin takes them as they are. */
      if (strchr ("-_=", text[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

gboolean
mcu_sdp_fmtp_param (const char *fmtp, const char *key, char *out, gsize size)
{
  gsize key_length = strlen (key);

  while (fmtp != NULL && *fmtp != '\0') {
    const char *p = fmtp + strspn (fmtp, " \t;");
    gsize n = strcspn (p, ";");

    if (n > key_length && p[key_length] == '=' && g_ascii_strncasecmp (p, key, key_length) == 0) {
      const char *value = p + key_length + 1;
      gsize length = n - key_length - 1;

      while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
        length--;
      if (length == 0 || length >= size)
        return FALSE;
      memcpy (out, value, length);
      out[length] = '\0';
      return TRUE;
    }
    fmtp = p + n;
  }

  return FALSE;
}

gboolean
mcu_sdp_fingerprint (const char *value, guint8 out[32])
{
  if (g_ascii_strncasecmp (value, "sha-256 ", 8) != 0)
    return FALSE;
  value += 8;
  mcu_sdp_skip_spaces (&value);

  for (guint i = 0; i < FINGERPRINT_BYTES; i++, value += 3) {
    int high = g_ascii_xdigit_value (value[0]);
    int low = high >= 0 ? g_ascii_xdigit_value (value[1]) : -1;

    if (low < 0 || value[2] != (i + 1 < FINGERPRINT_BYTES ? ':' : '\0'))
      return FALSE;
    out[i] = (guint8) (high << 4 | low);
  }

  return TRUE;
}

void
mcu_sdp_append_fingerprint (GString *out, const guint8 fingerprint[32])
{
  g_string_append (out, "a=fingerprint:sha-256 ");
  for (guint i = 0; i < FINGERPRINT_BYTES; i++)
    g_string_append_printf (out, "%s%02X", i == 0 ? "" : ":", fingerprint[i]);
  g_string_append (out, "\r\n");
}
