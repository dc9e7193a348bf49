/* mcu/server-recordings.c - the server and its recordings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/server-private.h"

typedef struct
{
  McuRecordingFunc func;
  gpointer user_data;
} Refusal;

static gboolean
on_no_room (gpointer data)
{
  Refusal *refusal = data;
  g_autoptr (GError)
      error = g_error_new_literal (MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such room");

  refusal->func (NULL, error, refusal->user_data);
  g_free (refusal);
  return G_SOURCE_REMOVE;
}

void
mcu_server_record (McuServer *self, const char *room_name, JsonObject *wish, McuRecordingFunc func,
                   gpointer user_data)
{
  McuRoom *room = mcu_server_find_room (self, room_name);
  Refusal *refusal;

  if (room != NULL && !room->ending) {
    mcu_recordings_start (self->node.recordings, room, wish, FALSE, func, user_data);
    return;
  }
  refusal = g_new0 (Refusal, 1);
  refusal->func = func;
  refusal->user_data = user_data;
  g_idle_add (on_no_room, refusal);
}
