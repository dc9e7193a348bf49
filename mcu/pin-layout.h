/* mcu/pin-layout.h - how a picture with somebody pinned looks where the room's layout has no place
 * for them.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout.h"

/** mcu_pin_layout_get: (transfer full): always the same one. Thread: main loop. */
McuLayout *mcu_pin_layout_get (void);
