/* mcu/room-media.h - a room and its process: start, replay, what it says, death.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/room.h"

/**
 * mcu_room_media_start:
 * @error: MCU_ERROR_OVERLOADED when no process can be started
 *
 * Takes the spare and tells it the room's state, if the room has no process yet.
 */
gboolean mcu_room_media_start (McuRoom *room, GError **error);

/** mcu_room_media_stop: at once. */
void mcu_room_media_stop (McuRoom *room);

/** mcu_room_media_linger: the room is empty: stop in a while. */
void mcu_room_media_linger (McuRoom *room);

/** mcu_room_media_drain: stop, and say when. @func: NULL: nobody waits */
void mcu_room_media_drain (McuRoom *room, guint timeout_ms, McuRoomExitedFunc func,
                           gpointer user_data);

/** mcu_room_media_tell: `participant` to the process, if there is one. */
void mcu_room_media_tell (McuRoom *room, McuParticipant *participant);
/** mcu_room_media_forget: `participant_remove`. */
void mcu_room_media_forget (McuRoom *room, McuParticipant *participant);

/** mcu_room_media_send: any message, if there is a process. @message: (transfer full) */
void mcu_room_media_send (McuRoom *room, JsonObject *message);
