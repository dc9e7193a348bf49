/* signaling/rest.h - handlers of the REST requests.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

void mcu_rest_healthz (McuRequest *request);
void mcu_rest_readyz (McuRequest *request);
void mcu_rest_rooms (McuRequest *request);
void mcu_rest_room (McuRequest *request);
void mcu_rest_room_layout (McuRequest *request);
void mcu_rest_set_room_layout (McuRequest *request);
void mcu_rest_layouts (McuRequest *request);
void mcu_rest_layout (McuRequest *request);
void mcu_rest_participants (McuRequest *request);
void mcu_rest_stats (McuRequest *request);
void mcu_rest_metrics (McuRequest *request);
void mcu_rest_drain (McuRequest *request);
