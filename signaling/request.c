/* signaling/request.c - one HTTP request on its way through the routes, and the answers to it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/request.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "signaling/http-error.h"

#define RETRY_AFTER_S "5"

const char *
mcu_request_query (McuRequest *self, const char *name)
{
  return self->query != NULL ? g_hash_table_lookup (self->query, name) : NULL;
}

const char *
mcu_request_room (McuRequest *self, GError **error)
{
  if (mcu_room_name_is_valid (self->params[0]))
    return self->params[0];
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_ROOM_NAME,
                       "a room's name is 1 to 64 of A-Z a-z 0-9 . _ - and does not start with .");
  return NULL;
}

static void
respond_object (SoupServerMessage *msg, guint status, const char *content_type, JsonObject *object)
{
  char *text = mcu_json_to_text (object);

  soup_server_message_set_status (msg, status, NULL);
  soup_server_message_set_response (msg, content_type, SOUP_MEMORY_TAKE, text, strlen (text));
  soup_message_headers_replace (soup_server_message_get_response_headers (msg), "Cache-Control",
                                "no-store");
  json_object_unref (object);
}

void
mcu_respond_json (SoupServerMessage *msg, guint status, JsonObject *object)
{
  respond_object (msg, status, "application/json", object);
}

void
mcu_respond_text (SoupServerMessage *msg, const char *content_type, char *text)
{
  soup_server_message_set_status (msg, 200, NULL);
  soup_server_message_set_response (msg, content_type, SOUP_MEMORY_TAKE, text, strlen (text));
  soup_message_headers_replace (soup_server_message_get_response_headers (msg), "Cache-Control",
                                "no-store");
}

void
mcu_respond_error (SoupServerMessage *msg, const GError *error)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  guint status = mcu_http_status_of (error);

  if (status == 500)
    g_warning ("%s %s: %s", soup_server_message_get_method (msg),
               g_uri_get_path (soup_server_message_get_uri (msg)), error->message);
  if (status == 401)
    soup_message_headers_replace (headers, "WWW-Authenticate", "Bearer");
  if (status == 503 || status == 429)
    soup_message_headers_replace (headers, "Retry-After", RETRY_AFTER_S);
  respond_object (msg, status, "application/problem+json", mcu_http_problem (error));
}

void
mcu_respond_problem (SoupServerMessage *msg, guint error_code, const char *detail)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, error_code, detail);

  mcu_respond_error (msg, error);
}

static void
look_for_forwarded (const char *name, const char *value, gpointer user_data)
{
  gboolean *is_forwarded = user_data;

  if (g_ascii_strcasecmp (name, "Forwarded") == 0 ||
      g_ascii_strncasecmp (name, "X-Forwarded-", strlen ("X-Forwarded-")) == 0 ||
      g_ascii_strcasecmp (name, "X-Real-IP") == 0)
    *is_forwarded = TRUE;
}

void
mcu_request_facts_init (McuRequestFacts *facts, SoupServerMessage *msg, GHashTable *query)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);
  GInetSocketAddress *remote = G_INET_SOCKET_ADDRESS (soup_server_message_get_remote_address (msg));
  GInetSocketAddress *local = G_INET_SOCKET_ADDRESS (soup_server_message_get_local_address (msg));

  *facts = (McuRequestFacts){
      .peer_is_loopback = g_inet_address_get_is_loopback (
          g_inet_socket_address_get_address (remote)),
      .host = soup_message_headers_get_one (headers, "Host"),
      .origin = soup_message_headers_get_one (headers, "Origin"),
      .authorization = soup_message_headers_get_one (headers, "Authorization"),
      .access_token = query != NULL ? g_hash_table_lookup (query, "access_token") : NULL,
      .own_address = g_inet_address_to_string (g_inet_socket_address_get_address (local)),
  };
  soup_message_headers_foreach (headers, look_for_forwarded, &facts->is_forwarded);
}

void
mcu_request_facts_clear (McuRequestFacts *facts)
{
  g_free ((char *) facts->own_address);
  facts->own_address = NULL;
}
