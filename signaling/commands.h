/* signaling/commands.h - sub-commands that need no running server.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/types.h"

/**
 * mcu_command_token: `tessera token`: prints a signed token or a whole link.
 * @argv: beginning with "token"; changed
 * @config: finished; its first key signs
 *
 * Returns: the program's exit status.
 */
int mcu_command_token (int argc, char **argv, McuConfig *config);

/**
 * mcu_command_layout: `tessera layout check FILE...`, `tessera layout draw LAYOUT ...`.
 * @argv: beginning with "layout"
 *
 * Checking is done here; drawing is a role of the room program, so that there is one renderer.
 *
 * Returns: the program's exit status.
 */
int mcu_command_layout (int argc, char **argv);

/** mcu_command_keys: `tessera keys`: prints a new API key and secret as lines of [keys]. */
int mcu_command_keys (void);

/**
 * mcu_command_recordings:
 *
 * `recordings check`: compares index and files, prints what differs, and makes the index anew from
 * the files; 1 when anything did. `recordings join ID`: one file of its parts; prints its path.
 */
int mcu_command_recordings (int argc, char **argv, McuConfig *config);
