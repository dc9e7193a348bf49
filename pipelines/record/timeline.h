/* pipelines/record/timeline.h - from running times to places in a file; pure.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file begins with a keyframe at 0 and has no holes where it was paused. Sound is placed by its
 * time, not by its count: what is missing becomes silence, what is too early is left out, so it
 * stays beside the picture for hours. */
#pragma once

#include <glib.h>

#define MCU_RECORD_RATE_HZ 48000
#define MCU_RECORD_SOUND_SAMPLES 960 /* 20 ms: a tick of the mixer */
/* At most so much silence at once; the rest follows with the next tick. */
#define MCU_RECORD_MAX_SILENCE_SAMPLES (10 * MCU_RECORD_RATE_HZ)

typedef enum
{
  MCU_RECORD_WAITING, /* for a keyframe, or for sound where there is no picture */
  MCU_RECORD_RUNNING,
  MCU_RECORD_PAUSED
} McuRecordPhase;

/** McuRecordTimeline: one lock's worth; made by mcu_record_timeline_init(). */
typedef struct
{
  guint64 frame_ns; /* of a picture; 0: there is none */
  guint delay_samples;
  McuRecordPhase phase;
  gint64 not_before_ns; /* what is older, of the rung's memory, was not meant to be recorded */
  gint64 origin_ns;     /* the running time that is 0 in the file */
  gint64 video_ns;      /* in the file: where the next frame is expected */
  gint64 samples;       /* in the file: where the next sound goes */
  gboolean has_sound;   /* since it runs */
} McuRecordTimeline;

/**
 * mcu_record_timeline_init:
 * @fps: of the picture; 0: sound only
 * @now_ns: running time: nothing older is for the file
 * @delay_samples: by which the encoder and its decoders play sound later than it was given
 */
void mcu_record_timeline_init (McuRecordTimeline *self, guint64 now_ns, guint fps,
                               guint delay_samples);

/**
 * mcu_record_timeline_video:
 * @running_ns: the frame's time
 * @file_ns: (out): its time in the file
 *
 * Returns: FALSE when the frame is not for the file.
 */
gboolean mcu_record_timeline_video (McuRecordTimeline *self, guint64 running_ns,
                                    gboolean is_keyframe, guint64 *file_ns);

/**
 * mcu_record_timeline_sound:
 * @running_ns: the time of the first of MCU_RECORD_SOUND_SAMPLES samples
 * @silence: (out): samples of silence to be put before it
 * @file_sample: (out): the place of the silence, or of the sound when there is none
 *
 * Returns: FALSE when the sound is not for the file.
 */
gboolean mcu_record_timeline_sound (McuRecordTimeline *self, guint64 running_ns, guint *silence,
                                    guint64 *file_sample);

/** mcu_record_timeline_pause: nothing is for the file from here on. */
void mcu_record_timeline_pause (McuRecordTimeline *self);
/** mcu_record_timeline_resume: goes on behind what is there, with the next keyframe after @now_ns.
 */
void mcu_record_timeline_resume (McuRecordTimeline *self, guint64 now_ns);

/** mcu_record_timeline_duration_ns: of the file. */
guint64 mcu_record_timeline_duration_ns (const McuRecordTimeline *self);
