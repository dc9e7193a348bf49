/* pipelines/record/movie.h - where in a file each picture and each bit of sound is, and when.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Read by mp4-read and mkv-read, written by mp4-write and mkv-write: the bytes themselves stay
 * where they are. All of it may come from a hostile or a broken file, so all is bounded. */
#pragma once

#include "pipelines/record/source-file.h"

#define MCU_MOVIE_MAX_TRACKS 4
/* Of all tracks together: a day and a half at 30 frames and 50 packets of sound a second. */
#define MCU_MOVIE_MAX_SAMPLES (10 * 1000 * 1000)
#define MCU_MOVIE_MAX_PARTS 64
#define MCU_MOVIE_MAX_CONFIG_BYTES (64 * 1024)
/* An MP4's `chpl` counts them in a byte. */
#define MCU_MOVIE_MAX_CHAPTERS 255

/** McuMovieSample: one picture, or one packet of sound. */
typedef struct
{
  guint64 offset;   /* in the file */
  gint64 time;      /* of decoding, in the track's ticks */
  guint32 size;     /* bytes */
  gint shift : 31;  /* ticks from decoding to showing */
  guint is_key : 1; /* can be begun with */
} McuMovieSample;

typedef enum
{
  MCU_MOVIE_OTHER,
  MCU_MOVIE_VIDEO,
  MCU_MOVIE_AUDIO
} McuMovieKind;

typedef struct
{
  guint id; /* its number in the file */
  McuMovieKind kind;
  guint32 scale;         /* ticks in a second: not 0 */
  char codec[24];        /* "avc1", "V_VP8", ... */
  guint width_px;        /* of video */
  guint height_px;       /* of video */
  GBytes *config;        /* owned (nullable): what a decoder is told first */
  GBytes *entry;         /* owned (nullable): the track as the file describes it */
  GArray *samples;       /* owned, (element-type McuMovieSample) in order of decoding */
  guint32 default_ticks; /* how long a sample lasts when nothing follows */
  gint64 end;            /* ticks: where its last sample ends */
} McuMovieTrack;

typedef enum
{
  MCU_MOVIE_MP4,
  MCU_MOVIE_MATROSKA
} McuMovieContainer;

/** McuMovie: made by a reader. */
typedef struct
{
  McuMovieContainer container;
  McuSourceFile *file; /* owned */
  McuMovieTrack tracks[MCU_MOVIE_MAX_TRACKS];
  guint n_tracks;
  guint n_samples;
  guint64 sample_bytes; /* of all: no more than the file has */
  GBytes *head;         /* owned (nullable): Matroska's EBML header */
} McuMovie;

/** mcu_movie_new: @file: (transfer full). */
McuMovie *mcu_movie_new (McuMovieContainer container, McuSourceFile *file);
void mcu_movie_free (McuMovie *self);

/** mcu_movie_add_track: (transfer none) (nullable): %NULL: there are too many. */
McuMovieTrack *mcu_movie_add_track (McuMovie *self, guint id);
/** mcu_movie_find_track: (transfer none) (nullable). */
McuMovieTrack *mcu_movie_find_track (McuMovie *self, guint id);
/** mcu_movie_track_of: (transfer none) (nullable): the first of that kind. */
const McuMovieTrack *mcu_movie_track_of (const McuMovie *self, McuMovieKind kind);

/** mcu_movie_add_sample: FALSE: there are too many, it is not in the file, or all together are more
 * than the file. */
gboolean mcu_movie_add_sample (McuMovie *self, McuMovieTrack *track, const McuMovieSample *sample);

/** mcu_movie_drop_empty: tracks without samples or of no known kind go. */
void mcu_movie_drop_empty (McuMovie *self);

/** mcu_movie_ns: of @ticks of @track. */
gint64 mcu_movie_ns (const McuMovieTrack *track, gint64 ticks);
/** mcu_movie_ticks: of @ns on @scale, rounded. */
gint64 mcu_movie_ticks (gint64 ns, guint32 scale);

/** mcu_movie_end_ns: where the longest track ends. */
gint64 mcu_movie_end_ns (const McuMovie *self);
/** mcu_movie_is_playable: there is something to play, and video begins with a keyframe. */
gboolean mcu_movie_is_playable (const McuMovie *self);

/** McuMovieRun: samples of a track that stand beside each other in one file. */
typedef struct
{
  guint part;
  guint track;
  guint first; /* sample */
  guint n;
  guint64 offset;
} McuMovieRun;

/** McuMoviePlan: parts one behind the other; what a writer writes. */
typedef struct
{
  McuMovie **parts; /* unowned */
  guint n_parts;
  gint64 *offset_ns; /* owned: where each begins */
  GArray *runs;      /* owned, (element-type McuMovieRun) in the order of writing; of MP4s only */
  gint64 end_ns;
} McuMoviePlan;

/**
 * mcu_movie_plan_new:
 * @parts: (array length=n): the same kinds, codecs, sizes and settings in each; changed: pictures
 * of a part that end behind its sound are cut off, unless it is the last
 *
 * Sound stays without a hole (but for less than a packet) and pictures beside it.
 * Returns: (transfer full): MCU_ERROR_BAD_REQUEST: they do not fit each other.
 */
McuMoviePlan *mcu_movie_plan_new (McuMovie **parts, guint n, GError **error);
void mcu_movie_plan_free (McuMoviePlan *self);

/** McuChapter: @title is owned. */
typedef struct
{
  guint64 start_ms;
  char *title;
} McuChapter;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuMovie, mcu_movie_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuMoviePlan, mcu_movie_plan_free)
