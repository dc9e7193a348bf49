/* pipelines/record/recorder.h - one more receiver of a picture that exists already, to a file.
 * From: output/rung, mix/audio/mixer.  To: record/writer.  SPDX-License-Identifier: Apache-2.0
 *
 * It has its own pipeline, its own writer thread and its own failure: nothing here makes the
 * meeting wait. A file plays from its second second on, whatever ends the process. */
#pragma once

#include "pipelines/output/receiver.h"
#include "pipelines/record/format.h"

/* What is left free on the disk when nothing else is said: the machine needs it for its logs. */
#define MCU_RECORD_RESERVE_BYTES (256 * G_GUINT64_CONSTANT (1024) * 1024)
/* From the wish to stop to a closed file. */
#define MCU_RECORD_FINISH_US 2000000

typedef struct _McuRecorder McuRecorder;

/** McuRecordState: the contract's; never goes back, but between recording and paused. */
typedef enum
{
  MCU_RECORD_STARTING, /* nothing in the file yet */
  MCU_RECORD_RECORDING,
  MCU_RECORD_STATE_PAUSED,
  MCU_RECORD_FINISHING,
  MCU_RECORD_FINISHED,
  MCU_RECORD_FAILED
} McuRecordState;

/** mcu_record_state_to_string: (transfer none): "starting", "recording", ... */
const char *mcu_record_state_to_string (McuRecordState state);

/** McuRecorderSettings: copied. */
typedef struct
{
  McuRecordFormat format;
  gboolean audio_only;
  guint width_px, height_px, fps; /* of the rung; not used with @audio_only */
  GstClockTime base_time;         /* the process's: of running times */
  int fd;             /* (transfer full) an open file; -1: it is made, as @part in @directory_fd */
  int directory_fd;   /* open; stays the caller's */
  const char *folder; /* (nullable): of @part, beneath @directory_fd; checked by the caller */
  const char *part;   /* file name without extension: mcu_id_is_valid() */
  guint64 reserve_bytes;
  gint64 hang_us;    /* a write that takes longer is a failure; 0: MCU_RECORD_HANG_US */
  guint settle_ms;   /* that its picture needs to be complete: nothing earlier is in the file */
  guint bitrate_bps; /* of a rung that is made for it; 0: the usual one */
} McuRecorderSettings;

/** McuRecorderStatus: a moment of it. */
typedef struct
{
  McuRecordState state;
  guint64 bytes; /* in the file */
  guint64 duration_ms;
  const GError *error; /* (nullable): why it failed; until the recorder is freed */
} McuRecorderStatus;

/** McuRecorderFunc: its state has changed. Thread: main loop; the recorder may be freed in it. */
typedef void (*McuRecorderFunc) (McuRecorder *recorder, const McuRecorderStatus *status,
                                 gpointer user_data);

/**
 * mcu_recorder_new:
 *
 * Makes the file, which must not be there yet, and waits for the next keyframe. Nothing from before
 * the call will be in it.  Thread: main loop.
 *
 * What the disk says comes as a state: MCU_ERROR_EXISTS, MCU_ERROR_DISK_FULL, MCU_ERROR_TIMEOUT for
 * one that hangs or is too slow, MCU_ERROR_INTERNAL.
 *
 * Returns: (transfer full): MCU_ERROR_BAD_REQUEST for settings that cannot be, MCU_ERROR_INTERNAL,
 * MCU_ERROR_OVERLOADED.
 */
McuRecorder *mcu_recorder_new (const McuRecorderSettings *settings, McuRecorderFunc func,
                               gpointer user_data, GError **error);

/**
 * mcu_recorder_free: off its rung and the mixer's tap. A file that was not finished stays as it is:
 * playable.  Thread: main loop; waits for no disk.
 */
void mcu_recorder_free (McuRecorder *self);

/** mcu_recorder_video: the rung's codec it takes; MCU_CODEC_NONE: no picture. Thread: any. */
McuCodec mcu_recorder_video (McuRecorder *self);

/** mcu_recorder_get_receiver: (transfer none) (nullable): to be put on a rung. Thread: any. */
McuReceiver *mcu_recorder_get_receiver (McuRecorder *self);

/**
 * mcu_recorder_hear: a #McuAudioTapFunc with the recorder as its user data.
 * @tick_us: CLOCK_MONOTONIC
 *
 * Copies and queues 40 ms at most.  Thread: the mixing thread.
 */
void mcu_recorder_hear (gpointer recorder, const gint16 *pcm, gint64 tick_us);

/**
 * mcu_recorder_place:
 * @running_ns: a running time
 * @file_ns: (out): where that is in the file
 *
 * Returns: FALSE when it is not in the file: before it began, in a pause, after its end. Thread:
 * any.
 */
gboolean mcu_recorder_place (McuRecorder *self, guint64 running_ns, guint64 *file_ns);

/** mcu_recorder_pause: what follows is not in the file, and leaves no hole. Thread: main loop. */
void mcu_recorder_pause (McuRecorder *self);
/** mcu_recorder_resume: goes on with the next keyframe: put its receiver on the rung anew. */
void mcu_recorder_resume (McuRecorder *self);

/**
 * mcu_recorder_stop: FINISHING, then FINISHED or FAILED within MCU_RECORD_FINISH_US.
 * Thread: main loop.
 */
void mcu_recorder_stop (McuRecorder *self);

/** mcu_recorder_get_status: Thread: main loop. */
void mcu_recorder_get_status (McuRecorder *self, McuRecorderStatus *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecorder, mcu_recorder_free)
