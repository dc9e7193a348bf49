/* layouts/layout-file.c - layout documents as JSON, read strictly.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-file.h"

#include <string.h>

#include "layouts/layout-check.h"
#include "layouts/layout-element.h"
#include "layouts/layout-reader.h"
#include "layouts/layout-slot.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/base/json-members.h"

static const McuFraction max_gap = {1, 10};
static const McuFraction max_margin = {1, 4};

/* "$schema" is for editors that check files as they are written. */
static const char *const document_members[] = {
    "$schema", "name",          "title",        "background", "gap", "margin", "hide_without_video",
    "hold_ms", "transition_ms", "arrangements", "elements",   NULL};
static const char *const slots_members[] = {"people", "screens",  "orientation",
                                            "slots",  "elements", NULL};
static const char *const grid_members[] = {"people", "screens", "orientation", "grid",   "max",
                                           "aspect", "fit",     "z",           "radius", "border",
                                           "label",  "video",   "elements",    NULL};

static gboolean
read_range (McuLayoutReader *reader, JsonObject *object, const char *member, guint least,
            McuRange *range)
{
  const char *text = NULL;

  if (!mcu_layout_reader_string (reader, object, member, &text))
    return FALSE;
  if (text != NULL && (!mcu_range_from_string (text, range) || range->min < least))
    return mcu_layout_reader_fail (reader, member,
                                   "no range such as \"3\", \"1-3\" or \"4+\", from %u on", least);
  return TRUE;
}

static gboolean
read_orientation (McuLayoutReader *reader, JsonObject *object, McuOrientation *orientation)
{
  const char *name = NULL;

  if (!mcu_layout_reader_string (reader, object, "orientation", &name))
    return FALSE;
  if (g_strcmp0 (name, "landscape") == 0)
    *orientation = MCU_ORIENTATION_LANDSCAPE;
  else if (g_strcmp0 (name, "portrait") == 0)
    *orientation = MCU_ORIENTATION_PORTRAIT;
  else if (name != NULL)
    return mcu_layout_reader_fail (reader, "orientation", "neither \"landscape\" nor \"portrait\"");
  return TRUE;
}

static gboolean
read_slot_at (McuLayoutReader *reader, JsonArray *array, guint index, McuArrangement *arrangement)
{
  JsonObject *object = mcu_json_array_object (array, index);
  gsize before = mcu_layout_reader_enter (reader, "slots", (int) index);
  gboolean good = FALSE;
  McuSlot slot;

  if (object == NULL) {
    mcu_layout_reader_fail (reader, NULL, "not an object");
  } else {
    good = mcu_layout_slot_read (reader, object, &slot);
    g_array_append_val (arrangement->slots, slot); /* owns what the slot holds */
    good = good && mcu_layout_check_overlap (reader, arrangement, index);
  }
  mcu_layout_reader_leave (reader, before);
  return good;
}

static gboolean
read_slots (McuLayoutReader *reader, JsonObject *object, McuArrangement *arrangement)
{
  JsonArray *array = mcu_json_array (object, "slots");

  if (array == NULL)
    return mcu_layout_reader_fail (reader, "slots",
                                   "missing or not an array; or say \"grid\": true");
  if (json_array_get_length (array) < 1 || json_array_get_length (array) > MCU_LAYOUT_MAX_SLOTS)
    return mcu_layout_reader_fail (reader, "slots", "not 1 to %d slots", MCU_LAYOUT_MAX_SLOTS);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_slot_at (reader, array, i, arrangement))
      return FALSE;
  return TRUE;
}

static gboolean
read_grid (McuLayoutReader *reader, JsonObject *object, McuArrangement *arrangement)
{
  McuSlot slot;
  gboolean good;

  mcu_slot_init (&slot);
  good = mcu_layout_slot_read_grid (reader, object, &slot);
  g_array_append_val (arrangement->slots, slot);
  return good;
}

static gboolean
read_arrangement (McuLayoutReader *reader, JsonObject *object, McuArrangement *arrangement)
{
  if (!mcu_layout_reader_bool (reader, object, "grid", &arrangement->is_grid))
    return FALSE;
  if (json_object_has_member (object, "grid") && !arrangement->is_grid)
    return mcu_layout_reader_fail (reader, "grid", "only true; else give \"slots\"");
  if (!mcu_layout_reader_known (reader, object,
                                arrangement->is_grid ? grid_members : slots_members))
    return FALSE;
  if (!json_object_has_member (object, "people"))
    return mcu_layout_reader_fail (reader, "people", "missing");
  return read_range (reader, object, "people", 1, &arrangement->people) &&
         read_range (reader, object, "screens", 0, &arrangement->screens) &&
         read_orientation (reader, object, &arrangement->orientation) &&
         mcu_layout_elements_read (reader, object, arrangement->elements) &&
         (arrangement->is_grid ? read_grid : read_slots) (reader, object, arrangement);
}

