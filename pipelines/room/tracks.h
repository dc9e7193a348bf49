/* pipelines/room/tracks.h - everybody's own streams beside a recording: who has which file.
 * From: room's peers.  To: record/track.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/recorder.h"
#include "pipelines/room/room.h"

/* Two files of each person and connection; a bound on threads. */
#define MCU_TRACKS_MAX 300

typedef struct _McuTracks McuTracks;

/** McuTracksSettings: copied. */
typedef struct
{
  int directory_fd;   /* open; stays the caller's */
  const char *folder; /* (nullable): beneath it */
  const char *part;   /* the recording's: files are `<part>-<participant>.mkv` */
  guint64 reserve_bytes;
} McuTracksSettings;

/**
 * mcu_tracks_new:
 * @room: (unowned): outlives us
 * @recorder: (unowned): whose time line it is; until mcu_tracks_stop()
 *
 * Thread of all: main loop.  Returns: (transfer full): MCU_ERROR_OVERLOADED: the room's peers are
 * listened to already: there is one of it at a time.
 */
McuTracks *mcu_tracks_new (McuRoom *room, McuRecorder *recorder, const McuTracksSettings *settings,
                           GError **error);
/** mcu_tracks_free: stops it; waits for no disk. */
void mcu_tracks_free (McuTracks *self);

/** mcu_tracks_set_without: (nullable) (array zero-terminated=1): of whom nothing is written. */
void mcu_tracks_set_without (McuTracks *self, const char *const *without);

/** mcu_tracks_stop: nothing more is for it; what it has is written. */
void mcu_tracks_stop (McuTracks *self);
/** mcu_tracks_is_done: stopped, and all is written or given up. */
gboolean mcu_tracks_is_done (McuTracks *self);

/** mcu_tracks_to_json: (transfer full): `[{participant, file, offset_ms, error?}]`. */
JsonArray *mcu_tracks_to_json (McuTracks *self);
