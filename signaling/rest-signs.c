/* signaling/rest-signs.c - handlers of the REST requests about what is drawn beside tiles.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest-signs.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/server.h"
#include "signaling/request-body.h"

static GBytes *
get_body (McuRequest *request)
{
  return soup_message_body_flatten (soup_server_message_get_request_body (request->msg));
}

void
mcu_rest_caption (McuRequest *request)
{
  JsonObject *caption = mcu_server_get_caption (request->server, request->params[0]);

  if (caption != NULL)
    mcu_respond_json (request->msg, 200, caption);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such room");
}

static void
set_caption (McuRequest *request, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (mcu_server_set_caption (request->server, request->params[0], text, &error))
    mcu_rest_caption (request);
  else
    mcu_respond_error (request->msg, error);
}

void
mcu_rest_set_caption (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) wanted = mcu_request_object (request, FALSE, &error);

  if (wanted == NULL)
    mcu_respond_error (request->msg, error);
  else if (!json_object_has_member (wanted, "text") ||
           (mcu_json_string (wanted, "text") == NULL &&
            !json_object_get_null_member (wanted, "text")))
    mcu_respond_problem (request->msg, MCU_ERROR_BAD_REQUEST, "text: not a string, nor null");
  else
    set_caption (request, mcu_json_string (wanted, "text"));
}

void
mcu_rest_remove_caption (McuRequest *request)
{
  set_caption (request, NULL);
}

static void
set_avatar (McuRequest *request, const char *bytes, gsize size)
{
  g_autoptr (GError) error = NULL;

  if (mcu_server_set_avatar (request->server, request->params[0], request->params[1], bytes, size,
                             &error))
    soup_server_message_set_status (request->msg, 204, NULL);
  else
    mcu_respond_error (request->msg, error);
}

void
mcu_rest_set_avatar (McuRequest *request)
{
  const char *type = soup_message_headers_get_content_type (
      soup_server_message_get_request_headers (request->msg), NULL);
  g_autoptr (GBytes) body = get_body (request);
  gsize size;
  const char *bytes = g_bytes_get_data (body, &size);

  if (g_strcmp0 (type, "image/png") != 0 && g_strcmp0 (type, "image/jpeg") != 0)
    mcu_respond_problem (request->msg, MCU_ERROR_UNSUPPORTED_TYPE, "image/png or image/jpeg");
  else
    set_avatar (request, bytes != NULL ? bytes : "", size);
}

void
mcu_rest_remove_avatar (McuRequest *request)
{
  set_avatar (request, NULL, 0);
}
