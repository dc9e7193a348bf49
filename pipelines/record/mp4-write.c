/* pipelines/record/mp4-write.c - an ordinary MP4: the index first, then the media as they were.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/mp4-write.h"

#include <string.h>

#include "pipelines/record/mp4-tables.h"

#define T MCU_MP4_TYPE
#define MOVIE_SCALE 1000
#define MAX_TITLE_BYTES 255

/* A track of the file that is written. */
typedef struct
{
  const McuMovieTrack *source; /* of the first part */
  GArray *samples;             /* owned, (element-type McuMovieSample) */
  GArray *chunks;              /* owned, (element-type McuMp4Stretch) */
  gint64 end;                  /* ticks */
} Track;

typedef struct
{
  const McuMoviePlan *plan;
  const GArray *chapters; /* (nullable) */
  Track tracks[MCU_MOVIE_MAX_TRACKS];
  guint n_tracks;
  guint64 media_bytes;
} Writing;

static void
add_samples (Track *track, const McuMovieTrack *from, gint64 offset_ns, const McuMovieRun *run)
{
  guint32 scale = track->source->scale;

  for (guint i = run->first; i < run->first + run->n; i++) {
    McuMovieSample sample = g_array_index (from->samples, McuMovieSample, i);
    guint n = track->samples->len;

    if (from->scale != scale) {
      sample.time = mcu_movie_ticks (mcu_movie_ns (from, sample.time), scale);
      sample.shift = mcu_movie_ticks (mcu_movie_ns (from, sample.shift), scale);
    }
    sample.time += mcu_movie_ticks (offset_ns, scale);
    if (n > 0)
      sample.time = MAX (sample.time,
                         g_array_index (track->samples, McuMovieSample, n - 1).time + 1);
    g_array_append_val (track->samples, sample);
  }
}

static void
lay_out (Writing *self)
{
  const McuMoviePlan *plan = self->plan;

  for (guint i = 0; i < plan->runs->len; i++) {
    const McuMovieRun *run = &g_array_index (plan->runs, McuMovieRun, i);
    const McuMovieTrack *from = &plan->parts[run->part]->tracks[run->track];
    McuMp4Stretch chunk = {self->media_bytes, run->n};

    add_samples (&self->tracks[run->track], from, plan->offset_ns[run->part], run);
    g_array_append_val (self->tracks[run->track].chunks, chunk);
    for (guint k = run->first; k < run->first + run->n; k++)
      self->media_bytes += g_array_index (from->samples, McuMovieSample, k).size;
  }
  for (guint i = 0; i < self->n_tracks; i++) {
    const McuMovieTrack *last = &plan->parts[plan->n_parts - 1]->tracks[i];
    gint64 end_ns = plan->offset_ns[plan->n_parts - 1] + mcu_movie_ns (last, last->end);

    self->tracks[i].end = mcu_movie_ticks (end_ns, self->tracks[i].source->scale);
  }
}

/* ---- the index ---- */

static gint64
first_time (const Track *track)
{
  return track->samples->len > 0 ? g_array_index (track->samples, McuMovieSample, 0).time : 0;
}

static guint32
last_ticks (const Track *track)
{
  guint n = track->samples->len;

  if (n == 0)
    return 0;
  return (guint32) CLAMP (track->end - g_array_index (track->samples, McuMovieSample, n - 1).time,
                          1, G_MAXINT32);
}

static guint64
in_movie (const Track *track, gint64 ticks)
{
  return MAX (0, mcu_movie_ticks (mcu_movie_ns (track->source, ticks), MOVIE_SCALE));
}

static void
set_number (GByteArray *out, gsize at, gboolean is_long, guint64 value)
{
  guint64 big = GUINT64_TO_BE (value);
  guint32 small = GUINT32_TO_BE ((guint32) MIN (value, G_MAXUINT32));

  if (at + (is_long ? 8 : 4) > out->len)
    return;
  memcpy (out->data + at, is_long ? (gconstpointer) &big : &small, is_long ? 8 : 4);
}

