/* mcu/recording-tool.h - tessera-room in another role, for one file: control links no GStreamer.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

/**
 * McuRecordingToolFunc:
 * @result: (nullable) (transfer none): the object it printed
 * @error: (nullable): MCU_ERROR_INTERNAL, MCU_ERROR_TIMEOUT
 */
typedef void (*McuRecordingToolFunc) (JsonObject *result, const GError *error, gpointer user_data);

/** McuRecordingTool: one that runs. */
typedef struct _McuRecordingTool McuRecordingTool;

/**
 * mcu_recording_tool_run:
 * @arguments: (array zero-terminated=1): what follows the program's name
 * @input: (nullable): what it reads at /dev/stdin
 * @timeout_s: then it is killed
 * @func: called exactly once, from the main loop, never from inside this call; unless it is stopped
 *
 * What it prints is read up to a bound: it has read files of a process that is not trusted.
 * Thread: main loop.
 *
 * Returns: (transfer none): until @func is called.
 */
McuRecordingTool *mcu_recording_tool_run (const char *program, const char *const *arguments,
                                          const char *input, guint timeout_s,
                                          McuRecordingToolFunc func, gpointer user_data);

/** mcu_recording_tool_stop: kills it; its function is not called any more. */
void mcu_recording_tool_stop (McuRecordingTool *self);
