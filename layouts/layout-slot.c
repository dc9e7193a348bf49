/* layouts/layout-slot.c - one slot of a layout file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-slot.h"

#include <string.h>

#include "layouts/placement.h"

#define MAX_Z 99
/* Source: identities are claims of tokens, at most so many bytes there too. */
#define MAX_IDENTITY 256
#define MAX_ASPECT 64

static const McuFraction max_radius = {1, 2};
static const McuFraction max_border = {1, 20};

static const char *const slot_members[] = {
    "x",    "y",   "width",  "height", "role",   "participant", "fit",   "z",
    "grid", "max", "aspect", "video",  "radius", "border",      "label", NULL};
static const char *const border_members[] = {"width", "colour", "speaking", NULL};
static const char *const label_members[] = {"position", "style", NULL};

static gboolean
read_fit (McuLayoutReader *reader, JsonObject *object, McuSlot *slot)
{
  const char *name = NULL;

  if (!mcu_layout_reader_string (reader, object, "fit", &name))
    return FALSE;
  if (name == NULL)
    return TRUE;
  if (!mcu_fit_from_string (name, &slot->style.fit))
    return mcu_layout_reader_fail (reader, "fit", "neither \"cover\" nor \"contain\"");
  if (slot->role == MCU_SLOT_SCREEN && slot->style.fit == MCU_FIT_COVER)
    return mcu_layout_reader_fail (reader, "fit", "a screen is never cut, only \"contain\"");
  return TRUE;
}

static gboolean
read_border_object (McuLayoutReader *reader, JsonObject *border, McuTileStyle *style)
{
  gsize before = mcu_layout_reader_enter (reader, "border", -1);
  gboolean good = mcu_layout_reader_known (reader, border, border_members) &&
                  mcu_layout_reader_fraction (reader, border, "width", &max_border,
                                              &style->border) &&
                  mcu_layout_reader_colour (reader, border, "colour", &style->border_rgba) &&
                  mcu_layout_reader_colour (reader, border, "speaking", &style->speaking_rgba);

  if (good && style->border.num == 0)
    good = mcu_layout_reader_fail (reader, "width", "missing, or 0");
  mcu_layout_reader_leave (reader, before);
  return good;
}

/* A number is a white border, silent or not; an object says more. */
static gboolean
read_border (McuLayoutReader *reader, JsonObject *object, McuTileStyle *style)
{
  JsonNode *node = json_object_get_member (object, "border");

  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    if (!read_border_object (reader, json_node_get_object (node), style))
      return FALSE;
    if (!json_object_has_member (json_node_get_object (node), "speaking"))
      style->speaking_rgba = style->border_rgba;
    return TRUE;
  }
  style->border_rgba = style->speaking_rgba = 0xffffffffu;
  return mcu_layout_reader_fraction (reader, object, "border", &max_border, &style->border);
}

static gboolean
read_position (McuLayoutReader *reader, JsonObject *object, const char *member, McuTileStyle *style)
{
  const char *name = NULL;

  if (!mcu_layout_reader_string (reader, object, member, &name))
    return FALSE;
  if (name != NULL && !mcu_label_position_from_string (name, &style->label))
    return mcu_layout_reader_fail (reader, member, "no position such as \"bottom-left\"");
  return TRUE;
}

static gboolean
read_label_object (McuLayoutReader *reader, JsonObject *label, McuTileStyle *style)
{
  gsize before = mcu_layout_reader_enter (reader, "label", -1);
  const char *name = NULL;
  gboolean good = mcu_layout_reader_known (reader, label, label_members) &&
                  read_position (reader, label, "position", style) &&
                  mcu_layout_reader_string (reader, label, "style", &name);

  if (good && name != NULL && !mcu_label_style_from_string (name, &style->label_style))
    good = mcu_layout_reader_fail (reader, "style", "not \"pill\", \"bar\" or \"plain\"");
  mcu_layout_reader_leave (reader, before);
  return good;
}

