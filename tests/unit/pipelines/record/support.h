/* tests/unit/pipelines/record/support.h - a rung and a mix that a recorder listens to, faster than
 * life, and a look at the files.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/output/rung.h"
#include "pipelines/record/recorder.h"

#define STAGE_WIDTH_PX 320
#define STAGE_HEIGHT_PX 180
#define STAGE_FPS 30

/** Stage: each second another colour, and a tone in every second of them. */
typedef struct
{
  char *directory; /* owned */
  int directory_fd;
  GstClockTime base_time;
  McuRecorder *recorder; /* owned */
  McuRung *rung;         /* owned (nullable) */
  McuRecorderStatus last;
  GString *states; /* " starting recording ..." */
  char *error;     /* owned (nullable): its code */
  guint64 start_ns;
  guint64 played_ticks; /* of 1/150 s: a frame is 5, a sound 3 */

  GMutex lock;
  GCond sent;
  guint64 sent_ns;
} Stage;

void stage_set_up (Stage *stage);
void stage_tear_down (Stage *stage);

/** stage_record: @part in the stage's directory, or to @fd unless -1. */
void stage_record (Stage *stage, McuRecordFormat format, gboolean audio_only, const char *part,
                   int fd, guint64 reserve_bytes, gint64 hang_us);
/** stage_play: @ms of picture and sound, as fast as they can be encoded. */
void stage_play (Stage *stage, guint ms);
/** stage_sample: the sound that is played: silence and tone, a second each. */
gint16 stage_sample (guint64 n);
/** stage_pass: @ms go by in which nothing is shown. */
void stage_pass (Stage *stage, guint ms);
/** stage_rejoin: the receiver leaves its rung, and comes again. */
void stage_rejoin (Stage *stage);
/** stage_settle: until what was played is in the file's time. */
void stage_settle (Stage *stage);
/** stage_needs_key: how often the recorder lost its place. */
guint64 stage_needs_key (Stage *stage);
/** stage_end: stops it and waits until it is over. */
void stage_end (Stage *stage);
/** stage_wait_begun: until it told a first state. */
void stage_wait_begun (Stage *stage);
/** stage_wait_over: until it finished or failed. */
void stage_wait_over (Stage *stage);

char *stage_path (Stage *stage, const char *name);

/** Film: a file, decoded. */
typedef struct
{
  GArray *times;  /* of double: s of each picture */
  GArray *luma;   /* of guint8: its middle */
  GArray *chroma; /* of guint8: its Cr */
  GArray *pcm;    /* of gint16: 48 kHz mono, from 0 s on */
} Film;

/** film_read: fails the test when a decoder complains. */
void film_read (Film *film, const char *path, gboolean has_video);
void film_finish (Film *film);
double film_sound_s (const Film *film);
/** film_is_tone: whether there is a tone around @at_s. */
gboolean film_is_tone (const Film *film, double at_s);
/** film_tone_edge: (s) the place nearest to @near_s where the tone begins or ends, within 0.3 s. */
double film_tone_edge (const Film *film, double near_s);
/** film_picture_edge: (s) of the picture nearest to @near_s that has another colour than the one
 * before. */
double film_picture_edge (const Film *film, double near_s);
