/* pipelines/record/record-state.c - the contract's names of what a recording does.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/recorder.h"

const char *
mcu_record_state_to_string (McuRecordState state)
{
  switch (state) {
  case MCU_RECORD_STARTING:
    return "starting";
  case MCU_RECORD_RECORDING:
    return "recording";
  case MCU_RECORD_STATE_PAUSED:
    return "paused";
  case MCU_RECORD_FINISHING:
    return "finishing";
  case MCU_RECORD_FINISHED:
    return "finished";
  case MCU_RECORD_FAILED:
    return "failed";
  }
  return "";
}
