/* pipelines/room/commands.h - what control says (docs/media-link.md), done to the room.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/base/link.h"
#include "pipelines/room/room.h"

typedef struct _McuCommands McuCommands;

/**
 * mcu_commands_new:
 * @fd: (transfer full): the room's end of the link
 * @loop: (unowned): quit when control says `drain`, or is gone
 *
 * Says `hello`, then does what it is told.  Thread: main loop.
 */
McuCommands *mcu_commands_new (int fd, GMainLoop *loop);
/** mcu_commands_set_recordings: @fd: (transfer full): the open directory of all recordings. */
void mcu_commands_set_recordings (McuCommands *self, int fd);
void mcu_commands_free (McuCommands *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuCommands, mcu_commands_free)
