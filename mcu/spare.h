/* mcu/spare.h - one room process kept warm, so that a room is ready at once.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/room-process.h"

typedef struct _McuSpare McuSpare;

/** mcu_spare_new: starts to warm one. @program: copied. Thread: main loop. */
McuSpare *mcu_spare_new (const char *program);
void mcu_spare_free (McuSpare *self);

/**
 * mcu_spare_take:
 *
 * Another one is started soon after. One that dies before it is taken is replaced, more and more
 * slowly while they all die.
 *
 * Returns: (transfer full) (nullable): a process, warm if there was one; NULL when none can be
 * started.
 */
McuRoomProcess *mcu_spare_take (McuSpare *self, GError **error);

/** mcu_spare_is_ready: whether one is warm, or the last one that was taken had been. */
gboolean mcu_spare_is_ready (McuSpare *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuSpare, mcu_spare_free)
