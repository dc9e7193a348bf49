/* pipelines/room/snapshot.h - a canvas as it is now, as a PNG in a memfd.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/room/room.h"

/* One at a time, and no more than five a second: each is 50 ms of a core or more. */
#define MCU_SNAPSHOT_INTERVAL_US 200000

typedef struct _McuSnapshots McuSnapshots;

/**
 * McuSnapshotFunc: once, from the main loop.
 * @fd: (transfer full): sealed; -1 on @error
 */
typedef void (*McuSnapshotFunc) (gpointer user_data, gint64 request_id, int fd, gsize size,
                                 const GError *error);

/** mcu_snapshots_new: @room: (unowned): outlives us. Thread of all: main loop. */
McuSnapshots *mcu_snapshots_new (McuRoom *room, McuSnapshotFunc func, gpointer user_data);
/** mcu_snapshots_free: one that is under way is not told any more; nobody waits for it. */
void mcu_snapshots_free (McuSnapshots *self);

/**
 * mcu_snapshots_take:
 * @request_id: handed back
 *
 * Returns: FALSE with MCU_ERROR_NOT_FOUND (no such view) or MCU_ERROR_RATE_LIMITED; the function is
 * not called then.
 */
gboolean mcu_snapshots_take (McuSnapshots *self, const char *view_id, gint64 request_id,
                             GError **error);
