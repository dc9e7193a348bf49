/* mcu/recordings.h - all recordings of this machine: those that run, and those that are there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The main loop owns those that run (mcu/recording.h); the rest is on the disk's thread. Everything
 * that needs the disk answers by a function: exactly once, from the main loop, never from inside
 * the call. Thread: main loop. */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/recording-store.h"
#include "mcu/types.h"

typedef struct _McuRecordings McuRecordings;

/* Of one room at a time, as the room process has it. */
#define MCU_RECORDINGS_PER_ROOM 8

/** McuRecordingOrder: what may be asked of one that runs. */
typedef enum
{
  MCU_RECORDING_STOP,
  MCU_RECORDING_PAUSE,
  MCU_RECORDING_RESUME
} McuRecordingOrder;

/**
 * McuRecordingFunc:
 * @recording: (nullable) (transfer none): the contract's object, or a list of them
 * @error: (nullable): MCU_ERROR_NOT_FOUND, BAD_REQUEST, OVERLOADED, DISK_FULL, GONE, INTERNAL, ...
 */
typedef void (*McuRecordingFunc) (JsonObject *recording, const GError *error, gpointer user_data);

/**
 * mcu_recordings_new:
 * @room_program: what is run for files that are to be put in order
 *
 * From here on room processes that are started know where recordings go (the environment). What a
 * server before us left open is looked for.
 */
McuRecordings *mcu_recordings_new (McuConfig *config, const char *state_directory,
                                   const char *room_program);

/** mcu_recordings_free: rooms are gone by now. What runs is found again at the next start. */
void mcu_recordings_free (McuRecordings *self);

void mcu_recordings_set_config (McuRecordings *self, McuConfig *config);

/** mcu_recordings_set_rooms: @rooms: (transfer none): name -> McuRoom, for as long as it is used */
void mcu_recordings_set_rooms (McuRecordings *self, GHashTable *rooms);

/**
 * mcu_recordings_start:
 * @wish: {format?, layout?, canvas?, tracks?, audio_only?}: from outside, bounded, not checked
 * @automatic: the room's `record`: it ends with the last person
 * @func: (nullable): when it writes, or waits for somebody to come
 */
void mcu_recordings_start (McuRecordings *self, McuRoom *room, JsonObject *wish, gboolean automatic,
                           McuRecordingFunc func, gpointer user_data);

/**
 * mcu_recordings_order:
 * @func: with MCU_ERROR_NOT_FOUND, MCU_ERROR_GONE (it is over)
 */
void mcu_recordings_order (McuRecordings *self, const char *id, McuRecordingOrder order,
                           McuRecordingFunc func, gpointer user_data);

/**
 * mcu_recordings_change:
 * @members: {layout}: see mcu_recording_view_change()
 * @func: with MCU_ERROR_BAD_REQUEST, MCU_ERROR_NOT_FOUND, MCU_ERROR_GONE (it is over, or its room
 * has not come back)
 */
void mcu_recordings_change (McuRecordings *self, const char *id, JsonObject *members,
                            McuRecordingFunc func, gpointer user_data);

void mcu_recordings_get (McuRecordings *self, const char *id, McuRecordingFunc func,
                         gpointer user_data);

/** mcu_recordings_list: {"recordings": [], "next"}, the newest first. @room, @after: (nullable) */
void mcu_recordings_list (McuRecordings *self, const char *room, guint limit, const char *after,
                          McuRecordingFunc func, gpointer user_data);

/** mcu_recordings_remove: one that runs is stopped first. @func: {} */
void mcu_recordings_remove (McuRecordings *self, const char *id, McuRecordingFunc func,
                            gpointer user_data);

/** McuRecordingMediaFunc: @media: (nullable) (transfer full) */
typedef void (*McuRecordingMediaFunc) (McuRecordingMedia *media, const GError *error,
                                       gpointer user_data);

/** mcu_recordings_open_media: see mcu_recording_store_open_media(). */
void mcu_recordings_open_media (McuRecordings *self, const char *id, guint part, guint track,
                                McuRecordingMediaFunc func, gpointer user_data);

/** McuRecordingTextFunc: @room: whose it is; @text: (nullable) (transfer none) */
typedef void (*McuRecordingTextFunc) (const char *room, const char *text, const GError *error,
                                      gpointer user_data);

/** mcu_recordings_chapters: as WebVTT. @part: from 1 on; 0: the whole */
void mcu_recordings_chapters (McuRecordings *self, const char *id, guint part,
                              McuRecordingTextFunc func, gpointer user_data);

/** mcu_recordings_drain: @func: once when nothing runs or is put in order any more. */
void mcu_recordings_drain (McuRecordings *self, void (*func) (gpointer), gpointer user_data);

/** McuRecordingsFigures: for the metrics. */
typedef struct
{
  guint64 by_state[MCU_RECORDING_N_STATES];
  gint64 free_bytes;  /* -1: not known */
  gboolean is_full;   /* less than the reserve is free, or a recording has just ended for it */
  gboolean is_broken; /* neither index nor directory can be used */
} McuRecordingsFigures;

void mcu_recordings_get_figures (McuRecordings *self, McuRecordingsFigures *figures);
