/* mcu/local-addresses.h - which addresses this machine has.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_MAX_MEDIA_ADDRESSES 4

/** mcu_address_is_loopback: whether @text is of 127.0.0.0/8, ::1, or "localhost". */
gboolean mcu_address_is_loopback (const char *text);

/**
 * mcu_local_addresses:
 * @loopback_only: 127.0.0.1 is the answer
 *
 * Returns: (transfer full) (array zero-terminated=1): at most 4, IPv4 first, neither loopback nor
 * link-local; 127.0.0.1 when there is none.
 */
char **mcu_local_addresses (gboolean loopback_only);