/* A track does not begin at 0: nothing is shown before (8.6.6), or its first ticks are not. */
static void
put_edits (GByteArray *out, const Track *track)
{
  gint64 first = first_time (track);
  gsize edts, elst;

  if (first == 0)
    return;
  edts = mcu_mp4_open (out, T ('e', 'd', 't', 's'));
  elst = mcu_mp4_open (out, T ('e', 'l', 's', 't'));
  mcu_mp4_put_u32 (out, 0x01000000);
  mcu_mp4_put_u32 (out, first > 0 ? 2 : 1);
  if (first > 0) {
    mcu_mp4_put_u64 (out, in_movie (track, first));
    mcu_mp4_put_u64 (out, G_MAXUINT64); /* media_time -1 */
    mcu_mp4_put_u32 (out, 0x00010000);
  }
  mcu_mp4_put_u64 (out, in_movie (track, track->end - MAX (first, 0)));
  mcu_mp4_put_u64 (out, first < 0 ? -first : 0);
  mcu_mp4_put_u32 (out, 0x00010000);
  mcu_mp4_close (out, elst);
  mcu_mp4_close (out, edts);
}

/* A box of the first part, with what is different now. */
static void
put_box (GByteArray *out, const Track *track, const McuMp4Box *box, guint64 data_at)
{
  gsize header = box->data - box->whole;
  gsize at = out->len;
  gboolean is_long = mcu_mp4_box_u8 (box, 0) == 1;
  McuMp4Box child;

  switch (box->type) {
  case T ('m', 'd', 'i', 'a'):
  case T ('m', 'i', 'n', 'f'):
  case T ('s', 't', 'b', 'l'):
    at = mcu_mp4_open (out, box->type);
    for (gsize inside = 0; mcu_mp4_box_next (box->data, box->size, &inside, &child);)
      put_box (out, track, &child, data_at);
    if (box->type == T ('s', 't', 'b', 'l'))
      mcu_mp4_tables_write (out, track->samples, track->chunks, last_ticks (track), data_at);
    mcu_mp4_close (out, at);
    return;
  case T ('t', 'k', 'h', 'd'):
    g_byte_array_append (out, box->whole, box->whole_size);
    set_number (out, at + header + (is_long ? 28 : 20), is_long, in_movie (track, track->end));
    return;
  case T ('m', 'd', 'h', 'd'):
    g_byte_array_append (out, box->whole, box->whole_size);
    set_number (out, at + header + (is_long ? 24 : 16), is_long,
                MAX (0, track->end - first_time (track)));
    return;
  default:
    g_byte_array_append (out, box->whole, box->whole_size);
  }
}

static void
put_trak (GByteArray *out, const Track *track, guint64 data_at)
{
  gsize size, at = 0, opened = mcu_mp4_open (out, T ('t', 'r', 'a', 'k'));
  const guint8 *data = g_bytes_get_data (track->source->entry, &size);
  McuMp4Box trak, child;

  if (mcu_mp4_box_next (data, size, &at, &trak))
    for (at = 0; mcu_mp4_box_next (trak.data, trak.size, &at, &child);) {
      put_box (out, track, &child, data_at);
      if (child.type == T ('t', 'k', 'h', 'd'))
        put_edits (out, track);
    }
  mcu_mp4_close (out, opened);
}

static void
put_mvhd (GByteArray *out, guint64 duration)
{
  static const guint32 matrix[9] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
  gsize box = mcu_mp4_open (out, T ('m', 'v', 'h', 'd'));

  mcu_mp4_put_u32 (out, 0x01000000);
  mcu_mp4_put_u64 (out, 0);
  mcu_mp4_put_u64 (out, 0);
  mcu_mp4_put_u32 (out, MOVIE_SCALE);
  mcu_mp4_put_u64 (out, duration);
  mcu_mp4_put_u32 (out, 0x10000); /* rate */
  mcu_mp4_put_u16 (out, 0x100);   /* volume */
  mcu_mp4_put_u16 (out, 0);
  mcu_mp4_put_u64 (out, 0);
  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++)
    mcu_mp4_put_u32 (out, matrix[i]);
  for (guint i = 0; i < 6; i++)
    mcu_mp4_put_u32 (out, 0);
  mcu_mp4_put_u32 (out, MCU_MOVIE_MAX_TRACKS * 256); /* next_track_ID */
  mcu_mp4_close (out, box);
}

