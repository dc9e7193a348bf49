/* pipelines/ingest/video-in.h - stages 1 to 3 of 6 for video: depacketize, decode, hand on.
 * From: the peer's webrtcbin.  To: mix/video/source.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/gst.h>

#include "pipelines/mix/video/source.h"
#include "pipelines/peer/rtp-guard.h"
#include "pipelines/types.h"

/* A camera without RTP for so long shows its placeholder, never a frozen frame. */
#define MCU_VIDEO_STALL_US 2000000
/* Twice what any camera here is asked for. */
#define MCU_VIDEO_MAX_FPS 65

typedef struct _McuVideoIn McuVideoIn;

/** McuVideoInStats: Thread-safe copies; rates are over the time since the last call. */
typedef struct
{
  guint width_px; /* of the newest decoded picture; 0: none yet */
  guint height_px;
  guint64 frames_decoded;
  guint64 frames_received;
  gint64 last_picture_us; /* monotonic; 0: none yet */
  gint64 last_frame_us;   /* monotonic, coded frames */
} McuVideoInStats;

/**
 * mcu_video_in_new:
 * @pipeline: (transfer none): gets the depayloader, the decoder and the end
 * @source: (transfer none): what is decoded is pushed here; referenced
 * @guard: (unowned): drops are counted there; outlives the pipeline
 * @section: canonical index of its section, for what the guard knows of it
 *
 * Thread: main loop, before @pipeline plays.
 * Returns: (transfer full): linked by mcu_video_in_link() when packets come.
 */
McuVideoIn *mcu_video_in_new (GstBin *pipeline, McuCodec codec, McuSource *source,
                              McuRtpGuard *guard, guint section, GError **error);

/** mcu_video_in_free: only after the pipeline is in NULL. */
void mcu_video_in_free (McuVideoIn *self);

/** mcu_video_in_link: @pad: webrtcbin's, caps application/x-rtp. Thread: streaming, from pad-added.
 */
void mcu_video_in_link (McuVideoIn *self, GstPad *pad);

/**
 * mcu_video_in_start: from here on its pictures reach the source. Before, what is sent is decoded
 * and dropped: the source may still be fed by the connection that this one replaces.
 *
 * Thread: main loop.
 */
void mcu_video_in_start (McuVideoIn *self);

/**
 * mcu_video_in_set_wanted:
 * @wanted: FALSE: frames are dropped before the decoder; TRUE again: a keyframe is asked for
 *
 * Thread: main loop.
 */
void mcu_video_in_set_wanted (McuVideoIn *self, gboolean wanted);

/**
 * mcu_video_in_silence: nothing of it reaches its source any more: a newer connection feeds that
 * now. Waits for a picture that is just being handed on.  Thread: main loop.
 */
void mcu_video_in_silence (McuVideoIn *self);
/** mcu_video_in_is_feeding: started, and not silenced. Thread: main loop. */
gboolean mcu_video_in_is_feeding (McuVideoIn *self);

/**
 * mcu_video_in_is_live: packets come, and, while they are wanted, pictures come of them: a camera
 * whose frames are all refused or cannot be decoded is not live.  Thread: main loop.
 */
gboolean mcu_video_in_is_live (McuVideoIn *self, gint64 now_us);

/**
 * mcu_video_in_nudge: asks for a keyframe again when packets come and no frame does: the
 * depayloader waits for one, and what was asked for may be lost.  Thread: main loop, some times a
 * second.
 */
void mcu_video_in_nudge (McuVideoIn *self, gint64 now_us);

/** McuCodedFrame: an access unit of H.264 with start codes, or a frame of VP8; the bytes are only
 * there during the call. */
typedef struct
{
  const guint8 *data;
  gsize size;
  guint64 running_ns; /* of its first packet, without the path's jitter */
  gboolean is_keyframe;
  guint width_px, height_px; /* 0: it does not say */
} McuCodedFrame;

/**
 * McuVideoTapFunc: bounded work, no wait.  Thread: the stream's.
 * Returns: TRUE: it needs a keyframe.
 */
typedef gboolean (*McuVideoTapFunc) (gpointer user_data, const McuCodedFrame *frame);

/**
 * mcu_video_in_set_tap:
 * @func: (nullable): told of each good frame before it is decoded, whether or not it is
 * @user_data: (transfer full): freed with @free_data when it is replaced or the stream freed
 *
 * After it returns the former one is not called any more.  Thread: main loop.
 */
void mcu_video_in_set_tap (McuVideoIn *self, McuVideoTapFunc func, gpointer user_data,
                           GDestroyNotify free_data);

/** mcu_video_in_get_codec: Thread: any. */
McuCodec mcu_video_in_get_codec (McuVideoIn *self);

/** mcu_video_in_get_stats: Thread: any. */
void mcu_video_in_get_stats (McuVideoIn *self, McuVideoInStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuVideoIn, mcu_video_in_free)
