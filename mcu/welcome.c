/* mcu/welcome.c - the first that somebody hears.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/welcome.h"

#include "mcu/room-lobby.h"
#include "mcu/room-views.h"
#include "mcu/roster.h"
#include "mcu/server-private.h"

static char *
make_resume_token (McuServer *server, McuParticipant *me)
{
  McuResume resume = {.room = me->room->name,
                      .participant = me->id,
                      .name = me->name,
                      .identity = me->identity,
                      .role = me->role,
                      .rights = me->rights,
                      .issued_at_s = g_get_real_time () / G_USEC_PER_SEC};

  return mcu_resume_sign (server->node.resume_key, &resume);
}

JsonObject *
mcu_welcome_new (McuServer *server, McuParticipant *me, gboolean resumed)
{
  JsonObject *message = mcu_message_new ("welcome");
  g_autofree char *token = make_resume_token (server, me);
  JsonArray *people = mcu_roster_to_json (me->room);

  if (me->role == MCU_ROLE_MODERATOR)
    mcu_lobby_add_to (me->room, people);
  if (!mcu_participant_is_seen (me))
    json_array_add_object_element (people, mcu_roster_one_to_json (me->room, me));
  json_object_set_string_member (message, "participant", me->id);
  json_object_set_string_member (message, "role", mcu_role_to_string (me->role));
  json_object_set_string_member (message, "resume", token);
  json_object_set_boolean_member (message, "resumed", resumed);
  json_object_set_int_member (message, "session", me->last_session);
  json_object_set_object_member (message, "room", mcu_room_to_json (me->room));
  json_object_set_array_member (message, "participants", people);
  json_object_set_object_member (message, "view", mcu_room_views_to_json (me));
  json_object_set_array_member (message, "ice_servers", mcu_server_ice_servers (server));
  return message;
}
