/* signaling/ws-message.c - what a WebSocket frame says.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/ws-message.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

static gboolean
is_type (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  return length > 0 && length <= MCU_WS_MESSAGE_MAX_TYPE_BYTES &&
         strspn (text, "abcdefghijklmnopqrstuvwxyz_") == length;
}

JsonObject *
mcu_ws_message_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (JsonObject) message = NULL;

  if (length > MCU_WS_MESSAGE_MAX_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "more than %d bytes",
                 MCU_WS_MESSAGE_MAX_BYTES);
    return NULL;
  }
  message = mcu_json_parse_object (data, length, error);
  if (message == NULL)
    return NULL;
  if (!is_type (mcu_json_string (message, "type"))) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "a message needs a type");
    return NULL;
  }
  return g_steal_pointer (&message);
}

JsonObject *
mcu_ws_message_error (const GError *error, gboolean fatal)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "type", "error");
  json_object_set_string_member (message, "code", mcu_error_code_of (error));
  json_object_set_string_member (message, "detail", error->message);
  json_object_set_boolean_member (message, "fatal", fatal);
  return message;
}

guint16
mcu_ws_close_code (const char *bye_code)
{
  static const char *const again[] = {"room_full", "overloaded", "slow", "media_fault", NULL};

  if (g_strcmp0 (bye_code, "left") == 0 || g_strcmp0 (bye_code, "room_ended") == 0)
    return 1000;
  if (g_strcmp0 (bye_code, "draining") == 0)
    return 1001;
  return bye_code != NULL && g_strv_contains (again, bye_code) ? 1013 : 1008;
}
