/* tests/bench/loop.h - all clients' sockets and clocks in one thread.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/client.h"

typedef struct _McuLoop McuLoop;

/**
 * mcu_loop_new:
 *
 * Runs in the default main context. A timer ticks every 4 ms; a tick reads all sockets that have
 * something (their arrival times are the kernel's, so waiting costs no precision) and sends what is
 * due. Only while somebody is connecting are sockets also read at once.
 *
 * Returns: (transfer full) (nullable): free with mcu_loop_free().
 */
McuLoop *mcu_loop_new (GError **error);
void mcu_loop_free (McuLoop *self);
/** mcu_loop_add: @client has its connection; unowned. */
void mcu_loop_add (McuLoop *self, McuClient *client);
