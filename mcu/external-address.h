/* mcu/external-address.h - under which address others see us: as set, or asked for by STUN.
 * SPDX-License-Identifier: Apache-2.0
 *
 * With [media] external_address = auto the server of [media] stun_server is asked at the start and
 * once an hour; who has no answer asks again after a while and goes on with what was known. Room
 * processes that start later are told. Thread: main loop. Nothing blocks. */
#pragma once

#include "mcu/config.h"

/* Source: RFC 8489, 6.2.1: 500 ms, doubled with each of the retransmissions. */
#define MCU_STUN_FIRST_WAIT_MS 500
#define MCU_STUN_TRIES 5
#define MCU_STUN_AGAIN_MS 30000   /* after a round without an answer */
#define MCU_STUN_CHECK_MS 3600000 /* after an answer */

typedef struct _McuExternalAddress McuExternalAddress;

/** mcu_external_address_new: begins to ask, if it has to. @config: a reference is kept */
McuExternalAddress *mcu_external_address_new (McuConfig *config);
void mcu_external_address_free (McuExternalAddress *self);

/** mcu_external_address_get: (transfer none) (nullable): an address's text; NULL: none known. */
const char *mcu_external_address_get (McuExternalAddress *self);

/** mcu_external_address_is_asking: TRUE until the first round has ended, well or not. */
gboolean mcu_external_address_is_asking (McuExternalAddress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuExternalAddress, mcu_external_address_free)
