/* mcu/room-configure.h - settings of a room that is there.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/room.h"

/**
 * mcu_room_configure:
 * @members: (transfer none): as PATCH /v1/rooms/{room} has them; null is the default of now
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_TOO_LARGE, MCU_ERROR_NOT_FOUND (no such layout),
 *         MCU_ERROR_PRECONDITION_FAILED (the canvas of a room that somebody is in)
 *
 * All or nothing. Everybody is told the new settings.
 *
 * Thread: main loop.
 */
gboolean mcu_room_configure (McuRoom *room, JsonObject *members, GError **error);

/**
 * mcu_room_configure_by_moderator:
 * @message: (transfer none): the message `room`: layout, locked, lobby; others are not looked at
 * @error: as mcu_room_configure(); MCU_ERROR_BAD_REQUEST also when there is none of them
 */
gboolean mcu_room_configure_by_moderator (McuRoom *room, JsonObject *message, GError **error);

/**
 * mcu_room_settings_changed:
 * @before: what the settings were; room->settings is what they are
 *
 * Called after every change that took effect, before everybody is told of it: the place of what has
 * to follow a setting.
 */
void mcu_room_settings_changed (McuRoom *room, const McuRoomSettings *before);

/** mcu_room_settings_now: (out caller-allocates): with the layout that the room really has. */
void mcu_room_settings_now (McuRoom *room, McuRoomSettings *now);
