/* pipelines/record/mp4-read.c - an MP4, in fragments or not, whole or cut off anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/mp4-read.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/record/mp4-box.h"
#include "pipelines/record/mp4-tables.h"

#define T MCU_MP4_TYPE
/* A `moov` of MCU_MOVIE_MAX_SAMPLES samples, and a `moof` of half a second. */
#define MAX_MOOV_BYTES (128 * 1024 * 1024)
#define MAX_MOOF_BYTES (4 * 1024 * 1024)
#define MAX_BOXES 4000000
#define NON_SYNC 0x00010000 /* 8.8.3.1: sample_is_non_sync_sample */

/* ---- moov ---- */

static void
read_entry (McuMovieTrack *track, const McuMp4Box *stsd)
{
  McuMp4Box entry;
  gsize at = 8; /* version, flags, entry_count */

  if (stsd->size <= at || !mcu_mp4_box_next (stsd->data, stsd->size, &at, &entry))
    return;
  for (guint i = 0; i < 4; i++) {
    char c = entry.type >> (24 - 8 * i);

    track->codec[i] = g_ascii_isalnum (c) || c == '-' ? c : '_';
  }
  track->config = g_bytes_new (stsd->whole, stsd->whole_size);
  if (track->kind == MCU_MOVIE_VIDEO) {
    track->width_px = mcu_mp4_box_u16 (&entry, 24);
    track->height_px = mcu_mp4_box_u16 (&entry, 26);
  }
}

static guint32
id_of (const McuMp4Box *tkhd)
{
  return mcu_mp4_box_u32 (tkhd, mcu_mp4_box_u8 (tkhd, 0) == 1 ? 20 : 12);
}

/* By how much the track's own time is shown later than its first tick: empty edits, and what an
 * edit leaves out at the beginning (8.6.6). */
static gint64
edit_shift (const McuMp4Box *trak, guint32 scale, guint32 movie_scale)
{
  McuMp4Box edts = mcu_mp4_box_find (trak, T ('e', 'd', 't', 's'));
  McuMp4Box elst = mcu_mp4_box_find (&edts, T ('e', 'l', 's', 't'));
  gboolean is_long = mcu_mp4_box_u8 (&elst, 0) == 1;
  guint n = MIN (mcu_mp4_box_u32 (&elst, 4), 8);
  gint64 shift = 0;

  for (guint i = 0; i < n; i++) {
    gsize at = 8 + i * (is_long ? 20 : 12);
    gint64 length = is_long ? mcu_mp4_box_u64 (&elst, at) : mcu_mp4_box_u32 (&elst, at);
    gint64 media = is_long ? (gint64) mcu_mp4_box_u64 (&elst, at + 8)
                           : (gint32) mcu_mp4_box_u32 (&elst, at + 4);

    if (length < 0 || length > G_MAXINT32 || media > G_MAXINT32)
      return 0;
    if (media >= 0)
      return shift - media;
    shift += movie_scale > 0 ? length * scale / movie_scale : 0;
  }
  return shift;
}

static void
read_trak (McuMovie *self, const McuMp4Box *trak, guint32 movie_scale)
{
  McuMp4Box tkhd = mcu_mp4_box_find (trak, T ('t', 'k', 'h', 'd'));
  McuMp4Box mdia = mcu_mp4_box_find (trak, T ('m', 'd', 'i', 'a'));
  McuMp4Box mdhd = mcu_mp4_box_find (&mdia, T ('m', 'd', 'h', 'd'));
  McuMp4Box hdlr = mcu_mp4_box_find (&mdia, T ('h', 'd', 'l', 'r'));
  McuMp4Box minf = mcu_mp4_box_find (&mdia, T ('m', 'i', 'n', 'f'));
  McuMp4Box stbl = mcu_mp4_box_find (&minf, T ('s', 't', 'b', 'l'));
  McuMp4Box stsd = mcu_mp4_box_find (&stbl, T ('s', 't', 's', 'd'));
  guint32 scale = mcu_mp4_box_u32 (&mdhd, mcu_mp4_box_u8 (&mdhd, 0) == 1 ? 20 : 12);
  guint32 handler = mcu_mp4_box_u32 (&hdlr, 8);
  McuMovieTrack *track;

  if (tkhd.size < 80 || scale == 0 || stsd.whole_size > MCU_MOVIE_MAX_CONFIG_BYTES ||
      trak->whole_size > MAX_MOOV_BYTES || mcu_movie_find_track (self, id_of (&tkhd)) != NULL)
    return;
  track = mcu_movie_add_track (self, id_of (&tkhd));
  if (track == NULL)
    return;
  track->scale = scale;
  if (handler == T ('v', 'i', 'd', 'e'))
    track->kind = MCU_MOVIE_VIDEO;
  else if (handler == T ('s', 'o', 'u', 'n'))
    track->kind = MCU_MOVIE_AUDIO;
  read_entry (track, &stsd);
  mcu_mp4_tables_read (self, track, &stbl, edit_shift (trak, scale, movie_scale));
  track->entry = mcu_mp4_tables_without (trak);
}

