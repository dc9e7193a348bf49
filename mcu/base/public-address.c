/* mcu/base/public-address.c - whether an address is somebody's out there, or ours and our
 * network's. SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/public-address.h"

#include <string.h>
#include <sys/socket.h>

typedef struct
{
  guint8 prefix[16];
  guint bits;
} Range;

/* Source: IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771). */
static const Range not_public_v4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 31, 196}, 24},
    {{192, 52, 193}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{192, 175, 48}, 24},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

/* Of what is global unicast at all (2000::/3). Source: IANA IPv6 Special-Purpose Registry. */
static const Range not_public_v6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},             /* protocol assignments, Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32},             /* documentation */
    {{0x20, 0x02}, 16},                         /* 6to4 */
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48}, /* AS112 */
    {{0x3f, 0xff}, 20},                         /* documentation */
};

static const guint8 mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static gboolean
is_in (const Range *range, const guint8 *bytes)
{
  guint whole = range->bits / 8, rest = range->bits % 8;
  guint8 mask = 0xff << (8 - rest);

  return memcmp (range->prefix, bytes, whole) == 0 &&
         (rest == 0 || (bytes[whole] & mask) == (range->prefix[whole] & mask));
}

static gboolean
is_in_any (const Range *ranges, gsize n, const guint8 *bytes)
{
  for (gsize i = 0; i < n; i++)
    if (is_in (&ranges[i], bytes))
      return TRUE;
  return FALSE;
}

gboolean
mcu_address_is_public (int family, const guint8 *bytes)
{
  if (family == AF_INET)
    return !is_in_any (not_public_v4, G_N_ELEMENTS (not_public_v4), bytes);
  if (family != AF_INET6)
    return FALSE;
  if (memcmp (bytes, mapped_prefix, sizeof mapped_prefix) == 0)
    return mcu_address_is_public (AF_INET, bytes + sizeof mapped_prefix);
  return (bytes[0] & 0xe0) == 0x20 &&
         !is_in_any (not_public_v6, G_N_ELEMENTS (not_public_v6), bytes);
}

gboolean
mcu_inet_address_is_public (GInetAddress *address)
{
  GSocketFamily family = g_inet_address_get_family (address);

  return mcu_address_is_public (family == G_SOCKET_FAMILY_IPV6 ? AF_INET6 : AF_INET,
                                g_inet_address_to_bytes (address));
}
