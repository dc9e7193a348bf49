/* signaling/serve.h - the life of the server: start, signals, drain, end.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/types.h"

/**
 * McuLoadConfigFunc: reads the whole configuration again, for SIGHUP.
 *
 * Returns: (transfer full) (nullable): finished; NULL with @error set.
 */
typedef McuConfig *(*McuLoadConfigFunc) (gpointer user_data, GError **error);

/**
 * mcu_serve:
 * @config: finished
 * @open: the command line said --open
 *
 * Runs until SIGTERM or SIGINT has been carried out.  Thread: main.
 *
 * Returns: the program's exit status.
 */
int mcu_serve (McuConfig *config, gboolean open, McuLoadConfigFunc load_config, gpointer user_data);
