/* pipelines/output/rung.h - stage 5 of 6: one encode of one view, shared by all who get it.
 * From: output/encoder.  To: output/receiver.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/output/encoder.h"
#include "pipelines/output/keyframe-policy.h"
#include "pipelines/output/receiver.h"

typedef struct _McuRung McuRung;

/** McuRungStats: counts since it was made. */
typedef struct
{
  guint64 frames;
  guint64 bytes;
  guint64 keyframes[MCU_KEYFRAME_N_REASONS]; /* [MCU_KEYFRAME_NONE]: made by the encoder unasked */
  guint n_receivers;
} McuRungStats;

/** McuRungSentFunc: the frame of @pts_ns was handed to all receivers. Thread: the encoder's. */
typedef void (*McuRungSentFunc) (gpointer user_data, guint64 pts_ns);

/** mcu_rung_new: Thread: main loop. @error: as mcu_encoder_new(). */
McuRung *mcu_rung_new (const McuEncoderSettings *settings, GstClockTime base_time,
                       McuRungSentFunc on_sent, gpointer user_data, GError **error);

/**
 * mcu_rung_free: stops the encoder, joining its thread (at most one frame's encode). Thread: main
 * loop; nobody pushes any more.
 */
void mcu_rung_free (McuRung *self);

/** mcu_rung_settings: (transfer none). Thread: any. */
const McuEncoderSettings *mcu_rung_settings (McuRung *self);

/**
 * mcu_rung_add:
 *
 * Puts @receiver on the rung; serves it from the memory at once where that is allowed, else it is
 * given a keyframe within MCU_KEYFRAME_JOIN_INTERVAL_US.  Thread: main loop.
 */
void mcu_rung_add (McuRung *self, McuReceiver *receiver);

/** mcu_rung_has_failed: its encoder gives nothing any more. Thread: any. */
gboolean mcu_rung_has_failed (McuRung *self);

/** mcu_rung_move_all: puts everybody on @to instead, where they start anew. Thread: main loop. */
void mcu_rung_move_all (McuRung *self, McuRung *to);

/** mcu_rung_remove: after it returns nothing of this rung reaches @receiver. Thread: main loop. */
void mcu_rung_remove (McuRung *self, McuReceiver *receiver);

/**
 * mcu_rung_needs_picture:
 *
 * Looks at what the receivers wish for.  Thread: the ticker's, once per tick.
 *
 * Returns: TRUE when a keyframe is due or a receiver is steady, so that a still canvas must be
 * pushed all the same.
 */
gboolean mcu_rung_needs_picture (McuRung *self, gint64 now_us);

/** mcu_rung_push: @picture: (transfer none). Thread: the ticker's. */
void mcu_rung_push (McuRung *self, McuPicture *picture, guint64 pts_ns);

/** mcu_rung_stats_add: @other's counts to @self's; receivers are not added. */
void mcu_rung_stats_add (McuRungStats *self, const McuRungStats *other);

/** mcu_rung_get_stats: Thread: any. */
void mcu_rung_get_stats (McuRung *self, McuRungStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRung, mcu_rung_free)
