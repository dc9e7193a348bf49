/* signaling/ws-session.c - one WebSocket: bytes and frames here, people in mcu/client.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/ws-session.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/client.h"
#include "mcu/rate.h"
#include "signaling/ws-message.h"

/* A client that cannot speak is told so a few times and then left. */
#define MAX_BAD_FRAMES 5
/* A page sends a few frames a second; candidates and a roster of answers come in bursts. Below what
 * mcu/client.h takes, so that who is too quick is told before they are let go. */
#define FRAME_BURST 100
#define FRAMES_PER_SECOND 25
#define MAX_EXCESS_FRAMES 100
/* Source: RFC 6455, 5.5: a control frame is at most 125 bytes, with header and mask 131. */
#define MAX_PONG_BYTES 131

struct _McuWsSession
{
  McuAuth *auth; /* unowned */
  McuClient *client;
  SoupWebsocketConnection *connection;
  McuGuardedStream *stream; /* (nullable) */
  char *room_name;
  char *token; /* (nullable) of the request */
  McuWsSessionClosedFunc on_closed;
  gpointer user_data;

  guint64 handed_bytes; /* to libsoup, whose queue has no bound */
  guint64 written_before_bytes;
  guint n_bad_frames;
  guint n_excess_frames; /* since the last good one */
  McuRate frame_rate;
  guint16 close_code; /* 0: the one that goes with the `bye` */
  guint close_id;     /* an idle that ends it as `slow` */
  gint64 last_ping_us;
  gboolean has_joined;
  gboolean said_bye;
};

/* Source: RFC 6455, 5.2: the server's frames have no mask. */
static gsize
frame_bytes (gsize payload)
{
  return payload + (payload < 126 ? 2 : payload <= G_MAXUINT16 ? 4 : 10);
}

/* Pings are written too, and not handed over by us: never count below zero for them. */
static guint64
queued_bytes (McuWsSession *self)
{
  guint64 written;

  if (self->stream == NULL)
    return 0;
  written = mcu_guarded_stream_get_guard (self->stream)->written_total_bytes -
            self->written_before_bytes;
  if (written > self->handed_bytes)
    self->handed_bytes = written;
  return self->handed_bytes - written;
}

static gboolean
end_as_slow (gpointer user_data)
{
  McuWsSession *self = user_data;

  self->close_id = 0;
  mcu_client_close (self->client, "slow", "it does not read what it is sent");
  mcu_guarded_stream_cut (self->stream, "slow");
  return G_SOURCE_REMOVE;
}

static void
send_object (McuWsSession *self, JsonObject *message)
{
  g_autofree char *text = NULL;

  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN ||
      self->close_id != 0)
    return;
  if (queued_bytes (self) > MCU_WS_MAX_QUEUED_BYTES) {
    self->close_id = g_idle_add (end_as_slow, self);
    return;
  }
  text = mcu_json_to_text (message);
  self->handed_bytes += frame_bytes (strlen (text));
  soup_websocket_connection_send_text (self->connection, text);
}

/* What mcu/ tells us to do; it must not be called from in here. */

static void
ops_send (gpointer owner, JsonObject *message)
{
  send_object (owner, message);
}

static void
ops_bye (gpointer owner, const char *code, const char *reason, guint retry_after_ms)
{
  McuWsSession *self = owner;
  g_autoptr (JsonObject) message = json_object_new ();

  if (self->said_bye)
    return;
  self->said_bye = TRUE;
  json_object_set_string_member (message, "type", "bye");
  json_object_set_string_member (message, "code", code);
  json_object_set_string_member (message, "reason", reason);
  if (retry_after_ms > 0)
    json_object_set_int_member (message, "retry_after_ms", retry_after_ms);
  send_object (self, message);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (
        self->connection, self->close_code != 0 ? self->close_code : mcu_ws_close_code (code),
        code);
}

static const McuClientOps client_ops = {.send = ops_send, .bye = ops_bye};

/* The way in. */

static const char *
bye_code_of (const GError *error)
{
  return error->code == MCU_ERROR_TOKEN_MISSING || error->code == MCU_ERROR_TOKEN_EXPIRED
             ? mcu_error_code_of (error)
             : "token_invalid";
}

/* Returns: FALSE: refused, and told so. */
static gboolean
admit (McuWsSession *self, JsonObject *join)
{
  const char *token = mcu_json_string (join, "token");
  g_auto (McuGrant) grant = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (McuPass) pass = NULL;

  if (token == NULL)
    token = self->token;
  if (mcu_auth_check_join (self->auth, token, self->room_name, &grant, &error)) {
    pass = mcu_grant_to_pass (&grant);
    mcu_client_set_pass (self->client, pass);
    return TRUE;
  }
  if (mcu_json_string (join, "resume") == NULL ||
      (error->code != MCU_ERROR_TOKEN_EXPIRED && error->code != MCU_ERROR_TOKEN_MISSING)) {
    mcu_client_close (self->client, bye_code_of (error), error->message);
    return FALSE;
  }
  mcu_client_set_only_resume (self->client, bye_code_of (error), error->message);
  return TRUE;
}

