/* pipelines/mix/video/name-text.c - what users call themselves, made safe to draw.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/name-text.h"

#include <pango/pango.h>
#include <string.h>

/* What is looked at of a name at all, bytes: four for each character kept, and some to drop. */
#define MAX_INPUT_BYTES 1024
#define MAX_LINE_BYTES 4096
/* Vietnamese and Hebrew have names with two, Thai with two, Tibetan with three or four. */
#define MAX_MARKS 4
/* The longest emoji sequences in use have ten code points. */
#define MAX_CLUSTER_CHARS 16

#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER 0x200d
#define REPLACEMENT_CHARACTER 0xfffd

/* Flags of regions such as Scotland are spelt in these. */
static gboolean
is_emoji_tag (gunichar c)
{
  return c >= 0xe0020 && c <= 0xe007f;
}

static gboolean
is_drawable (gunichar c)
{
  if (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER || is_emoji_tag (c))
    return TRUE;

  switch (g_unichar_type (c)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT: /* bidi overrides, isolates and marks among them */
  case G_UNICODE_SURROGATE:
  case G_UNICODE_PRIVATE_USE:
    return FALSE;
  default:
    return TRUE;
  }
}

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x2028 || c == 0x2029 || c == 0x00a0 || c == 0x3000;
}

static char *
clean_up (const char *name, gsize max_bytes, guint max_chars)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  g_autofree char *valid = NULL;
  guint chars = 0, marks = 0;
  gboolean blank = FALSE;

  if (name == NULL)
    return g_strdup ("");
  valid = g_utf8_make_valid (name, (gssize) strnlen (name, max_bytes));

  for (const char *at = valid; *at != '\0' && chars < max_chars; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (is_blank (c)) {
      blank = clean->len > 0;
      continue;
    }
    marks = g_unichar_ismark (c) ? marks + 1 : 0;
    if (!is_drawable (c) || marks > MAX_MARKS)
      continue;
    if (blank)
      g_string_append_c (clean, ' ');
    blank = FALSE;
    g_string_append_unichar (clean, c);
    chars++;
  }

  return g_string_free (g_steal_pointer (&clean), FALSE);
}

char *
mcu_name_clean (const char *name)
{
  return clean_up (name, MAX_INPUT_BYTES, MCU_NAME_MAX_CHARS);
}

char *
mcu_line_clean (const char *line)
{
  return clean_up (line, MAX_LINE_BYTES, MCU_LINE_MAX_CHARS);
}

static gboolean
can_start_initial (gunichar c)
{
  if (c == REPLACEMENT_CHARACTER)
    return FALSE;
  return g_unichar_isalnum (c) || g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL ||
         g_unichar_type (c) == G_UNICODE_UNASSIGNED; /* an emoji newer than our tables */
}

/* Appends the grapheme cluster at @at, the @index-th character. */
static void
append_cluster (GString *initials, const char *at, const PangoLogAttr *attrs, int index)
{
  const char *end = g_utf8_next_char (at);
  int chars = 1;

  while (*end != '\0' && !attrs[index + chars].is_cursor_position && chars < MAX_CLUSTER_CHARS) {
    end = g_utf8_next_char (end);
    chars++;
  }
  g_string_append_len (initials, at, end - at);
}

char *
mcu_name_initials (const char *clean)
{
  g_autoptr (GString) initials = g_string_new (NULL);
  int n_chars = (int) g_utf8_strlen (clean, -1);
  g_autofree PangoLogAttr *attrs = g_new0 (PangoLogAttr, n_chars + 1);
  const char *at = clean;
  gboolean in_word = FALSE;
  int words = 0;

  pango_get_log_attrs (clean, (int) strlen (clean), -1, pango_language_get_default (), attrs,
                       n_chars + 1);
  for (int i = 0; i < n_chars && words < 2; i++, at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (c == ' ') {
      in_word = FALSE;
    } else if (!in_word && can_start_initial (c)) {
      append_cluster (initials, at, attrs, i);
      in_word = TRUE;
      words++;
    }
  }

  return g_utf8_strup (initials->str, (gssize) initials->len);
}
