/* tests/bench/dtls.h - a DTLS handshake over datagrams in memory, for SRTP keys (RFC 5764).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/ice.h"

/* SRTP_AES128_CM_SHA1_80: 16 bytes of key, 14 of salt. */
#define MCU_LOAD_SRTP_KEY_SIZE 30

typedef struct _McuLoadDtls McuLoadDtls;

/** mcu_load_dtls_fingerprint: (transfer none): of the process's certificate, "AA:BB:...". Makes the
 * certificate at the first call. */
const char *mcu_load_dtls_fingerprint (void);

/** mcu_load_dtls_new: (transfer full): free with mcu_load_dtls_free(). @send is called from
 * _start, _feed and _tick with one record a datagram. */
McuLoadDtls *mcu_load_dtls_new (gboolean is_server, McuLoadSendFunc send, gpointer user_data);
void mcu_load_dtls_free (McuLoadDtls *self);
void mcu_load_dtls_start (McuLoadDtls *self);
void mcu_load_dtls_feed (McuLoadDtls *self, const guint8 *data, gsize size);
/** mcu_load_dtls_tick: repeats what was lost. */
void mcu_load_dtls_tick (McuLoadDtls *self);
gboolean mcu_load_dtls_is_done (McuLoadDtls *self);
gboolean mcu_load_dtls_has_failed (McuLoadDtls *self);

/**
 * mcu_load_dtls_finish:
 * @remote_fingerprint: as in the peer's SDP, SHA-256
 * @local_key: (out): what we protect with
 * @remote_key: (out): what the peer protects with
 *
 * Returns: FALSE when the certificate is another or no SRTP profile was agreed.
 */
gboolean mcu_load_dtls_finish (McuLoadDtls *self, const char *remote_fingerprint,
                               guint8 local_key[MCU_LOAD_SRTP_KEY_SIZE],
                               guint8 remote_key[MCU_LOAD_SRTP_KEY_SIZE]);
