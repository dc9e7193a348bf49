/* signaling/rest-rooms.c - handlers of requests that make, change and end rooms.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest-rooms.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/server.h"
#include "signaling/request-body.h"

static void
respond (McuRequest *request, JsonObject *object, const GError *error)
{
  if (object != NULL)
    mcu_respond_json (request->msg, 200, object);
  else
    mcu_respond_error (request->msg, error);
}

static void
respond_done (McuRequest *request, gboolean done, const GError *error)
{
  if (done)
    soup_server_message_set_status (request->msg, 204, NULL);
  else
    mcu_respond_error (request->msg, error);
}

static void
set_location (McuRequest *request, JsonObject *room)
{
  g_autofree char *location = g_strdup_printf ("/v1/rooms/%s", mcu_json_string (room, "name"));

  soup_message_headers_replace (soup_server_message_get_response_headers (request->msg), "Location",
                                location);
}

void
mcu_rest_create_room (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) members = mcu_request_object (request, FALSE, &error);
  gboolean is_new = FALSE;
  JsonObject *room = members != NULL
                         ? mcu_server_create_room (request->server, members, &is_new, &error)
                         : NULL;

  if (room == NULL) {
    mcu_respond_error (request->msg, error);
    return;
  }
  set_location (request, room);
  mcu_respond_json (request->msg, is_new ? 201 : 200, room);
}

void
mcu_rest_patch_room (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) members = mcu_request_object (request, FALSE, &error);
  JsonObject *room = members != NULL ? mcu_server_configure_room (
                                           request->server, request->params[0], members, &error)
                                     : NULL;

  respond (request, room, error);
}

void
mcu_rest_delete_room (McuRequest *request)
{
  if (mcu_server_delete_room (request->server, request->params[0]))
    respond_done (request, TRUE, NULL);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such room");
}

void
mcu_rest_patch_participant (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) members = mcu_request_object (request, FALSE, &error);
  JsonObject *participant = members != NULL ? mcu_server_configure_participant (
                                                  request->server, request->params[0],
                                                  request->params[1], members, &error)
                                            : NULL;

  respond (request, participant, error);
}

void
mcu_rest_delete_participant (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  gboolean done = mcu_server_remove_participant (request->server, request->params[0],
                                                 request->params[1], &error);

  respond_done (request, done, error);
}
