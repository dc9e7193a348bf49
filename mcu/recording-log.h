/* mcu/recording-log.h - what happened while a recording ran: for its sidecar.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Times are milliseconds since the recording's started_at, by the clock on the wall. Bounded: what
 * comes after MCU_RECORDING_LOG_MAX_BYTES is left out, and the sidecar says `log_truncated`.
 * Thread: main loop. */
#pragma once

#include <json-glib/json-glib.h>

#define MCU_RECORDING_LOG_MAX_BYTES (4 * 1024 * 1024)

typedef struct _McuRecordingLog McuRecordingLog;

McuRecordingLog *mcu_recording_log_new (void);
void mcu_recording_log_free (McuRecordingLog *self);

/** McuRecordingLogPerson: texts are the caller's. */
typedef struct
{
  const char *id;
  const char *name;
  const char *identity; /* (nullable) */
  const char *kind;
  gboolean recorded;
} McuRecordingLogPerson;

void mcu_recording_log_joined (McuRecordingLog *self, gint64 at_ms,
                               const McuRecordingLogPerson *person);
void mcu_recording_log_left (McuRecordingLog *self, gint64 at_ms, const char *id);
/** mcu_recording_log_recorded: from here on they are in it, or are not. */
void mcu_recording_log_recorded (McuRecordingLog *self, gint64 at_ms, const char *id,
                                 gboolean recorded);
/** mcu_recording_log_speaker: @id: (nullable): nobody */
void mcu_recording_log_speaker (McuRecordingLog *self, gint64 at_ms, const char *id);
void mcu_recording_log_screen (McuRecordingLog *self, gint64 at_ms, const char *id,
                               gboolean is_shared);
void mcu_recording_log_layout (McuRecordingLog *self, gint64 at_ms, const char *name);
void mcu_recording_log_chat (McuRecordingLog *self, gint64 at_ms, const char *id, const char *name,
                             const char *text);
/** mcu_recording_log_pause: FALSE: it goes on. */
void mcu_recording_log_pause (McuRecordingLog *self, gint64 at_ms, gboolean is_paused);
void mcu_recording_log_chapter (McuRecordingLog *self, gint64 at_ms, const char *title);

/** mcu_recording_log_close: ends what is going on: who is there, speaks, shares. */
void mcu_recording_log_close (McuRecordingLog *self, gint64 at_ms);

/** mcu_recording_log_read: of a sidecar, into an empty log. */
void mcu_recording_log_read (McuRecordingLog *self, JsonObject *sidecar);

/**
 * mcu_recording_log_to_text:
 * @about: the recording's own members
 *
 * Returns: (transfer full): the sidecar.
 */
char *mcu_recording_log_to_text (McuRecordingLog *self, JsonObject *about);

/** mcu_recording_log_outline: (transfer full): of the sidecar @about, `pauses` and `chapters`. */
JsonObject *mcu_recording_log_outline (McuRecordingLog *self, JsonObject *about);
