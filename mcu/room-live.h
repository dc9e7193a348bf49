/* mcu/room-live.h - a room's live outputs and inputs (docs/live.md).
 * SPDX-License-Identifier: Apache-2.0
 *
 * Streams go out: RTMP, SRT, HLS. Inputs come in: each is a participant of kind `input`.
 * Thread: main loop. Nothing blocks. */
#pragma once

#include "mcu/room.h"
#include "mcu/side.h"

/** mcu_room_live_free: all end. @self: (nullable). */
void mcu_room_live_free (McuRoomLive *self);

/** mcu_room_live_attach: the room has a process, maybe another one than before. */
void mcu_room_live_attach (McuRoom *room);
/** mcu_room_live_detach: it has none for a while: who sends on has nothing to send. */
void mcu_room_live_detach (McuRoom *room);

/**
 * mcu_room_live_add_stream:
 * @wanted: {"url": "rtmp://..."} or {"hls": true}
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_TOO_MANY_STREAMS ([streams] max_per_room)
 *
 * Returns: (transfer full) (nullable): the contract's stream object.
 */
JsonObject *mcu_room_live_add_stream (McuRoom *room, JsonObject *wanted, GError **error);
/** mcu_room_live_list_streams: (transfer full): the contract's objects. */
JsonArray *mcu_room_live_list_streams (McuRoom *room);
/** mcu_room_live_remove_stream: Returns: FALSE when there is none. */
gboolean mcu_room_live_remove_stream (McuRoom *room, const char *id);

/** mcu_room_live_count: adds what the room has to @streams and @inputs, each by #McuSideState. */
void mcu_room_live_count (McuRoom *room, guint streams[MCU_SIDE_N_STATES],
                          guint inputs[MCU_SIDE_N_STATES]);

/** mcu_room_live_playlist: (transfer full) (nullable): of the HLS stream @id. */
char *mcu_room_live_playlist (McuRoom *room, const char *id);
/** mcu_room_live_segment: (transfer full) (nullable) */
GBytes *mcu_room_live_segment (McuRoom *room, const char *id, const char *name);

/**
 * mcu_room_live_add_input:
 * @wanted: {"url": "rtsp://...", "name"?, "loop"?}
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_TOO_MANY_STREAMS ([inputs] max_per_room), or what
 *   mcu_room_join() says
 *
 * Returns: (transfer full) (nullable): the contract's input object.
 */
JsonObject *mcu_room_live_add_input (McuRoom *room, JsonObject *wanted, GError **error);
JsonArray *mcu_room_live_list_inputs (McuRoom *room);
gboolean mcu_room_live_remove_input (McuRoom *room, const char *id);
