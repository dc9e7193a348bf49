/* pipelines/record/movie.c - where in a file each picture and each bit of sound is, and when.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/movie.h"

#include <string.h>

#include "mcu/base/error.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)
/* A run is one chunk of an MP4: so players need not read far ahead for the other track. */
#define MAX_RUN_NS (SECOND_NS / 2)

McuMovie *
mcu_movie_new (McuMovieContainer container, McuSourceFile *file)
{
  McuMovie *self = g_new0 (McuMovie, 1);

  self->container = container;
  self->file = file;
  return self;
}

static void
clear_track (McuMovieTrack *track)
{
  g_clear_pointer (&track->config, g_bytes_unref);
  g_clear_pointer (&track->entry, g_bytes_unref);
  g_clear_pointer (&track->samples, g_array_unref);
}

void
mcu_movie_free (McuMovie *self)
{
  for (guint i = 0; i < self->n_tracks; i++)
    clear_track (&self->tracks[i]);
  g_clear_pointer (&self->head, g_bytes_unref);
  mcu_source_file_free (self->file);
  g_free (self);
}

McuMovieTrack *
mcu_movie_add_track (McuMovie *self, guint id)
{
  McuMovieTrack *track;

  if (self->n_tracks >= MCU_MOVIE_MAX_TRACKS)
    return NULL;
  track = &self->tracks[self->n_tracks++];
  *track = (McuMovieTrack){.id = id, .scale = 1000};
  track->samples = g_array_new (FALSE, FALSE, sizeof (McuMovieSample));
  return track;
}

McuMovieTrack *
mcu_movie_find_track (McuMovie *self, guint id)
{
  for (guint i = 0; i < self->n_tracks; i++)
    if (self->tracks[i].id == id)
      return &self->tracks[i];
  return NULL;
}

const McuMovieTrack *
mcu_movie_track_of (const McuMovie *self, McuMovieKind kind)
{
  for (guint i = 0; i < self->n_tracks; i++)
    if (self->tracks[i].kind == kind)
      return &self->tracks[i];
  return NULL;
}

gboolean
mcu_movie_add_sample (McuMovie *self, McuMovieTrack *track, const McuMovieSample *sample)
{
  guint64 size = mcu_source_file_size (self->file);

  if (self->n_samples >= MCU_MOVIE_MAX_SAMPLES || sample->offset > size ||
      sample->size > size - sample->offset || sample->size > size - self->sample_bytes)
    return FALSE;
  self->n_samples++;
  self->sample_bytes += sample->size;
  g_array_append_vals (track->samples, sample, 1);
  return TRUE;
}

void
mcu_movie_drop_empty (McuMovie *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_tracks; i++)
    if (self->tracks[i].samples->len > 0 && self->tracks[i].kind != MCU_MOVIE_OTHER)
      self->tracks[n++] = self->tracks[i];
    else
      clear_track (&self->tracks[i]);
  self->n_tracks = n;
}

gint64
mcu_movie_ns (const McuMovieTrack *track, gint64 ticks)
{
  return (gint64) ((__int128) ticks * SECOND_NS / track->scale);
}

gint64
mcu_movie_ticks (gint64 ns, guint32 scale)
{
  return (gint64) (((__int128) ns * scale + SECOND_NS / 2) / SECOND_NS);
}

static const McuMovieSample *
sample_at (const McuMovieTrack *track, guint i)
{
  return &g_array_index (track->samples, McuMovieSample, i);
}

gint64
mcu_movie_end_ns (const McuMovie *self)
{
  gint64 end_ns = 0;

  for (guint i = 0; i < self->n_tracks; i++)
    end_ns = MAX (end_ns, mcu_movie_ns (&self->tracks[i], self->tracks[i].end));
  return end_ns;
}

gboolean
mcu_movie_is_playable (const McuMovie *self)
{
  for (guint i = 0; i < self->n_tracks; i++)
    if (self->tracks[i].samples->len == 0 || !sample_at (&self->tracks[i], 0)->is_key)
      return FALSE;
  return self->n_tracks > 0;
}

/* ---- parts behind each other ---- */

