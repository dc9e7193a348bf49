/* mcu/client.c - one WebSocket connection, as far as it concerns people.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/client.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/client-private.h"
#include "mcu/peers.h"
#include "mcu/room-layout.h"
#include "mcu/roster.h"
#include "mcu/server-private.h"
#include "mcu/times.h"
#include "mcu/welcome.h"

#define JOIN_MS 5000 /* Source: contract */
#define MESSAGE_BURST 120
#define MESSAGES_PER_SECOND 30
#define CHAT_BURST 10
#define CHATS_PER_SECOND 1
#define REPORT_EVERY_MS 5000
/* Who changes between pictures costs the others a keyframe, and the room an encoder. */
#define VIEW_BURST 10
#define VIEWS_PER_SECOND 1

void
mcu_client_say (McuClient *self, JsonObject *message)
{
  if (self->ops != NULL)
    self->ops->send (self->owner, message);
}

void
mcu_client_say_bye (McuClient *self, const char *code, const char *reason, guint retry_after_ms)
{
  const McuClientOps *ops = g_steal_pointer (&self->ops);

  if (self->join_source != 0)
    g_source_remove (self->join_source);
  self->join_source = 0;
  if (ops != NULL)
    ops->bye (self->owner, code, reason, retry_after_ms);
}

static JsonObject *
new_error (const GError *error)
{
  JsonObject *message = mcu_message_new ("error");

  json_object_set_string_member (message, "code", mcu_error_code_of (error));
  json_object_set_string_member (message, "detail", error->message);
  json_object_set_boolean_member (message, "fatal", FALSE);
  return message;
}

void
mcu_client_say_error (McuClient *self, const GError *error, const char *answered_type)
{
  g_autoptr (JsonObject) message = new_error (error);

  json_object_set_string_member (message, "message", answered_type);
  mcu_client_say (self, message);
}

void
mcu_client_say_problem (McuClient *self, McuError code, const char *why, const char *answered_type)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, why);

  mcu_client_say_error (self, error, answered_type);
}

/* ---- what the room says to us ---- */

static void
on_seat_send (gpointer holder, JsonObject *message)
{
  mcu_client_say (holder, message);
}

static void
on_seat_answered (gpointer holder, gint64 session, const char *sdp, const GError *error)
{
  g_autoptr (JsonObject) message = NULL;

  if (error != NULL) {
    message = new_error (error);
    json_object_set_string_member (message, "message", "offer");
  } else {
    message = mcu_message_new ("answer");
    json_object_set_string_member (message, "sdp", sdp);
  }
  json_object_set_int_member (message, "session", session);
  mcu_client_say (holder, message);
}

static void
on_seat_bye (gpointer holder, const char *code, const char *reason, guint retry_after_ms)
{
  McuClient *self = holder;

  self->participant = NULL;
  mcu_client_say_bye (self, code, reason, retry_after_ms);
}

static void on_seat_admitted (gpointer holder);

static const McuSeatOps seat_ops = {on_seat_send, on_seat_answered, on_seat_bye, on_seat_admitted};

/* ---- join ---- */

/* Codes of errors that are no bye.code are said by the nearest one that is. */
static void
refuse_join (McuClient *self, const GError *error, guint retry_after_ms)
{
  const char *code = mcu_error_code_of (error);

  if (g_error_matches (error, MCU_ERROR, MCU_ERROR_NOT_FOUND) ||
      g_error_matches (error, MCU_ERROR, MCU_ERROR_GONE))
    code = "room_ended";
  else if (g_error_matches (error, MCU_ERROR, MCU_ERROR_BAD_ROOM_NAME))
    code = "protocol";
  if (g_error_matches (error, MCU_ERROR, MCU_ERROR_OVERLOADED) && retry_after_ms == 0)
    retry_after_ms = 5000;
  mcu_metrics_count (self->server->node.metrics, "tessera_joins_total", "result=\"refused\"", 1);
  mcu_client_say_bye (self, code, error->message, retry_after_ms);
}

