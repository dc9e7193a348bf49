/* mcu/room-settings.c - what can be set of a room: where it comes from, what it may be.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-settings.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/config-rooms.h"
#include "mcu/config.h"

#define MAX_LAYOUT_NAME_BYTES 64
/* Of a request's own words in our answer. */
#define MAX_MEMBER_BYTES 64

const char *
mcu_room_member_label (const char *member)
{
  return strlen (member) <= MAX_MEMBER_BYTES ? member : "a member";
}

static gboolean
refuse (GError **error, const char *member, const char *why)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: %s", mcu_room_member_label (member),
               why);
  return FALSE;
}

const char *
mcu_canvas_problem (gint64 width_px, gint64 height_px, gint64 fps)
{
  gint64 longer = MAX (width_px, height_px);
  gint64 shorter = MIN (width_px, height_px);

  if (width_px % 2 != 0 || height_px % 2 != 0)
    return "width and height must be even";
  if (longer < MCU_CANVAS_MIN_LONG_PX || longer > MCU_CANVAS_MAX_LONG_PX ||
      shorter < MCU_CANVAS_MIN_PX || shorter > MCU_CANVAS_MAX_PX)
    return "from 160x90 to 1920x1088, either way up, is wanted";
  if (fps < MCU_CANVAS_MIN_FPS || fps > MCU_CANVAS_MAX_FPS)
    return "5 to 60 frames a second are wanted";
  return NULL;
}

void
mcu_room_settings_init (McuRoomSettings *self, McuConfig *config, const char *room_name)
{
  *self = (McuRoomSettings){
      .layout = g_strdup (mcu_config_get_string (config, MCU_SETTING_ROOMS_LAYOUT)),
      .canvas_width_px = mcu_config_get_int (config, MCU_SETTING_ROOMS_CANVAS_WIDTH),
      .canvas_height_px = mcu_config_get_int (config, MCU_SETTING_ROOMS_CANVAS_HEIGHT),
      .canvas_fps = mcu_config_get_int (config, MCU_SETTING_ROOMS_CANVAS_FPS),
      .locked = mcu_config_get_bool (config, MCU_SETTING_ROOMS_LOCKED),
      .lobby = mcu_config_get_bool (config, MCU_SETTING_ROOMS_LOBBY),
      .record = mcu_config_get_bool (config, MCU_SETTING_ROOMS_RECORD),
      .max_participants = mcu_config_get_int (config, MCU_SETTING_ROOMS_MAX_PARTICIPANTS),
      .empty_timeout_s = mcu_config_get_int (config, MCU_SETTING_ROOMS_EMPTY_TIMEOUT_S),
  };
  mcu_room_groups_apply (mcu_config_get_room_groups (config), room_name, self);
}

void
mcu_room_settings_clear (McuRoomSettings *self)
{
  g_clear_pointer (&self->layout, g_free);
  g_clear_pointer (&self->metadata, g_free);
}

void
mcu_room_settings_copy (McuRoomSettings *self, const McuRoomSettings *from)
{
  *self = *from;
  self->layout = g_strdup (from->layout);
  self->metadata = g_strdup (from->metadata);
}

void
mcu_room_settings_take (McuRoomSettings *self, McuRoomSettings *from)
{
  mcu_room_settings_clear (self);
  *self = *from;
  *from = (McuRoomSettings){0};
}

gboolean
mcu_room_settings_equal (const McuRoomSettings *a, const McuRoomSettings *b)
{
  return g_strcmp0 (a->layout, b->layout) == 0 && a->canvas_width_px == b->canvas_width_px &&
         a->canvas_height_px == b->canvas_height_px && a->canvas_fps == b->canvas_fps &&
         a->locked == b->locked && a->lobby == b->lobby && a->record == b->record &&
         a->max_participants == b->max_participants && a->empty_timeout_s == b->empty_timeout_s &&
         g_strcmp0 (a->metadata, b->metadata) == 0;
}

/* ---- members of a request: null has been seen to by the caller ---- */

static gboolean
read_bool (JsonNode *node, const char *member, gboolean *out, GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return refuse (error, member, "true or false is wanted");
  *out = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_int (JsonNode *node, const char *member, gint64 min, gint64 max, gint64 *out, GError **error)
{
  gint64 number;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64) {
    number = json_node_get_int (node);
    if (number >= min && number <= max) {
      *out = number;
      return TRUE;
    }
  }
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
               "%s: a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " is wanted",
               member, min, max);
  return FALSE;
}

static gboolean
read_text (JsonNode *node, const char *member, char **out, GError **error)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return refuse (error, member, "text is wanted");
  g_free (*out);
  *out = json_node_dup_string (node);
  return TRUE;
}

static gboolean
merge_layout (McuRoomSettings *self, JsonNode *node, GError **error)
{
  if (!read_text (node, "layout", &self->layout, error))
    return FALSE;
  if (self->layout[0] == '\0' || strlen (self->layout) > MAX_LAYOUT_NAME_BYTES)
    return refuse (error, "layout", "the name of a layout is wanted");
  return TRUE;
}

static gboolean
merge_metadata (McuRoomSettings *self, JsonNode *node, GError **error)
{
  if (!read_text (node, "metadata", &self->metadata, error))
    return FALSE;
  if (strlen (self->metadata) <= MCU_METADATA_MAX_BYTES)
    return TRUE;
  g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "metadata: at most %d bytes",
               MCU_METADATA_MAX_BYTES);
  return FALSE;
}

