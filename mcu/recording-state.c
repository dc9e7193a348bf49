/* mcu/recording-state.c - what a recording is at, and what brings it on.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-state.h"

static const char *const names[MCU_RECORDING_N_STATES] = {
    [MCU_RECORDING_STARTING] = "starting", [MCU_RECORDING_RECORDING] = "recording",
    [MCU_RECORDING_PAUSED] = "paused",     [MCU_RECORDING_FINISHING] = "finishing",
    [MCU_RECORDING_FINISHED] = "finished", [MCU_RECORDING_FAILED] = "failed",
};

static gboolean
is_open (McuRecordingState state)
{
  return state <= MCU_RECORDING_PAUSED;
}

McuRecordingState
mcu_recording_state_next (McuRecordingState state, McuRecordingEvent event)
{
  if (mcu_recording_state_is_over (state))
    return state;
  switch (event) {
  case MCU_RECORDING_RUNS:
    return is_open (state) ? MCU_RECORDING_RECORDING : state;
  case MCU_RECORDING_RESTS:
    return is_open (state) ? MCU_RECORDING_PAUSED : state;
  case MCU_RECORDING_LOST:
    return state == MCU_RECORDING_RECORDING ? MCU_RECORDING_STARTING : state;
  case MCU_RECORDING_STOPS:
    return MCU_RECORDING_FINISHING;
  case MCU_RECORDING_COMPLETES:
    return state == MCU_RECORDING_FINISHING ? MCU_RECORDING_FINISHED : state;
  case MCU_RECORDING_FAILS:
    return MCU_RECORDING_FAILED;
  }
  g_assert_not_reached ();
}

gboolean
mcu_recording_state_is_over (McuRecordingState state)
{
  return state >= MCU_RECORDING_FINISHED;
}

gboolean
mcu_recording_state_is_on (McuRecordingState state)
{
  return state == MCU_RECORDING_STARTING || state == MCU_RECORDING_RECORDING;
}

const char *
mcu_recording_state_to_string (McuRecordingState state)
{
  g_return_val_if_fail (state < MCU_RECORDING_N_STATES, "failed");
  return names[state];
}

gboolean
mcu_recording_state_from_string (const char *text, McuRecordingState *state)
{
  for (McuRecordingState i = 0; text != NULL && i < MCU_RECORDING_N_STATES; i++)
    if (g_str_equal (names[i], text)) {
      *state = i;
      return TRUE;
    }
  return FALSE;
}
