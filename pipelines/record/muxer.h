/* pipelines/record/muxer.h - encoded pictures and mixed sound in, a file's bytes out.
 * From: output/receiver, mix/audio/mixer.  To: record/writer.  SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "pipelines/record/format.h"

/* A fragment or cluster: what a kill of the process costs at most, beside what is under way. */
#define MCU_RECORD_FRAGMENT_MS 500
#define MCU_RECORD_AAC_BITRATE_BPS 96000
#define MCU_RECORD_OPUS_BITRATE_BPS 64000

typedef struct _McuRecordMuxer McuRecordMuxer;

/** McuRecordMuxerSettings: fixed for a file's life. */
typedef struct
{
  McuRecordFormat format;
  gboolean audio_only;
  guint width_px;
  guint height_px;
  guint fps;
} McuRecordMuxerSettings;

/** McuRecordMuxerEvents: none of these may wait; of the pipeline's threads. */
typedef struct
{
  /* @frame: (transfer none): a rung's, running times. Returns: whether it is for the file, at
   * @file_ns. */
  gboolean (*place) (gpointer user_data, GstBuffer *frame, guint64 *file_ns);
  /* @data: (transfer full): the file's next bytes. Returns: FALSE: no more. */
  gboolean (*write) (gpointer user_data, GBytes *data);
  void (*ended) (gpointer user_data); /* nothing follows: all is written () */
  void (*failed) (gpointer user_data, const GError *error);
} McuRecordMuxerEvents;

/**
 * mcu_record_muxer_new:
 * @events: static
 * @error: MCU_ERROR_INTERNAL: a plugin or an element is missing, or does not start
 *
 * Loads the plugins at the first recording of the process.  Thread: main loop.
 */
McuRecordMuxer *mcu_record_muxer_new (const McuRecordMuxerSettings *settings,
                                      const McuRecordMuxerEvents *events, gpointer user_data,
                                      GError **error);

/** mcu_record_muxer_get_video: (transfer none) (nullable): where a #McuReceiver puts frames. */
GstAppSrc *mcu_record_muxer_get_video (McuRecordMuxer *self);

/**
 * mcu_record_muxer_push_sound:
 * @pcm: (nullable): mono, MCU_RECORD_RATE_HZ; %NULL: silence
 * @file_sample: its place; contiguous
 *
 * Only queues.  Thread: any, one at a time.  Returns: FALSE when 30 s wait already.
 */
gboolean mcu_record_muxer_push_sound (McuRecordMuxer *self, const gint16 *pcm, guint n_samples,
                                      guint64 file_sample);

/** mcu_record_muxer_sound_delay_samples: by which its decoders play sound later than it was pushed.
 */
guint mcu_record_muxer_sound_delay_samples (McuRecordFormat format);

/** mcu_record_muxer_finish: what is queued goes out, then @ended. Thread: main loop. */
void mcu_record_muxer_finish (McuRecordMuxer *self);

/** mcu_record_muxer_free: joins its threads, of which none waits for a disk. Thread: main loop. */
void mcu_record_muxer_free (McuRecordMuxer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordMuxer, mcu_record_muxer_free)
