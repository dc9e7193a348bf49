/* pipelines/process/plugins.h - GStreamer with the plugins we use, and no others.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_plugins_init:
 * @error: MCU_ERROR_INTERNAL: names what is missing
 *
 * Starts GStreamer without looking through its plugin directories (no registry file to trust, to
 * wait for or to write) and loads the few files that a room needs.  Thread: main, first of all.
 */
gboolean mcu_plugins_init (GError **error);

/**
 * mcu_plugins_start: the first half of mcu_plugins_init(): no plugin yet. For the other roles.
 */
gboolean mcu_plugins_start (GError **error);

/**
 * mcu_plugins_load:
 * @names: (array zero-terminated=1): files, without libgst and .so; those that are there stay
 * @error: MCU_ERROR_INTERNAL: names what is missing
 *
 * Thread: main; also behind the sandbox, which lets /usr be read.
 */
gboolean mcu_plugins_load (const char *const *names, GError **error);

/** mcu_plugins_finish: lets a tracer of a debug build report. Thread: main, last of all. */
void mcu_plugins_finish (void);

/**
 * mcu_plugins_warm_up:
 *
 * Makes one of each element, and with dtlsdec the process's certificate, so that the first join
 * does not pay for it and nothing has to be opened after the sandbox closed.  Thread: main.
 */
gboolean mcu_plugins_warm_up (GError **error);
