/* mcu/stream.h - one live output of a room: RTMP, SRT or HLS.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Thread: main loop. */
#pragma once

#include "mcu/hls.h"
#include "mcu/side.h"

typedef struct _McuStream McuStream;

/**
 * mcu_stream_new:
 * @wanted: {"url": ...} or {"hls": true}
 * @error: MCU_ERROR_BAD_REQUEST
 *
 * Returns: (transfer full) (nullable): to be attached when the room has a process.
 */
McuStream *mcu_stream_new (McuRoom *room, JsonObject *wanted, GError **error);
void mcu_stream_free (McuStream *self);

const char *mcu_stream_get_id (McuStream *self);
McuSide *mcu_stream_get_side (McuStream *self);
/** mcu_stream_get_hls: (transfer none) (nullable): NULL of other kinds. */
McuHls *mcu_stream_get_hls (McuStream *self);

/** mcu_stream_to_json: (transfer full): the contract's object. */
JsonObject *mcu_stream_to_json (McuStream *self);
