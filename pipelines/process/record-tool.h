/* pipelines/process/record-tool.h - tessera-room --finish, --join, --probe: recordings' files.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** mcu_record_tool_is_asked: whether the first argument is one of its options. */
gboolean mcu_record_tool_is_asked (int argc, char **argv);

/**
 * mcu_record_tool_main:
 *
 *     --finish DIRECTORY FILE [--chapters FILE.json] [--reserve-bytes N]
 *     --join NEW-FILE PART... [--chapters FILE.json]
 *     --probe FILE
 *
 * Prints one line of JSON: what the file is, or `{"error": {code, detail}}`
 * (docs/recording.md).
 *
 * Returns: the exit code: 0 done; 1 not done, and the error says why; 2 not understood.
 */
int mcu_record_tool_main (int argc, char **argv);
