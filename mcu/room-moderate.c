/* mcu/room-moderate.c - what a moderator does to the others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/room-lobby.h"
#include "mcu/room-media.h"
#include "mcu/room-recordings.h"
#include "mcu/roster.h"

#define MAX_KICKED 1000

static gboolean
change_role (McuRoom *self, McuParticipant *participant, const char *text, GError **error)
{
  McuRole role;

  /* A viewer's connection carries nothing towards us: that needs another one, and another issue. */
  if (!mcu_role_from_string (text, &role) || role == MCU_ROLE_VIEWER ||
      participant->role == MCU_ROLE_VIEWER) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "role: not possible");
    return FALSE;
  }
  if (participant->role != role) {
    participant->role = role;
    mcu_lobby_role_changed (self, participant);
  }
  mcu_room_ensure_moderator (self);
  return TRUE;
}

static void
send_out (McuRoom *self, McuParticipant *participant, const char *code)
{
  if (g_hash_table_size (self->kicked) < MAX_KICKED)
    g_hash_table_add (self->kicked, g_strdup (participant->id));
  if (participant->identity != NULL && g_hash_table_size (self->banned) < MAX_KICKED)
    g_hash_table_add (self->banned, g_strdup (participant->identity));
  mcu_room_dismiss (self, participant, code, "a moderator sent you out", 0);
}

/* Who waits can be let in or sent away; everything else waits until they are in. */
static gboolean
moderate_waiting (McuRoom *self, McuParticipant *whom, JsonObject *order, GError **error)
{
  if (mcu_json_bool (order, "kick", FALSE) || mcu_json_bool (order, "ban", FALSE)) {
    send_out (self, whom, mcu_json_bool (order, "ban", FALSE) ? "banned" : "kicked");
    return TRUE;
  }
  if (mcu_json_bool (order, "admit", FALSE))
    return mcu_lobby_admit (self, whom, error);
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "they are in the lobby");
  return FALSE;
}

gboolean
mcu_room_moderate (McuRoom *self, McuParticipant *by, JsonObject *order, GError **error)
{
  McuParticipant *whom = mcu_room_find (self, mcu_json_string (order, "participant"));
  McuParticipant *waiting = mcu_lobby_find (self, mcu_json_string (order, "participant"));
  const char *role = mcu_json_string (order, "role");

  if (by != NULL && by->role != MCU_ROLE_MODERATOR) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "only a moderator may");
    return FALSE;
  }
  if (waiting != NULL)
    return moderate_waiting (self, waiting, order, error);
  if (whom == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "no such participant");
    return FALSE;
  }
  if (mcu_json_bool (order, "kick", FALSE) || mcu_json_bool (order, "ban", FALSE)) {
    if (whom == by) {
      g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "to go, say leave");
      return FALSE;
    }
    send_out (self, whom, mcu_json_bool (order, "ban", FALSE) ? "banned" : "kicked");
    return TRUE;
  }
  if (role != NULL && !change_role (self, whom, role, error))
    return FALSE;
  whom->audio_muted_by_moderator = mcu_json_bool (order, "audio_muted",
                                                  whom->audio_muted_by_moderator);
  whom->video_muted_by_moderator = mcu_json_bool (order, "video_muted",
                                                  whom->video_muted_by_moderator);
  if (json_object_has_member (order, "recorded"))
    mcu_room_set_recorded (self, whom, mcu_json_bool (order, "recorded", TRUE), TRUE);
  mcu_room_media_tell (self, whom);
  mcu_roster_changed (self, whom);
  return TRUE;
}
