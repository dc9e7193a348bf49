/* mcu/disk.h - the one thread of control that waits for disks, with a queue of what is to be done.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Jobs run in the order they were asked for, one at a time; what they find out comes back to the
 * main loop. A disk that hangs holds up the thread and nobody else: after MCU_DISK_MAX_JOBS no more
 * are taken. */
#pragma once

#include <glib.h>

#define MCU_DISK_MAX_JOBS 4096

typedef struct _McuDisk McuDisk;

/**
 * McuDiskWork: thread: the worker.
 * @context: of mcu_disk_new()
 * @data: of the job
 *
 * Returns: (transfer full) (nullable): the result, or NULL, with or without @error.
 */
typedef gpointer (*McuDiskWork) (gpointer context, gpointer data, GError **error);

/**
 * McuDiskDone: thread: the main loop; exactly once per job, unless the disk is freed before.
 * @result: (transfer none) (nullable): freed after the call
 * @error: (nullable): also MCU_ERROR_TIMEOUT: the queue is full, the disk hangs
 */
typedef void (*McuDiskDone) (gpointer result, const GError *error, gpointer user_data);

typedef struct
{
  McuDiskWork work;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
} McuDiskJob;

/**
 * mcu_disk_new:
 * @context: (transfer full): touched by jobs only
 * @free_context: runs on the worker, last
 */
McuDisk *mcu_disk_new (gpointer context, GDestroyNotify free_context);

/**
 * mcu_disk_free:
 *
 * What is queued is done, what is found out is forgotten. Waits for that at most @wait_ms; a thread
 * that hangs in the kernel is left behind.
 */
void mcu_disk_free (McuDisk *self, guint wait_ms);

/**
 * mcu_disk_do:
 * @job: lives as long as the program
 * @data: (transfer full)
 * @done: (nullable)
 */
void mcu_disk_do (McuDisk *self, const McuDiskJob *job, gpointer data, McuDiskDone done,
                  gpointer user_data);
