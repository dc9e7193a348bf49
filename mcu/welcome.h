/* mcu/welcome.h - the first that somebody hears.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/server.h"

/**
 * mcu_welcome_new:
 * @me: who has just joined, or is back
 * @resumed: whether they are back
 *
 * Returns: (transfer full): the message `welcome`, with a new resume token.
 */
JsonObject *mcu_welcome_new (McuServer *server, McuParticipant *me, gboolean resumed);
