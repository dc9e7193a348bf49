/* signaling/refusal.c - an answer before the request was read.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/refusal.h"

#include <string.h>

#include "mcu/base/json-check.h"
#include "signaling/guarded-stream.h"
#include "signaling/http-error.h"
#include "signaling/listener.h"

static void
append_header (const char *name, const char *value, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

static GBytes *
response_of (SoupServerMessage *msg, const GError *error)
{
  g_autoptr (JsonObject) problem = mcu_http_problem (error);
  g_autofree char *body = mcu_json_to_text (problem);
  guint status = mcu_http_status_of (error);
  GString *text = g_string_new (NULL);

  g_string_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_foreach (soup_server_message_get_response_headers (msg), append_header,
                                text);
  g_string_append_printf (text,
                          "Content-Type: application/problem+json\r\nContent-Length: %zu\r\n"
                          "Cache-Control: no-store\r\nConnection: close\r\n\r\n%s",
                          strlen (body), body);
  return g_string_free_to_bytes (text);
}

void
mcu_refuse_now (SoupServerMessage *msg, const GError *error)
{
  McuGuardedStream *stream = mcu_listener_stream_of (soup_server_message_get_remote_address (msg));
  g_autoptr (McuGuardedStream) kept = stream != NULL ? g_object_ref (stream) : NULL;
  GBytes *response = response_of (msg, error);
  g_autoptr (GIOStream) stolen = soup_server_message_steal_connection (msg);

  if (kept != NULL)
    mcu_guarded_stream_refuse (kept, response);
  else
    g_bytes_unref (response);
}
