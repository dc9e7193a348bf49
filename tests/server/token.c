/* tests/server/token.c - signs tokens, independently of the program's own code.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/server/harness.h"

static char *
base64url (const guint8 *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

char *
token_sign (const char *secret, const char *claims)
{
  g_autofree char *json = g_strdelimit (g_strdup (claims), "'", '"');
  g_autofree char *head = base64url ((const guint8 *) "{\"alg\":\"HS256\"}", 15);
  g_autofree char *body = base64url ((const guint8 *) json, strlen (json));
  g_autofree char *text = g_strconcat (head, ".", body, NULL);
  g_autofree char *tail = NULL;
  guint8 mac[32];
  gsize n = sizeof mac;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) secret, strlen (secret));

  g_hmac_update (hmac, (const guint8 *) text, -1);
  g_hmac_get_digest (hmac, mac, &n);
  g_hmac_unref (hmac);
  tail = base64url (mac, n);
  return g_strconcat (text, ".", tail, NULL);
}