static gboolean
is_same (const McuMovie *a, const McuMovie *b, GError **error)
{
  gboolean is_same = a->n_tracks == b->n_tracks && a->container == b->container;

  for (guint i = 0; i < a->n_tracks && is_same; i++) {
    const McuMovieTrack *one = &a->tracks[i], *other = &b->tracks[i];

    if (one->width_px != other->width_px || one->height_px != other->height_px) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                   "parts of different sizes: %ux%u and %ux%u", one->width_px, one->height_px,
                   other->width_px, other->height_px);
      return FALSE;
    }
    is_same = one->kind == other->kind && g_str_equal (one->codec, other->codec) &&
              (one->config != NULL) == (other->config != NULL) &&
              (one->config == NULL || g_bytes_equal (one->config, other->config));
  }
  if (!is_same)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "parts of different tracks, codecs or codec settings");
  return is_same;
}

static void
cut_behind (McuMovie *part, gint64 end_ns)
{
  for (guint i = 0; i < part->n_tracks; i++) {
    McuMovieTrack *track = &part->tracks[i];
    guint n = track->samples->len;

    if (track->kind != MCU_MOVIE_VIDEO)
      continue;
    /* The first always stays; none is shown for less than its time. */
    while (n > 1 &&
           mcu_movie_ns (track, sample_at (track, n - 1)->time + track->default_ticks) > end_ns)
      n--;
    g_array_set_size (track->samples, n);
    track->end = MIN (track->end, mcu_movie_ticks (end_ns, track->scale));
  }
}

static void
add_runs (McuMoviePlan *self, guint part)
{
  const McuMovie *movie = self->parts[part];

  for (guint i = 0; i < movie->n_tracks; i++) {
    const McuMovieTrack *track = &movie->tracks[i];
    gint64 longest = mcu_movie_ticks (MAX_RUN_NS, track->scale);

    for (guint first = 0, n; first < track->samples->len; first += n) {
      McuMovieRun run = {part, i, first, 0, sample_at (track, first)->offset};

      for (n = 1; first + n < track->samples->len; n++) {
        const McuMovieSample *last = sample_at (track, first + n - 1);
        const McuMovieSample *next = last + 1;

        if (last->offset + last->size != next->offset ||
            next->time - sample_at (track, first)->time >= longest)
          break;
      }
      run.n = n;
      g_array_append_val (self->runs, run);
    }
  }
}

static gint
compare_runs (gconstpointer a, gconstpointer b)
{
  const McuMovieRun *one = a, *other = b;

  if (one->part != other->part)
    return one->part < other->part ? -1 : 1;
  return one->offset < other->offset ? -1 : one->offset > other->offset;
}

McuMoviePlan *
mcu_movie_plan_new (McuMovie **parts, guint n, GError **error)
{
  g_autoptr (McuMoviePlan) self = g_new0 (McuMoviePlan, 1);

  g_assert (n > 0 && n <= MCU_MOVIE_MAX_PARTS);
  self->parts = parts;
  self->n_parts = n;
  self->offset_ns = g_new0 (gint64, n);
  self->runs = g_array_new (FALSE, FALSE, sizeof (McuMovieRun));
  for (guint i = 0; i < n; i++) {
    const McuMovieTrack *sound = mcu_movie_track_of (parts[i], MCU_MOVIE_AUDIO);
    gint64 end_ns = sound != NULL ? mcu_movie_ns (sound, sound->end) : mcu_movie_end_ns (parts[i]);

    if (!mcu_movie_is_playable (parts[i])) {
      g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "a part has nothing to play");
      return NULL;
    }
    if (i > 0 && !is_same (parts[0], parts[i], error))
      return NULL;
    self->offset_ns[i] = self->end_ns;
    if (i + 1 < n)
      cut_behind (parts[i], end_ns);
    else
      end_ns = mcu_movie_end_ns (parts[i]);
    self->end_ns += end_ns;
    if (parts[i]->container == MCU_MOVIE_MP4) /* the other counts blocks */
      add_runs (self, i);
  }
  g_array_sort (self->runs, compare_runs);
  return g_steal_pointer (&self);
}

void
mcu_movie_plan_free (McuMoviePlan *self)
{
  g_free (self->offset_ns);
  g_array_unref (self->runs);
  g_free (self);
}
