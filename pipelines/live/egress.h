/* pipelines/live/egress.h - where a process that connects to what somebody named may connect to.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A name is looked at when it is resolved; but libraries resolve again, and servers redirect. So
 * every connect() of the process (GIO's, libsoup's, librtsp's) comes by here too: egress.c defines
 * that function for the whole program. Sockets of libsrt do not connect; they get an address that
 * was looked at, never a name. */
#pragma once

#include <gio/gio.h>

/**
 * mcu_egress_restrict:
 *
 * From here on TCP and UDP connect to public addresses only (mcu/base/public-address.h); other
 * attempts fail with EACCES and are counted. Cannot be undone.
 *
 * Thread: main, before anything connects. What glibc's resolver does inside is not concerned.
 */
void mcu_egress_restrict (void);

/** mcu_egress_except_for_tests: @address: may be connected to all the same. */
void mcu_egress_except_for_tests (GInetAddress *address);

/** mcu_egress_n_refused: attempts since the start. Thread: any. */
guint mcu_egress_n_refused (void);

/**
 * McuEgressResolvedFunc:
 * @address: (nullable) (transfer none): the first one
 * @error: (nullable): MCU_ERROR_FORBIDDEN: one of them is not public; MCU_ERROR_NOT_FOUND: there is
 *   none, or no answer
 */
typedef void (*McuEgressResolvedFunc) (GInetAddress *address, const GError *error,
                                       gpointer user_data);

/**
 * mcu_egress_resolve:
 * @host: a name or an address
 *
 * After mcu_egress_restrict() a name with any address that is not public is refused.
 *
 * Thread: main loop; @func is called from it, once.
 */
void mcu_egress_resolve (const char *host, McuEgressResolvedFunc func, gpointer user_data);
