/* pipelines/room/snapshot.c - a canvas as it is now, as a PNG in a memfd.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/hop.h"
#include "pipelines/mix/video/png.h"

/* Behind whatever has to be in time. */
#define NICE 10

struct _McuSnapshots
{
  McuRoom *room; /* unowned */
  McuHop *hop;   /* owned */
  McuSnapshotFunc func;
  gpointer user_data;
  gboolean is_busy;
  gint64 taken_us;
};

/* On its way through the worker and back. */
typedef struct
{
  McuHop *hop;         /* owned */
  McuPicture *picture; /* owned */
  gint64 request_id;
  int fd; /* owned, or -1 */
  gsize size;
  GError *error; /* owned (nullable) */
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  mcu_hop_unref (job->hop);
  g_clear_pointer (&job->picture, mcu_picture_unref);
  g_clear_error (&job->error);
  if (job->fd >= 0)
    close (job->fd);
  g_free (job);
}

static void
handle_done (gpointer owner, gpointer data)
{
  McuSnapshots *self = owner;
  Job *job = data;
  int fd = job->fd;

  job->fd = -1;
  self->is_busy = FALSE;
  self->func (self->user_data, job->request_id, fd, job->size, job->error);
}

static gboolean
write_all (int fd, const guint8 *data, gsize size)
{
  while (size > 0) {
    gssize n = write (fd, data, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    size -= n;
  }
  return TRUE;
}

static void
put_into_memfd (Job *job, const GByteArray *png)
{
  job->fd = memfd_create ("snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  job->size = png->len;
  if (job->fd >= 0 && write_all (job->fd, png->data, png->len) &&
      fcntl (job->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return;
  g_set_error (&job->error, MCU_ERROR, MCU_ERROR_INTERNAL, "memfd: %s", g_strerror (errno));
  if (job->fd >= 0)
    close (job->fd);
  job->fd = -1;
}

/* Thread: its own. */
static gpointer
run (gpointer data)
{
  Job *job = data;
  g_autoptr (GByteArray) png = NULL;

  setpriority (PRIO_PROCESS, gettid (), NICE); /* of this thread (setpriority (2), "NOTES") */
  png = mcu_picture_to_png (job->picture, &job->error);
  if (png != NULL)
    put_into_memfd (job, png);
  g_clear_pointer (&job->picture, mcu_picture_unref);
  mcu_hop_send (job->hop, handle_done, job, free_job);
  return NULL;
}

McuSnapshots *
mcu_snapshots_new (McuRoom *room, McuSnapshotFunc func, gpointer user_data)
{
  McuSnapshots *self = g_new0 (McuSnapshots, 1);

  self->room = room;
  self->hop = mcu_hop_new (NULL, self);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
mcu_snapshots_free (McuSnapshots *self)
{
  mcu_hop_close (self->hop);
  mcu_hop_unref (self->hop);
  g_free (self);
}

gboolean
mcu_snapshots_take (McuSnapshots *self, const char *view_id, gint64 request_id, GError **error)
{
  McuView *view = mcu_room_find_view (self->room, view_id);
  gint64 now_us = g_get_monotonic_time ();
  GThread *thread;
  Job *job;

  if (view == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such view");
    return FALSE;
  }
  if (self->is_busy ||
      (self->taken_us != 0 && now_us - self->taken_us < MCU_SNAPSHOT_INTERVAL_US)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_RATE_LIMITED, "one was just taken");
    return FALSE;
  }
  job = g_new0 (Job, 1);
  job->hop = mcu_hop_ref (self->hop);
  job->picture = mcu_view_take_picture (view);
  job->request_id = request_id;
  job->fd = -1;
  thread = g_thread_try_new ("snapshot", run, job, error);
  if (thread == NULL) {
    free_job (job);
    return FALSE;
  }
  g_thread_unref (thread);
  self->is_busy = TRUE;
  self->taken_us = now_us;
  return TRUE;
}
