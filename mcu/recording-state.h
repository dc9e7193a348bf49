/* mcu/recording-state.h - what a recording is at, and what brings it on. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuRecordingState: as the contract names them. The last two are for good. */
typedef enum
{
  MCU_RECORDING_STARTING, /* asked for, or waiting for its room's process to be back */
  MCU_RECORDING_RECORDING,
  MCU_RECORDING_PAUSED,
  MCU_RECORDING_FINISHING, /* complete, playable; the file is being put in order */
  MCU_RECORDING_FINISHED,
  MCU_RECORDING_FAILED,
  MCU_RECORDING_N_STATES
} McuRecordingState;

typedef enum
{
  MCU_RECORDING_RUNS,      /* the room's process writes */
  MCU_RECORDING_RESTS,     /* paused, by somebody or because nobody is there */
  MCU_RECORDING_LOST,      /* the process that wrote is gone; another one will go on */
  MCU_RECORDING_STOPS,     /* it is to end */
  MCU_RECORDING_COMPLETES, /* every file of it is as it stays */
  MCU_RECORDING_FAILS
} McuRecordingEvent;

/** mcu_recording_state_next: what @event makes of @state; the same when it does not matter there.
 */
McuRecordingState mcu_recording_state_next (McuRecordingState state, McuRecordingEvent event);

/** mcu_recording_state_is_over: finished or failed. */
gboolean mcu_recording_state_is_over (McuRecordingState state);

/** mcu_recording_state_is_on: people are being recorded, or will be as soon as can be. */
gboolean mcu_recording_state_is_on (McuRecordingState state);

/** mcu_recording_state_to_string: (transfer none) */
const char *mcu_recording_state_to_string (McuRecordingState state);
/** mcu_recording_state_from_string: FALSE when @text is none; NULL is allowed. */
gboolean mcu_recording_state_from_string (const char *text, McuRecordingState *state);
