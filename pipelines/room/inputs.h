/* pipelines/room/inputs.h - a room's inputs: participants whose frames come from a process of ours.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/room/room.h"

/* Above what control allows; a bound on what the link can make us spend. */
#define MCU_INPUTS_MAX 64

typedef struct _McuInputs McuInputs;

/** mcu_inputs_new: @room: (unowned): outlives us. Thread of all: main loop. */
McuInputs *mcu_inputs_new (McuRoom *room);
void mcu_inputs_free (McuInputs *self);

/**
 * mcu_inputs_add:
 * @id: (nullable): control's; one that is there already is replaced
 * @participant: (nullable): of whom the room knows
 * @fd: (transfer full): the socket to its process (pipelines/live/exchange.h)
 * @error: MCU_ERROR_BAD_REQUEST, MCU_ERROR_OVERLOADED, MCU_ERROR_ROOM_FULL
 */
gboolean mcu_inputs_add (McuInputs *self, const char *id, const char *participant, int fd,
                         GError **error);

/** mcu_inputs_remove: @id: (nullable); unknown ones are ignored. */
void mcu_inputs_remove (McuInputs *self, const char *id);
