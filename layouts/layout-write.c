/* layouts/layout-write.c - layout documents as JSON, written back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-write.h"

#include "layouts/layout-element.h"
#include "layouts/layout-file.h"
#include "layouts/placement.h"

/* Members that have their default are left out. */
void
mcu_layout_write_fraction (JsonObject *object, const char *member, const McuFraction *value)
{
  if (value->num == 0 || value->num == value->den) {
    json_object_set_int_member (object, member, value->num != 0);
  } else if (value->den == MCU_FRACTION_RESOLUTION) {
    json_object_set_double_member (object, member, (double) value->num / MCU_FRACTION_RESOLUTION);
  } else {
    g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, value->num,
                                             value->den);
    json_object_set_string_member (object, member, text);
  }
}

static void
add_colour (JsonObject *object, const char *member, guint32 rgba)
{
  g_autofree char *text = mcu_colour_to_string (rgba);

  json_object_set_string_member (object, member, text);
}

static void
add_border (JsonObject *object, const McuTileStyle *style)
{
  JsonObject *border;

  if (style->border.num == 0)
    return;
  border = json_object_new ();
  mcu_layout_write_fraction (border, "width", &style->border);
  add_colour (border, "colour", style->border_rgba);
  add_colour (border, "speaking", style->speaking_rgba);
  json_object_set_object_member (object, "border", border);
}

static void
add_label (JsonObject *object, const McuTileStyle *style)
{
  JsonObject *label;

  if (style->label == MCU_LABEL_BOTTOM_LEFT && style->label_style == MCU_LABEL_PILL)
    return;
  label = json_object_new ();
  json_object_set_string_member (label, "position", mcu_label_position_to_string (style->label));
  json_object_set_string_member (label, "style", mcu_label_style_to_string (style->label_style));
  json_object_set_object_member (object, "label", label);
}

static void
add_style (JsonObject *object, const McuSlot *slot)
{
  const McuTileStyle *style = &slot->style;

  if (style->fit == MCU_FIT_CONTAIN && slot->role != MCU_SLOT_SCREEN)
    json_object_set_string_member (object, "fit", "contain");
  if (style->z != 0)
    json_object_set_int_member (object, "z", style->z);
  if (style->radius.num != 0)
    mcu_layout_write_fraction (object, "radius", &style->radius);
  add_border (object, style);
  add_label (object, style);
  if (style->no_video)
    json_object_set_boolean_member (object, "video", FALSE);
}

static void
add_grid (JsonObject *object, const McuSlot *slot)
{
  if (!slot->is_grid)
    return;
  json_object_set_boolean_member (object, "grid", TRUE);
  if (slot->max_tiles != MCU_PLACEMENT_MAX_TILES)
    json_object_set_int_member (object, "max", slot->max_tiles);
  if (slot->aspect_num != 16 || slot->aspect_den != 9) {
    g_autofree char *aspect = g_strdup_printf ("%u/%u", slot->aspect_num, slot->aspect_den);
    json_object_set_string_member (object, "aspect", aspect);
  }
}

static JsonObject *
slot_to_json (const McuSlot *slot)
{
  JsonObject *object = json_object_new ();

  mcu_layout_write_fraction (object, "x", &slot->x);
  mcu_layout_write_fraction (object, "y", &slot->y);
  mcu_layout_write_fraction (object, "width", &slot->width);
  mcu_layout_write_fraction (object, "height", &slot->height);
  if (slot->role == MCU_SLOT_PARTICIPANT)
    json_object_set_string_member (object, "participant", slot->identity);
  else if (slot->role != MCU_SLOT_ANY)
    json_object_set_string_member (object, "role", mcu_slot_role_to_string (slot->role));
  add_grid (object, slot);
  add_style (object, slot);
  return object;
}

static void
add_range (JsonObject *object, const char *member, const McuRange *range)
{
  g_autofree char *text = mcu_range_to_string (range);

  json_object_set_string_member (object, member, text);
}

static JsonObject *
arrangement_to_json (const McuArrangement *arrangement)
{
  JsonObject *object = json_object_new ();
  JsonArray *slots;

  add_range (object, "people", &arrangement->people);
  if (arrangement->screens.min != 0 || arrangement->screens.max != G_MAXUINT)
    add_range (object, "screens", &arrangement->screens);
  if (arrangement->orientation != MCU_ORIENTATION_ANY)
    json_object_set_string_member (
        object, "orientation",
        arrangement->orientation == MCU_ORIENTATION_PORTRAIT ? "portrait" : "landscape");
  mcu_layout_elements_write (object, arrangement->elements);
  if (arrangement->is_grid) {
    add_grid (object, mcu_arrangement_get_slot (arrangement, 0));
    add_style (object, mcu_arrangement_get_slot (arrangement, 0));
    return object;
  }
  slots = json_array_new ();
  for (guint i = 0; i < arrangement->slots->len; i++)
    json_array_add_object_element (slots, slot_to_json (mcu_arrangement_get_slot (arrangement, i)));
  json_object_set_array_member (object, "slots", slots);
  return object;
}

JsonObject *
mcu_layout_to_json (const McuLayout *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *arrangements = json_array_new ();

  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "title", self->title);
  mcu_layout_background_write (object, self);
  if (self->gap.num != 0)
    mcu_layout_write_fraction (object, "gap", &self->gap);
  if (self->margin.num != 0)
    mcu_layout_write_fraction (object, "margin", &self->margin);
  if (self->hide_without_video)
    json_object_set_boolean_member (object, "hide_without_video", TRUE);
  if (self->hold_ms != MCU_LAYOUT_DEFAULT_HOLD_MS)
    json_object_set_int_member (object, "hold_ms", self->hold_ms);
  if (self->transition_ms != MCU_LAYOUT_DEFAULT_TRANSITION_MS)
    json_object_set_int_member (object, "transition_ms", self->transition_ms);
  mcu_layout_elements_write (object, self->elements);
  for (guint i = 0; i < self->arrangements->len; i++)
    json_array_add_object_element (arrangements,
                                   arrangement_to_json (mcu_layout_get_arrangement (self, i)));
  json_object_set_array_member (object, "arrangements", arrangements);
  return object;
}

char *
mcu_layout_to_text (const McuLayout *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, mcu_layout_to_json (self));
  text = json_to_string (node, TRUE);
  return g_strconcat (text, "\n", NULL);
}
