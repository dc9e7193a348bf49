/* signaling/rest-rooms.h - handlers of requests that make, change and end rooms.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each answers its request; the routes have checked who asks, and the room's name. */
#pragma once

#include "signaling/request.h"

void mcu_rest_create_room (McuRequest *request);
void mcu_rest_patch_room (McuRequest *request);
void mcu_rest_delete_room (McuRequest *request);
void mcu_rest_patch_participant (McuRequest *request);
void mcu_rest_delete_participant (McuRequest *request);
