/* mcu/recording-info.h - what is known of a recording: a record without life of its own, which may
 * be handed from thread to thread.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/recording-state.h"

/* A recording that broke more often than this is not going to be whole. */
#define MCU_RECORDING_MAX_PARTS 200
#define MCU_RECORDING_MAX_TRACKS 2000

/** McuRecordingPart: one file. */
typedef struct
{
  char *file;         /* its name in the recording's folder */
  gint64 offset_ms;   /* from started_at, by the clock on the wall */
  gint64 duration_ms; /* of what is to be seen and heard */
  gint64 bytes;
  char *sha256; /* (nullable): once it is as it stays */
} McuRecordingPart;

/** McuRecordingTrack: what one person sent, as it came. */
typedef struct
{
  char *participant;
  char *file;
  gint64 offset_ms; /* from started_at */
} McuRecordingTrack;

typedef struct
{
  char *id;
  char *room;
  char *folder; /* beneath the recordings directory: "2026/11/ID" */
  char *format; /* mp4, webm, mkv, ogg */
  McuRecordingState state;
  char *error_code;       /* (nullable) */
  char *error_detail;     /* (nullable) */
  gint64 started_at_us;   /* real time */
  gint64 ended_at_us;     /* real time; 0: it has not */
  GPtrArray *parts;       /* of McuRecordingPart, owned */
  GPtrArray *tracks_of;   /* of McuRecordingTrack, owned */
  char *joined;           /* (nullable): the file that all parts were made into */
  char *layout;           /* its name */
  gboolean has_layout;    /* one of its own; else the room's */
  int width, height, fps; /* px, frames/s */
  gboolean audio_only;
  gboolean tracks;
  gboolean is_automatic; /* by its room's `record`: it ends with the last person */
  gboolean is_held;      /* paused by somebody, who says when it goes on */
} McuRecordingInfo;

McuRecordingInfo *mcu_recording_info_new (const char *id, const char *room, const char *format,
                                          gint64 started_at_us);
McuRecordingInfo *mcu_recording_info_copy (const McuRecordingInfo *self);
void mcu_recording_info_free (McuRecordingInfo *self);

/** mcu_recording_info_add_part: (transfer none): @file is copied. */
McuRecordingPart *mcu_recording_info_add_part (McuRecordingInfo *self, const char *file,
                                               gint64 offset_ms);
void mcu_recording_part_free (McuRecordingPart *self);

/** mcu_recording_info_set_track: of @file, once. FALSE: too many, or it is no name of a file. */
gboolean mcu_recording_info_set_track (McuRecordingInfo *self, const char *participant,
                                       const char *file, gint64 offset_ms);

/** mcu_recording_info_last_part: (transfer none) (nullable) */
McuRecordingPart *mcu_recording_info_last_part (const McuRecordingInfo *self);

gint64 mcu_recording_info_duration_ms (const McuRecordingInfo *self);
gint64 mcu_recording_info_bytes (const McuRecordingInfo *self);

/** mcu_recording_info_set_error: the first one stays. */
void mcu_recording_info_set_error (McuRecordingInfo *self, const char *code, const char *detail);

/** mcu_recording_extension: (transfer none) (nullable): "mp4", "m4a", ...; NULL: no such format. */
const char *mcu_recording_extension (const char *format, gboolean audio_only);

/** mcu_recording_content_type: (transfer none): of a file with that name. */
const char *mcu_recording_content_type (const char *file);

/** mcu_recording_folder: (transfer full): "2026/11/ID" for what began then (UTC). */
char *mcu_recording_folder (const char *id, gint64 started_at_us);

/**
 * mcu_recording_folder_is_valid: whether @folder is of this shape, and its last name @id.
 */
gboolean mcu_recording_folder_is_valid (const char *folder, const char *id);

/** mcu_recording_file_is_valid: one name of [A-Za-z0-9_-] and an extension that we give. */
gboolean mcu_recording_file_is_valid (const char *file);

/**
 * mcu_recording_read_bytes:
 * @object: said by a process, or found in a file: `bytes` in it
 *
 * Returns: so small that the sum of all parts is a number too; @fallback when there is none.
 */
gint64 mcu_recording_read_bytes (JsonObject *object, gint64 fallback);

/** mcu_recording_read_ms: the same of a duration, or a moment of it. */
gint64 mcu_recording_read_ms (JsonObject *object, const char *name, gint64 fallback);

/** mcu_recording_info_to_json: (transfer full): the contract's object. */
JsonObject *mcu_recording_info_to_json (const McuRecordingInfo *self);

/**
 * mcu_recording_info_from_json:
 * @object: of a sidecar or of the index; nothing in it is believed that could lead out of its
 *          folder
 *
 * Returns: (transfer full) (nullable): NULL when it is none.
 */
McuRecordingInfo *mcu_recording_info_from_json (JsonObject *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordingInfo, mcu_recording_info_free)
