/* layouts/layout-reader.c - reads members of JSON and says where a wrong one is.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-reader.h"

#include "layouts/layout.h"
#include "mcu/base/error.h"

/* What of a file's own text an error repeats, bytes. */
#define MAX_QUOTED 64

void
mcu_layout_reader_init (McuLayoutReader *self, const char *file)
{
  self->file = file;
  self->path = g_string_new (NULL);
  self->error = NULL;
}

void
mcu_layout_reader_clear (McuLayoutReader *self)
{
  g_string_free (self->path, TRUE);
  g_clear_error (&self->error);
}

gsize
mcu_layout_reader_enter (McuLayoutReader *self, const char *member, int index)
{
  gsize before = self->path->len;

  if (before > 0)
    g_string_append_c (self->path, '.');
  g_string_append (self->path, member);
  if (index >= 0)
    g_string_append_printf (self->path, "[%d]", index);
  return before;
}

void
mcu_layout_reader_leave (McuLayoutReader *self, gsize before)
{
  g_string_truncate (self->path, before);
}

gboolean
mcu_layout_reader_fail (McuLayoutReader *self, const char *member, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  if (self->error != NULL)
    return FALSE;
  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (&self->error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: %s%s%s: %s", self->file,
               self->path->str, self->path->len > 0 && member != NULL ? "." : "",
               member != NULL ? member : (self->path->len > 0 ? "" : "document"), why);
  return FALSE;
}

static gboolean
fail_unknown (McuLayoutReader *self, const char *member)
{
  g_autofree char *cut = g_strndup (member, MAX_QUOTED);
  g_autofree char *valid = g_utf8_make_valid (cut, -1);
  /* Control characters would write lines of their own into a log. */
  g_autofree char *quoted = g_strescape (valid, NULL);

  return mcu_layout_reader_fail (self, quoted, "there is no such member");
}

gboolean
mcu_layout_reader_known (McuLayoutReader *self, JsonObject *object, const char *const *names)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *item = members; item != NULL; item = item->next)
    if (!g_strv_contains (names, item->data))
      return fail_unknown (self, item->data);
  return TRUE;
}

/* (nullable): what is not there is not wrong. */
static JsonNode *
find (McuLayoutReader *self, JsonObject *object, const char *member)
{
  return self->error == NULL ? json_object_get_member (object, member) : NULL;
}

static gboolean
is_of (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
mcu_layout_reader_bool (McuLayoutReader *self, JsonObject *object, const char *member,
                        gboolean *value)
{
  JsonNode *node = find (self, object, member);

  if (node == NULL)
    return self->error == NULL;
  if (!is_of (node, G_TYPE_BOOLEAN))
    return mcu_layout_reader_fail (self, member, "not true or false");
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
mcu_layout_reader_int (McuLayoutReader *self, JsonObject *object, const char *member, int min,
                       int max, int *value)
{
  JsonNode *node = find (self, object, member);
  gint64 read;

  if (node == NULL)
    return self->error == NULL;
  if (!is_of (node, G_TYPE_INT64))
    return mcu_layout_reader_fail (self, member, "not an integer");
  read = json_node_get_int (node);
  if (read < min || read > max)
    return mcu_layout_reader_fail (self, member, "not between %d and %d", min, max);
  *value = (int) read;
  return TRUE;
}

static gboolean
fraction_of_node (JsonNode *node, McuFraction *out)
{
  if (is_of (node, G_TYPE_STRING))
    return mcu_fraction_from_string (json_node_get_string (node), out);
  /* An integer past 2^53 is no longer one as a double, but still past 1. */
  return mcu_fraction_from_double (json_node_get_double (node), out);
}

static gboolean
fail_range (McuLayoutReader *self, const char *member, const McuFraction *max)
{
  if (max->den == 1)
    return mcu_layout_reader_fail (self, member, "not between 0 and %d", (int) max->num);
  return mcu_layout_reader_fail (self, member, "not between 0 and %d/%d", (int) max->num,
                                 (int) max->den);
}

gboolean
mcu_layout_reader_fraction (McuLayoutReader *self, JsonObject *object, const char *member,
                            const McuFraction *max, McuFraction *value)
{
  JsonNode *node = find (self, object, member);
  McuFraction read;

  if (node == NULL)
    return self->error == NULL;
  if (!is_of (node, G_TYPE_INT64) && !is_of (node, G_TYPE_DOUBLE) && !is_of (node, G_TYPE_STRING))
    return mcu_layout_reader_fail (self, member, "not a number or a string such as \"1/3\"");
  if (!fraction_of_node (node, &read)) {
    if (is_of (node, G_TYPE_STRING))
      return mcu_layout_reader_fail (self, member, "not a fraction such as \"1/3\"");
    return fail_range (self, member, max);
  }
  if (mcu_fraction_compare (&read, max) > 0)
    return fail_range (self, member, max);
  *value = read;
  return TRUE;
}

gboolean
mcu_layout_reader_rect (McuLayoutReader *self, JsonObject *object, McuFraction *x, McuFraction *y,
                        McuFraction *width, McuFraction *height)
{
  static const McuFraction one = {1, 1};
  static const char *const names[] = {"x", "y", "width", "height"};
  McuFraction *targets[] = {x, y, width, height};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (!json_object_has_member (object, names[i]))
      return mcu_layout_reader_fail (self, names[i], "missing");
    if (!mcu_layout_reader_fraction (self, object, names[i], &one, targets[i]))
      return FALSE;
  }
  for (guint i = 0; i < 2; i++) {
    McuFraction end = mcu_fraction_add (targets[i], targets[i + 2]);

    if (targets[i + 2]->num == 0)
      return mcu_layout_reader_fail (self, names[i + 2], "0");
    if (mcu_fraction_compare (&end, &one) > 0)
      return mcu_layout_reader_fail (self, names[i + 2], "ends outside the canvas (%s + %s > 1)",
                                     names[i], names[i + 2]);
  }
  return TRUE;
}

gboolean
mcu_layout_reader_string (McuLayoutReader *self, JsonObject *object, const char *member,
                          const char **value)
{
  JsonNode *node = find (self, object, member);

  if (node == NULL)
    return self->error == NULL;
  if (!is_of (node, G_TYPE_STRING))
    return mcu_layout_reader_fail (self, member, "not a string");
  *value = json_node_get_string (node);
  return TRUE;
}

gboolean
mcu_layout_reader_colour (McuLayoutReader *self, JsonObject *object, const char *member,
                          guint32 *value)
{
  const char *text = NULL;

  if (!mcu_layout_reader_string (self, object, member, &text))
    return FALSE;
  if (text != NULL && !mcu_colour_from_string (text, value))
    return mcu_layout_reader_fail (self, member, "not a colour such as \"#1a2b3c\"");
  return TRUE;
}
