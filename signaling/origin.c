/* signaling/origin.c - Host and Origin: which names of a request may be believed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/origin.h"

#include <gio/gio.h>
#include <string.h>

/* Source: RFC 9110, 7.2: uri-host [ ":" port ]; an IPv6 address stands in brackets. */
static char *
name_of_host (const char *host)
{
  const char *end;

  if (host == NULL || *host == '\0')
    return NULL;
  if (*host == '[') {
    end = strchr (host, ']');
    return end != NULL && (end[1] == '\0' || end[1] == ':') ? g_strndup (host + 1, end - host - 1)
                                                            : NULL;
  }
  end = strchr (host, ':');
  return end != NULL ? g_ascii_strdown (host, end - host) : g_ascii_strdown (host, -1);
}

static const char *
authority_of_origin (const char *origin)
{
  const char *colon = origin != NULL ? strstr (origin, "://") : NULL;

  return colon != NULL ? colon + 3 : NULL;
}

gboolean
mcu_host_is_loopback (const char *host)
{
  g_autofree char *name = name_of_host (host);
  g_autoptr (GInetAddress) address = NULL;

  if (name == NULL)
    return FALSE;
  if (strcmp (name, "localhost") == 0 || strcmp (name, "localhost.") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (name);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
mcu_host_is_address (const char *host, const char *address)
{
  g_autofree char *name = name_of_host (host);
  g_autoptr (GInetAddress) named = name != NULL ? g_inet_address_new_from_string (name) : NULL;
  g_autoptr (GInetAddress) ours = g_inet_address_new_from_string (address);

  return named != NULL && ours != NULL && g_inet_address_equal (named, ours);
}

gboolean
mcu_origin_is_own (const char *origin, const char *host)
{
  const char *authority = authority_of_origin (origin);

  return authority != NULL && host != NULL && g_ascii_strcasecmp (authority, host) == 0;
}

gboolean
mcu_origin_is_loopback (const char *origin)
{
  return mcu_host_is_loopback (authority_of_origin (origin));
}

gboolean
mcu_origin_is_listed (const char *origin, const char *const *allowed)
{
  for (guint i = 0; origin != NULL && allowed != NULL && allowed[i] != NULL; i++)
    if (strcmp (allowed[i], "*") == 0 || g_ascii_strcasecmp (allowed[i], origin) == 0)
      return TRUE;
  return FALSE;
}