static void
say_welcome (McuClient *self, gboolean resumed)
{
  g_autoptr (JsonObject) message = mcu_welcome_new (self->server, self->participant, resumed);

  mcu_client_say (self, message);
}

static void
say_speaker (McuClient *self)
{
  const char *speaker = mcu_floor_get_speaker (self->participant->room->floor);
  g_autoptr (JsonObject) message = mcu_message_new ("speaker");

  if (speaker == NULL)
    return;
  json_object_set_string_member (message, "participant", speaker);
  mcu_client_say (self, message);
}

/* What they missed while their socket was lost: where the tiles are now, or that their connection
 * ended without anybody to tell it to. */
static void
catch_up (McuClient *self)
{
  McuParticipant *me = self->participant;

  say_speaker (self);
  if (me->current != NULL)
    mcu_room_layout_repeat (me);
  else if (me->last_session > 0)
    mcu_peers_renegotiate (me, "media_lost");
}

/* Returns: FALSE when the join is refused; TRUE without a participant when an ordinary join is due.
 */
static gboolean
try_resume (McuClient *self, McuRoom *room, const McuResume *resume)
{
  g_autoptr (GError) error = NULL;
  guint retry_after_ms = 0;

  self->participant = mcu_room_resume (room, resume, mcu_server_may_remake (self->server),
                                       &seat_ops, self, &retry_after_ms, &error);
  if (self->participant != NULL || g_error_matches (error, MCU_ERROR, MCU_ERROR_NOT_FOUND))
    return TRUE;
  refuse_join (self, error, retry_after_ms);
  return FALSE;
}

/* Of another room, or of somebody else than the token's: as if there were none. */
static McuResume *
read_resume (McuClient *self, JsonObject *message)
{
  McuResume *resume = mcu_resume_verify (self->server->node.resume_key,
                                         mcu_json_string (message, "resume"),
                                         g_get_real_time () / G_USEC_PER_SEC);

  if (resume != NULL &&
      (!g_str_equal (resume->room, self->room_name) ||
       (self->pass != NULL && g_strcmp0 (self->pass->identity, resume->identity) != 0)))
    g_clear_pointer (&resume, mcu_resume_free);
  return resume;
}

static McuParticipant *
join_anew (McuClient *self, McuRoom *room, JsonObject *message, GError **error)
{
  return mcu_room_join (room, mcu_json_string (message, "name"), MCU_KIND_BROWSER,
                        mcu_json_bool (message, "viewer", FALSE), self->pass, &seat_ops, self,
                        error);
}

static void
enter (McuClient *self, gboolean resumed)
{
  say_welcome (self, resumed);
  catch_up (self);
  mcu_room_announce (self->participant->room, self->participant);
}

static void
on_seat_admitted (gpointer holder)
{
  enter (holder, FALSE);
}

static void
say_waiting (McuClient *self)
{
  g_autoptr (JsonObject) message = mcu_message_new ("waiting");

  json_object_set_string_member (message, "reason", "lobby");
  mcu_client_say (self, message);
}

static void
handle_join (McuClient *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuResume) resume = read_resume (self, message);
  McuRoom *room;
  gboolean resumed;

  if (resume == NULL && self->refusal_code != NULL) {
    mcu_client_say_bye (self, self->refusal_code, self->refusal_why, 0);
    return;
  }
  room = mcu_server_open_room (self->server, self->room_name, resume, &error);
  if (room == NULL) {
    refuse_join (self, error, 0);
    return;
  }
  if (resume != NULL && !try_resume (self, room, resume))
    return;
  resumed = self->participant != NULL;
  if (!resumed && self->refusal_code != NULL) {
    mcu_client_say_bye (self, self->refusal_code, self->refusal_why, 0);
    return;
  }
  if (!resumed)
    self->participant = join_anew (self, room, message, &error);
  if (self->participant == NULL) {
    refuse_join (self, error, 0);
    return;
  }
  if (self->join_source != 0)
    g_source_remove (self->join_source);
  self->join_source = 0;
  if (self->participant->state == MCU_PARTICIPANT_WAITING)
    say_waiting (self);
  else
    enter (self, resumed);
}

