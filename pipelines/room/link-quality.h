/* pipelines/room/link-quality.h - whether somebody's link is bad enough to be marked.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* How often a link is judged. */
#define MCU_LINK_QUALITY_STEP_MS 2000

/* Below the lower ones it is good, from the upper ones on it is bad; between, it stays what it was.
 * 8 % is where video with retransmission begins to freeze and speech to be hard to follow; 600 ms
 * is where people begin to talk at the same time (ITU-T G.114: 400 ms both ways is the limit of
 * what is acceptable). */
#define MCU_LINK_QUALITY_BAD_LOSS_PERCENT 8
#define MCU_LINK_QUALITY_GOOD_LOSS_PERCENT 3
#define MCU_LINK_QUALITY_BAD_RTT_MS 600
#define MCU_LINK_QUALITY_GOOD_RTT_MS 400

/** McuLinkQuality: a plain value, all zero at first. */
typedef struct
{
  gboolean is_bad;
  guint n_against; /* steps in a row that said the opposite */
  guint64 packets; /* as of the step before */
  guint64 lost;
  gboolean has_counts;
} McuLinkQuality;

/**
 * mcu_link_quality_step:
 * @packets: that came, so far
 * @lost: that did not come the first time, so far
 * @rtt_ms: 0: not known
 *
 * One step every MCU_LINK_QUALITY_STEP_MS. Two bad steps in a row make it bad, three good ones
 * good: a burst is no bad link, and a mark that comes and goes says nothing. Counts that go back
 * begin anew.
 *
 * Thread: any, pure.  Returns: whether it is bad.
 */
gboolean mcu_link_quality_step (McuLinkQuality *self, guint64 packets, guint64 lost, guint rtt_ms);
