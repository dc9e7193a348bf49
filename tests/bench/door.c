/* tests/bench/door.c - see door.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/door.h"

#include <string.h>

#define PING_EVERY_S 10

struct _McuDoor
{
  McuDoorWay way;
  McuClient *client;               /* unowned */
  GCancellable *cancellable;       /* owned */
  SoupWebsocketConnection *socket; /* owned (nullable) */
  char *participant;               /* owned (nullable) */
  char *resource;                  /* owned (nullable): what to DELETE */
  guint ping_source;
  gboolean is_left;
};

static void
fail (McuDoor *self, const char *why)
{
  if (!self->is_left)
    self->way.events->failed (self->client, why, self->way.user_data);
}

static char *
make_offer (McuDoor *self)
{
  g_autoptr (GError) error = NULL;
  char *offer = mcu_client_offer (self->client, &error);

  if (offer == NULL)
    fail (self, error->message);
  else
    self->way.events->offered (self->client, self->way.user_data);
  return offer;
}

static void
take_answer (McuDoor *self, const char *sdp)
{
  g_autoptr (GError) error = NULL;

  if (!mcu_client_take_answer (self->client, sdp, &error))
    fail (self, error->message);
}

/* WebSocket */

/* Takes @message. */
static void
send_message (McuDoor *self, JsonObject *message)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), message);
  g_autofree char *text = json_to_string (node, FALSE);

  json_object_unref (message);
  if (self->socket != NULL &&
      soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->socket, text);
}

static JsonObject *
new_message (const char *type)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "type", type);
  return message;
}

static void
on_welcome (McuDoor *self, JsonObject *welcome)
{
  g_autofree char *offer = NULL;
  JsonObject *message;

  g_free (self->participant);
  JsonNode *who = json_object_get_member (welcome, "participant");
  if (who != NULL && JSON_NODE_HOLDS_OBJECT (who))
    self->participant = g_strdup (
        json_object_get_string_member_with_default (json_node_get_object (who), "id", ""));
  else
    self->participant = g_strdup (
        json_object_get_string_member_with_default (welcome, "participant", ""));
  offer = make_offer (self);
  if (offer == NULL)
    return;
  message = new_message ("offer");
  json_object_set_int_member (message, "session", 1);
  json_object_set_string_member (message, "sdp", offer);
  send_message (self, message);
}

/* The server asks for a size and a rate; the material has one, so only "nothing" can be obeyed. */
static void
on_send (McuDoor *self, JsonObject *message)
{
  const char *stream = json_object_get_string_member_with_default (message, "stream", "");

  if (strcmp (stream, "camera") == 0)
    mcu_client_pause (self->client,
                      !json_object_get_boolean_member_with_default (message, "active", TRUE));
}

static void
on_object (McuDoor *self, JsonObject *object, const char *text)
{
  const char *type = json_object_get_string_member_with_default (object, "type", "");

  if (strcmp (type, "welcome") == 0)
    on_welcome (self, object);
  else if (strcmp (type, "answer") == 0)
    take_answer (self, json_object_get_string_member_with_default (object, "sdp", ""));
  else if (strcmp (type, "layout") == 0)
    self->way.events->layout (self->client, object, self->way.user_data);
  else if (strcmp (type, "send") == 0)
    on_send (self, object);
  else if (strcmp (type, "error") == 0 || strcmp (type, "bye") == 0 ||
           strcmp (type, "renegotiate") == 0)
    fail (self, text);
}

