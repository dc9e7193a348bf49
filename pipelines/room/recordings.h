/* pipelines/room/recordings.h - a room's recordings, as control tells them (docs/media-link.md).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/room/room.h"

/* Above what control allows; a bound on what the link can make us spend. */
#define MCU_RECORDINGS_MAX 8

typedef struct _McuRecordings McuRecordings;

typedef void (*McuRecordingsFunc) (gpointer user_data);

/** mcu_recordings_new: @room: (unowned): outlives us. Thread of all: main loop. */
McuRecordings *mcu_recordings_new (McuRoom *room);
/** mcu_recordings_free: what is not finished stays as it is: playable. */
void mcu_recordings_free (McuRecordings *self);

/**
 * mcu_recordings_set_directory:
 * @fd: (transfer full): what all recordings are in; opened before the sandbox closed
 */
void mcu_recordings_set_directory (McuRecordings *self, int fd);

/**
 * mcu_recordings_do:
 * @message: `recording_start`, `recording_stop`, `recording_pause`, `recording_resume` or
 * `recording_without`
 *
 * Returns: FALSE with MCU_ERROR_BAD_REQUEST, MCU_ERROR_EXISTS or MCU_ERROR_NOT_FOUND, or what
 * mcu_recorder_new() says. What comes of it is told by `recording_state`.
 */
gboolean mcu_recordings_do (McuRecordings *self, JsonObject *message, GError **error);

/**
 * mcu_recordings_finish:
 *
 * Stops all; @func is called once, from the main loop or at once, when none is left: within
 * MCU_RECORD_FINISH_US.
 */
void mcu_recordings_finish (McuRecordings *self, McuRecordingsFunc func, gpointer user_data);
