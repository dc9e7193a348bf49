/* pipelines/room/outputs.h - a room's live outputs: what each process of one is fed with.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/room/room.h"

/* Above what control allows; a bound on what the link can make us spend. */
#define MCU_OUTPUTS_MAX 32

typedef struct _McuOutputs McuOutputs;

/** mcu_outputs_new: @room: (unowned): outlives us. Thread of all: main loop. */
McuOutputs *mcu_outputs_new (McuRoom *room);
void mcu_outputs_free (McuOutputs *self);

/**
 * mcu_outputs_add:
 * @id: (nullable): control's; one that is there already is replaced
 * @fd: (transfer full): the socket to its process (pipelines/live/exchange.h)
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_OVERLOADED, MCU_ERROR_INTERNAL
 */
gboolean mcu_outputs_add (McuOutputs *self, const char *id, int fd, GError **error);

/** mcu_outputs_remove: @id: (nullable); unknown ones are ignored. */
void mcu_outputs_remove (McuOutputs *self, const char *id);