static void
read_moov (McuMovie *self, const McuMp4Box *moov)
{
  McuMp4Box mvhd = mcu_mp4_box_find (moov, T ('m', 'v', 'h', 'd'));
  guint32 scale = mcu_mp4_box_u32 (&mvhd, mcu_mp4_box_u8 (&mvhd, 0) == 1 ? 20 : 12);
  McuMp4Box box;

  for (gsize at = 0; mcu_mp4_box_next (moov->data, moov->size, &at, &box);)
    if (box.type == T ('t', 'r', 'a', 'k'))
      read_trak (self, &box, scale);
}

/* What `trex` says when a fragment says nothing; kept in the fragment's own words. */
typedef struct
{
  guint32 ticks, size, flags;
} Defaults;

static Defaults
find_defaults (const McuMp4Box *mvex, guint id)
{
  Defaults defaults = {0};
  McuMp4Box box;

  for (gsize at = 0; mvex->data != NULL && mcu_mp4_box_next (mvex->data, mvex->size, &at, &box);)
    if (box.type == T ('t', 'r', 'e', 'x') && mcu_mp4_box_u32 (&box, 4) == id)
      defaults = (Defaults){mcu_mp4_box_u32 (&box, 12), mcu_mp4_box_u32 (&box, 16),
                            mcu_mp4_box_u32 (&box, 20)};
  return defaults;
}

/* ---- moof ---- */

/* 8.8.8. Returns: FALSE at the first sample that is not in the file any more. */
static gboolean
read_trun (McuMovie *self, McuMovieTrack *track, const McuMp4Box *trun, Defaults defaults,
           guint64 base, guint64 *data_at)
{
  guint32 flags = mcu_mp4_box_u32 (trun, 0) & 0xffffff;
  guint32 n = mcu_mp4_box_u32 (trun, 4);
  gsize at = 8;

  if (flags & 0x1) {
    *data_at = base + (gint32) mcu_mp4_box_u32 (trun, at);
    at += 4;
  }
  for (guint32 i = 0; i < n; i++) {
    McuMovieSample sample = {.offset = *data_at, .time = track->end};
    guint32 ticks = defaults.ticks, about = defaults.flags;

    sample.size = defaults.size;
    if (i == 0 && (flags & 0x4))
      about = mcu_mp4_box_u32 (trun, flags & 0x1 ? 12 : 8);
    if (i == 0 && (flags & 0x4))
      at += 4;
    if (at >= trun->size && (flags & 0xf00) != 0)
      return FALSE;
    if (flags & 0x100)
      ticks = mcu_mp4_box_u32 (trun, (at += 4) - 4);
    if (flags & 0x200)
      sample.size = mcu_mp4_box_u32 (trun, (at += 4) - 4);
    if (flags & 0x400)
      about = mcu_mp4_box_u32 (trun, (at += 4) - 4);
    if (flags & 0x800)
      sample.shift = (gint32) mcu_mp4_box_u32 (trun, (at += 4) - 4);
    sample.is_key = (about & NON_SYNC) == 0;
    if (ticks > G_MAXINT32 || !mcu_movie_add_sample (self, track, &sample))
      return FALSE;
    track->end += ticks;
    track->default_ticks = ticks;
    *data_at += sample.size;
  }
  return TRUE;
}

