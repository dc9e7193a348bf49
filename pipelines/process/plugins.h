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

/** mcu_plugins_finish: lets a tracer of a debug build report. Thread: main, last of all. */
void mcu_plugins_finish (void);

/**
 * mcu_plugins_warm_up:
 *
 * Makes one of each element, and with dtlsdec the process's certificate, so that the first join
 * does not pay for it and nothing has to be opened after the sandbox closed.  Thread: main.
 */
gboolean mcu_plugins_warm_up (GError **error);
