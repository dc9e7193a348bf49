/* mcu/base/log.h - one line per event on standard error.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_log_init:
 * @program: (transfer none): static text set before each line, e.g. "tessera-room"
 *
 * Sends GLib's log to standard error as `2026-01-01T00:00:00.000Z program LEVEL text`, with control
 * characters in the text escaped (names come from users). TESSERA_LOG (error, warning, message,
 * info, debug) chooses the least level shown; "message" when it is not set.
 *
 * Thread: main, once, before other threads start.
 */
void mcu_log_init (const char *program);

/**
 * mcu_log_set_subject:
 * @subject: (nullable): what this process works on, e.g. "room weekly"; copied
 *
 * Thread: main.
 */
void mcu_log_set_subject (const char *subject);
