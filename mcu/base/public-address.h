/* mcu/base/public-address.h - whether an address is somebody's out there, or ours and our
 * network's. SPDX-License-Identifier: Apache-2.0
 *
 * Who may name a URL to us must not reach through us what only we can reach. */
#pragma once

#include <gio/gio.h>

/**
 * mcu_address_is_public:
 * @family: AF_INET or AF_INET6; others are not public
 * @bytes: 4 or 16 of them, network order
 *
 * FALSE for loopback, private, link-local, shared, multicast, documentation, benchmark and reserved
 * addresses, and for IPv6 addresses that have such an IPv4 address in them (mapped, 6to4, NAT64,
 * Teredo: the last three are refused whatever is in them).
 *
 * Source: IANA's special-purpose address registries (RFC 6890).  Thread: any, pure.
 */
gboolean mcu_address_is_public (int family, const guint8 *bytes);

/** mcu_inet_address_is_public: the same of GIO's object. Thread: any. */
gboolean mcu_inet_address_is_public (GInetAddress *address);
