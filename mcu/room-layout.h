/* mcu/room-layout.h - whose tile is where, told to the room process and to each receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/placement.h"
#include "mcu/room.h"

/** McuPlacementRecord: a placement that was sent, kept until receivers have been told of it. */
typedef struct
{
  gint64 seq;
  McuLayout *layout; /* owned */
  guint n_tiles;
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
} McuPlacementRecord;

/** mcu_room_layout_start: takes the layout that rooms start with. */
void mcu_room_layout_start (McuRoom *room);
void mcu_room_layout_stop (McuRoom *room);

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
