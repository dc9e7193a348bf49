/* mcu/rooms.c - rooms and the people in them, as REST makes, changes and ends them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/display-name.h"
#include "mcu/room-configure.h"
#include "mcu/room-lobby.h"
#include "mcu/room-media.h"
#include "mcu/roster.h"
#include "mcu/server-private.h"

static gboolean
refuse (GError **error, McuError code, const char *why)
{
  g_set_error_literal (error, MCU_ERROR, code, why);
  return FALSE;
}

/* What was asked for then, or what it has become since. */
static gboolean
is_the_same (McuRoom *room, const McuRoomSettings *wanted)
{
  g_auto (McuRoomSettings) now = {0};

  mcu_room_settings_now (room, &now);
  return mcu_room_settings_equal (&room->made_with, wanted) ||
         mcu_room_settings_equal (&now, wanted);
}

static gboolean
read_wanted (McuServer *self, const char *name, JsonObject *members, McuRoomSettings *wanted,
             GError **error)
{
  g_auto (McuRoomSettings) defaults = {0};

  mcu_room_settings_init (&defaults, self->node.config, name);
  mcu_room_settings_copy (wanted, &defaults);
  if (!mcu_room_settings_merge (wanted, &defaults, members, error))
    return FALSE;
  return !json_object_has_member (members, "layout") ||
         mcu_layout_store_find (self->node.layouts, wanted->layout) != NULL ||
         refuse (error, MCU_ERROR_BAD_REQUEST, "layout: there is no such layout");
}

JsonObject *
mcu_server_create_room (McuServer *self, JsonObject *members, gboolean *is_new, GError **error)
{
  const char *name = mcu_json_string (members, "name");
  McuRoom *room = mcu_server_find_room (self, name);
  g_auto (McuRoomSettings) wanted = {0};

  if (name == NULL) {
    refuse (error, MCU_ERROR_BAD_REQUEST, "name: the room's name is wanted");
    return NULL;
  }
  if (!read_wanted (self, name, members, &wanted, error))
    return NULL;
  *is_new = room == NULL;
  if (room != NULL && room->ending) {
    refuse (error, MCU_ERROR_GONE, "a room of that name is just ending: ask again");
    return NULL;
  }
  if (room != NULL && !is_the_same (room, &wanted)) {
    refuse (error, MCU_ERROR_EXISTS, "a room of that name has other settings");
    return NULL;
  }
  if (room == NULL)
    room = mcu_server_make_room (self, name, &wanted, error);
  if (room == NULL)
    return NULL;
  room->is_created = TRUE;
  return mcu_room_to_json (room);
}

static McuRoom *
find_room (McuServer *self, const char *name, GError **error)
{
  McuRoom *room = mcu_server_find_room (self, name);

  if (room == NULL)
    refuse (error, MCU_ERROR_NOT_FOUND, "there is no such room");
  return room;
}

JsonObject *
mcu_server_configure_room (McuServer *self, const char *room_name, JsonObject *members,
                           GError **error)
{
  McuRoom *room = find_room (self, room_name, error);

  if (room == NULL)
    return NULL;
  if (json_object_has_member (members, "name") &&
      g_strcmp0 (mcu_json_string (members, "name"), room_name) != 0) {
    refuse (error, MCU_ERROR_BAD_REQUEST, "name: a room keeps its name");
    return NULL;
  }
  return mcu_room_configure (room, members, error) ? mcu_room_to_json (room) : NULL;
}

gboolean
mcu_server_delete_room (McuServer *self, const char *room_name)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  if (room == NULL)
    return FALSE;
  g_message ("room %s is ended", room_name);
  g_hash_table_remove (self->rooms, room->name);
  mcu_room_free (room);
  return TRUE;
}

/* ---- people ---- */

static McuParticipant *
find_participant (McuServer *self, const char *room_name, const char *id, GError **error)
{
  McuRoom *room = find_room (self, room_name, error);
  McuParticipant *one = room != NULL ? mcu_room_find (room, id) : NULL;

  if (one == NULL && room != NULL)
    one = mcu_lobby_find (room, id);
  if (one == NULL && room != NULL)
    refuse (error, MCU_ERROR_NOT_FOUND, "there is no such participant");
  return one;
}

static gboolean
has_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static const struct
{
  const char *name;
  gboolean is_bool;
  const char *order; /* its name in `moderate`; NULL: not a matter of that */
} members_of_participant[] = {
    {"audio_muted_by_moderator", TRUE, "audio_muted"},
    {"video_muted_by_moderator", TRUE, "video_muted"},
    {"role", FALSE, "role"},
    {"admit", TRUE, "admit"},
    {"recorded", TRUE, "recorded"},
    {"name", FALSE, NULL},
};

static gboolean
add_to_order (JsonObject *order, const char *name, JsonNode *node, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members_of_participant); i++) {
    gboolean is_bool = members_of_participant[i].is_bool;

    if (!g_str_equal (members_of_participant[i].name, name))
      continue;
    if (!has_type (node, is_bool ? G_TYPE_BOOLEAN : G_TYPE_STRING)) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: %s is wanted", name,
                   is_bool ? "true or false" : "text");
      return FALSE;
    }
    if (members_of_participant[i].order != NULL)
      json_object_set_member (order, members_of_participant[i].order, json_node_copy (node));
    return TRUE;
  }
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "%s: this cannot be set",
               mcu_room_member_label (name));
  return FALSE;
}

/* Returns: (transfer full) (nullable): the message `moderate` that says the same. */
static JsonObject *
read_order (const char *id, JsonObject *members, GError **error)
{
  g_autoptr (JsonObject) order = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, members);
  while (json_object_iter_next (&iter, &name, &node))
    if (!add_to_order (order, name, node, error))
      return NULL;
  json_object_set_string_member (order, "participant", id);
  return g_steal_pointer (&order);
}

static void
rename_participant (McuParticipant *one, char *name)
{
  g_free (one->name);
  one->name = name;
  if (one->state == MCU_PARTICIPANT_WAITING) {
    mcu_lobby_changed (one->room, one);
    return;
  }
  mcu_room_media_tell (one->room, one);
  mcu_roster_changed (one->room, one);
}

JsonObject *
mcu_server_configure_participant (McuServer *self, const char *room_name, const char *id,
                                  JsonObject *members, GError **error)
{
  McuParticipant *one = find_participant (self, room_name, id, error);
  g_autoptr (JsonObject) order = one != NULL ? read_order (id, members, error) : NULL;
  const char *wanted_name = mcu_json_string (members, "name");
  g_autofree char *name = wanted_name != NULL ? mcu_display_name_clean (wanted_name, "") : NULL;

  if (order == NULL)
    return NULL;
  if (name != NULL && name[0] == '\0') {
    refuse (error, MCU_ERROR_BAD_REQUEST, "name: nothing of it can be shown");
    return NULL;
  }
  if (json_object_get_size (order) > 1 && !mcu_room_moderate (one->room, NULL, order, error))
    return NULL;
  if (name != NULL)
    rename_participant (one, g_steal_pointer (&name));
  return mcu_server_participant_to_json (one);
}

gboolean
mcu_server_remove_participant (McuServer *self, const char *room_name, const char *id,
                               GError **error)
{
  McuParticipant *one = find_participant (self, room_name, id, error);
  g_autoptr (JsonObject) order = json_object_new ();

  if (one == NULL)
    return FALSE;
  json_object_set_string_member (order, "participant", id);
  json_object_set_boolean_member (order, "kick", TRUE);
  return mcu_room_moderate (one->room, NULL, order, error);
}
