/* mcu/stun.h - one question of STUN: under which address does the other side see us. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

/* Source: RFC 8489, 5: type, length, magic cookie, 96 bits of transaction. */
#define MCU_STUN_HEADER_BYTES 20
#define MCU_STUN_TRANSACTION_BYTES 12
/* An answer has a few attributes; more is not read. */
#define MCU_STUN_MAX_BYTES 548

/**
 * mcu_stun_write_request:
 * @out: (array fixed-size=20): a Binding request without attributes
 */
void mcu_stun_write_request (const guint8 *transaction, guint8 *out);

/**
 * mcu_stun_read_response:
 * @data: (array length=length): a datagram from outside
 * @transaction: of the request
 *
 * Source: RFC 8489, 14.2: XOR-MAPPED-ADDRESS. The older MAPPED-ADDRESS is not taken: what rewrites
 * addresses in packets rewrites that too.
 *
 * Returns: (transfer full) (nullable): the address that a success response to it holds.
 */
GInetAddress *mcu_stun_read_response (const guint8 *data, gsize length, const guint8 *transaction);
