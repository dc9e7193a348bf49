/* pipelines/record/writer.h - the thread that waits for the disk, so that nobody else does.
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is given is queued, written in order, and made durable at most MCU_RECORD_SYNC_US later. A
 * writer that fails cuts the file behind its last whole fragment and takes nothing more. */
#pragma once

#include <glib.h>

#include "pipelines/record/format.h"

/* A power cut costs at most this beside the fragment that was being gathered. */
#define MCU_RECORD_SYNC_US 250000
/* A disk that does not answer for so long is taken for dead. */
#define MCU_RECORD_HANG_US 5000000
/* Waiting for the disk: more than 5 s of a full-HD meeting. */
#define MCU_RECORD_QUEUE_BYTES (16 * 1024 * 1024)

typedef struct _McuRecordWriter McuRecordWriter;

/** McuRecordWriterFunc: it has ended: @error (nullable) says how. Once.  Thread: the writer's. */
typedef void (*McuRecordWriterFunc) (gpointer user_data, const GError *error);

/** McuRecordFile: where it goes. */
typedef struct
{
  int fd;           /* open for writing, at its end; -1: it is made in the directory */
  int directory_fd; /* or -1 */
  char *folder;     /* (nullable) beneath that: opened by the writer, since a disk may hang there */
  char *name;       /* of the file to be made, which must not be there yet */
} McuRecordFile;

/**
 * mcu_record_writer_new:
 * @file: (transfer full): its members too
 * @reserve_bytes: what is left free on its file system; 0: all may be used
 * @free_data: for @user_data, once the thread is gone
 *
 * Opening the file waits for the disk too, so its failure is told by @on_ended: MCU_ERROR_EXISTS,
 * MCU_ERROR_DISK_FULL, MCU_ERROR_INTERNAL.
 *
 * Thread: main loop.  Returns: (transfer full): MCU_ERROR_OVERLOADED when there is no thread;
 * @free_data is called then too.
 */
McuRecordWriter *mcu_record_writer_new (McuRecordFile *file, McuRecordFormat format,
                                        guint64 reserve_bytes, McuRecordWriterFunc on_ended,
                                        gpointer user_data, GDestroyNotify free_data,
                                        GError **error);

/**
 * mcu_record_writer_give:
 * @data: (transfer full)
 *
 * Never waits for the disk. Thread: any, one at a time.
 * Returns: FALSE when it has ended, or when its queue is full, which ends it.
 */
gboolean mcu_record_writer_give (McuRecordWriter *self, GBytes *data);

/** mcu_record_writer_finish: writes what is queued, then ends. Thread: any. */
void mcu_record_writer_finish (McuRecordWriter *self);

/** mcu_record_writer_written: what the file holds.  Thread: any. */
guint64 mcu_record_writer_written (McuRecordWriter *self);

/** mcu_record_writer_stuck_us: for how long it has been inside one call of the kernel.
 * Thread: any. */
gint64 mcu_record_writer_stuck_us (McuRecordWriter *self);

/**
 * mcu_record_writer_abandon: lets go of it. If it was not told to finish it drops what is queued;
 * the thread closes the file when it is back from the kernel, which nobody waits for. on_ended is
 * not called any more, but for a call under way.  Thread: any.
 */
void mcu_record_writer_abandon (McuRecordWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRecordWriter, mcu_record_writer_abandon)
