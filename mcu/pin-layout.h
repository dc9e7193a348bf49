/* mcu/pin-layout.h - how a picture with somebody pinned looks where the room's layout has no place
 * for them.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout.h"

/**
 * mcu_pin_layout_new:
 * @like: the room's layout: its background, elements, gaps and times are kept, its arrangements not
 *
 * Thread: main loop.  Returns: (transfer full): named `pinned`.
 */
McuLayout *mcu_pin_layout_new (const McuLayout *like);
