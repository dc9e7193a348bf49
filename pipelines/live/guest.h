/* pipelines/live/guest.h - an input's frames into a room: decoded and heard as a peer's are.
 * SPDX-License-Identifier: Apache-2.0
 *
 * From: live/exchange.  To: mix/video/source, mix/audio/playout.
 *
 * What comes is from a process that reads whatever a camera or a web server sends: it is looked at
 * before a decoder sees it, and what breaks the format ends the guest and nothing else. */
#pragma once

#include <gst/gst.h>

#include "pipelines/mix/audio/playout.h"
#include "pipelines/mix/video/source.h"

/* As for a peer's camera: then its placeholder is shown. */
#define MCU_GUEST_STALL_US 2000000

typedef struct _McuLiveGuest McuLiveGuest;

/** McuLiveGuestStats: a moment of it. */
typedef struct
{
  guint width_px, height_px; /* of the newest picture; 0: none yet */
  guint64 frames_received;
  guint64 frames_decoded;
  guint64 refused;        /* broken, too big or too many */
  gint64 last_picture_us; /* monotonic; 0: none yet */
} McuLiveGuestStats;

/**
 * mcu_live_guest_new:
 * @fd: (transfer full): a stream socket
 * @source, @playout: (transfer none): get a reference each
 *
 * Thread: main loop.  Returns: (transfer full): reads until the socket ends.
 */
McuLiveGuest *mcu_live_guest_new (int fd, McuSource *source, McuPlayout *playout);

/** mcu_live_guest_free: nothing of it reaches its source any more. Waits for at most a picture that
 * is being decoded.  Thread: main loop. */
void mcu_live_guest_free (McuLiveGuest *self);

/** mcu_live_guest_get_stats: Thread: any. */
void mcu_live_guest_get_stats (McuLiveGuest *self, McuLiveGuestStats *stats);