static void
pass_on (McuWsSession *self, JsonObject *message)
{
  if (!self->has_joined && g_strcmp0 (mcu_json_string (message, "type"), "join") == 0) {
    if (!admit (self, message))
      return;
    self->has_joined = TRUE;
  }
  mcu_client_receive (self->client, message);
}

static void
answer_bad_frame (McuWsSession *self, const GError *error)
{
  g_autoptr (JsonObject) message = NULL;

  if (g_error_matches (error, MCU_ERROR, MCU_ERROR_TOO_LARGE))
    self->close_code = SOUP_WEBSOCKET_CLOSE_TOO_BIG;
  if (self->close_code != 0 || ++self->n_bad_frames > MAX_BAD_FRAMES) {
    mcu_client_close (self->client, "protocol", error->message);
    return;
  }
  message = mcu_ws_message_error (error, FALSE);
  send_object (self, message);
}

/* Returns: FALSE when this frame is over the rate, and has been answered. */
static gboolean
check_rate (McuWsSession *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) message = NULL;

  if (mcu_rate_take (&self->frame_rate, g_get_monotonic_time ())) {
    self->n_excess_frames = 0;
    return TRUE;
  }
  if (++self->n_excess_frames > MAX_EXCESS_FRAMES) {
    mcu_client_close (self->client, "protocol", "too many messages");
    return FALSE;
  }
  error = g_error_new (MCU_ERROR, MCU_ERROR_RATE_LIMITED, "more than %d messages a second",
                       FRAMES_PER_SECOND);
  message = mcu_ws_message_error (error, FALSE);
  send_object (self, message);
  return FALSE;
}

static void
on_message (SoupWebsocketConnection *connection, gint type, GBytes *data, gpointer user_data)
{
  McuWsSession *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) message = NULL;

  if (self->stream != NULL)
    mcu_guard_message (mcu_guarded_stream_get_guard (self->stream));
  if (self->said_bye)
    return;
  if (!check_rate (self))
    return;
  if (type != SOUP_WEBSOCKET_DATA_TEXT) {
    mcu_client_close (self->client, "protocol", "only text frames are understood");
    return;
  }
  message = mcu_ws_message_parse (g_bytes_get_data (data, NULL), g_bytes_get_size (data), &error);
  if (message != NULL)
    pass_on (self, message);
  else
    answer_bad_frame (self, error);
}

/* libsoup's ping every MCU_GUARD_PING_S; one pong of each is not on the message's bill. */
static void
on_pong (SoupWebsocketConnection *connection, GBytes *data, gpointer user_data)
{
  McuWsSession *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (self->stream == NULL || now_us - self->last_ping_us < MCU_GUARD_PING_S * G_USEC_PER_SEC / 2)
    return;
  self->last_ping_us = now_us;
  mcu_guard_forgive (mcu_guarded_stream_get_guard (self->stream), MAX_PONG_BYTES);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer user_data)
{
  McuWsSession *self = user_data;

  self->on_closed (self, self->user_data);
}

McuWsSession *
mcu_ws_session_new (McuServer *server, McuAuth *auth, const char *room_name, const char *token,
                    SoupWebsocketConnection *connection, McuGuardedStream *stream,
                    McuWsSessionClosedFunc closed, gpointer user_data)
{
  McuWsSession *self = g_new0 (McuWsSession, 1);

  self->auth = auth;
  self->connection = g_object_ref (connection);
  self->room_name = g_strdup (room_name);
  self->token = g_strdup (token);
  self->on_closed = closed;
  self->user_data = user_data;
  self->last_ping_us = g_get_monotonic_time ();
  mcu_rate_init (&self->frame_rate, FRAME_BURST, FRAMES_PER_SECOND, self->last_ping_us);
  if (stream != NULL) {
    self->stream = g_object_ref (stream);
    mcu_guarded_stream_enter (stream, MCU_GUARD_WEBSOCKET);
    self->written_before_bytes = mcu_guarded_stream_get_guard (stream)->written_total_bytes;
  }
  /* The door's stream bounds what comes, and says 1009; libsoup would just hang up. */
  soup_websocket_connection_set_max_incoming_payload_size (
      connection, stream != NULL ? 0 : MCU_WS_MESSAGE_MAX_BYTES);
  soup_websocket_connection_set_keepalive_interval (connection, MCU_GUARD_PING_S);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  self->client = mcu_client_new (server, room_name, &client_ops, self);
  return self;
}

void
mcu_ws_session_free (McuWsSession *self)
{
  g_clear_handle_id (&self->close_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  self->said_bye = TRUE;
  mcu_client_free (self->client);
  g_object_unref (self->connection);
  g_clear_object (&self->stream);
  g_free (self->room_name);
  g_free (self->token);
  g_free (self);
}
