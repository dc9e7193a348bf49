/* pipelines/record/writer.c - the thread that waits for the disk, so that nobody else does.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mcu/base/error.h"

struct _McuRecordWriter
{
  /* Set once in new(), then read by any thread. */
  gatomicrefcount refs; /* the owner's and the thread's */
  McuRecordFormat format;
  guint64 reserve_bytes;
  McuRecordWriterFunc on_ended;
  gpointer user_data;
  GDestroyNotify free_data;

  /* The writer's thread only. */
  McuRecordFile file;  /* owned */
  guint64 whole_bytes; /* the file is whole when it is so long */
  gboolean is_dirty;   /* written, but not yet durable */
  gint64 synced_us;

  /* Any thread: hold lock, never across a call that may wait. */
  GMutex lock;
  GCond changed;
  GQueue queue; /* of GBytes, owned */
  gsize queued_bytes;
  guint64 written_bytes;
  gboolean is_finishing;
  gboolean is_abandoned;
  gboolean has_ended;
  GError *queue_error;       /* owned (nullable) */
  gint64 in_kernel_since_us; /* 0: not there */
};

static void
unref_writer (McuRecordWriter *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->free_data != NULL)
    self->free_data (self->user_data);
  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  g_clear_error (&self->queue_error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  if (self->file.fd >= 0)
    close (self->file.fd);
  if (self->file.directory_fd >= 0)
    close (self->file.directory_fd);
  g_free (self->file.folder);
  g_free (self->file.name);
  g_free (self);
}

static gboolean
fail (GError **error, const char *what)
{
  gboolean is_full = errno == ENOSPC || errno == EDQUOT;

  g_set_error (error, MCU_ERROR, is_full ? MCU_ERROR_DISK_FULL : MCU_ERROR_INTERNAL, "%s: %s", what,
               g_strerror (errno));
  return FALSE;
}

static void
enter_kernel (McuRecordWriter *self, gboolean is_entering)
{
  g_mutex_lock (&self->lock);
  self->in_kernel_since_us = is_entering ? g_get_monotonic_time () : 0;
  g_mutex_unlock (&self->lock);
}

/* What is not a file system (a pipe) has no free space to speak of, and no reserve. */
static gboolean
has_room (int fd, guint64 reserve_bytes, gsize size, GError **error)
{
  struct statvfs status;

  if (reserve_bytes == 0 || fstatvfs (fd, &status) != 0 || status.f_blocks == 0)
    return TRUE;
  if ((guint64) status.f_bavail * status.f_frsize >= reserve_bytes + size)
    return TRUE;
  g_set_error (error, MCU_ERROR, MCU_ERROR_DISK_FULL,
               "the disk is full but for the reserve of %" G_GUINT64_FORMAT " bytes",
               reserve_bytes);
  return FALSE;
}

static gboolean
write_all (McuRecordWriter *self, const guint8 *data, gsize size, GError **error)
{
  while (size > 0) {
    gssize n = write (self->file.fd, data, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (error, "write");
    data += n;
    size -= n;
    g_mutex_lock (&self->lock);
    self->written_bytes += n;
    g_mutex_unlock (&self->lock);
  }
  return TRUE;
}

static gboolean
sync_file (McuRecordWriter *self, GError **error)
{
  gboolean is_synced = fdatasync (self->file.fd) == 0 || errno == EINVAL; /* EINVAL: a pipe */

  self->is_dirty = FALSE;
  self->synced_us = g_get_monotonic_time ();
  return is_synced || fail (error, "fdatasync");
}

static gboolean
write_one (McuRecordWriter *self, GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gboolean is_written;

  /* The only writer of written_bytes is this thread. */
  if (mcu_record_format_is_cut (self->format, data, size))
    self->whole_bytes = self->written_bytes;
  enter_kernel (self, TRUE);
  is_written = has_room (self->file.fd, self->reserve_bytes, size, error) &&
               write_all (self, data, size, error);
  self->is_dirty = TRUE;
  if (is_written && g_get_monotonic_time () - self->synced_us >= MCU_RECORD_SYNC_US)
    is_written = sync_file (self, error);
  enter_kernel (self, FALSE);
  return is_written;
}

/* Returns: (transfer full) (nullable): %NULL when there is nothing now: look at @is_over. */
static GBytes *
take (McuRecordWriter *self, gboolean *is_over, GError **error)
{
  GBytes *bytes = NULL;

  g_mutex_lock (&self->lock);
  while (g_queue_is_empty (&self->queue) && !self->is_finishing && !self->is_abandoned &&
         self->queue_error == NULL)
    if (!self->is_dirty)
      g_cond_wait (&self->changed, &self->lock);
    else if (!g_cond_wait_until (&self->changed, &self->lock, self->synced_us + MCU_RECORD_SYNC_US))
      break;
  if (self->queue_error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->queue_error));
  else if (!self->is_abandoned || self->is_finishing)
    bytes = g_queue_pop_head (&self->queue);
  if (bytes != NULL)
    self->queued_bytes -= g_bytes_get_size (bytes);
  *is_over = bytes == NULL && (self->is_finishing || self->is_abandoned);
  g_mutex_unlock (&self->lock);
  return bytes;
}

/* Control has made it; nothing outside can be reached, whatever was put there. */
static gboolean
enter_folder (McuRecordFile *file, GError **error)
{
  struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  int fd;

  if (file->folder == NULL)
    return TRUE;
  fd = syscall (SYS_openat2, file->directory_fd, file->folder, &how, sizeof how);
  if (fd < 0)
    return fail (error, "the folder for a recording");
  close (file->directory_fd);
  file->directory_fd = fd;
  return TRUE;
}