/* 8.8.7. */
static gboolean
read_traf (McuMovie *self, const McuMp4Box *traf, const McuMp4Box *mvex, guint64 moof_at)
{
  McuMp4Box tfhd = mcu_mp4_box_find (traf, T ('t', 'f', 'h', 'd'));
  McuMp4Box tfdt = mcu_mp4_box_find (traf, T ('t', 'f', 'd', 't'));
  McuMovieTrack *track = mcu_movie_find_track (self, mcu_mp4_box_u32 (&tfhd, 4));
  guint32 flags = mcu_mp4_box_u32 (&tfhd, 0) & 0xffffff;
  guint64 base = moof_at, data_at;
  Defaults defaults;
  McuMp4Box box;
  gsize at = 8;

  if (track == NULL)
    return TRUE;
  defaults = find_defaults (mvex, track->id);
  if (flags & 0x1)
    base = mcu_mp4_box_u64 (&tfhd, (at += 8) - 8);
  if (flags & 0x2)
    at += 4;
  if (flags & 0x8)
    defaults.ticks = mcu_mp4_box_u32 (&tfhd, (at += 4) - 4);
  if (flags & 0x10)
    defaults.size = mcu_mp4_box_u32 (&tfhd, (at += 4) - 4);
  if (flags & 0x20)
    defaults.flags = mcu_mp4_box_u32 (&tfhd, (at += 4) - 4);
  if (tfdt.data != NULL) {
    guint64 begins = mcu_mp4_box_u8 (&tfdt, 0) == 1 ? mcu_mp4_box_u64 (&tfdt, 4)
                                                    : mcu_mp4_box_u32 (&tfdt, 4);

    /* Never back: what follows in the file is later. */
    if (begins < (guint64) G_MAXINT64 / 4 && (gint64) begins > track->end)
      track->end = begins;
  }
  data_at = base;
  for (at = 0; mcu_mp4_box_next (traf->data, traf->size, &at, &box);)
    if (box.type == T ('t', 'r', 'u', 'n') &&
        !read_trun (self, track, &box, defaults, base, &data_at))
      return FALSE;
  return TRUE;
}

static gboolean
read_moof (McuMovie *self, const McuMp4Box *moof, const McuMp4Box *mvex, guint64 moof_at)
{
  McuMp4Box box;

  for (gsize at = 0; mcu_mp4_box_next (moof->data, moof->size, &at, &box);)
    if (box.type == T ('t', 'r', 'a', 'f') && !read_traf (self, &box, mvex, moof_at))
      return FALSE;
  return TRUE;
}

/* ---- the file ---- */

/* Returns: the size of the box at @at with its header; 0: there is no whole header. */
static guint64
look_at (McuSourceFile *file, guint64 at, guint32 *type)
{
  guint64 left = mcu_source_file_size (file) - at;
  guint8 header[16] = {0};
  McuMp4Box box = {.data = header, .size = sizeof header};
  guint64 size;

  if (left < 8 || !mcu_source_file_read (file, at, header, MIN (left, sizeof header), NULL))
    return 0;
  *type = mcu_mp4_box_u32 (&box, 4);
  size = mcu_mp4_box_u32 (&box, 0);
  if (size == 1)
    size = left >= sizeof header ? mcu_mp4_box_u64 (&box, 8) : 0;
  else if (size == 0) /* to the end of the file */
    size = left;
  return size >= 8 ? size : 0;
}

/* Returns: (transfer full) (nullable): %NULL when it is not all there. */
static GBytes *
load (McuSourceFile *file, guint64 at, guint64 size, gsize most, McuMp4Box *box)
{
  g_autoptr (GBytes) bytes = size <= most ? mcu_source_file_bytes (file, at, size) : NULL;
  gsize inside = 0, n = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &n) : NULL;

  if (data == NULL || !mcu_mp4_box_next (data, n, &inside, box))
    return NULL;
  return g_steal_pointer (&bytes);
}

static void
read_boxes (McuMovie *self)
{
  g_autoptr (GBytes) moov = NULL;
  McuMp4Box moov_box = {0}, mvex = {0};
  guint64 end = mcu_source_file_size (self->file);
  guint64 at = 0, size;
  guint32 type;

  for (guint i = 0; i < MAX_BOXES && at < end; i++, at += size) {
    size = look_at (self->file, at, &type);
    if (size == 0)
      return;
    if (type == T ('m', 'o', 'o', 'v') && moov == NULL) {
      moov = load (self->file, at, size, MAX_MOOV_BYTES, &moov_box);
      if (moov == NULL)
        return;
      read_moov (self, &moov_box);
      mvex = mcu_mp4_box_find (&moov_box, T ('m', 'v', 'e', 'x'));
    } else if (type == T ('m', 'o', 'o', 'f')) {
      McuMp4Box box;
      g_autoptr (GBytes) moof = load (self->file, at, size, MAX_MOOF_BYTES, &box);

      if (moof == NULL || moov == NULL || !read_moof (self, &box, &mvex, at))
        return;
    }
    if (size > end - at)
      return;
  }
}

McuMovie *
mcu_mp4_read (McuSourceFile *file, GError **error)
{
  g_autoptr (McuMovie) self = mcu_movie_new (MCU_MOVIE_MP4, file);

  read_boxes (self);
  if (self->n_tracks == 0) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "there is no movie in it");
    return NULL;
  }
  mcu_movie_drop_empty (self);
  return g_steal_pointer (&self);
}
