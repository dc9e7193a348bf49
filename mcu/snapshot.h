/* mcu/snapshot.h - a room's picture as it is now, from its process.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/server.h"

/* A PNG of a 4096x4096 canvas that compresses badly is less. */
#define MCU_SNAPSHOT_MAX_BYTES (64 * 1024 * 1024)

/**
 * McuSnapshotFunc:
 * @png: (transfer none) (nullable): of a process that is not trusted: only its size is known
 * @error: (nullable): MCU_ERROR_NOT_FOUND (no such room, or nobody in it), MCU_ERROR_RATE_LIMITED,
 *         MCU_ERROR_TIMEOUT, MCU_ERROR_INTERNAL
 */
typedef void (*McuSnapshotFunc) (GBytes *png, const GError *error, gpointer user_data);

/**
 * mcu_server_take_snapshot:
 * @func: called exactly once, within some seconds; from inside this call for what is refused here
 *
 * Of the room's main picture.  Thread: main loop.
 */
void mcu_server_take_snapshot (McuServer *self, const char *room_name, McuSnapshotFunc func,
                               gpointer user_data);