static gboolean
open_file (McuRecordWriter *self, GError **error)
{
  McuRecordFile *file = &self->file;

  if (file->fd >= 0)
    return has_room (file->fd, self->reserve_bytes, 0, error);
  if (!enter_folder (file, error) || !has_room (file->directory_fd, self->reserve_bytes, 0, error))
    return FALSE;
  file->fd = openat (file->directory_fd, file->name,
                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
  if (file->fd < 0 && errno == EEXIST) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_EXISTS, "%s is there already", file->name);
    return FALSE;
  }
  /* The name has to survive a power cut as well. */
  return file->fd >= 0 ? fsync (file->directory_fd) == 0 || fail (error, "fsync of the directory")
                       : fail (error, "open");
}

static gboolean
write_until_over (McuRecordWriter *self, GError **error)
{
  gboolean is_over = FALSE;
  GError *full = NULL;
  gboolean is_open;

  enter_kernel (self, TRUE);
  is_open = open_file (self, error);
  enter_kernel (self, FALSE);
  if (!is_open)
    return FALSE;

  while (TRUE) {
    g_autoptr (GBytes) bytes = take (self, &is_over, &full);

    if (full != NULL) {
      g_propagate_error (error, full);
      return FALSE;
    }
    if (is_over)
      break;
    if (bytes != NULL && !write_one (self, bytes, error))
      return FALSE;
    if (bytes == NULL && self->is_dirty) {
      gboolean is_synced;

      enter_kernel (self, TRUE);
      is_synced = sync_file (self, error);
      enter_kernel (self, FALSE);
      if (!is_synced)
        return FALSE;
    }
  }
  enter_kernel (self, TRUE);
  return fsync (self->file.fd) == 0 || errno == EINVAL || fail (error, "fsync");
}

/* Half a fragment at the end is no use to anybody, and some players stop in front of it. */
static void
cut (McuRecordWriter *self)
{
  enter_kernel (self, TRUE);
  if (self->whole_bytes > 0 && ftruncate (self->file.fd, self->whole_bytes) == 0) {
    g_mutex_lock (&self->lock);
    self->written_bytes = self->whole_bytes;
    g_mutex_unlock (&self->lock);
  }
  fsync (self->file.fd);
}

static gpointer
run_writer (gpointer user_data)
{
  McuRecordWriter *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_abandoned;

  if (!write_until_over (self, &error) && self->file.fd >= 0)
    cut (self);
  enter_kernel (self, FALSE);
  g_mutex_lock (&self->lock);
  self->has_ended = TRUE;
  is_abandoned = self->is_abandoned;
  g_mutex_unlock (&self->lock);
  if (!is_abandoned)
    self->on_ended (self->user_data, error);
  unref_writer (self);
  return NULL;
}

McuRecordWriter *
mcu_record_writer_new (McuRecordFile *file, McuRecordFormat format, guint64 reserve_bytes,
                       McuRecordWriterFunc on_ended, gpointer user_data, GDestroyNotify free_data,
                       GError **error)
{
  McuRecordWriter *self = g_new0 (McuRecordWriter, 1);
  GThread *thread;

  g_atomic_ref_count_init (&self->refs);
  g_atomic_ref_count_inc (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->queue);
  self->file = *file;
  self->format = format;
  self->reserve_bytes = reserve_bytes;
  self->on_ended = on_ended;
  self->user_data = user_data;
  self->free_data = free_data;
  thread = g_thread_try_new ("recorder", run_writer, self, NULL);
  if (thread == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "no thread for a recording");
    unref_writer (self);
    unref_writer (self);
    return NULL;
  }
  g_thread_unref (thread);
  return self;
}

gboolean
mcu_record_writer_give (McuRecordWriter *self, GBytes *data)
{
  gsize size = g_bytes_get_size (data);
  gboolean is_taken;

  g_mutex_lock (&self->lock);
  if (!self->has_ended && self->queue_error == NULL &&
      self->queued_bytes + size > MCU_RECORD_QUEUE_BYTES)
    g_set_error_literal (&self->queue_error, MCU_ERROR, MCU_ERROR_TIMEOUT,
                         "the disk does not keep up with the recording");
  is_taken = !self->has_ended && self->queue_error == NULL && !self->is_finishing &&
             !self->is_abandoned;
  if (is_taken) {
    g_queue_push_tail (&self->queue, data);
    self->queued_bytes += size;
  } else {
    g_bytes_unref (data);
  }
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  return is_taken;
}

void
mcu_record_writer_finish (McuRecordWriter *self)
{
  g_mutex_lock (&self->lock);
  self->is_finishing = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

guint64
mcu_record_writer_written (McuRecordWriter *self)
{
  guint64 written;

  g_mutex_lock (&self->lock);
  written = self->written_bytes;
  g_mutex_unlock (&self->lock);
  return written;
}

gint64
mcu_record_writer_stuck_us (McuRecordWriter *self)
{
  gint64 since_us;

  g_mutex_lock (&self->lock);
  since_us = self->in_kernel_since_us;
  g_mutex_unlock (&self->lock);
  return since_us != 0 ? g_get_monotonic_time () - since_us : 0;
}

void
mcu_record_writer_abandon (McuRecordWriter *self)
{
  g_mutex_lock (&self->lock);
  self->is_abandoned = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  unref_writer (self);
}
