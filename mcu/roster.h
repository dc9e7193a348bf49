/* mcu/roster.h - who is told what of whom.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/room.h"

/** mcu_message_new: (transfer full): an object with `type`. */
JsonObject *mcu_message_new (const char *type);

/** mcu_roster_broadcast: to all but @except (nullable). @message: (transfer full) */
void mcu_roster_broadcast (McuRoom *room, JsonObject *message, McuParticipant *except);

/** mcu_roster_tell_joined: `participant_joined` to the others. */
void mcu_roster_tell_joined (McuRoom *room, McuParticipant *participant);
/** mcu_roster_tell_left: `participant_left` to the others. */
void mcu_roster_tell_left (McuRoom *room, McuParticipant *participant, const char *reason);

/** mcu_roster_changed: `participant_updated` to all: soon, at most ten times a second. */
void mcu_roster_changed (McuRoom *room, McuParticipant *participant);

/** mcu_roster_tell_speaker: `speaker` to all. */
void mcu_roster_tell_speaker (McuRoom *room);

/** mcu_roster_relay_chat: @text to everybody, or to @to and back to the sender. */
void mcu_roster_relay_chat (McuRoom *room, McuParticipant *from, const char *text,
                            McuParticipant *to);

/** mcu_roster_tell_room: the room's settings, to everybody. */
void mcu_roster_tell_room (McuRoom *room);

/** mcu_room_to_json: (transfer full): the contract's room object. */
JsonObject *mcu_room_to_json (McuRoom *room);
/** mcu_roster_to_json: (transfer full): all whom the others may know of, in the order of joining.
 */
JsonArray *mcu_roster_to_json (McuRoom *room);
/** mcu_roster_one_to_json: (transfer full): one of them. */
JsonObject *mcu_roster_one_to_json (McuRoom *room, McuParticipant *participant);
