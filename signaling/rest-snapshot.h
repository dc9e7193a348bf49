/* signaling/rest-snapshot.h - a room's picture as it is now.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

void mcu_rest_snapshot (McuRequest *request);
