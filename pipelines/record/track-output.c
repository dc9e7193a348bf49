/* pipelines/record/track-output.c - one file of a track, and the writer that it gets.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/track-output.h"

#include <unistd.h>

#include "mcu/base/error.h"
#include "pipelines/record/writer.h"

#define MILLISECOND_NS 1000000
/* Not yet with the writer, which is made by the main loop within some 100 ms. */
#define MAX_WAITING_BYTES (8 * 1024 * 1024)
#define NO_ERROR (-1)

/* How a writer ended; its thread holds a reference and may outlive the output. */
typedef struct
{
  gatomicrefcount refs;
  gint has_ended; /* atomic */
  gint code;      /* McuError or NO_ERROR: read after has_ended */
} Ending;

struct _McuTrackOutput
{
  /* Set once in new(), then read by any thread. */
  guint64 offset_ns;
  gboolean has_video;
  Ending *ending; /* owned */

  /* The track's lock. */
  McuTrackCluster cluster;
  GQueue waiting; /* of GBytes, owned: until there is a writer */
  gsize waiting_bytes;
  gboolean is_complete;
  gboolean is_given_up;
  gint code;               /* why: McuError or NO_ERROR */
  McuRecordWriter *writer; /* owned (nullable); only the main loop changes it */

  /* Main loop only. */
  char *name; /* owned (nullable) */
  gboolean is_finishing;
};

static void
unref_ending (gpointer data)
{
  Ending *ending = data;

  if (g_atomic_ref_count_dec (&ending->refs))
    g_free (ending);
}

/* Thread: the writer's. */
static void
on_writer_ended (gpointer user_data, const GError *error)
{
  Ending *ending = user_data;

  if (error != NULL)
    ending->code = error->domain == MCU_ERROR ? error->code : MCU_ERROR_INTERNAL;
  g_atomic_int_set (&ending->has_ended, 1);
}

static void
hand_on (McuTrackOutput *self, GBytes *bytes)
{
  gsize size = g_bytes_get_size (bytes);

  if (self->is_given_up) {
    g_bytes_unref (bytes);
  } else if (self->writer != NULL) {
    self->is_given_up = !mcu_record_writer_give (self->writer, bytes);
  } else if (self->waiting_bytes + size > MAX_WAITING_BYTES) {
    self->is_given_up = TRUE;
    self->code = MCU_ERROR_OVERLOADED;
    g_bytes_unref (bytes);
  } else {
    g_queue_push_tail (&self->waiting, bytes);
    self->waiting_bytes += size;
  }
}

static void
end_cluster (McuTrackOutput *self)
{
  GBytes *cluster = mcu_track_cluster_take (&self->cluster);

  if (cluster != NULL)
    hand_on (self, cluster);
}

McuTrackOutput *
mcu_track_output_new (const McuTrackFileSettings *settings, guint64 offset_ns)
{
  McuTrackOutput *self = g_new0 (McuTrackOutput, 1);

  self->offset_ns = offset_ns;
  self->has_video = settings->video != MCU_CODEC_NONE;
  self->code = NO_ERROR;
  self->ending = g_new0 (Ending, 1);
  self->ending->code = NO_ERROR;
  g_atomic_ref_count_init (&self->ending->refs);
  g_queue_init (&self->waiting);
  hand_on (self, mcu_track_file_head (settings));
  return self;
}

void
mcu_track_output_free (McuTrackOutput *self)
{
  if (self->writer != NULL) {
    mcu_record_writer_finish (self->writer);
    mcu_record_writer_abandon (self->writer);
  }
  unref_ending (self->ending);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&self->cluster.blocks, g_byte_array_unref);
  g_free (self->name);
  g_free (self);
}

void
mcu_track_output_put (McuTrackOutput *self, McuTrackKind kind, guint64 at_ns, gboolean is_key,
                      const guint8 *data, gsize n)
{
  gint64 ms = ((gint64) at_ns - (gint64) self->offset_ns) / MILLISECOND_NS;

  if (ms < 0)
    return; /* reordered at the very beginning */
  if (mcu_track_cluster_add (&self->cluster, kind, ms, is_key, data, n))
    return;
  end_cluster (self);
  mcu_track_cluster_add (&self->cluster, kind, ms, is_key, data, n);
}

void
mcu_track_output_complete (McuTrackOutput *self)
{
  end_cluster (self);
  self->is_complete = TRUE;
}

gboolean
mcu_track_output_is_complete (McuTrackOutput *self)
{
  return self->is_complete;
}

gboolean
mcu_track_output_has_video (McuTrackOutput *self)
{
  return self->has_video;
}

guint64
mcu_track_output_get_offset_ns (McuTrackOutput *self)
{
  return self->offset_ns;
}

const char *
mcu_track_output_get_error (McuTrackOutput *self)
{
  gint code = self->code;

  if (code == NO_ERROR && g_atomic_int_get (&self->ending->has_ended))
    code = self->ending->code;
  return code != NO_ERROR ? mcu_error_to_code (code) : NULL;
}

gboolean
mcu_track_output_is_over (McuTrackOutput *self)
{
  return g_atomic_int_get (&self->ending->has_ended) || (self->is_given_up && self->writer == NULL);
}

const char *
mcu_track_output_get_name (McuTrackOutput *self)
{
  return self->name;
}

void
mcu_track_output_open (McuTrackOutput *self, GMutex *lock, const McuTrackPlace *place, char *name)
{
  McuRecordFile where = {.fd = -1,
                         .directory_fd = dup (place->directory_fd),
                         .folder = g_strdup (place->folder),
                         .name = g_strdup (name)};
  McuRecordWriter *writer;

  self->name = name;
  g_atomic_ref_count_inc (&self->ending->refs);
  writer = mcu_record_writer_new (&where, MCU_RECORD_MKV, place->reserve_bytes, on_writer_ended,
                                  self->ending, unref_ending, NULL);
  g_mutex_lock (lock);
  self->writer = writer;
  if (writer == NULL) {
    self->is_given_up = TRUE;
    self->code = MCU_ERROR_OVERLOADED;
  }
  while (!g_queue_is_empty (&self->waiting))
    hand_on (self, g_queue_pop_head (&self->waiting));
  g_mutex_unlock (lock);
}

static void
give_up (McuTrackOutput *self, GMutex *lock)
{
  McuRecordWriter *writer;

  g_mutex_lock (lock);
  writer = g_steal_pointer (&self->writer);
  self->is_given_up = TRUE;
  self->code = MCU_ERROR_TIMEOUT;
  g_mutex_unlock (lock);
  mcu_record_writer_abandon (writer);
}

void
mcu_track_output_tend (McuTrackOutput *self, GMutex *lock)
{
  gboolean is_at_end;

  if (self->writer != NULL && mcu_record_writer_stuck_us (self->writer) > MCU_RECORD_HANG_US)
    give_up (self, lock);
  g_mutex_lock (lock);
  is_at_end = self->is_complete || self->is_given_up;
  g_mutex_unlock (lock);
  if (self->writer == NULL || !is_at_end || self->is_finishing)
    return;
  self->is_finishing = TRUE;
  mcu_record_writer_finish (self->writer);
}
