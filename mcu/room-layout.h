/* mcu/room-layout.h - whose tile is where, told to the room process and to each receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/room-view.h"

/** mcu_room_layout_start: takes the layout that rooms start with, and makes the main view. */
void mcu_room_layout_start (McuRoom *room);
void mcu_room_layout_stop (McuRoom *room);

/** mcu_room_layout_use_canvas: the room's canvas is another one, and has no process yet. */
void mcu_room_layout_use_canvas (McuRoom *room);

/**
 * mcu_room_layout_choose:
 * @layout: (transfer none)
 *
 * Takes effect in the running picture; everybody is told the room's new settings.
 */
void mcu_room_layout_choose (McuRoom *room, McuLayout *layout);

/**
 * mcu_room_layout_configure:
 * @name: (nullable): of one that there is
 * @document: (nullable): instead of a name
 * @error: MCU_ERROR_NOT_FOUND, MCU_ERROR_BAD_REQUEST
 */
gboolean mcu_room_layout_configure (McuRoom *room, const char *name, JsonObject *document,
                                    GError **error);

/** mcu_room_layout_floor_changed: somebody else has the floor, or nobody. */
void mcu_room_layout_floor_changed (McuRoom *room);

/** mcu_room_layout_changed: places all views anew, once in this turn of the main loop. */
void mcu_room_layout_changed (McuRoom *room);

/** mcu_room_layout_to_views: (transfer full): `views` of `room_state`, solved now. */
JsonArray *mcu_room_layout_to_views (McuRoom *room);

/** mcu_room_layout_placed: `placed` of a room. */
void mcu_room_layout_placed (McuRoom *room, JsonObject *message);
/** mcu_room_layout_peer_moved: `peer_moved` of a room. */
void mcu_room_layout_peer_moved (McuRoom *room, JsonObject *message);

/** mcu_room_layout_repeat: to somebody who is back, for a connection that went on meanwhile. */
void mcu_room_layout_repeat (McuParticipant *participant);
