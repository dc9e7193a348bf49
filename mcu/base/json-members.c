/* mcu/base/json-members.c - members that stand twice in one object of JSON text.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/json-members.h"

#include <string.h>

#include "mcu/base/json-check.h"

/* What a path repeats of each name, bytes. */
#define MAX_QUOTED 64

typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  GString *path;
} Scan;

static void
skip_blanks (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL)
    scan->at++;
}

static gboolean
take (Scan *scan, char c)
{
  skip_blanks (scan);
  if (scan->at == scan->end || *scan->at != c)
    return FALSE;
  scan->at++;
  return TRUE;
}

/* Halves of a surrogate pair stay as they are, in one spelling. */
static void
append_unit (GString *out, const char *digits)
{
  guint unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit << 4 | (guint) MAX (g_ascii_xdigit_value (digits[i]), 0);
  if (unit >= 0xd800 && unit <= 0xdfff)
    g_string_append_printf (out, "\\u%04x", unit);
  else
    g_string_append_unichar (out, unit);
}

static void
append_escaped (Scan *scan, GString *out)
{
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
  const char *special = strchr (from, *scan->at);

  if (*scan->at == 'u' && scan->end - scan->at > 4) {
    append_unit (out, scan->at + 1);
    scan->at += 4;
  } else {
    g_string_append_c (out, special != NULL ? to[special - from] : *scan->at);
  }
}

/* (transfer full) (nullable): the string at hand, as it reads. */
static char *
read_string (Scan *scan)
{
  GString *out;

  if (!take (scan, '"'))
    return NULL;
  out = g_string_new (NULL);
  for (; scan->at < scan->end && *scan->at != '"'; scan->at++) {
    if (*scan->at != '\\' || scan->end - scan->at < 2) {
      g_string_append_c (out, *scan->at);
      continue;
    }
    scan->at++;
    append_escaped (scan, out);
  }
  if (scan->at < scan->end)
    scan->at++;
  return g_string_free (out, FALSE);
}

static void
append_name (GString *path, const char *name)
{
  g_autofree char *cut = g_strndup (name, MAX_QUOTED);
  g_autofree char *valid = g_utf8_make_valid (cut, -1);
  /* Control characters would write lines of their own into a log. */
  g_autofree char *quoted = g_strescape (valid, NULL);

  if (path->len > 0)
    g_string_append_c (path, '.');
  g_string_append (path, quoted);
}

static gboolean find_in_value (Scan *scan);

/* Behind the opening bracket. TRUE: found, and scan->path says where. */
static gboolean
find_in_object (Scan *scan)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize before = scan->path->len;

  do {
    char *name = read_string (scan);

    if (name == NULL)
      break;
    append_name (scan->path, name);
    if (!g_hash_table_add (names, name))
      return TRUE;
    if (take (scan, ':') && find_in_value (scan))
      return TRUE;
    g_string_truncate (scan->path, before);
  } while (take (scan, ','));
  take (scan, '}');
  return FALSE;
}

static gboolean
find_in_array (Scan *scan)
{
  gsize before = scan->path->len;
  guint index = 0;

  if (take (scan, ']'))
    return FALSE;
  do {
    g_string_append_printf (scan->path, "[%u]", index++);
    if (find_in_value (scan))
      return TRUE;
    g_string_truncate (scan->path, before);
  } while (take (scan, ','));
  take (scan, ']');
  return FALSE;
}

static gboolean
find_in_value (Scan *scan)
{
  gboolean found = FALSE;

  if (scan->depth == MCU_JSON_MAX_DEPTH + 1)
    return FALSE;
  scan->depth++;
  if (take (scan, '{')) {
    found = find_in_object (scan);
  } else if (take (scan, '[')) {
    found = find_in_array (scan);
  } else if (scan->at < scan->end && *scan->at == '"') {
    g_free (read_string (scan));
  } else {
    while (scan->at < scan->end && strchr (",]} \t\r\n", *scan->at) == NULL)
      scan->at++;
  }
  scan->depth--;
  return found;
}

char *
mcu_json_find_twice (const char *text, gsize length)
{
  Scan scan = {text, text + length, 0, g_string_new (NULL)};
  gboolean found = find_in_value (&scan);

  return g_string_free (scan.path, !found);
}
