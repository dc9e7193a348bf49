/* mcu/client-messages.c - what a person in the room says.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/client-private.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/peers.h"
#include "mcu/room-configure.h"
#include "mcu/room-recordings.h"
#include "mcu/room-views.h"
#include "mcu/roster.h"

#define MAX_CHAT_BYTES 4096
#define MAX_REPORT_BYTES 4096

static void
handle_offer (McuClient *self, JsonObject *message)
{
  mcu_peers_offer (self->participant, mcu_json_int (message, "session", -1),
                   mcu_json_string (message, "sdp"), mcu_json_object (message, "streams"));
}

static void
handle_candidate (McuClient *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;

  if (!mcu_peers_candidate (self->participant, mcu_json_int (message, "session", -1),
                            mcu_json_string (message, "candidate"),
                            mcu_json_string (message, "sdp_mid"), &error))
    mcu_client_say_error (self, error, "candidate");
}

static void
handle_state (McuClient *self, JsonObject *message)
{
  mcu_room_set_state (self->participant->room, self->participant, message);
}

static void
handle_chat (McuClient *self, JsonObject *message)
{
  McuRoom *room = self->participant->room;
  const char *text = mcu_json_string (message, "text");
  const char *to_id = mcu_json_string (message, "to");
  McuParticipant *to = mcu_room_find (room, to_id);

  if ((self->participant->rights & (MCU_MAY_CHAT | MCU_IS_HIDDEN)) != MCU_MAY_CHAT)
    mcu_client_say_problem (self, MCU_ERROR_FORBIDDEN, "you may not write here", "chat");
  else if (text == NULL || text[0] == '\0')
    mcu_client_say_problem (self, MCU_ERROR_BAD_REQUEST, "text is missing", "chat");
  else if (strlen (text) > MAX_CHAT_BYTES)
    mcu_client_say_problem (self, MCU_ERROR_TOO_LARGE, "text is longer than 4 KiB", "chat");
  else if (to_id != NULL && to == NULL)
    mcu_client_say_problem (self, MCU_ERROR_NOT_FOUND, "no such participant", "chat");
  else if (!mcu_rate_take (&self->chat_rate, g_get_monotonic_time ()))
    mcu_client_say_problem (self, MCU_ERROR_RATE_LIMITED, "too many messages", "chat");
  else
    mcu_roster_relay_chat (room, self->participant, text, to);
}

static void
handle_moderate (McuClient *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;

  if (!mcu_room_moderate (self->participant->room, self->participant, message, &error))
    mcu_client_say_error (self, error, "moderate");
}

/* What is neither true nor false must not end what runs. */
static gboolean
order_recording (McuClient *self, JsonObject *message, GError **error)
{
  JsonNode *node = json_object_get_member (message, "recording");

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "recording: true or false is wanted");
    return FALSE;
  }
  mcu_room_record (self->participant->room, json_node_get_boolean (node));
  return TRUE;
}

static void
handle_room (McuClient *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;

  if (self->participant->role != MCU_ROLE_MODERATOR) {
    mcu_client_say_problem (self, MCU_ERROR_FORBIDDEN, "only a moderator may", "room");
    return;
  }
  if (!order_recording (self, message, &error)) {
    mcu_client_say_error (self, error, "room");
    return;
  }
  if (json_object_has_member (message, "recording") && json_object_get_size (message) <= 2)
    return; /* with `type` that was all */
  if (!mcu_room_configure_by_moderator (self->participant->room, message, &error))
    mcu_client_say_error (self, error, "room");
}

static void
handle_view (McuClient *self, JsonObject *message)
{
  g_autoptr (GError) error = NULL;

  if (!mcu_rate_take (&self->view_rate, g_get_monotonic_time ()))
    mcu_client_say_problem (self, MCU_ERROR_RATE_LIMITED, "too many wishes", "view");
  else if (!mcu_room_views_wish (self->participant, message, &error))
    mcu_client_say_error (self, error, "view");
}

static void
handle_stats (McuClient *self, JsonObject *message)
{
  g_autofree char *text = NULL;

  if (!mcu_rate_take (&self->report_rate, g_get_monotonic_time ()))
    return;
  text = mcu_json_to_text (message);
  if (strlen (text) > MAX_REPORT_BYTES)
    return;
  g_free (self->participant->report);
  self->participant->report = g_steal_pointer (&text);
}

static void
handle_leave (McuClient *self, JsonObject *message)
{
  McuParticipant *me = g_steal_pointer (&self->participant);

  mcu_room_leave (me->room, me, "left");
  mcu_client_say_bye (self, "left", "goodbye", 0);
}

static const struct
{
  const char *type;
  void (*handle) (McuClient *self, JsonObject *message);
} handlers[] = {
    {"offer", handle_offer}, {"candidate", handle_candidate}, {"state", handle_state},
    {"chat", handle_chat},   {"moderate", handle_moderate},   {"room", handle_room},
    {"view", handle_view},   {"stats", handle_stats},         {"leave", handle_leave},
};

gboolean
mcu_client_handle (McuClient *self, const char *type, JsonObject *message)
{
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (g_strcmp0 (type, handlers[i].type) == 0) {
      handlers[i].handle (self, message);
      return TRUE;
    }
  return FALSE;
}
