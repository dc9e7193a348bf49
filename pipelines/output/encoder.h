/* pipelines/output/encoder.h - stage 4 of 6: composed pictures in, encoded frames out.
 * From: mix/video/canvas.  To: output/rung.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/gst.h>

#include "pipelines/mix/video/picture.h"
#include "pipelines/types.h"

typedef struct _McuEncoder McuEncoder;

/** McuEncoderSettings: fixed for the encoder's life; a new size is a new encoder. */
typedef struct
{
  McuCodec codec; /* MCU_CODEC_H264 or MCU_CODEC_VP8 */
  guint width_px;
  guint height_px;
  guint fps;
  guint bitrate_bps;
} McuEncoderSettings;

/**
 * McuEncodedFunc:
 * @frame: (transfer none): H.264 as a byte-stream access unit with its parameter sets before an
 * IDR, or one VP8 frame; PTS is the running time given to mcu_encoder_push()
 *
 * Thread: the encoder's.
 */
typedef void (*McuEncodedFunc) (gpointer user_data, GstBuffer *frame, gboolean is_keyframe);

/** mcu_encoder_default_bitrate_bps: for a canvas of that size and rate. */
guint mcu_encoder_default_bitrate_bps (guint width_px, guint height_px, guint fps);

/**
 * mcu_encoder_new:
 * @base_time: the process's base time, so that running times mean the same everywhere
 *
 * Thread: main loop.  Returns: (transfer full): playing; MCU_ERROR_INTERNAL when an element is
 * missing.
 */
McuEncoder *mcu_encoder_new (const McuEncoderSettings *settings, GstClockTime base_time,
                             McuEncodedFunc func, gpointer user_data, GError **error);

/**
 * mcu_encoder_push:
 * @picture: (transfer none): of the encoder's size; not written to afterwards
 * @pts_ns: running time
 *
 * Never blocks; pictures (not frames) that the encoder cannot keep up with are left out, oldest
 * first. Thread: the ticker's.
 */
void mcu_encoder_push (McuEncoder *self, McuPicture *picture, guint64 pts_ns);

/** mcu_encoder_force_keyframe: the next picture becomes one. Thread: the ticker's. */
void mcu_encoder_force_keyframe (McuEncoder *self);

/** mcu_encoder_has_failed: it will give nothing any more. Thread: any. */
gboolean mcu_encoder_has_failed (McuEncoder *self);

/** mcu_encoder_free: joins its thread (up to one frame's encode). Not from that thread. */
void mcu_encoder_free (McuEncoder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuEncoder, mcu_encoder_free)
