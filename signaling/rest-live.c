/* signaling/rest-live.c - handlers of live outputs, inputs and HLS (docs/live.md).
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest-live.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/server.h"
#include "signaling/request-body.h"

#define PLAYLIST "index.m3u8"

typedef JsonObject *(*AddFunc) (McuServer *server, const char *room_name, JsonObject *wanted,
                                GError **error);

static void
add (McuRequest *request, const char *what, AddFunc func)
{
  g_autoptr (JsonObject) wanted = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *location = NULL;
  JsonObject *made = NULL;

  wanted = mcu_request_object (request, FALSE, &error);
  if (wanted != NULL)
    made = func (request->server, request->params[0], wanted, &error);
  if (made == NULL) {
    mcu_respond_error (request->msg, error);
    return;
  }
  location = g_strdup_printf ("/v1/rooms/%s/%s/%s", request->params[0], what,
                              json_object_get_string_member (made, "id"));
  soup_message_headers_replace (soup_server_message_get_response_headers (request->msg), "Location",
                                location);
  mcu_respond_json (request->msg, 201, made);
}

static void
list (McuRequest *request, JsonObject *found)
{
  if (found != NULL)
    mcu_respond_json (request->msg, 200, found);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such room");
}

static void
removed (McuRequest *request, gboolean was_there)
{
  if (was_there)
    soup_server_message_set_status (request->msg, 204, NULL);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is none of this id");
}

void
mcu_rest_add_stream (McuRequest *request)
{
  add (request, "streams", mcu_server_add_stream);
}

void
mcu_rest_streams (McuRequest *request)
{
  list (request, mcu_server_list_streams (request->server, request->params[0]));
}

void
mcu_rest_remove_stream (McuRequest *request)
{
  removed (request,
           mcu_server_remove_stream (request->server, request->params[0], request->params[1]));
}

void
mcu_rest_add_input (McuRequest *request)
{
  add (request, "inputs", mcu_server_add_input);
}

void
mcu_rest_inputs (McuRequest *request)
{
  list (request, mcu_server_list_inputs (request->server, request->params[0]));
}

void
mcu_rest_remove_input (McuRequest *request)
{
  removed (request,
           mcu_server_remove_input (request->server, request->params[0], request->params[1]));
}

/* ---- HLS ---- */

static void
allow_any_origin (SoupServerMessage *msg)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);

  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace (headers, "Access-Control-Expose-Headers", "Content-Length, Date");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "cross-origin");
}

static void
respond_playlist (McuRequest *request, char *playlist)
{
  mcu_respond_text (request->msg, "application/vnd.apple.mpegurl", playlist);
}

static void
respond_segment (McuRequest *request, GBytes *segment)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->msg);

  soup_server_message_set_status (request->msg, 200, NULL);
  soup_message_headers_set_content_type (headers, "video/mp2t", NULL);
  /* A number is never used again. */
  soup_message_headers_replace (headers, "Cache-Control", "public, max-age=60, immutable");
  soup_message_body_append_bytes (soup_server_message_get_response_body (request->msg), segment);
}

void
mcu_rest_hls (McuRequest *request)
{
  const char *id = request->params[0], *name = request->params[1];
  g_autoptr (GBytes) segment = NULL;
  char *playlist = NULL;

  allow_any_origin (request->msg);
  if (strcmp (name, PLAYLIST) == 0)
    playlist = mcu_server_hls_playlist (request->server, id);
  else
    segment = mcu_server_hls_segment (request->server, id, name);
  if (playlist != NULL)
    respond_playlist (request, playlist);
  else if (segment != NULL)
    respond_segment (request, segment);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is nothing to play here (yet)");
}

void
mcu_rest_hls_options (McuRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->msg);

  allow_any_origin (request->msg);
  soup_message_headers_replace (headers, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers", "Range");
  soup_server_message_set_status (request->msg, 204, NULL);
}
