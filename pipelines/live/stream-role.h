/* pipelines/live/stream-role.h - the program as a live output: one connection, one process.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/**
 * mcu_stream_role_run:
 *
 * Behind the sandbox: does what control says on the link (docs/media-link.md) until it closes.
 * Thread: main.  Returns: the process's exit status.
 */
int mcu_stream_role_run (void);
