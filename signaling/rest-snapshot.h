/* signaling/rest-snapshot.h - a room's picture as it is now.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

void mcu_rest_snapshot (McuRequest *request);

/** mcu_rest_snapshot_forget_all: HTTP ends; pictures that are still to come are for nobody. */
void mcu_rest_snapshot_forget_all (void);
