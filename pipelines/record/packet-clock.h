/* pipelines/record/packet-clock.h - packets of sound in their order, at times of our clock; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Out of order: more than so many newer ones came, and it will not. */
#define MCU_PACKET_CLOCK_WAITING 5

/** McuPacketClock: zero-initialised, but @rate_hz. */
typedef struct
{
  guint rate_hz; /* of the RTP timestamps */
  gboolean has_begun;
  guint32 last_timestamp;
  gint64 last_ns;
  gint64 least_late_ns; /* in this window: the path's own delay, without its jitter */
  guint n_in_window;
} McuPacketClock;

/**
 * mcu_packet_clock_time:
 * @arrival_ns: when it came
 *
 * By the sender's own count, which has no jitter, held to our clock: a sender's clock that drifts
 * is followed, a jump is taken over at once.  Returns: ns: when its first sample was.
 */
gint64 mcu_packet_clock_time (McuPacketClock *self, guint32 timestamp, gint64 arrival_ns);
