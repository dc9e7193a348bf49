/* mcu/local-addresses.c - which addresses this machine has.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/local-addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <gio/gio.h>

gboolean
mcu_address_is_loopback (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address == NULL)
    return g_ascii_strcasecmp (text, "localhost") == 0;
  return g_inet_address_get_is_loopback (address);
}

static GInetAddress *
to_address (const struct sockaddr *from)
{
  if (from == NULL)
    return NULL;
  if (from->sa_family == AF_INET)
    return g_inet_address_new_from_bytes (
        (const guint8 *) &((const struct sockaddr_in *) from)->sin_addr, G_SOCKET_FAMILY_IPV4);
  if (from->sa_family == AF_INET6)
    return g_inet_address_new_from_bytes (
        (const guint8 *) &((const struct sockaddr_in6 *) from)->sin6_addr, G_SOCKET_FAMILY_IPV6);
  return NULL;
}

static void
collect (GPtrArray *into, const struct ifaddrs *all, GSocketFamily family)
{
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
    g_autoptr (GInetAddress) address = to_address (one->ifa_addr);

    if (address == NULL || g_inet_address_get_family (address) != family ||
        (one->ifa_flags & IFF_UP) == 0 || into->len >= MCU_MAX_MEDIA_ADDRESSES ||
        g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address))
      continue;
    g_ptr_array_add (into, g_inet_address_to_string (address));
  }
}

char **
mcu_local_addresses (gboolean loopback_only)
{
  GPtrArray *found = g_ptr_array_new ();
  struct ifaddrs *all = NULL;

  if (!loopback_only && getifaddrs (&all) == 0) {
    collect (found, all, G_SOCKET_FAMILY_IPV4);
    collect (found, all, G_SOCKET_FAMILY_IPV6);
    freeifaddrs (all);
  }
  if (found->len == 0)
    g_ptr_array_add (found, g_strdup ("127.0.0.1"));
  g_ptr_array_add (found, NULL);
  return (char **) g_ptr_array_free (found, FALSE);
}
