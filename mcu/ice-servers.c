/* mcu/ice-servers.c - STUN and TURN servers for clients, with credentials that expire.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/id.h"
#include "mcu/config.h"
#include "mcu/server.h"

#define SHA1_BYTES 20

/* Source: draft-uberti-behave-turn-rest-00, as coturn's use-auth-secret has it: the user name is
 * the time of expiry, the password base64 (HMAC-SHA1 (secret, user name)). */
static char *
make_password (const char *secret, const char *user)
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) secret, strlen (secret));
  guint8 digest[SHA1_BYTES];
  gsize n = sizeof digest;

  g_hmac_update (hmac, (const guint8 *) user, -1);
  g_hmac_get_digest (hmac, digest, &n);
  g_hmac_unref (hmac);
  return g_base64_encode (digest, n);
}

static JsonObject *
new_server (McuConfig *config, const char *url)
{
  JsonObject *server = json_object_new ();
  JsonArray *urls = json_array_new ();
  const char *secret = mcu_config_get_string (config, MCU_SETTING_TURN_SECRET);

  json_array_add_string_element (urls, url);
  json_object_set_array_member (server, "urls", urls);
  if (g_str_has_prefix (url, "turn") && secret[0] != '\0') {
    gint64 until = g_get_real_time () / G_USEC_PER_SEC +
                   mcu_config_get_int (config, MCU_SETTING_TURN_TTL_S);
    g_autofree char *nonce = mcu_id_new (NULL);
    g_autofree char *user = g_strdup_printf ("%" G_GINT64_FORMAT ":%.8s", until, nonce);
    g_autofree char *password = make_password (secret, user);

    json_object_set_string_member (server, "username", user);
    json_object_set_string_member (server, "credential", password);
  }
  return server;
}

JsonArray *
mcu_server_ice_servers (McuServer *self)
{
  McuConfig *config = mcu_server_get_config (self);
  const char *const *urls = mcu_config_get_strings (config, MCU_SETTING_TURN_URLS);
  JsonArray *servers = json_array_new ();

  for (gsize i = 0; urls[i] != NULL; i++)
    json_array_add_object_element (servers, new_server (config, urls[i]));
  return servers;
}
