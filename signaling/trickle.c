/* signaling/trickle.c - the SDP fragment of a WHIP or WHEP PATCH (RFC 8840).
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/trickle.h"

#include <string.h>

#include "mcu/base/error.h"

#define MAX_LINE_BYTES 512
/* Source: RFC 8839, 5.4: ice-ufrag is 4 to 256 characters. */
#define MAX_UFRAG_BYTES 256

void
mcu_trickle_free (McuTrickle *self)
{
  g_free (self->ufrag);
  g_free (self->pwd);
  g_ptr_array_unref (self->candidates);
  g_ptr_array_unref (self->mids);
  g_free (self);
}

static gboolean
is_bad (GError **error, const char *why)
{
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_SDP, why);
  return FALSE;
}

static gboolean
take_line (McuTrickle *self, const char *line, char **mid, GError **error)
{
  if (g_str_has_prefix (line, "a=mid:")) {
    g_free (*mid);
    *mid = g_strdup (line + strlen ("a=mid:"));
  } else if (g_str_has_prefix (line, "a=ice-ufrag:")) {
    if (self->ufrag == NULL)
      self->ufrag = g_strdup (line + strlen ("a=ice-ufrag:"));
  } else if (g_str_has_prefix (line, "a=ice-pwd:")) {
    if (self->pwd == NULL)
      self->pwd = g_strdup (line + strlen ("a=ice-pwd:"));
  } else if (g_str_has_prefix (line, "a=candidate:")) {
    if (self->candidates->len == MCU_TRICKLE_MAX_CANDIDATES) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "more than %d candidates",
                   MCU_TRICKLE_MAX_CANDIDATES);
      return FALSE;
    }
    g_ptr_array_add (self->candidates, g_strdup (line + strlen ("a=")));
    g_ptr_array_add (self->mids, g_strdup (*mid));
  } else if (strcmp (line, "a=end-of-candidates") == 0) {
    self->is_end = TRUE;
  } else if (line[0] == '\0' || line[1] != '=') {
    return is_bad (error, "a line that is no SDP");
  }
  return TRUE;
}

McuTrickle *
mcu_trickle_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (McuTrickle) self = g_new0 (McuTrickle, 1);
  g_autofree char *copy = NULL;
  g_autofree char *mid = g_strdup ("");
  g_auto (GStrv) lines = NULL;

  self->candidates = g_ptr_array_new_with_free_func (g_free);
  self->mids = g_ptr_array_new_with_free_func (g_free);
  if (!g_utf8_validate_len (text, length, NULL)) {
    is_bad (error, "not UTF-8");
    return NULL;
  }
  copy = g_strndup (text, length);
  lines = g_strsplit (copy, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    gsize n = strlen (lines[i]);

    if (n > MAX_LINE_BYTES) {
      is_bad (error, "a line is too long");
      return NULL;
    }
    if (n > 0 && lines[i][n - 1] == '\r')
      lines[i][n - 1] = '\0';
    /* Only the end may be empty. */
    if (lines[i][0] == '\0' && lines[i + 1] == NULL)
      break;
    if (!take_line (self, lines[i], &mid, error))
      return NULL;
  }
  return g_steal_pointer (&self);
}

gboolean
mcu_trickle_offer_has_ufrag (const char *offer, gsize length, const char *ufrag)
{
  g_autofree char *line = g_strconcat ("a=ice-ufrag:", ufrag, NULL);
  gsize n = strlen (line);
  const char *end = offer + length;

  if (strlen (ufrag) > MAX_UFRAG_BYTES)
    return FALSE;
  for (const char *at = offer; (at = memmem (at, end - at, line, n)) != NULL; at += n) {
    gboolean starts = at == offer || at[-1] == '\n';
    gboolean ends = at + n == end || at[n] == '\r' || at[n] == '\n';

    if (starts && ends)
      return TRUE;
  }
  return FALSE;
}
