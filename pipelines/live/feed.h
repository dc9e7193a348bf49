/* pipelines/live/feed.h - one more receiver of a rung and of the mix: to another process of ours.
 * From: output/rung, mix/audio/mixer.  To: live/exchange.  SPDX-License-Identifier: Apache-2.0
 *
 * Nothing here makes the meeting wait: when the other process does not take what it is given,
 * pictures stop until a keyframe (as for any receiver), and of the sound the oldest goes. */
#pragma once

#include "pipelines/output/receiver.h"

typedef struct _McuLiveFeed McuLiveFeed;

/**
 * mcu_live_feed_new:
 * @fd: (transfer full): a stream socket
 * @base_time: the process's: of running times
 *
 * Thread: main loop.  Returns: (transfer full) (nullable): MCU_ERROR_INTERNAL.
 */
McuLiveFeed *mcu_live_feed_new (int fd, GstClockTime base_time, GError **error);

/** mcu_live_feed_free: off its rung and the mixer's tap. Thread: main loop; waits for nobody. */
void mcu_live_feed_free (McuLiveFeed *self);

/** mcu_live_feed_get_receiver: (transfer none): steady; to be put on a rung of H.264. */
McuReceiver *mcu_live_feed_get_receiver (McuLiveFeed *self);

/** mcu_live_feed_hear: a #McuAudioTapFunc with the feed as its user data. Thread: mixing. */
void mcu_live_feed_hear (gpointer feed, const gint16 *pcm, gint64 tick_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuLiveFeed, mcu_live_feed_free)