/* Not in the middle of a character. */
static gsize
title_bytes (const char *title)
{
  const char *end;

  g_utf8_validate (title, MIN (strlen (title), MAX_TITLE_BYTES), &end);
  return end - title;
}

static void
put_chapters (GByteArray *out, const GArray *chapters)
{
  guint n = chapters != NULL ? MIN (chapters->len, MCU_MOVIE_MAX_CHAPTERS) : 0;
  gsize udta, chpl;

  if (n == 0)
    return;
  udta = mcu_mp4_open (out, T ('u', 'd', 't', 'a'));
  chpl = mcu_mp4_open (out, T ('c', 'h', 'p', 'l'));
  mcu_mp4_put_u32 (out, 0x01000000);
  mcu_mp4_put_u32 (out, 0);
  mcu_mp4_put_u8 (out, n);
  for (guint i = 0; i < n; i++) {
    const McuChapter *chapter = &g_array_index (chapters, McuChapter, i);
    gsize bytes = title_bytes (chapter->title);

    mcu_mp4_put_u64 (out, chapter->start_ms * 10000);
    mcu_mp4_put_u8 (out, bytes);
    g_byte_array_append (out, (const guint8 *) chapter->title, bytes);
  }
  mcu_mp4_close (out, chpl);
  mcu_mp4_close (out, udta);
}

static GByteArray *
make_head (Writing *self, guint64 data_at)
{
  static const guint8 brands[] = "isom\0\0\2\0isomiso2avc1mp41";
  GByteArray *out = g_byte_array_new ();
  gsize box = mcu_mp4_open (out, T ('f', 't', 'y', 'p'));
  guint64 duration = 0;

  g_byte_array_append (out, brands, sizeof brands - 1);
  mcu_mp4_close (out, box);
  for (guint i = 0; i < self->n_tracks; i++)
    duration = MAX (duration, in_movie (&self->tracks[i], self->tracks[i].end));
  box = mcu_mp4_open (out, T ('m', 'o', 'o', 'v'));
  put_mvhd (out, duration);
  for (guint i = 0; i < self->n_tracks; i++)
    put_trak (out, &self->tracks[i], data_at);
  put_chapters (out, self->chapters);
  mcu_mp4_close (out, box);
  box = mcu_mp4_open (out, T ('m', 'd', 'a', 't'));
  set_number (out, box, FALSE, 1); /* the long form */
  mcu_mp4_put_u64 (out, self->media_bytes + 16);
  return out;
}

static void
copy_media (Writing *self, McuTargetFile *out)
{
  const McuMoviePlan *plan = self->plan;

  for (guint i = 0; i < plan->runs->len; i++) {
    const McuMovieRun *run = &g_array_index (plan->runs, McuMovieRun, i);
    const McuMovie *part = plan->parts[run->part];
    guint64 size = 0;

    for (guint k = run->first; k < run->first + run->n; k++)
      size += g_array_index (part->tracks[run->track].samples, McuMovieSample, k).size;
    mcu_target_file_copy (out, part->file, run->offset, size);
  }
}

void
mcu_mp4_write (McuTargetFile *out, const McuMoviePlan *plan, const GArray *chapters)
{
  Writing self = {.plan = plan, .chapters = chapters, .n_tracks = plan->parts[0]->n_tracks};
  g_autoptr (GByteArray) measured = NULL;
  g_autoptr (GByteArray) head = NULL;

  for (guint i = 0; i < self.n_tracks; i++)
    self.tracks[i] = (Track){.source = &plan->parts[0]->tracks[i],
                             .samples = g_array_new (FALSE, FALSE, sizeof (McuMovieSample)),
                             .chunks = g_array_new (FALSE, FALSE, sizeof (McuMp4Stretch))};
  lay_out (&self);
  /* Its size does not depend on where the media begins, which depends on its size. */
  measured = make_head (&self, 0);
  head = make_head (&self, measured->len);
  mcu_target_file_put_array (out, head);
  copy_media (&self, out);
  for (guint i = 0; i < self.n_tracks; i++) {
    g_array_unref (self.tracks[i].samples);
    g_array_unref (self.tracks[i].chunks);
  }
}
