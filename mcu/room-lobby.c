/* mcu/room-lobby.c - who stands at the door: locked rooms, and those who wait to be let in.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-lobby.h"

#include "mcu/base/error.h"
#include "mcu/roster.h"
#include "mcu/times.h"

/* A page that was left open is no reason to keep a room. */
#define MAX_WAIT_MS (3600 * 1000)

gboolean
mcu_lobby_must_wait (McuRoom *room, McuRole role, gboolean is_back)
{
  return room->settings.lobby && role != MCU_ROLE_MODERATOR && !is_back;
}

gboolean
mcu_lobby_check_door (McuRoom *room, McuKind kind, McuRole role, gboolean is_back, GError **error)
{
  const char *why = NULL;

  if (room->settings.locked && role != MCU_ROLE_MODERATOR && !is_back)
    why = "the room is locked";
  else if (kind != MCU_KIND_BROWSER && mcu_lobby_must_wait (room, role, is_back))
    why = "the room has a lobby, and who comes this way cannot wait in it";
  if (why != NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_ROOM_LOCKED, why);
  return why == NULL;
}

static void
tell_moderators (McuRoom *room, JsonObject *message)
{
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (one->role == MCU_ROLE_MODERATOR && one->announced)
      mcu_participant_send (one, message);
  }
}

static JsonObject *
new_message (McuRoom *room, const char *type, McuParticipant *about)
{
  JsonObject *message = mcu_message_new (type);

  json_object_set_object_member (message, "participant", mcu_roster_one_to_json (room, about));
  return message;
}

static JsonObject *
new_left (McuParticipant *about, const char *reason)
{
  JsonObject *message = mcu_message_new ("participant_left");

  json_object_set_string_member (message, "participant", about->id);
  json_object_set_string_member (message, "reason", reason);
  return message;
}

static gboolean
on_waited_too_long (gpointer data)
{
  McuParticipant *participant = data;

  participant->away_source = 0;
  mcu_room_dismiss (participant->room, participant, "idle", "nobody let you in", 0);
  return G_SOURCE_REMOVE;
}

gboolean
mcu_lobby_enter (McuRoom *room, McuParticipant *participant, GError **error)
{
  g_autoptr (JsonObject) message = NULL;

  participant->state = MCU_PARTICIPANT_WAITING;
  if (room->lobby->len >= room->settings.max_participants) {
    mcu_participant_free (participant);
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_ROOM_FULL, "the lobby is full");
    return FALSE;
  }
  participant->order = room->next_order++;
  g_ptr_array_add (room->lobby, participant);
  participant->away_source = g_timeout_add (mcu_times_ms (MAX_WAIT_MS), on_waited_too_long,
                                            participant);
  message = new_message (room, "participant_joined", participant);
  tell_moderators (room, message);
  return TRUE;
}

McuParticipant *
mcu_lobby_find (McuRoom *room, const char *id)
{
  for (guint i = 0; id != NULL && i < room->lobby->len; i++) {
    McuParticipant *one = room->lobby->pdata[i];
    if (g_str_equal (one->id, id))
      return one;
  }
  return NULL;
}

gboolean
mcu_lobby_admit (McuRoom *room, McuParticipant *participant, GError **error)
{
  if (room->participants->len >= room->settings.max_participants) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_ROOM_FULL, "the room is full");
    return FALSE;
  }
  g_clear_handle_id (&participant->away_source, g_source_remove);
  g_ptr_array_remove (room->lobby, participant);
  mcu_participant_handle (participant, MCU_PARTICIPANT_ADMITTED);
  mcu_room_seat (room, participant);
  participant->ops->admitted (participant->holder);
  return TRUE;
}

void
mcu_lobby_admit_all (McuRoom *room)
{
  while (room->lobby->len > 0 && mcu_lobby_admit (room, room->lobby->pdata[0], NULL))
    ;
}

gboolean
mcu_lobby_promote_first (McuRoom *room)
{
  for (guint i = 0; i < room->lobby->len; i++) {
    McuParticipant *one = room->lobby->pdata[i];

    if (one->role != MCU_ROLE_PARTICIPANT)
      continue;
    one->role = MCU_ROLE_MODERATOR;
    return mcu_lobby_admit (room, one, NULL);
  }
  return FALSE;
}

void
mcu_lobby_leave (McuRoom *room, McuParticipant *participant, const char *reason)
{
  g_autoptr (JsonObject) message = new_left (participant, reason);

  participant->ops = NULL;
  mcu_participant_handle (participant, MCU_PARTICIPANT_LEFT);
  g_ptr_array_remove (room->lobby, participant);
  tell_moderators (room, message);
  mcu_participant_free (participant);
}

void
mcu_lobby_dismiss (McuRoom *room, const char *identity, const char *code, const char *reason)
{
  for (guint i = room->lobby->len; i > 0; i--) {
    McuParticipant *one = room->lobby->pdata[i - 1];
    if (identity == NULL || g_strcmp0 (one->identity, identity) == 0)
      mcu_room_dismiss (room, one, code, reason, 0);
  }
}

void
mcu_lobby_changed (McuRoom *room, McuParticipant *participant)
{
  g_autoptr (JsonObject) message = new_message (room, "participant_updated", participant);

  tell_moderators (room, message);
}

void
mcu_lobby_role_changed (McuRoom *room, McuParticipant *participant)
{
  for (guint i = 0; i < room->lobby->len; i++) {
    McuParticipant *one = room->lobby->pdata[i];
    g_autoptr (JsonObject) message = participant->role == MCU_ROLE_MODERATOR
                                         ? new_message (room, "participant_joined", one)
                                         : new_left (one, "waiting");

    mcu_participant_send (participant, message);
  }
}

void
mcu_lobby_add_to (McuRoom *room, JsonArray *people)
{
  for (guint i = 0; i < room->lobby->len; i++)
    json_array_add_object_element (people, mcu_roster_one_to_json (room, room->lobby->pdata[i]));
}

static int
compare_order (gconstpointer a, gconstpointer b)
{
  const McuParticipant *const *one = a;
  const McuParticipant *const *other = b;

  return (*one)->order < (*other)->order ? -1 : (*one)->order > (*other)->order;
}

GPtrArray *
mcu_lobby_everybody (McuRoom *room)
{
  GPtrArray *all = g_ptr_array_copy (room->participants, NULL, NULL);

  for (guint i = 0; i < room->lobby->len; i++)
    g_ptr_array_add (all, room->lobby->pdata[i]);
  g_ptr_array_sort (all, compare_order);
  return all;
}
