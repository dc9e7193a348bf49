/* mcu/signs.c - captions and avatars: for REST.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/room-signs.h"
#include "mcu/server-private.h"

static McuRoom *
find_room (McuServer *self, const char *room_name, GError **error)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  if (room == NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such room");
  return room;
}

JsonObject *
mcu_server_get_caption (McuServer *self, const char *room_name)
{
  McuRoom *room = mcu_server_find_room (self, room_name);
  JsonObject *object;

  if (room == NULL)
    return NULL;
  object = json_object_new ();
  if (room->caption != NULL)
    json_object_set_string_member (object, "text", room->caption);
  else
    json_object_set_null_member (object, "text");
  return object;
}

gboolean
mcu_server_set_caption (McuServer *self, const char *room_name, const char *text, GError **error)
{
  McuRoom *room = find_room (self, room_name, error);

  if (room == NULL)
    return FALSE;
  if (text != NULL && strlen (text) > MCU_CAPTION_MAX_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "a caption is at most %d bytes",
                 MCU_CAPTION_MAX_BYTES);
    return FALSE;
  }
  mcu_room_signs_set_caption (room, text);
  return TRUE;
}

gboolean
mcu_server_set_avatar (McuServer *self, const char *room_name, const char *participant,
                       const char *bytes, gsize length, GError **error)
{
  McuRoom *room = find_room (self, room_name, error);
  McuParticipant *person = room != NULL ? mcu_room_find (room, participant) : NULL;

  if (room == NULL)
    return FALSE;
  if (person == NULL || !person->announced) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is nobody of that id");
    return FALSE;
  }
  return mcu_room_signs_set_avatar (person, bytes, length, error);
}
