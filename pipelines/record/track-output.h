/* pipelines/record/track-output.h - one file of a track, and the writer that it gets.
 * From: record/track.  To: record/writer.  SPDX-License-Identifier: Apache-2.0
 *
 * Its track's lock guards it, but for what is said. */
#pragma once

#include "pipelines/record/track-file.h"

typedef struct _McuTrackOutput McuTrackOutput;

/**
 * mcu_track_output_new:
 * @offset_ns: where its beginning is on the recording's time line
 *
 * Nothing is opened yet: what is put into it waits.  Thread: any.  Returns: (transfer full)
 */
McuTrackOutput *mcu_track_output_new (const McuTrackFileSettings *settings, guint64 offset_ns);
/** mcu_track_output_free: what it has is written; nobody waits for that. Thread: main loop. */
void mcu_track_output_free (McuTrackOutput *self);

/** mcu_track_output_put: @at_ns: on the recording's time line. Waits for no disk. */
void mcu_track_output_put (McuTrackOutput *self, McuTrackKind kind, guint64 at_ns, gboolean is_key,
                           const guint8 *data, gsize n);
/** mcu_track_output_complete: nothing more is for it. */
void mcu_track_output_complete (McuTrackOutput *self);
gboolean mcu_track_output_is_complete (McuTrackOutput *self);
/** mcu_track_output_has_video: Thread: any. */
gboolean mcu_track_output_has_video (McuTrackOutput *self);
/** mcu_track_output_get_offset_ns: Thread: any. */
guint64 mcu_track_output_get_offset_ns (McuTrackOutput *self);
/** mcu_track_output_get_error: (nullable) (transfer none): why it ended early, a stable code. */
const char *mcu_track_output_get_error (McuTrackOutput *self);
/** mcu_track_output_is_over: written or given up. */
gboolean mcu_track_output_is_over (McuTrackOutput *self);
/** mcu_track_output_get_name: (nullable) (transfer none): NULL: not opened yet. Main loop, without
 * the lock. */
const char *mcu_track_output_get_name (McuTrackOutput *self);

/** McuTrackPlace: where files go. */
typedef struct
{
  int directory_fd;   /* open; stays the caller's */
  const char *folder; /* (nullable): beneath it */
  guint64 reserve_bytes;
} McuTrackPlace;

/**
 * mcu_track_output_open:
 * @lock: the track's, not held
 * @name: (transfer full)
 *
 * Thread: main loop.
 */
void mcu_track_output_open (McuTrackOutput *self, GMutex *lock, const McuTrackPlace *place,
                            char *name);
/** mcu_track_output_tend: gives up a disk that hangs, finishes what is complete. The lock is not
 * held. Thread: main loop. */
void mcu_track_output_tend (McuTrackOutput *self, GMutex *lock);
