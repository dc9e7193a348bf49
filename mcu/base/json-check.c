/* mcu/base/json-check.c - the look at JSON before json-glib may see it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/json-check.h"

#include <math.h>
#include <string.h>

#include "mcu/base/error.h"

/* Twice what a double needs to be exact. */
#define MAX_NUMBER_BYTES 40

/* json-glib also takes comments and 'strings', in which a quote or a bracket would mean something
 * else to us than to it; so what may stand outside a string is checked to the letter (RFC 8259). */
static gboolean
is_plain (const char *text, gsize length)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++) {
    char c = text[i];

    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '{' || c == '[') {
      if (++depth > MCU_JSON_MAX_DEPTH)
        return FALSE;
    } else if (c == '}' || c == ']') {
      if (depth == 0)
        return FALSE;
      depth--;
    } else if (c == '\0' || strchr (" \t\r\n,:0123456789+-.eEtrufalsn", c) == NULL) {
      return FALSE;
    }
  }
  return TRUE;
}

/* The UTF-16 unit that an escape at @text says; 0 when it is none. */
static guint
escaped_unit (const char *text, gsize length)
{
  guint unit = 0;

  if (length < 6 || text[0] != '\\' || text[1] != 'u')
    return 0;
  for (gsize i = 2; i < 6; i++) {
    if (!g_ascii_isxdigit (text[i]))
      return 0;
    unit = unit << 4 | (guint) g_ascii_xdigit_value (text[i]);
  }
  return unit;
}

/* json-glib makes of half a surrogate pair what is no UTF-8, and whoever we pass that on to closes
 * the connection. Backslashes stand in strings only: is_plain() has seen to it. */
static gboolean
has_lone_surrogate (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    guint unit = escaped_unit (text + i, length - i);
    guint next = unit != 0 ? escaped_unit (text + i + 6, length - i - 6) : 0;

    if (unit >= 0xdc00 && unit <= 0xdfff)
      return TRUE;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      if (next < 0xdc00 || next > 0xdfff)
        return TRUE;
      i += 11;
    } else if (text[i] == '\\') {
      i++; /* what is escaped begins nothing */
    }
  }
  return FALSE;
}

/* The length of the number at @text; 0 when it is longer than any needs to be, or not finite:
 * json-glib reads 1e999 as infinity and writes that as `inf`, which nobody can read. */
static gsize
finite_number (const char *text, gsize length)
{
  char number[MAX_NUMBER_BYTES + 1] = {0};
  gsize n = 0;

  while (n < length && text[n] != '\0' && strchr ("0123456789+-.eE", text[n]) != NULL) {
    if (n == MAX_NUMBER_BYTES)
      return 0;
    number[n] = text[n];
    n++;
  }
  return isfinite (g_ascii_strtod (number, NULL)) ? n : 0;
}

/* Escapes are passed over as pairs; what stands in strings is no number. */
static gboolean
has_only_finite_numbers (const char *text, gsize length)
{
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++) {
    if (in_string && text[i] == '\\') {
      i++;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && g_ascii_isdigit (text[i])) {
      gsize n = finite_number (text + i, length - i);

      if (n == 0)
        return FALSE;
      i += n - 1;
    }
  }
  return TRUE;
}

JsonObject *
mcu_json_parse_object (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) why = NULL;
  JsonNode *root;
  gsize start = 0;

  if (!g_utf8_validate_len (text, length, NULL)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "not UTF-8");
    return NULL;
  }
  if (!is_plain (text, length)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "not plain JSON, or nested deeper than %d",
                 MCU_JSON_MAX_DEPTH);
    return NULL;
  }
  if (!has_only_finite_numbers (text, length)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "a number that is none");
    return NULL;
  }
  if (has_lone_surrogate (text, length)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "half a surrogate pair");
    return NULL;
  }
  /* json-glib takes comments and assignments too; only an object is JSON here. */
  while (start < length && strchr (" \t\r\n", text[start]) != NULL)
    start++;
  if (start == length || text[start] != '{') {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "not an object");
    return NULL;
  }

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, length, &why)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "%s", why->message);
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_JSON, "not an object");
    return NULL;
  }
  return json_node_dup_object (root);
}

static JsonNode *
value_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

const char *
mcu_json_string (JsonObject *object, const char *name)
{
  JsonNode *node = value_of (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

gint64
mcu_json_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = value_of (object, name);
  double number;

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return fallback;
  number = json_node_get_double (node);
  /* 2^53: past it a double is no exact integer, and near 2^63 the cast is undefined. */
  return number >= -9007199254740992.0 && number <= 9007199254740992.0 ? (gint64) number : fallback;
}

gboolean
mcu_json_bool (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = value_of (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
             ? json_node_get_boolean (node)
             : fallback;
}

JsonObject *
mcu_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
mcu_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
mcu_json_array_object (JsonArray *array, guint index)
{
  JsonNode *node = index < json_array_get_length (array) ? json_array_get_element (array, index)
                                                         : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* json-glib writes 2e53 as `2e+53.0`, which nobody reads, not even itself: the `.0` goes.
 * @text: changed in place, and returned */
static char *
mend_exponents (char *text)
{
  gboolean in_string = FALSE, in_exponent = FALSE;
  char *to = text;

  for (const char *from = text; *from != '\0'; from++) {
    if (in_string && *from == '\\')
      *to++ = *from++;
    else if (*from == '"')
      in_string = !in_string;
    else if (!in_string && *from == 'e' && from > text && g_ascii_isdigit (from[-1]))
      in_exponent = TRUE;
    else if (!g_ascii_isdigit (*from) && *from != '+' && *from != '-' && *from != '.')
      in_exponent = FALSE;
    if (in_exponent && from[0] == '.' && from[1] == '0')
      from++;
    else
      *to++ = *from;
  }
  *to = '\0';
  return text;
}

char *
mcu_json_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return mend_exponents (json_to_string (node, FALSE));
}
