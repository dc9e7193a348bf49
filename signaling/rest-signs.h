/* signaling/rest-signs.h - handlers of the REST requests about what is drawn beside tiles.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

/* Each answers its request; who may has been looked at, and the room's name. */
void mcu_rest_caption (McuRequest *request);
void mcu_rest_set_caption (McuRequest *request);
void mcu_rest_remove_caption (McuRequest *request);
void mcu_rest_set_avatar (McuRequest *request);
void mcu_rest_remove_avatar (McuRequest *request);
