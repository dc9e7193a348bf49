/* signaling/rest-tokens.h - tokens for those who do not make them themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

/**
 * mcu_rest_create_token: POST /v1/rooms/{room}/tokens; the routes have asked for roomAdmin.
 *
 * A token for this room and nothing beyond it: never `roomCreate` or `roomList`, and `roomRecord`
 * only from who has it. Signed with the caller's key.
 */
void mcu_rest_create_token (McuRequest *request);
