/* mcu/snapshot.c - a room's picture as it is now, from its process.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/roster.h"
#include "mcu/server-private.h"
#include "mcu/times.h"

#define TIMEOUT_MS 3000

typedef struct
{
  McuRoomProcess *process; /* unowned: it answers before it goes */
  McuSnapshotFunc func;
  gpointer user_data;
} Wish;

/* A memfd whose size cannot change any more: to read it waits for nothing. */
static GBytes *
read_sealed (int fd, GError **error)
{
  const int wanted = F_SEAL_SHRINK | F_SEAL_WRITE;
  struct stat status;
  g_autofree guint8 *data = NULL;
  gssize n;

  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size <= 0 ||
      status.st_size > MCU_SNAPSHOT_MAX_BYTES || (fcntl (fd, F_GET_SEALS) & wanted) != wanted) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no picture came");
    return NULL;
  }
  data = g_malloc (status.st_size);
  n = pread (fd, data, status.st_size, 0);
  if (n != status.st_size) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "snapshot: %s", g_strerror (errno));
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&data), n);
}

static void
on_reply (JsonObject *reply, const GError *error, gpointer data)
{
  Wish *wish = data;
  g_autoptr (GError) own_error = NULL;
  g_autoptr (GBytes) png = NULL;

  if (reply != NULL) {
    int fd = mcu_room_process_take_fd (wish->process, reply);

    png = read_sealed (fd, &own_error);
    if (fd >= 0)
      close (fd);
  }
  wish->func (png, error != NULL ? error : own_error, wish->user_data);
  g_free (wish);
}

void
mcu_server_take_snapshot (McuServer *self, const char *room_name, McuSnapshotFunc func,
                          gpointer user_data)
{
  McuRoom *room = mcu_server_find_room (self, room_name);
  g_autoptr (GError) error = NULL;
  Wish *wish;

  if (room == NULL || room->process == NULL) {
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_NOT_FOUND,
                                 room == NULL ? "there is no such room" : "nobody is in the room");
    func (NULL, error, user_data);
    return;
  }
  wish = g_new0 (Wish, 1);
  wish->process = room->process;
  wish->func = func;
  wish->user_data = user_data;
  mcu_room_process_request (room->process, mcu_message_new ("snapshot"), mcu_times_ms (TIMEOUT_MS),
                            on_reply, wish);
}
