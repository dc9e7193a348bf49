/* tests/bench/options.h - what tessera-load can be told.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "tests/bench/material.h"

typedef struct
{
  char *server; /* owned (nullable) when direct */
  char *room, *token, *material;
  gboolean is_direct, over_http, is_sendrecv, has_probe, is_checked, cameras_off;
  gboolean changes_layouts, is_in_step, is_unmarked;
  McuMaterialKind kind;
  int n_clients, n_viewers, n_talkers;
  double seconds, warmup_s, drop;
} McuLoadOptions;

/** mcu_load_options_parse: FALSE with @error for what makes no sense. */
gboolean mcu_load_options_parse (McuLoadOptions *options, int *argc, char ***argv, GError **error);
void mcu_load_options_clear (McuLoadOptions *options);