static gboolean
read_arrangements (McuLayoutReader *reader, JsonObject *object, McuLayout *layout)
{
  JsonArray *array = mcu_json_array (object, "arrangements");
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > MCU_LAYOUT_MAX_ARRANGEMENTS)
    return mcu_layout_reader_fail (reader, "arrangements", "not an array of 1 to %d",
                                   MCU_LAYOUT_MAX_ARRANGEMENTS);
  for (guint i = 0; i < n; i++) {
    JsonObject *one = mcu_json_array_object (array, i);
    McuArrangement *arrangement = mcu_arrangement_new ();
    gsize before = mcu_layout_reader_enter (reader, "arrangements", (int) i);

    g_ptr_array_add (layout->arrangements, arrangement);
    if (one == NULL)
      return mcu_layout_reader_fail (reader, NULL, "not an object");
    if (!read_arrangement (reader, one, arrangement))
      return FALSE;
    mcu_layout_reader_leave (reader, before);
  }
  return mcu_layout_check_complete (reader, layout);
}

static gboolean
is_title (const char *title)
{
  if (title[0] == '\0' || g_utf8_strlen (title, -1) > MCU_LAYOUT_MAX_TITLE)
    return FALSE;
  for (const char *c = title; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

static gboolean
read_names (McuLayoutReader *reader, JsonObject *object, McuLayout *layout)
{
  const char *name = NULL, *title = NULL;

  if (!mcu_layout_reader_string (reader, object, "name", &name) ||
      !mcu_layout_reader_string (reader, object, "title", &title))
    return FALSE;
  if (!mcu_layout_name_is_valid (name))
    return mcu_layout_reader_fail (reader, "name",
                                   "missing, or not 1 to %d small letters, digits and dashes",
                                   MCU_LAYOUT_MAX_NAME);
  if (title != NULL && !is_title (title))
    return mcu_layout_reader_fail (reader, "title", "empty, longer than %d characters, or no line",
                                   MCU_LAYOUT_MAX_TITLE);
  layout->name = g_strdup (name);
  layout->title = g_strdup (title != NULL ? title : name);
  return TRUE;
}

static gboolean
read_times (McuLayoutReader *reader, JsonObject *object, McuLayout *layout)
{
  int hold_ms = (int) layout->hold_ms, transition_ms = (int) layout->transition_ms;

  if (!mcu_layout_reader_int (reader, object, "hold_ms", 0, MCU_LAYOUT_MAX_HOLD_MS, &hold_ms) ||
      !mcu_layout_reader_int (reader, object, "transition_ms", 0, MCU_LAYOUT_MAX_TRANSITION_MS,
                              &transition_ms))
    return FALSE;
  layout->hold_ms = (guint) hold_ms;
  layout->transition_ms = (guint) transition_ms;
  return TRUE;
}

static gboolean
read_document (McuLayoutReader *reader, JsonObject *object, McuLayout *layout)
{
  return mcu_layout_reader_known (reader, object, document_members) &&
         read_names (reader, object, layout) &&
         mcu_layout_background_read (reader, object, layout) &&
         mcu_layout_reader_fraction (reader, object, "gap", &max_gap, &layout->gap) &&
         mcu_layout_reader_fraction (reader, object, "margin", &max_margin, &layout->margin) &&
         mcu_layout_reader_bool (reader, object, "hide_without_video",
                                 &layout->hide_without_video) &&
         read_times (reader, object, layout) &&
         mcu_layout_elements_read (reader, object, layout->elements) &&
         read_arrangements (reader, object, layout);
}

McuLayout *
mcu_layout_from_json (JsonObject *object, const char *file, GError **error)
{
  g_autoptr (McuLayout) layout = mcu_layout_new ();
  McuLayoutReader reader;
  gboolean good;

  mcu_layout_reader_init (&reader, file);
  good = read_document (&reader, object, layout);
  if (!good)
    g_propagate_error (error, g_steal_pointer (&reader.error));
  mcu_layout_reader_clear (&reader);
  return good ? g_steal_pointer (&layout) : NULL;
}

gboolean
mcu_layout_check_members (const char *text, gsize length, const char *file, GError **error)
{
  g_autofree char *where = mcu_json_find_twice (text, length);

  if (where != NULL)
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: %s: there twice", file, where);
  return where == NULL;
}

McuLayout *
mcu_layout_parse (const char *text, gsize length, const char *file, GError **error)
{
  McuLayout *layout;
  JsonObject *object;

  if (length > MCU_LAYOUT_MAX_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "%s: larger than %d bytes", file,
                 MCU_LAYOUT_MAX_BYTES);
    return NULL;
  }
  object = mcu_json_parse_object (text, length, error);
  if (object == NULL) {
    g_prefix_error (error, "%s: ", file);
    return NULL;
  }
  layout = mcu_layout_check_members (text, length, file, error)
               ? mcu_layout_from_json (object, file, error)
               : NULL;
  json_object_unref (object);
  return layout;
}
