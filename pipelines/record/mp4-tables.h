/* pipelines/record/mp4-tables.h - the sample tables of an ordinary MP4 (ISO/IEC 14496-12, 8.5 to
 * 8.7), read and written.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/movie.h"
#include "pipelines/record/mp4-box.h"

/**
 * mcu_mp4_tables_read: the samples of @stbl into @track, where it has any.
 * @shift: ticks: by how much later than its first tick the track is shown
 */
void mcu_mp4_tables_read (McuMovie *self, McuMovieTrack *track, const McuMp4Box *stbl,
                          gint64 shift);

/** mcu_mp4_tables_without: (transfer full): @trak with `stsd` alone in its `stbl`, and no edits. */
GBytes *mcu_mp4_tables_without (const McuMp4Box *trak);

/** McuMp4Stretch: one chunk, in the file that is written. */
typedef struct
{
  guint64 offset; /* from the beginning of the media data */
  guint n;
} McuMp4Stretch;

/**
 * mcu_mp4_tables_write: appends `stts` to `co64`.
 * @samples: (element-type McuMovieSample): their times are the file's
 * @chunks: (element-type McuMp4Stretch)
 * @last_ticks: how long the last sample lasts
 * @data_at: where the media data begins
 */
void mcu_mp4_tables_write (GByteArray *out, const GArray *samples, const GArray *chunks,
                           guint32 last_ticks, guint64 data_at);

/* Bytes at the end of @out. */
void mcu_mp4_put_u8 (GByteArray *out, guint8 value);
void mcu_mp4_put_u16 (GByteArray *out, guint16 value);
void mcu_mp4_put_u32 (GByteArray *out, guint32 value);
void mcu_mp4_put_u64 (GByteArray *out, guint64 value);
/** mcu_mp4_open: begins a box. Returns: for mcu_mp4_close(). */
gsize mcu_mp4_open (GByteArray *out, guint32 type);
void mcu_mp4_close (GByteArray *out, gsize opened);
