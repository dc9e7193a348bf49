/* pipelines/record/mp4-tables.c - the sample tables of an ordinary MP4, read and written.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/mp4-tables.h"

#include <string.h>

#define T MCU_MP4_TYPE

/* ---- read ---- */

/* A table of runs: how many samples, and what of each of them. */
typedef struct
{
  McuMp4Box box;
  guint32 n, i;  /* entries */
  guint32 left;  /* samples of the entry */
  guint32 value; /* of the entry */
} Runs;

static Runs
runs_of (const McuMp4Box *stbl, guint32 type)
{
  Runs runs = {.box = mcu_mp4_box_find (stbl, type)};

  runs.n = mcu_mp4_box_u32 (&runs.box, 4);
  return runs;
}

static guint32
next_value (Runs *runs)
{
  while (runs->left == 0 && runs->i < runs->n && 8 + 8 * (gsize) runs->i < runs->box.size) {
    runs->left = mcu_mp4_box_u32 (&runs->box, 8 + 8 * (gsize) runs->i);
    runs->value = mcu_mp4_box_u32 (&runs->box, 12 + 8 * (gsize) runs->i);
    runs->i++;
  }
  if (runs->left == 0)
    return runs->value;
  runs->left--;
  return runs->value;
}

/* stsc: from which chunk on there are how many samples in each. */
static guint32
samples_in_chunk (const McuMp4Box *stsc, guint32 chunk, guint32 *entry)
{
  guint32 n = mcu_mp4_box_u32 (stsc, 4);

  while (*entry + 1 < n && 20 + 12 * (gsize) *entry < stsc->size &&
         mcu_mp4_box_u32 (stsc, 8 + 12 * (gsize) (*entry + 1)) <= chunk + 1)
    (*entry)++;
  return mcu_mp4_box_u32 (stsc, 12 + 12 * (gsize) *entry);
}

typedef struct
{
  McuMp4Box sizes, keys;
  guint32 size, n; /* of all, when it is not 0 */
  guint32 next_key;
  Runs times, shifts;
} Tables;

static gboolean
take_sample (Tables *tables, guint32 i, gint64 time, guint64 offset, McuMovieSample *sample)
{
  guint32 size = tables->size != 0 ? tables->size
                                   : mcu_mp4_box_u32 (&tables->sizes, 12 + 4 * (gsize) i);

  *sample = (McuMovieSample){.offset = offset, .time = time, .is_key = tables->keys.data == NULL};
  sample->size = size;
  if (tables->shifts.box.data != NULL)
    sample->shift = (gint32) next_value (&tables->shifts);
  if (tables->keys.data != NULL &&
      mcu_mp4_box_u32 (&tables->keys, 8 + 4 * (gsize) tables->next_key) == i + 1) {
    sample->is_key = TRUE;
    tables->next_key++;
  }
  return tables->size != 0 || 12 + 4 * (gsize) i < tables->sizes.size;
}

void
mcu_mp4_tables_read (McuMovie *self, McuMovieTrack *track, const McuMp4Box *stbl, gint64 shift)
{
  McuMp4Box stsc = mcu_mp4_box_find (stbl, T ('s', 't', 's', 'c'));
  McuMp4Box stco = mcu_mp4_box_find (stbl, T ('s', 't', 'c', 'o'));
  McuMp4Box co64 = mcu_mp4_box_find (stbl, T ('c', 'o', '6', '4'));
  Tables tables = {.sizes = mcu_mp4_box_find (stbl, T ('s', 't', 's', 'z')),
                   .keys = mcu_mp4_box_find (stbl, T ('s', 't', 's', 's')),
                   .times = runs_of (stbl, T ('s', 't', 't', 's')),
                   .shifts = runs_of (stbl, T ('c', 't', 't', 's'))};
  guint32 n_chunks = mcu_mp4_box_u32 (co64.data != NULL ? &co64 : &stco, 4);
  guint32 i = 0, entry = 0;
  gint64 time = shift;

  tables.size = mcu_mp4_box_u32 (&tables.sizes, 4);
  tables.n = MIN (mcu_mp4_box_u32 (&tables.sizes, 8), MCU_MOVIE_MAX_SAMPLES);
  for (guint32 chunk = 0; chunk < n_chunks && i < tables.n; chunk++) {
    guint64 offset = co64.data != NULL ? mcu_mp4_box_u64 (&co64, 8 + 8 * (gsize) chunk)
                                       : mcu_mp4_box_u32 (&stco, 8 + 4 * (gsize) chunk);
    guint32 n = samples_in_chunk (&stsc, chunk, &entry);

    if (offset == 0) /* behind the table's end */
      break;
    for (guint32 k = 0; k < n && i < tables.n; k++, i++) {
      McuMovieSample sample;
      guint32 ticks;

      if (!take_sample (&tables, i, time, offset, &sample) ||
          !mcu_movie_add_sample (self, track, &sample))
        return;
      ticks = next_value (&tables.times);
      track->default_ticks = MIN (ticks, G_MAXINT32);
      time += track->default_ticks;
      track->end = time;
      offset += sample.size;
    }
  }
}

