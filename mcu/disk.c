/* mcu/disk.c - the one thread of control that waits for disks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/disk.h"

#include "mcu/base/error.h"
#include "mcu/base/hop.h"

typedef struct
{
  const McuDiskJob *job; /* NULL: the last one */
  gpointer data;
  McuDiskDone done; /* (nullable) */
  gpointer user_data;
  gpointer result;
  GError *error;
  McuDisk *disk; /* main loop only; NULL for what was never queued */
} Task;

/* What the thread needs; it may outlive the disk. */
typedef struct
{
  gatomicrefcount refs;
  GAsyncQueue *queue;
  McuHop *hop;
  gpointer context;
  GDestroyNotify free_context;

  GMutex lock; /* guards has_ended */
  GCond ended;
  gboolean has_ended;
} Shared;

struct _McuDisk
{
  Shared *shared;
  guint n_jobs; /* main loop only: on their way there and back */
};

static void
unref_shared (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->refs))
    return;
  g_async_queue_unref (shared->queue);
  mcu_hop_unref (shared->hop);
  g_mutex_clear (&shared->lock);
  g_cond_clear (&shared->ended);
  g_free (shared);
}

static void
free_task (gpointer data)
{
  Task *task = data;

  if (task->data != NULL && task->job->free_data != NULL)
    task->job->free_data (task->data);
  if (task->result != NULL && task->job->free_result != NULL)
    task->job->free_result (task->result);
  g_clear_error (&task->error);
  g_free (task);
}

static void
on_task_done (gpointer owner, gpointer data)
{
  Task *task = data;

  if (task->disk != NULL)
    task->disk->n_jobs--;
  if (task->done != NULL)
    task->done (task->result, task->error, task->user_data);
}

/* Thread: the worker. */
static gpointer
run (gpointer data)
{
  Shared *shared = data;

  for (;;) {
    Task *task = g_async_queue_pop (shared->queue);

    if (task->job == NULL) {
      g_free (task);
      break;
    }
    task->result = task->job->work (shared->context, task->data, &task->error);
    mcu_hop_send (shared->hop, on_task_done, task, free_task);
  }
  if (shared->free_context != NULL)
    shared->free_context (shared->context);
  g_mutex_lock (&shared->lock);
  shared->has_ended = TRUE;
  g_cond_signal (&shared->ended);
  g_mutex_unlock (&shared->lock);
  unref_shared (shared);
  return NULL;
}

McuDisk *
mcu_disk_new (gpointer context, GDestroyNotify free_context)
{
  McuDisk *self = g_new0 (McuDisk, 1);
  Shared *shared = g_new0 (Shared, 1);

  g_atomic_ref_count_init (&shared->refs);
  g_atomic_ref_count_inc (&shared->refs);
  shared->queue = g_async_queue_new ();
  shared->hop = mcu_hop_new (NULL, self);
  shared->context = context;
  shared->free_context = free_context;
  g_mutex_init (&shared->lock);
  g_cond_init (&shared->ended);
  self->shared = shared;
  g_thread_unref (g_thread_new ("disk", run, shared));
  return self;
}

void
mcu_disk_free (McuDisk *self, guint wait_ms)
{
  Shared *shared = self->shared;
  gint64 until_us = g_get_monotonic_time () + (gint64) wait_ms * 1000;

  mcu_hop_close (shared->hop);
  g_async_queue_push (shared->queue, g_new0 (Task, 1));
  g_mutex_lock (&shared->lock);
  while (!shared->has_ended)
    if (!g_cond_wait_until (&shared->ended, &shared->lock, until_us))
      break;
  g_mutex_unlock (&shared->lock);
  unref_shared (shared);
  g_free (self);
}

void
mcu_disk_do (McuDisk *self, const McuDiskJob *job, gpointer data, McuDiskDone done,
             gpointer user_data)
{
  Task *task = g_new0 (Task, 1);

  task->job = job;
  task->data = data;
  task->done = done;
  task->user_data = user_data;
  if (self->n_jobs >= MCU_DISK_MAX_JOBS) {
    task->error = g_error_new_literal (MCU_ERROR, MCU_ERROR_TIMEOUT, "the disk is too slow");
    mcu_hop_send (self->shared->hop, on_task_done, task, free_task);
    return;
  }
  task->disk = self;
  self->n_jobs++;
  g_async_queue_push (self->shared->queue, task);
}
