/* pipelines/live/input-role.h - the program as an input: one camera or file, one process.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/** mcu_input_role_run: as mcu_stream_role_run(). */
int mcu_input_role_run (void);
