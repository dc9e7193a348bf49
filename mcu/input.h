/* mcu/input.h - one input of a room: a camera, a file or an HTTP stream that is a participant.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Thread: main loop. */
#pragma once

#include "mcu/side.h"

typedef struct _McuInput McuInput;

/** McuInputGoneFunc: its participant was sent out, or the room ends: it is to be freed. */
typedef void (*McuInputGoneFunc) (McuInput *self, gpointer user_data);

/**
 * mcu_input_new:
 * @wanted: {"url": ..., "name"?, "loop"?}
 * @error: MCU_ERROR_BAD_REQUEST, or what mcu_room_join() says
 *
 * Joins the room at once.  Returns: (transfer full) (nullable).
 */
McuInput *mcu_input_new (McuRoom *room, JsonObject *wanted, McuInputGoneFunc on_gone,
                         gpointer user_data, GError **error);

/** mcu_input_free: its participant leaves. */
void mcu_input_free (McuInput *self);

const char *mcu_input_get_id (McuInput *self);
McuSide *mcu_input_get_side (McuInput *self);

/** mcu_input_to_json: (transfer full): the contract's object. */
JsonObject *mcu_input_to_json (McuInput *self);
