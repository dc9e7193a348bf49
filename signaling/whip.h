/* signaling/whip.h - WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): handlers.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

void mcu_whip_options (McuRequest *request);
void mcu_whip_post (McuRequest *request);
void mcu_whip_get (McuRequest *request);
void mcu_whip_patch (McuRequest *request);
void mcu_whip_delete (McuRequest *request);

/** mcu_whip_add_cors: for every answer under /whip/ and /whep/, errors too. */
void mcu_whip_add_cors (SoupServerMessage *msg);

/** mcu_whip_forget_all: HTTP ends; answers that are still to come are for nobody. */
void mcu_whip_forget_all (void);
