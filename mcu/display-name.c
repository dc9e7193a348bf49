/* mcu/display-name.c - names that people give themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/display-name.h"

#include <string.h>

/* Longer input is cut before it is looked at: what is cleaned away cannot make us work for long. */
#define LOOKED_AT_BYTES 4096

static gboolean
turns_direction (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f || c == 0x061c;
}

char *
mcu_display_name_clean (const char *text, const char *fallback)
{
  g_autofree char *valid = NULL;
  GString *clean = g_string_new (NULL);
  gboolean space = FALSE;

  valid = g_utf8_make_valid (text != NULL ? text : "",
                             text != NULL ? (gssize) strnlen (text, LOOKED_AT_BYTES) : 0);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    char bytes[6];
    gsize n;

    if (g_unichar_isspace (c)) {
      space = TRUE;
      continue;
    }
    if (g_unichar_iscntrl (c) || turns_direction (c) || c == 0x2028 || c == 0x2029)
      continue;
    n = g_unichar_to_utf8 (c, bytes);
    if (clean->len + n + (space ? 1 : 0) > MCU_DISPLAY_NAME_MAX_BYTES)
      break;
    if (space && clean->len > 0)
      g_string_append_c (clean, ' ');
    space = FALSE;
    g_string_append_len (clean, bytes, n);
  }
  if (clean->len == 0)
    g_string_assign (clean, fallback);
  return g_string_free (clean, FALSE);
}