/* @depth: of trak, mdia, minf, stbl: no deeper than that, whatever is inside each other. */
static void
copy_without (GByteArray *out, const McuMp4Box *box, guint depth)
{
  static const guint32 opened[] = {T ('t', 'r', 'a', 'k'), T ('m', 'd', 'i', 'a'),
                                   T ('m', 'i', 'n', 'f'), T ('s', 't', 'b', 'l')};
  McuMp4Box child;
  gsize at;

  if (depth >= G_N_ELEMENTS (opened) || box->type != opened[depth]) {
    g_byte_array_append (out, box->whole, box->whole_size);
    return;
  }
  at = mcu_mp4_open (out, box->type);
  for (gsize inside = 0; mcu_mp4_box_next (box->data, box->size, &inside, &child);)
    if (child.type != T ('e', 'd', 't', 's') && child.type != T ('u', 'd', 't', 'a') &&
        (box->type != T ('s', 't', 'b', 'l') || child.type == T ('s', 't', 's', 'd')))
      copy_without (out, &child, depth + 1);
  mcu_mp4_close (out, at);
}

GBytes *
mcu_mp4_tables_without (const McuMp4Box *trak)
{
  GByteArray *out = g_byte_array_new ();

  copy_without (out, trak, 0);
  return g_byte_array_free_to_bytes (out);
}

/* ---- write ---- */

void
mcu_mp4_put_u8 (GByteArray *out, guint8 value)
{
  g_byte_array_append (out, &value, 1);
}

void
mcu_mp4_put_u16 (GByteArray *out, guint16 value)
{
  guint16 big = GUINT16_TO_BE (value);

  g_byte_array_append (out, (guint8 *) &big, sizeof big);
}

void
mcu_mp4_put_u32 (GByteArray *out, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (out, (guint8 *) &big, sizeof big);
}

void
mcu_mp4_put_u64 (GByteArray *out, guint64 value)
{
  guint64 big = GUINT64_TO_BE (value);

  g_byte_array_append (out, (guint8 *) &big, sizeof big);
}

gsize
mcu_mp4_open (GByteArray *out, guint32 type)
{
  gsize opened = out->len;

  mcu_mp4_put_u32 (out, 0);
  mcu_mp4_put_u32 (out, type);
  return opened;
}

static void
set_u32 (GByteArray *out, gsize at, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  memcpy (out->data + at, &big, sizeof big);
}

void
mcu_mp4_close (GByteArray *out, gsize opened)
{
  set_u32 (out, opened, out->len - opened);
}

static const McuMovieSample *
sample_at (const GArray *samples, guint i)
{
  return &g_array_index (samples, McuMovieSample, i);
}

static guint32
ticks_of (const GArray *samples, guint i, guint32 last_ticks)
{
  if (i + 1 >= samples->len)
    return last_ticks;
  return (guint32) CLAMP (sample_at (samples, i + 1)->time - sample_at (samples, i)->time, 1,
                          G_MAXINT32);
}