static gboolean
on_join_late (gpointer data)
{
  McuClient *self = data;

  self->join_source = 0;
  mcu_client_say_bye (self, "protocol", "no join within 5 s", 0);
  return G_SOURCE_REMOVE;
}

static void
handle_ping (McuClient *self, JsonObject *message)
{
  g_autoptr (JsonObject) pong = mcu_message_new ("pong");

  if (json_object_has_member (message, "id"))
    json_object_set_int_member (pong, "id", mcu_json_int (message, "id", 0));
  mcu_client_say (self, pong);
}

/* ---- public ---- */

McuClient *
mcu_client_new (McuServer *server, const char *room_name, const McuClientOps *ops, gpointer owner)
{
  McuClient *self = g_new0 (McuClient, 1);
  gint64 now_us = g_get_monotonic_time ();

  self->server = server;
  self->room_name = g_strdup (room_name);
  self->ops = ops;
  self->owner = owner;
  mcu_rate_init (&self->message_rate, MESSAGE_BURST, MESSAGES_PER_SECOND, now_us);
  mcu_rate_init (&self->chat_rate, CHAT_BURST, CHATS_PER_SECOND, now_us);
  mcu_rate_init (&self->view_rate, VIEW_BURST, VIEWS_PER_SECOND, now_us);
  mcu_rate_init (&self->report_rate, 2, 1000.0 / REPORT_EVERY_MS, now_us);
  if (!mcu_room_name_is_valid (room_name))
    mcu_client_say_bye (self, "protocol", "not a room's name", 0);
  else if (server->node.draining)
    mcu_client_say_bye (self, "draining", "the server takes no more people", 0);
  else
    self->join_source = g_timeout_add (mcu_times_ms (JOIN_MS), on_join_late, self);
  return self;
}

void
mcu_client_free (McuClient *self)
{
  McuParticipant *me;

  if (self == NULL)
    return;
  me = g_steal_pointer (&self->participant);
  self->ops = NULL;
  if (me != NULL)
    mcu_room_away (me->room, me);
  if (self->join_source != 0)
    g_source_remove (self->join_source);
  mcu_pass_free (self->pass);
  g_free (self->refusal_code);
  g_free (self->refusal_why);
  g_free (self->room_name);
  g_free (self);
}

void
mcu_client_set_pass (McuClient *self, const McuPass *pass)
{
  mcu_pass_free (self->pass);
  self->pass = mcu_pass_copy (pass);
}

void
mcu_client_set_only_resume (McuClient *self, const char *code, const char *why)
{
  g_free (self->refusal_code);
  g_free (self->refusal_why);
  self->refusal_code = g_strdup (code);
  self->refusal_why = g_strdup (why);
}

void
mcu_client_receive (McuClient *self, JsonObject *message)
{
  const char *type = mcu_json_string (message, "type");

  if (self->ops == NULL)
    return;
  if (!mcu_rate_take (&self->message_rate, g_get_monotonic_time ())) {
    mcu_client_close (self, "protocol", "too many messages");
    return;
  }
  if (g_strcmp0 (type, "ping") == 0) {
    handle_ping (self, message);
    return;
  }
  if (g_strcmp0 (type, "join") == 0 && self->participant == NULL) {
    handle_join (self, message);
    return;
  }
  if (self->participant == NULL) {
    mcu_client_close (self, "protocol", "join comes first");
    return;
  }
  if (self->participant->state == MCU_PARTICIPANT_WAITING && g_strcmp0 (type, "leave") != 0) {
    mcu_client_say_problem (self, MCU_ERROR_FORBIDDEN, "you are in the lobby",
                            type != NULL ? type : "");
    return;
  }
  if (!mcu_client_handle (self, type, message))
    mcu_client_say_problem (self, MCU_ERROR_BAD_REQUEST, "unknown type", type != NULL ? type : "");
}

void
mcu_client_close (McuClient *self, const char *code, const char *reason)
{
  McuParticipant *me = g_steal_pointer (&self->participant);

  if (me != NULL)
    mcu_room_away (me->room, me);
  mcu_client_say_bye (self, code, reason, 0);
}
