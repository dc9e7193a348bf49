/* signaling/rest.c - handlers of the REST requests.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest.h"

#include "layouts/layout-file.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/server.h"
#include "signaling/metrics-text.h"

static guint
limit_of (McuRequest *request)
{
  const char *text = mcu_request_query (request, "limit");
  guint64 limit;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, MCU_LIST_MAX, &limit, NULL))
    return MCU_LIST_MAX;
  return limit;
}

void
mcu_rest_healthz (McuRequest *request)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "status", "ok");
  mcu_respond_json (request->msg, 200, object);
}

void
mcu_rest_readyz (McuRequest *request)
{
  JsonObject *object = json_object_new ();
  JsonArray *reasons = NULL;
  gboolean is_ready = mcu_server_is_ready (request->server, &reasons);

  json_object_set_boolean_member (object, "ready", is_ready);
  json_object_set_array_member (object, "reasons", reasons != NULL ? reasons : json_array_new ());
  mcu_respond_json (request->msg, is_ready ? 200 : 503, object);
}

void
mcu_rest_rooms (McuRequest *request)
{
  mcu_respond_json (request->msg, 200,
                    mcu_server_list_rooms (request->server, limit_of (request),
                                           mcu_request_query (request, "after")));
}

static void
respond_or_not_found (McuRequest *request, JsonObject *object)
{
  if (object != NULL)
    mcu_respond_json (request->msg, 200, object);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such room");
}

void
mcu_rest_room (McuRequest *request)
{
  respond_or_not_found (request, mcu_server_get_room (request->server, request->params[0]));
}

void
mcu_rest_room_layout (McuRequest *request)
{
  respond_or_not_found (request, mcu_server_get_room_layout (request->server, request->params[0]));
}

void
mcu_rest_set_room_layout (McuRequest *request)
{
  g_autoptr (GBytes)
      body = soup_message_body_flatten (soup_server_message_get_request_body (request->msg));
  g_autoptr (JsonObject) wanted = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (body, &size);

  wanted = mcu_json_parse_object (text, size, &error);
  if (wanted == NULL || !mcu_layout_check_members (text, size, "layout", &error) ||
      !mcu_server_set_room_layout (request->server, request->params[0], wanted, &error))
    mcu_respond_error (request->msg, error);
  else
    mcu_rest_room_layout (request);
}

void
mcu_rest_layouts (McuRequest *request)
{
  mcu_respond_json (request->msg, 200, mcu_server_list_layouts (request->server));
}

void
mcu_rest_layout (McuRequest *request)
{
  JsonObject *layout = mcu_server_get_layout (request->server, request->params[0]);

  if (layout != NULL)
    mcu_respond_json (request->msg, 200, layout);
  else
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such layout");
}

void
mcu_rest_participants (McuRequest *request)
{
  respond_or_not_found (request, mcu_server_list_participants (
                                     request->server, request->params[0], limit_of (request),
                                     mcu_request_query (request, "after")));
}

void
mcu_rest_stats (McuRequest *request)
{
  mcu_respond_json (request->msg, 200, mcu_server_stats (request->server));
}

static void
on_sample (const char *name, McuMetricType type, const char *help, const char *suffix,
           const char *labels, double value, gpointer user_data)
{
  static const McuMetricsTextType types[] = {[MCU_METRIC_COUNTER] = MCU_METRICS_TEXT_COUNTER,
                                             [MCU_METRIC_GAUGE] = MCU_METRICS_TEXT_GAUGE,
                                             [MCU_METRIC_HISTOGRAM] = MCU_METRICS_TEXT_HISTOGRAM};

  mcu_metrics_text_add (user_data, name, types[type], help, suffix, labels, value);
}

static void
add_door (McuMetricsText *text, const McuDoorFigures *door)
{
  mcu_metrics_text_add (text, "tessera_connections", MCU_METRICS_TEXT_GAUGE,
                        "Connections to the door, WebSockets included.", "", "",
                        door->n_connections);
  mcu_metrics_text_add (text, "tessera_websockets", MCU_METRICS_TEXT_GAUGE, "Open WebSockets.", "",
                        "", door->n_websockets);
  mcu_metrics_text_add (text, "tessera_connections_cut_total", MCU_METRICS_TEXT_COUNTER,
                        "Connections cut or turned away: too slow, too much, one too many.", "", "",
                        door->n_cut);
}

void
mcu_rest_metrics (McuRequest *request)
{
  McuMetricsText *text = mcu_metrics_text_new ();

  mcu_server_visit_metrics (request->server, on_sample, text);
  add_door (text, request->door);
  mcu_respond_text (request->msg, "text/plain; version=0.0.4; charset=utf-8",
                    mcu_metrics_text_finish (text));
}

void
mcu_rest_drain (McuRequest *request)
{
  gboolean draining = g_str_equal (soup_server_message_get_method (request->msg), "PUT");
  JsonObject *object = json_object_new ();

  mcu_server_set_draining (request->server, draining);
  json_object_set_boolean_member (object, "draining", mcu_server_is_draining (request->server));
  mcu_respond_json (request->msg, 200, object);
}
