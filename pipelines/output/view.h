/* pipelines/output/view.h - one composed picture of a room, its clock and its rungs.
 * From: mix/video/canvas.  To: output/rung.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/tick.h"
#include "pipelines/mix/video/canvas.h"
#include "pipelines/output/latency.h"
#include "pipelines/output/rung.h"

/* A still canvas is encoded at full rate until it is sharp, then once a second; on a rung with a
 * steady receiver always at full rate. */
#define MCU_VIEW_SHARPEN_US 1000000
#define MCU_VIEW_STILL_INTERVAL_US 1000000

typedef struct _McuView McuView;

/**
 * McuViewPlacedFunc:
 * @seq: the placement that is shown from the frame of @pts_ns (running time) on
 *
 * Thread: the ticker's; copy and hop.
 */
typedef void (*McuViewPlacedFunc) (gpointer user_data, const char *view_id, guint64 seq,
                                   guint64 pts_ns);

/** McuViewStats: since it was made; late figures come from the tick. */
typedef struct
{
  guint64 frames;
  guint64 late_frames; /* begun more than half an interval late */
  McuLatency latency;
  guint n_rungs;
} McuViewStats;

/**
 * mcu_view_new:
 * @id: the link's name for it
 * @fps: frames per second, 1..60
 *
 * It ticks only while it has receivers.  Thread: main loop.  Returns: (transfer full)
 */
McuView *mcu_view_new (const char *id, int width_px, int height_px, guint fps,
                       GstClockTime base_time, McuViewPlacedFunc on_placed, gpointer user_data);

/** mcu_view_free: joins the ticker and the encoders. Thread: main loop; no receiver is on it any
 * more. */
void mcu_view_free (McuView *self);

const char *mcu_view_get_id (McuView *self);
/** mcu_view_get_fps: Thread: any. */
guint mcu_view_get_fps (McuView *self);
McuCanvas *mcu_view_get_canvas (McuView *self);
/** mcu_view_get_tick: (transfer none) (nullable): while it has receivers. Thread: main loop. */
McuTick *mcu_view_get_tick (McuView *self);

/**
 * mcu_view_get_shown:
 * @pts_ns: (out): running time of the newest frame
 *
 * Thread: any.  Returns: the seq of the placement it shows.
 */
guint64 mcu_view_get_shown (McuView *self, guint64 *pts_ns);

/**
 * mcu_view_add_receiver:
 * @codec: MCU_CODEC_H264 or MCU_CODEC_VP8; its rung is made when there is none
 *
 * The first one starts the ticker.
 *
 * Thread: main loop.  Returns: FALSE with @error when the rung cannot be made.
 */
gboolean mcu_view_add_receiver (McuView *self, McuCodec codec, McuReceiver *receiver,
                                GError **error);

/** mcu_view_remove_receiver: the last one takes the rung with it, and of the last rung the ticker.
 * Thread: main loop. */
void mcu_view_remove_receiver (McuView *self, McuCodec codec, McuReceiver *receiver);

/** mcu_view_mend: a rung whose encoder failed gets a new one. Thread: main loop, now and then. */
void mcu_view_mend (McuView *self);

/**
 * mcu_view_take_picture: the newest that was composed; of a view that does not tick one that is
 * composed now, here.  Thread: main loop.  Returns: (transfer full)
 */
McuPicture *mcu_view_take_picture (McuView *self);

/** McuViewRungFunc: told of each rung. */
typedef void (*McuViewRungFunc) (const McuEncoderSettings *settings, const McuRungStats *stats,
                                 gpointer user_data);

/** mcu_view_foreach_rung: Thread: main loop. */
void mcu_view_foreach_rung (McuView *self, McuViewRungFunc func, gpointer user_data);

/** mcu_view_foreach_ended: the same of rungs that are no more, one for each codec.
 * Thread: main loop. */
void mcu_view_foreach_ended (McuView *self, McuViewRungFunc func, gpointer user_data);

/** mcu_view_get_stats: Thread: main loop. */
void mcu_view_get_stats (McuView *self, McuViewStats *stats);
/** mcu_view_stats_add: @other's figures to @self's. */
void mcu_view_stats_add (McuViewStats *self, const McuViewStats *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuView, mcu_view_free)
