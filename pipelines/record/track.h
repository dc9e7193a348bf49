/* pipelines/record/track.h - one person's streams as they were received, not decoded, to files.
 * From: ingest/video-in, peer/taps.  To: record/writer.  SPDX-License-Identifier: Apache-2.0
 *
 * One Matroska file; H.264 whose parameters change, and pictures that come after sound alone, begin
 * a new one. Times in a file count from its own beginning; where that is on the recording's time
 * line is told. A disk that is slow or full ends the track and nothing else. */
#pragma once

#include "pipelines/record/track-file.h"

/* Of one track. A camera that turns every second would be 3600 an hour. */
#define MCU_TRACK_MAX_FILES 100

typedef struct _McuTrack McuTrack;

/**
 * McuTrackPlaceFunc:
 * @running_ns: when something came
 * @file_ns: (out): where that is in the recording
 *
 * Thread: any.  Returns: FALSE when it is not to be recorded.
 */
typedef gboolean (*McuTrackPlaceFunc) (gpointer user_data, guint64 running_ns, guint64 *file_ns);

/** McuTrackSettings: copied. */
typedef struct
{
  McuCodec video;     /* MCU_CODEC_NONE: none is sent */
  McuCodec sound;     /* MCU_CODEC_NONE: none is sent */
  int directory_fd;   /* open; stays the caller's */
  const char *folder; /* (nullable): of the files, beneath it */
  const char *name;   /* of the files, without extension; further ones get -2, -3 ... */
  guint first;        /* the number of the first file: 1, or more when earlier ones are there */
  guint64 reserve_bytes;
} McuTrackSettings;

/** mcu_track_new: Thread: main loop.  Returns: (transfer full). */
McuTrack *mcu_track_new (const McuTrackSettings *settings, McuTrackPlaceFunc place,
                         gpointer user_data);
McuTrack *mcu_track_ref (McuTrack *self);
void mcu_track_unref (McuTrack *self);

/** mcu_track_allow: what of it may be recorded from now on; both at first. Thread: any. */
void mcu_track_allow (McuTrack *self, gboolean video, gboolean sound);

/** McuTrackPicture: an access unit or frame; the bytes are the caller's. */
typedef struct
{
  const guint8 *data;
  gsize size;
  guint64 running_ns;
  gboolean is_keyframe;
  guint width_px, height_px; /* 0: it does not say */
} McuTrackPicture;

/**
 * mcu_track_video: copies; waits for no disk. Thread: any, one at a time.
 * Returns: TRUE: it needs a keyframe.
 */
gboolean mcu_track_video (McuTrack *self, const McuTrackPicture *picture);

/** mcu_track_sound: a packet's payload; the same. */
void mcu_track_sound (McuTrack *self, guint16 seq, guint32 timestamp, const guint8 *payload,
                      gsize n, guint64 running_ns);

/** mcu_track_tend: opens the files that are wanted and looks after the others: some times a second.
 * Thread: main loop. */
void mcu_track_tend (McuTrack *self);

/** mcu_track_close: nothing more is for it; what it has is written. Thread: main loop. */
void mcu_track_close (McuTrack *self);
/** mcu_track_is_done: closed, and all its files written or given up. Thread: main loop. */
gboolean mcu_track_is_done (McuTrack *self);

/** McuTrackFileFunc: @error_code: (nullable): why it ended early, one of the stable codes. */
typedef void (*McuTrackFileFunc) (gpointer user_data, const char *file, guint64 offset_ms,
                                  const char *error_code);

/** mcu_track_foreach_file: Thread: main loop.  Returns: how many there are. */
guint mcu_track_foreach_file (McuTrack *self, McuTrackFileFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuTrack, mcu_track_unref)