static void
on_message (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer user_data)
{
  McuDoor *self = user_data;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  if (type != SOUP_WEBSOCKET_DATA_TEXT || !json_parser_load_from_data (parser, text, -1, NULL) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    fail (self, "the server sent something that is no JSON object");
  else
    on_object (self, json_node_get_object (json_parser_get_root (parser)), text);
}

static void
on_closed (SoupWebsocketConnection *socket, gpointer user_data)
{
  fail (user_data, "the server closed the WebSocket");
}

static gboolean
on_ping_due (gpointer user_data)
{
  send_message (user_data, new_message ("ping"));
  return G_SOURCE_CONTINUE;
}

static void
on_websocket (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *socket = soup_session_websocket_connect_finish (SOUP_SESSION (source),
                                                                           result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the door is gone */
  McuDoor *self = user_data;
  if (socket == NULL) {
    fail (self, error->message);
    return;
  }
  self->socket = socket;
  g_signal_connect (socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);

  JsonObject *join = new_message ("join");
  g_autofree char *name = g_strdup_printf ("Load %u", mcu_client_index (self->client));
  json_object_set_string_member (join, "name", name);
  if (self->way.token != NULL)
    json_object_set_string_member (join, "token", self->way.token);
  if (self->way.is_viewer)
    json_object_set_boolean_member (join, "viewer", TRUE);
  send_message (self, join);
  self->ping_source = g_timeout_add_seconds (PING_EVERY_S, on_ping_due, self);
}

static void
enter_websocket (McuDoor *self)
{
  g_autofree char *url = g_strdup_printf ("%s/v1/rooms/%s/signal", self->way.server,
                                          self->way.room);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  char *protocols[] = {(char *) "tessera.v1", NULL};

  if (message == NULL)
    fail (self, "not an http address");
  else
    soup_session_websocket_connect_async (self->way.session, message, self->way.server, protocols,
                                          G_PRIORITY_DEFAULT, self->cancellable, on_websocket,
                                          self);
}

/* WHIP and WHEP */

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes)
      body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the door is gone */
  McuDoor *self = user_data;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autofree char *text = body != NULL
                              ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
                              : NULL;

  if (text == NULL || soup_message_get_status (message) != 201) {
    fail (self, text != NULL ? text : error->message);
    return;
  }
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                       "Location");
  if (location != NULL)
    self->resource = g_uri_resolve_relative (self->way.server, location, SOUP_HTTP_URI_FLAGS, NULL);
  take_answer (self, text);
}

static void
enter_http (McuDoor *self)
{
  g_autofree char *url = g_strdup_printf ("%s/%s/%s", self->way.server,
                                          self->way.is_viewer ? "whep" : "whip", self->way.room);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  char *offer = message != NULL ? make_offer (self) : NULL;

  if (offer == NULL)
    return;
  g_autoptr (GBytes) body = g_bytes_new_take (offer, strlen (offer));
  soup_message_set_request_body_from_bytes (message, "application/sdp", body);
  if (self->way.token != NULL) {
    g_autofree char *bearer = g_strdup_printf ("Bearer %s", self->way.token);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  }
  soup_session_send_and_read_async (self->way.session, message, G_PRIORITY_DEFAULT,
                                    self->cancellable, on_posted, self);
}

McuDoor *
mcu_door_enter (const McuDoorWay *way, McuClient *client)
{
  McuDoor *self = g_new0 (McuDoor, 1);

  self->way = *way;
  self->client = client;
  self->cancellable = g_cancellable_new ();
  if (way->over_http)
    enter_http (self);
  else
    enter_websocket (self);
  return self;
}

void
mcu_door_leave (McuDoor *self)
{
  self->is_left = TRUE;
  if (self->socket != NULL) {
    send_message (self, new_message ("leave"));
    if (soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_close (self->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  }
  if (self->resource != NULL) {
    g_autoptr (SoupMessage) message = soup_message_new ("DELETE", self->resource);

    if (message != NULL)
      soup_session_send_async (self->way.session, message, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
    g_clear_pointer (&self->resource, g_free);
  }
}

void
mcu_door_free (McuDoor *self)
{
  self->is_left = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->ping_source, g_source_remove);
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
  g_clear_object (&self->cancellable);
  g_free (self->participant);
  g_free (self->resource);
  g_free (self);
}

const char *
mcu_door_participant (McuDoor *self)
{
  return self->participant;
}
