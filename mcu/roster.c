/* mcu/roster.c - who is told what of whom.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/roster.h"

#include "mcu/room-recordings.h"
#include "mcu/times.h"

/* Somebody who toggles as fast as they can costs the others ten messages a second. */
#define CHANGED_EVERY_MS 100

JsonObject *
mcu_message_new (const char *type)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "type", type);
  return message;
}

void
mcu_roster_broadcast (McuRoom *room, JsonObject *message, McuParticipant *except)
{
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (one != except && one->announced)
      mcu_participant_send (one, message);
  }
  json_object_unref (message);
}

JsonObject *
mcu_roster_one_to_json (McuRoom *room, McuParticipant *participant)
{
  return mcu_participant_to_json (
      participant, mcu_floor_is_speaking (room->floor, participant->id, g_get_monotonic_time ()));
}

static JsonObject *
message_about (McuRoom *room, const char *type, McuParticipant *participant)
{
  JsonObject *message = mcu_message_new (type);

  json_object_set_object_member (message, "participant",
                                 mcu_roster_one_to_json (room, participant));
  return message;
}

void
mcu_roster_tell_joined (McuRoom *room, McuParticipant *participant)
{
  if (mcu_participant_is_seen (participant))
    mcu_roster_broadcast (room, message_about (room, "participant_joined", participant),
                          participant);
}

void
mcu_roster_tell_left (McuRoom *room, McuParticipant *participant, const char *reason)
{
  JsonObject *message;

  if (!mcu_participant_is_seen (participant))
    return;
  message = mcu_message_new ("participant_left");
  json_object_set_string_member (message, "participant", participant->id);
  json_object_set_string_member (message, "reason", reason);
  mcu_roster_broadcast (room, message, participant);
}

static gboolean
on_changed (gpointer data)
{
  McuRoom *room = data;

  room->changed_source = 0;
  room->changed_us = g_get_monotonic_time ();
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];

    if (!one->changed)
      continue;
    one->changed = FALSE;
    if (mcu_participant_is_seen (one))
      mcu_roster_broadcast (room, message_about (room, "participant_updated", one), NULL);
  }
  return G_SOURCE_REMOVE;
}

void
mcu_roster_changed (McuRoom *room, McuParticipant *participant)
{
  gint64 wait_us = room->changed_us + mcu_times_us (CHANGED_EVERY_MS) - g_get_monotonic_time ();

  participant->changed = TRUE;
  if (room->changed_source == 0)
    room->changed_source = g_timeout_add (wait_us > 0 ? wait_us / 1000 + 1 : 0, on_changed, room);
}

void
mcu_roster_tell_speaker (McuRoom *room)
{
  JsonObject *message = mcu_message_new ("speaker");
  const char *speaker = mcu_floor_get_speaker (room->floor);

  if (speaker != NULL)
    json_object_set_string_member (message, "participant", speaker);
  else
    json_object_set_null_member (message, "participant");
  mcu_roster_broadcast (room, message, NULL);
}

void
mcu_roster_relay_chat (McuRoom *room, McuParticipant *from, const char *text, McuParticipant *to)
{
  JsonObject *message = mcu_message_new ("chat");
  g_autofree char *now = mcu_time_to_json (g_get_real_time ());

  json_object_set_string_member (message, "participant", from->id);
  json_object_set_string_member (message, "name", from->name);
  json_object_set_string_member (message, "text", text);
  json_object_set_string_member (message, "sent_at", now);
  if (to == NULL) {
    mcu_room_recordings_chat (room, from, text);
    mcu_roster_broadcast (room, message, NULL);
    return;
  }
  json_object_set_string_member (message, "to", to->id);
  mcu_participant_send (to, message);
  if (to != from)
    mcu_participant_send (from, message);
  json_object_unref (message);
}

JsonObject *
mcu_room_to_json (McuRoom *room)
{
  JsonObject *object = json_object_new ();
  JsonObject *canvas = json_object_new ();
  g_autofree char *created_at = mcu_time_to_json (room->created_at_us);
  guint n = 0;

  for (guint i = 0; i < room->participants->len; i++)
    n += mcu_participant_is_seen (room->participants->pdata[i]);
  json_object_set_string_member (object, "name", room->name);
  json_object_set_string_member (object, "created_at", created_at);
  json_object_set_string_member (object, "layout", room->layout->name);
  json_object_set_int_member (canvas, "width", room->canvas_width_px);
  json_object_set_int_member (canvas, "height", room->canvas_height_px);
  json_object_set_int_member (canvas, "fps", room->canvas_fps);
  json_object_set_object_member (object, "canvas", canvas);
  json_object_set_boolean_member (object, "locked", room->settings.locked);
  json_object_set_boolean_member (object, "lobby", room->settings.lobby);
  json_object_set_int_member (object, "participants", n);
  json_object_set_int_member (object, "max_participants", room->settings.max_participants);
  json_object_set_int_member (object, "empty_timeout_s", room->settings.empty_timeout_s);
  json_object_set_boolean_member (object, "record", room->settings.record);
  json_object_set_boolean_member (object, "recording", mcu_room_is_recording (room));
  if (room->settings.metadata != NULL)
    json_object_set_string_member (object, "metadata", room->settings.metadata);
  return object;
}

JsonArray *
mcu_roster_to_json (McuRoom *room)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (mcu_participant_is_seen (one))
      json_array_add_object_element (array, mcu_roster_one_to_json (room, one));
  }
  return array;
}

void
mcu_roster_tell_room (McuRoom *room)
{
  JsonObject *message = mcu_message_new ("room");

  json_object_set_object_member (message, "room", mcu_room_to_json (room));
  mcu_roster_broadcast (room, message, NULL);
}
