/* signaling/page-headers.c - what every answer tells the browser about safety.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/page-headers.h"

#include <string.h>

#include "mcu/config.h"

#define MAX_HOST_BYTES 255

/* A Host that could end the policy's directive stays out of it. */
static gboolean
is_plain_host (const char *host)
{
  gsize length = host != NULL ? strlen (host) : 0;

  if (length == 0 || length > MAX_HOST_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (host[i]) && strchr (".-:[]", host[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* 'self' does not stand for WebSockets of our own origin in every browser, so they are named. */
static char *
sockets_of (const char *host)
{
  return is_plain_host (host) ? g_strdup_printf (" ws://%s wss://%s", host, host) : g_strdup ("");
}

void
mcu_add_page_headers (SoupMessageHeaders *headers, McuConfig *config, const char *host)
{
  const char *const *ancestors = mcu_config_get_strings (config, MCU_SETTING_HTTP_FRAME_ANCESTORS);
  g_autofree char *who = ancestors != NULL && ancestors[0] != NULL
                             ? g_strjoinv (" ", (char **) ancestors)
                             : g_strdup ("'none'");
  g_autofree char *sockets = sockets_of (host);
  g_autofree char *policy = g_strdup_printf (
      "default-src 'none'; script-src 'self'; style-src 'self'; "
      "img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
      "font-src 'self'; manifest-src 'self'; worker-src 'self'; "
      "connect-src 'self'%s; base-uri 'none'; form-action 'self'; "
      "frame-ancestors %s",
      sockets, who);

  soup_message_headers_replace (headers, "Content-Security-Policy", policy);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cross-Origin-Opener-Policy", "same-origin");
}
