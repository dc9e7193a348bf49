/* tests/bench/srtp.h - both directions of one connection's SRTP.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "tests/bench/dtls.h"

/* What protecting may add: an authentication tag, for RTCP an index too. */
#define MCU_LOAD_SRTP_OVERHEAD 16

typedef struct _McuLoadSrtp McuLoadSrtp;

/** mcu_load_srtp_new: (transfer full) (nullable): free with mcu_load_srtp_free(). */
McuLoadSrtp *mcu_load_srtp_new (const guint8 local_key[MCU_LOAD_SRTP_KEY_SIZE],
                                const guint8 remote_key[MCU_LOAD_SRTP_KEY_SIZE]);
void mcu_load_srtp_free (McuLoadSrtp *self);

/* All work in place and change @size; @data of the first two has MCU_LOAD_SRTP_OVERHEAD to spare.
 * FALSE: drop the packet. */
gboolean mcu_load_srtp_protect (McuLoadSrtp *self, guint8 *data, gsize *size);
gboolean mcu_load_srtp_protect_rtcp (McuLoadSrtp *self, guint8 *data, gsize *size);
gboolean mcu_load_srtp_unprotect (McuLoadSrtp *self, guint8 *data, gsize *size);
gboolean mcu_load_srtp_unprotect_rtcp (McuLoadSrtp *self, guint8 *data, gsize *size);
