/* mcu/hls.h - the newest pieces of a live output, and the playlist of them (RFC 8216).
 * SPDX-License-Identifier: Apache-2.0
 *
 * All in memory: nothing to clean up, and no disk to wait for. Main loop only. */
#pragma once

#include <glib.h>

/* In the playlist: 12 to 24 s; and, for who is late, still there. */
#define MCU_HLS_LISTED 6
#define MCU_HLS_KEPT (MCU_HLS_LISTED + 3)
/* Players begin three target durations before the end (RFC 8216, 6.3.3); with a single piece
 * Chromium's own player gives up at its first reload (measured). */
#define MCU_HLS_FIRST 3
/* Source: RFC 8216, 4.3.3.1: none may be longer, rounded. What is longer is not taken. */
#define MCU_HLS_TARGET_S 4
#define MCU_HLS_MAX_DURATION_MS 12000
#define MCU_HLS_MAX_SEGMENT_BYTES (8 * 1024 * 1024)

typedef struct _McuHls McuHls;

McuHls *mcu_hls_new (void);
void mcu_hls_free (McuHls *self);

/**
 * mcu_hls_add:
 * @memfd: (transfer full): a whole piece; it must be sealed, so that it can be looked into without
 *   trusting whoever made it
 *
 * Returns: FALSE when it is not what it should be.
 */
gboolean mcu_hls_add (McuHls *self, int memfd, guint duration_ms);

/** mcu_hls_break: what comes next does not follow what is there. */
void mcu_hls_break (McuHls *self);

/** mcu_hls_end: nothing more comes; players are told. */
void mcu_hls_end (McuHls *self);

/** mcu_hls_playlist: (transfer full) (nullable): NULL before there are MCU_HLS_FIRST pieces. */
char *mcu_hls_playlist (McuHls *self);

/** mcu_hls_find: (transfer full) (nullable): @name: as in the playlist: "17.ts". */
GBytes *mcu_hls_find (McuHls *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuHls, mcu_hls_free)
