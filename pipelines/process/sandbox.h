/* pipelines/process/sandbox.h - what a room process may no longer do once it is warm.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_sandbox_allow_recordings:
 * @directory_fd: (unowned): where files may be made and written, once inside; opened while it still
 *     could be
 *
 * Thread: main, before mcu_sandbox_enter().
 */
void mcu_sandbox_allow_recordings (int directory_fd);

/**
 * mcu_sandbox_allow_network: for live outputs and inputs: connections may be made (none taken), and
 * what is needed to find hosts and to check certificates may be read.
 * @ca_file: (nullable) (unowned): authorities beside the system's; GIO reads it for each
 * connection, so the user that the process becomes must be able to
 *
 * Thread: main, before mcu_sandbox_enter().
 */
void mcu_sandbox_allow_network (const char *ca_file);

/**
 * mcu_sandbox_enter:
 * @error: MCU_ERROR_INTERNAL: what could not be closed, so that the process is not used
 *
 * In this order: another user when started as root, no core files, no new privileges, no writing to
 * any file outside the recordings (Landlock, where the kernel has it), no new program, process or
 * kernel facility (seccomp). Not undone by anything.  Thread: main, when only threads exist that
 * may be closed in as well.
 */
gboolean mcu_sandbox_enter (GError **error);

/**
 * mcu_sandbox_enter_tool:
 * @directory_fd: (unowned): where files may be read, made, written, renamed and removed, once
 *     inside; -1: nowhere
 *
 * The same for a program that reads files that may be hostile and ends: and no sockets at all.
 */
gboolean mcu_sandbox_enter_tool (int directory_fd, GError **error);