static gboolean
merge_canvas_member (McuRoomSettings *self, const McuRoomSettings *defaults, const char *name,
                     JsonNode *node, GError **error)
{
  gboolean is_null = JSON_NODE_HOLDS_NULL (node);
  gint64 number = 0;

  if (g_str_equal (name, "width")) {
    if (!is_null && !read_int (node, "canvas.width", 0, MCU_CANVAS_MAX_LONG_PX, &number, error))
      return FALSE;
    self->canvas_width_px = is_null ? defaults->canvas_width_px : number;
  } else if (g_str_equal (name, "height")) {
    if (!is_null && !read_int (node, "canvas.height", 0, MCU_CANVAS_MAX_LONG_PX, &number, error))
      return FALSE;
    self->canvas_height_px = is_null ? defaults->canvas_height_px : number;
  } else if (g_str_equal (name, "fps")) {
    if (!is_null &&
        !read_int (node, "canvas.fps", MCU_CANVAS_MIN_FPS, MCU_CANVAS_MAX_FPS, &number, error))
      return FALSE;
    self->canvas_fps = is_null ? defaults->canvas_fps : number;
  } else {
    return refuse (error, "canvas", "width, height and fps are its members");
  }
  return TRUE;
}

static void
reset_canvas (McuRoomSettings *self, const McuRoomSettings *defaults)
{
  self->canvas_width_px = defaults->canvas_width_px;
  self->canvas_height_px = defaults->canvas_height_px;
  self->canvas_fps = defaults->canvas_fps;
}

static gboolean
merge_canvas (McuRoomSettings *self, const McuRoomSettings *defaults, JsonNode *node,
              GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  const char *problem;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "canvas", "an object is wanted");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (!merge_canvas_member (self, defaults, name, value, error))
      return FALSE;
  problem = mcu_canvas_problem (self->canvas_width_px, self->canvas_height_px, self->canvas_fps);
  return problem == NULL || refuse (error, "canvas", problem);
}

static gboolean
merge_count (guint *count, const char *name, JsonNode *node, gint64 min, gint64 max, GError **error)
{
  gint64 number;

  if (!read_int (node, name, min, max, &number, error))
    return FALSE;
  *count = number;
  return TRUE;
}

static gboolean
is_read_only (const char *name)
{
  return g_str_equal (name, "created_at") || g_str_equal (name, "participants") ||
         g_str_equal (name, "recording");
}

static gboolean
merge_member (McuRoomSettings *self, const McuRoomSettings *defaults, const char *name,
              JsonNode *node, GError **error)
{
  if (g_str_equal (name, "layout"))
    return merge_layout (self, node, error);
  if (g_str_equal (name, "canvas"))
    return merge_canvas (self, defaults, node, error);
  if (g_str_equal (name, "locked"))
    return read_bool (node, name, &self->locked, error);
  if (g_str_equal (name, "lobby"))
    return read_bool (node, name, &self->lobby, error);
  if (g_str_equal (name, "record"))
    return read_bool (node, name, &self->record, error);
  if (g_str_equal (name, "max_participants"))
    return merge_count (&self->max_participants, name, node, 1, MCU_ROOM_MAX_PARTICIPANTS, error);
  if (g_str_equal (name, "empty_timeout_s"))
    return merge_count (&self->empty_timeout_s, name, node, 0, MCU_ROOM_MAX_EMPTY_TIMEOUT_S, error);
  if (g_str_equal (name, "metadata"))
    return merge_metadata (self, node, error);
  return refuse (error, name, is_read_only (name) ? "this cannot be set" : "no such setting");
}

/* Returns: FALSE when there is no such member. */
static gboolean
reset_member (McuRoomSettings *self, const McuRoomSettings *defaults, const char *name)
{
  if (g_str_equal (name, "layout")) {
    g_free (self->layout);
    self->layout = g_strdup (defaults->layout);
  } else if (g_str_equal (name, "metadata")) {
    g_free (self->metadata);
    self->metadata = g_strdup (defaults->metadata);
  } else if (g_str_equal (name, "canvas")) {
    reset_canvas (self, defaults);
  } else if (g_str_equal (name, "locked")) {
    self->locked = defaults->locked;
  } else if (g_str_equal (name, "lobby")) {
    self->lobby = defaults->lobby;
  } else if (g_str_equal (name, "record")) {
    self->record = defaults->record;
  } else if (g_str_equal (name, "max_participants")) {
    self->max_participants = defaults->max_participants;
  } else if (g_str_equal (name, "empty_timeout_s")) {
    self->empty_timeout_s = defaults->empty_timeout_s;
  } else {
    return FALSE;
  }
  return TRUE;
}

gboolean
mcu_room_settings_merge (McuRoomSettings *self, const McuRoomSettings *defaults,
                         JsonObject *members, GError **error)
{
  g_auto (McuRoomSettings) wanted = {0};
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  mcu_room_settings_copy (&wanted, self);
  json_object_iter_init (&iter, members);
  while (json_object_iter_next (&iter, &name, &node)) {
    if (g_str_equal (name, "name") || g_str_equal (name, "type"))
      continue;
    if (JSON_NODE_HOLDS_NULL (node) && reset_member (&wanted, defaults, name))
      continue;
    if (!merge_member (&wanted, defaults, name, node, error))
      return FALSE;
  }
  mcu_room_settings_take (self, &wanted);
  return TRUE;
}