/* `stts` or `ctts`: runs of the same value. */
static void
put_runs (GByteArray *out, guint32 type, const GArray *samples, guint32 last_ticks)
{
  gboolean is_shift = type == T ('c', 't', 't', 's');
  gsize box = mcu_mp4_open (out, type);
  gsize count_at = out->len + 4;
  guint32 entries = 0, n = 0, value = 0;

  mcu_mp4_put_u32 (out, is_shift ? 0x01000000 : 0); /* version 1: may be negative */
  mcu_mp4_put_u32 (out, 0);
  for (guint i = 0; i <= samples->len; i++) {
    guint32 next = 0;

    if (i < samples->len)
      next = is_shift ? (guint32) sample_at (samples, i)->shift : ticks_of (samples, i, last_ticks);
    if (n > 0 && (i == samples->len || next != value)) {
      mcu_mp4_put_u32 (out, n);
      mcu_mp4_put_u32 (out, value);
      entries++;
      n = 0;
    }
    value = next;
    n++;
  }
  set_u32 (out, count_at, entries);
  mcu_mp4_close (out, box);
}

static void
put_keys (GByteArray *out, const GArray *samples)
{
  gsize box = mcu_mp4_open (out, T ('s', 't', 's', 's'));
  gsize count_at = out->len + 4;
  guint32 n = 0;

  mcu_mp4_put_u64 (out, 0);
  for (guint i = 0; i < samples->len; i++)
    if (sample_at (samples, i)->is_key) {
      mcu_mp4_put_u32 (out, i + 1);
      n++;
    }
  set_u32 (out, count_at, n);
  mcu_mp4_close (out, box);
}

static void
put_sizes (GByteArray *out, const GArray *samples)
{
  gsize box = mcu_mp4_open (out, T ('s', 't', 's', 'z'));

  mcu_mp4_put_u64 (out, 0);
  mcu_mp4_put_u32 (out, samples->len);
  for (guint i = 0; i < samples->len; i++)
    mcu_mp4_put_u32 (out, sample_at (samples, i)->size);
  mcu_mp4_close (out, box);
}

static void
put_chunks (GByteArray *out, const GArray *chunks, guint64 data_at)
{
  gsize box = mcu_mp4_open (out, T ('s', 't', 's', 'c'));
  gsize count_at = out->len + 4;
  guint32 entries = 0, n = 0;

  mcu_mp4_put_u64 (out, 0);
  for (guint i = 0; i < chunks->len; i++) {
    const McuMp4Stretch *chunk = &g_array_index (chunks, McuMp4Stretch, i);

    if (chunk->n != n) {
      mcu_mp4_put_u32 (out, i + 1);
      mcu_mp4_put_u32 (out, chunk->n);
      mcu_mp4_put_u32 (out, 1);
      entries++;
    }
    n = chunk->n;
  }
  set_u32 (out, count_at, entries);
  mcu_mp4_close (out, box);

  box = mcu_mp4_open (out, T ('c', 'o', '6', '4'));
  mcu_mp4_put_u32 (out, 0);
  mcu_mp4_put_u32 (out, chunks->len);
  for (guint i = 0; i < chunks->len; i++)
    mcu_mp4_put_u64 (out, data_at + g_array_index (chunks, McuMp4Stretch, i).offset);
  mcu_mp4_close (out, box);
}

void
mcu_mp4_tables_write (GByteArray *out, const GArray *samples, const GArray *chunks,
                      guint32 last_ticks, guint64 data_at)
{
  gboolean has_shift = FALSE, has_delta = FALSE;

  for (guint i = 0; i < samples->len; i++) {
    has_shift |= sample_at (samples, i)->shift != 0;
    has_delta |= !sample_at (samples, i)->is_key;
  }
  put_runs (out, T ('s', 't', 't', 's'), samples, last_ticks);
  if (has_shift)
    put_runs (out, T ('c', 't', 't', 's'), samples, last_ticks);
  if (has_delta)
    put_keys (out, samples);
  put_sizes (out, samples);
  put_chunks (out, chunks, data_at);
}
