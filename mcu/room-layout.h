/* mcu/room-layout.h - whose tile is where, told to the room process and to each receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/placement.h"
#include "mcu/room.h"

/** McuPlacementRecord: a placement that was sent, kept until receivers have been told of it. */
typedef struct
{
  gint64 seq;
  guint n_tiles;
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
} McuPlacementRecord;

/** mcu_room_layout_changed: places anew, once in this turn of the main loop. */
void mcu_room_layout_changed (McuRoom *room);

/** mcu_room_layout_place_message: (transfer full): the newest placement, solved now if needed. */
JsonObject *mcu_room_layout_place_message (McuRoom *room);

/** mcu_room_layout_placed: `placed` of a room. */
void mcu_room_layout_placed (McuRoom *room, JsonObject *message);
/** mcu_room_layout_peer_moved: `peer_moved` of a room. */
void mcu_room_layout_peer_moved (McuRoom *room, JsonObject *message);

/** mcu_room_layout_repeat: to somebody who is back, for a connection that went on meanwhile. */
void mcu_room_layout_repeat (McuParticipant *participant);