static gboolean
read_label (McuLayoutReader *reader, JsonObject *object, McuTileStyle *style)
{
  JsonNode *node = json_object_get_member (object, "label");
  gboolean shown = TRUE;

  if (node == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return read_label_object (reader, json_node_get_object (node), style);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return read_position (reader, object, "label", style);
  if (!mcu_layout_reader_bool (reader, object, "label", &shown))
    return FALSE;
  if (!shown)
    style->label = MCU_LABEL_NONE;
  return TRUE;
}

static gboolean
read_style (McuLayoutReader *reader, JsonObject *object, McuSlot *slot)
{
  gboolean video = TRUE;

  if (!read_fit (reader, object, slot) ||
      !mcu_layout_reader_int (reader, object, "z", 0, MAX_Z, &slot->style.z) ||
      !mcu_layout_reader_fraction (reader, object, "radius", &max_radius, &slot->style.radius) ||
      !read_border (reader, object, &slot->style) || !read_label (reader, object, &slot->style) ||
      !mcu_layout_reader_bool (reader, object, "video", &video))
    return FALSE;
  slot->style.no_video = !video;
  return TRUE;
}

static gboolean
read_aspect (McuLayoutReader *reader, JsonObject *object, McuSlot *slot)
{
  const char *text = NULL;
  McuFraction aspect;

  if (!mcu_layout_reader_string (reader, object, "aspect", &text))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (!mcu_fraction_from_string (text, &aspect) || aspect.num < 1 || aspect.num > MAX_ASPECT ||
      aspect.den > MAX_ASPECT)
    return mcu_layout_reader_fail (reader, "aspect", "no shape such as \"16/9\", 1 to %d each",
                                   MAX_ASPECT);
  slot->aspect_num = (guint) aspect.num;
  slot->aspect_den = (guint) aspect.den;
  return TRUE;
}

gboolean
mcu_layout_slot_read_grid (McuLayoutReader *reader, JsonObject *object, McuSlot *slot)
{
  int max = (int) slot->max_tiles;

  slot->is_grid = TRUE;
  if (!mcu_layout_reader_int (reader, object, "max", 1, MCU_PLACEMENT_MAX_TILES, &max) ||
      !read_aspect (reader, object, slot) || !read_style (reader, object, slot))
    return FALSE;
  slot->max_tiles = (guint) max;
  return TRUE;
}

static gboolean
read_role (McuLayoutReader *reader, JsonObject *object, McuSlot *slot)
{
  const char *role = NULL, *identity = NULL;

  if (!mcu_layout_reader_string (reader, object, "role", &role) ||
      !mcu_layout_reader_string (reader, object, "participant", &identity))
    return FALSE;
  if (role != NULL && !mcu_slot_role_from_string (role, &slot->role))
    return mcu_layout_reader_fail (
        reader, "role", "not \"any\", \"speaker\", \"screen\", \"moderator\" or \"pinned\"");
  if (identity == NULL)
    return TRUE;
  if (role != NULL)
    return mcu_layout_reader_fail (reader, "participant", "not together with \"role\"");
  if (identity[0] == '\0' || strlen (identity) > MAX_IDENTITY)
    return mcu_layout_reader_fail (reader, "participant", "empty or longer than %d bytes",
                                   MAX_IDENTITY);
  slot->role = MCU_SLOT_PARTICIPANT;
  slot->identity = g_strdup (identity);
  return TRUE;
}

static gboolean
has_no_grid_members (McuLayoutReader *reader, JsonObject *object)
{
  static const char *const names[] = {"max", "aspect"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (object, names[i]))
      return mcu_layout_reader_fail (reader, names[i], "only with \"grid\": true");
  return TRUE;
}

gboolean
mcu_layout_slot_read (McuLayoutReader *reader, JsonObject *object, McuSlot *slot)
{
  gboolean is_grid = FALSE;

  mcu_slot_init (slot);
  if (!mcu_layout_reader_known (reader, object, slot_members) ||
      !mcu_layout_reader_rect (reader, object, &slot->x, &slot->y, &slot->width, &slot->height) ||
      !read_role (reader, object, slot) ||
      !mcu_layout_reader_bool (reader, object, "grid", &is_grid))
    return FALSE;
  if (slot->role == MCU_SLOT_SCREEN)
    slot->style.fit = MCU_FIT_CONTAIN;
  if (!is_grid)
    return has_no_grid_members (reader, object) && read_style (reader, object, slot);
  if (slot->role != MCU_SLOT_ANY)
    return mcu_layout_reader_fail (reader, "grid", "only for the role \"any\"");
  return mcu_layout_slot_read_grid (reader, object, slot);
}
