/* signaling/origin.h - Host and Origin: which names of a request may be believed. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_host_is_loopback:
 * @host: (nullable): a Host header: name or address, maybe with a port
 *
 * A page of a foreign name that resolves to 127.0.0.1 sends that name: so names decide, not
 * addresses.
 *
 * Thread: any.  Returns: TRUE for localhost, 127.0.0.0/8 and [::1].
 */
gboolean mcu_host_is_loopback (const char *host);

/**
 * mcu_host_is_address:
 * @address: a literal address without brackets
 *
 * Thread: any.  Returns: TRUE when @host, without its port, is that address.
 */
gboolean mcu_host_is_address (const char *host, const char *address);

/**
 * mcu_origin_is_own:
 * @origin: (nullable): an Origin header
 * @host: (nullable): the Host header of the same request
 *
 * The scheme is not compared: behind a proxy that speaks TLS ours is not the browser's.
 *
 * Thread: any.  Returns: TRUE when the page came from where the request goes.
 */
gboolean mcu_origin_is_own (const char *origin, const char *host);

/** mcu_origin_is_loopback: a page of this machine, on any port. */
gboolean mcu_origin_is_loopback (const char *origin);

/** mcu_origin_is_listed: @allowed holds whole origins ("https://meet.example"); "*" is any. */
gboolean mcu_origin_is_listed (const char *origin, const char *const *allowed);
