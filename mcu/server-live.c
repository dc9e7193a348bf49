/* mcu/server-live.c - live outputs and inputs of any room: what REST and players ask.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/room-live.h"
#include "mcu/room-media.h"
#include "mcu/server-private.h"

/* Opened by each process before it closes itself in (pipelines/process/main.c). */
#define CA_VARIABLE "TESSERA_CA_FILE"

void
mcu_server_live_init (McuConfig *config)
{
  const char *path = mcu_config_get_string (config, MCU_SETTING_STREAMS_CA_FILE);

  if (path != NULL && *path != '\0')
    g_setenv (CA_VARIABLE, path, TRUE);
  else
    g_unsetenv (CA_VARIABLE);
}

JsonObject *
mcu_server_add_stream (McuServer *self, const char *room_name, JsonObject *wanted, GError **error)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  if (room != NULL)
    return mcu_room_live_add_stream (room, wanted, error);
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such room");
  return NULL;
}

gboolean
mcu_server_remove_stream (McuServer *self, const char *room_name, const char *id)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  return room != NULL && mcu_room_live_remove_stream (room, id);
}

JsonObject *
mcu_server_add_input (McuServer *self, const char *room_name, JsonObject *wanted, GError **error)
{
  McuRoom *room = mcu_server_open_room (self, room_name, NULL, error);

  return room != NULL ? mcu_room_live_add_input (room, wanted, error) : NULL;
}

gboolean
mcu_server_remove_input (McuServer *self, const char *room_name, const char *id)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  return room != NULL && mcu_room_live_remove_input (room, id);
}

char *
mcu_server_hls_playlist (McuServer *self, const char *id)
{
  GHashTableIter iter;
  gpointer room;
  char *playlist = NULL;

  g_hash_table_iter_init (&iter, self->rooms);
  while (playlist == NULL && g_hash_table_iter_next (&iter, NULL, &room))
    playlist = mcu_room_live_playlist (room, id);
  return playlist;
}

GBytes *
mcu_server_hls_segment (McuServer *self, const char *id, const char *name)
{
  GHashTableIter iter;
  gpointer room;
  GBytes *segment = NULL;

  g_hash_table_iter_init (&iter, self->rooms);
  while (segment == NULL && g_hash_table_iter_next (&iter, NULL, &room))
    segment = mcu_room_live_segment (room, id, name);
  return segment;
}
