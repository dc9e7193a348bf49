/* pipelines/record/track.c - one person's streams as they were received, not decoded, to files.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/track.h"

#include <string.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "pipelines/record/avc.h"
#include "pipelines/record/packet-clock.h"
#include "pipelines/record/writer.h"

#define MILLISECOND_NS 1000000
/* So long sound waits for the pictures that were announced; then it is a file without. */
#define WAIT_FOR_PICTURE_NS (1500 * (guint64) MILLISECOND_NS)
#define MAX_EARLY_SOUNDS 200
/* Not yet with the writer, which is made by the main loop within some 100 ms. */
#define MAX_WAITING_BYTES (8 * 1024 * 1024)
#define NO_ERROR (-1)

/* A packet of sound. */
typedef struct
{
  guint16 seq;
  guint64 file_ns;
  GBytes *payload; /* owned */
} Sound;

/* A file. Its writer's thread holds a reference, for what it says at its end. */
typedef struct
{
  gatomicrefcount refs;
  gint has_ended;  /* atomic */
  gint error_code; /* McuError or NO_ERROR; read after has_ended */

  /* The track's lock. */
  guint64 offset_ns; /* on the recording's time line */
  McuTrackCluster cluster;
  GQueue waiting; /* of GBytes, owned: until there is a writer */
  gsize waiting_bytes;
  gboolean has_video;
  gboolean is_complete; /* nothing more is for it */
  gboolean is_given_up;

  /* Main loop only, but for mcu_record_writer_give(): with the track's lock. */
  McuRecordWriter *writer; /* owned (nullable) */
  char *name;              /* owned (nullable): with its extension */
  gboolean is_finishing;
} File;

struct _McuTrack
{
  gatomicrefcount refs;

  /* Set once in new(), then read by any thread. */
  McuCodec video, sound;
  int directory_fd; /* owned */
  char *name;       /* owned */
  guint first;
  guint64 reserve_bytes;

  /* The streams' threads and the main loop: hold lock, never across a wait. */
  GMutex lock;
  McuTrackPlaceFunc place; /* (nullable): closed */
  gpointer place_data;
  gboolean may_video, may_sound;
  GPtrArray *files;   /* owned, (element-type File); the last is the one that is written */
  GByteArray *config; /* owned (nullable): of the newest H.264 */
  guint width_px, height_px;
  gboolean needs_key;
  GByteArray *scratch; /* owned */
  McuPacketClock clock;
  GArray *early;   /* owned, (element-type Sound): before there is a file */
  GArray *reorder; /* owned, (element-type Sound): by seq */
  gboolean has_seq;
  guint16 next_seq;
};

/* ---- files ---- */

static void
unref_file (gpointer data)
{
  File *file = data;

  if (!g_atomic_ref_count_dec (&file->refs))
    return;
  g_queue_clear_full (&file->waiting, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&file->cluster.blocks, g_byte_array_unref);
  g_free (file->name);
  g_free (file);
}

/* Of the list: its writer finishes what it has, without us. */
static void
drop_file (gpointer data)
{
  File *file = data;

  if (file->writer != NULL) {
    mcu_record_writer_finish (file->writer);
    mcu_record_writer_abandon (g_steal_pointer (&file->writer));
  }
  unref_file (file);
}

static void
clear_sound (gpointer data)
{
  g_bytes_unref (((Sound *) data)->payload);
}

/* Thread: the writer's. */
static void
on_writer_ended (gpointer user_data, const GError *error)
{
  File *file = user_data;

  if (error != NULL)
    file->error_code = error->domain == MCU_ERROR ? error->code : MCU_ERROR_INTERNAL;
  g_atomic_int_set (&file->has_ended, 1);
}

static File *
current_file (McuTrack *self)
{
  File *file = self->files->len > 0 ? self->files->pdata[self->files->len - 1] : NULL;

  return file != NULL && !file->is_complete ? file : NULL;
}

/* With the lock. */
static void
hand_on (File *file, GBytes *bytes)
{
  gsize size = g_bytes_get_size (bytes);

  if (file->is_given_up) {
    g_bytes_unref (bytes);
  } else if (file->writer != NULL) {
    file->is_given_up = !mcu_record_writer_give (file->writer, bytes);
  } else if (file->waiting_bytes + size > MAX_WAITING_BYTES) {
    file->is_given_up = TRUE;
    file->error_code = MCU_ERROR_OVERLOADED;
    g_bytes_unref (bytes);
  } else {
    g_queue_push_tail (&file->waiting, bytes);
    file->waiting_bytes += size;
  }
}

static void
end_cluster (File *file)
{
  GBytes *cluster = mcu_track_cluster_take (&file->cluster);

  if (cluster != NULL)
    hand_on (file, cluster);
}

static void
complete_file (McuTrack *self)
{
  File *file = current_file (self);

  if (file == NULL)
    return;
  end_cluster (file);
  file->is_complete = TRUE;
}

static void
put_block (File *file, McuTrackKind kind, guint64 file_ns, gboolean is_key, const guint8 *data,
           gsize n)
{
  gint64 ms = ((gint64) file_ns - (gint64) file->offset_ns) / MILLISECOND_NS;

  if (ms < 0)
    return; /* reordered at the very beginning */
  if (mcu_track_cluster_add (&file->cluster, kind, ms, is_key, data, n))
    return;
  end_cluster (file);
  mcu_track_cluster_add (&file->cluster, kind, ms, is_key, data, n);
}

static void
put_early (McuTrack *self, File *file)
{
  for (guint i = 0; i < self->early->len; i++) {
    const Sound *sound = &g_array_index (self->early, Sound, i);
    gsize n;
    const guint8 *data = g_bytes_get_data (sound->payload, &n);

    put_block (file, MCU_TRACK_SOUND, sound->file_ns, TRUE, data, n);
  }
  g_array_set_size (self->early, 0);
}

/* With the lock. Returns: (nullable): %NULL: there were too many. */
static File *
begin_file (McuTrack *self, gboolean has_video, guint64 at_ns)
{
  McuTrackFileSettings settings = {.video = has_video ? self->video : MCU_CODEC_NONE,
                                   .width_px = self->width_px,
                                   .height_px = self->height_px,
                                   .video_config = self->config,
                                   .sound = self->sound};
  File *file;

  complete_file (self);
  if (self->files->len >= MCU_TRACK_MAX_FILES)
    return NULL;
  file = g_new0 (File, 1);
  g_atomic_ref_count_init (&file->refs);
  g_queue_init (&file->waiting);
  file->error_code = NO_ERROR;
  file->has_video = has_video;
  file->offset_ns = self->early->len > 0
                        ? MIN (at_ns, g_array_index (self->early, Sound, 0).file_ns)
                        : at_ns;
  g_ptr_array_add (self->files, file);
  hand_on (file, mcu_track_file_head (&settings));
  put_early (self, file);
  return file;
}

/* ---- pictures ---- */

/* Returns: whether a new file has to begin with this keyframe. */
static gboolean
has_changed (McuTrack *self, const McuTrackPicture *picture, GByteArray *config)
{
  File *file = current_file (self);
  gboolean is_other = file == NULL || !file->has_video;

  if (config != NULL) {
    is_other |= self->config == NULL || self->config->len != config->len ||
                memcmp (self->config->data, config->data, config->len) != 0;
    g_clear_pointer (&self->config, g_byte_array_unref);
    self->config = config;
  }
  if (picture->width_px > 0) {
    self->width_px = picture->width_px;
    self->height_px = picture->height_px;
  }
  return is_other;
}

/* With the lock. */
static void
record_picture (McuTrack *self, const McuTrackPicture *picture, guint64 file_ns)
{
  const guint8 *data = picture->data;
  gsize size = picture->size;
  GByteArray *config = NULL;
  File *file;

  if (self->video == MCU_CODEC_H264) {
    g_byte_array_set_size (self->scratch, 0);
    config = mcu_avc_convert (picture->data, picture->size, self->scratch);
    data = self->scratch->data;
    size = self->scratch->len;
  }
  if (picture->is_keyframe && has_changed (self, picture, config) && self->width_px > 0 &&
      (self->video != MCU_CODEC_H264 || self->config != NULL))
    begin_file (self, TRUE, file_ns);
  else if (!picture->is_keyframe)
    g_clear_pointer (&config, g_byte_array_unref);
  file = current_file (self);
  self->needs_key = file == NULL || !file->has_video;
  if (!self->needs_key && size > 0)
    put_block (file, MCU_TRACK_VIDEO, file_ns, picture->is_keyframe, data, size);
}

gboolean
mcu_track_video (McuTrack *self, const McuTrackPicture *picture)
{
  guint64 file_ns;
  gboolean needs_key;

  g_mutex_lock (&self->lock);
  if (!self->may_video || self->place == NULL ||
      !self->place (self->place_data, picture->running_ns, &file_ns))
    self->needs_key = TRUE; /* what is missing must not be built upon */
  else if (picture->is_keyframe || !self->needs_key)
    record_picture (self, picture, file_ns);
  needs_key = self->needs_key && self->may_video && self->place != NULL &&
              self->files->len < MCU_TRACK_MAX_FILES;
  g_mutex_unlock (&self->lock);
  return needs_key;
}

/* ---- sound ---- */

/* With the lock. */
static void
record_sound (McuTrack *self, Sound *sound)
{
  File *file = current_file (self);
  gsize n;
  const guint8 *data = g_bytes_get_data (sound->payload, &n);

  if (file != NULL) {
    put_block (file, MCU_TRACK_SOUND, sound->file_ns, TRUE, data, n);
    g_bytes_unref (sound->payload);
    return;
  }
  if (self->early->len >= MAX_EARLY_SOUNDS)
    g_array_remove_index (self->early, 0);
  g_array_append_vals (self->early, sound, 1);
  if (self->video == MCU_CODEC_NONE || !self->may_video ||
      sound->file_ns - g_array_index (self->early, Sound, 0).file_ns >= WAIT_FOR_PICTURE_NS)
    begin_file (self, FALSE, sound->file_ns);
}

static void
put_in_order (McuTrack *self, const Sound *sound)
{
  guint i = self->reorder->len;

  while (i > 0 && (gint16) (sound->seq - g_array_index (self->reorder, Sound, i - 1).seq) < 0)
    i--;
  g_array_insert_vals (self->reorder, i, sound, 1);
}

static void
take_in_order (McuTrack *self)
{
  while (self->reorder->len > 0) {
    Sound sound = g_array_index (self->reorder, Sound, 0);
    gint16 ahead = (gint16) (sound.seq - self->next_seq);

    if (self->has_seq && ahead > 0 && self->reorder->len <= MCU_PACKET_CLOCK_WAITING)
      return;
    g_bytes_ref (sound.payload); /* the array's own goes with its place */
    g_array_remove_index (self->reorder, 0);
    if (self->has_seq && ahead < 0) { /* came twice, or too late */
      g_bytes_unref (sound.payload);
      continue;
    }
    self->has_seq = TRUE;
    self->next_seq = sound.seq + 1;
    record_sound (self, &sound);
  }
}

void
mcu_track_sound (McuTrack *self, guint16 seq, guint32 timestamp, const guint8 *payload, gsize n,
                 guint64 running_ns)
{
  Sound sound = {.seq = seq};
  gint64 ns;

  g_mutex_lock (&self->lock);
  ns = mcu_packet_clock_time (&self->clock, timestamp, running_ns);
  if (self->may_sound && self->place != NULL && ns >= 0 &&
      self->place (self->place_data, ns, &sound.file_ns)) {
    /* Far from what was expected: the sender began anew. */
    if (self->has_seq && ABS ((gint16) (seq - self->next_seq)) > 1000)
      self->has_seq = FALSE;
    sound.payload = g_bytes_new (payload, n);
    put_in_order (self, &sound);
    take_in_order (self);
  }
  g_mutex_unlock (&self->lock);
}

/* ---- main loop ---- */

McuTrack *
mcu_track_new (const McuTrackSettings *settings, McuTrackPlaceFunc place, gpointer user_data)
{
  McuTrack *self = g_new0 (McuTrack, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->video = settings->video;
  self->sound = settings->sound;
  self->directory_fd = dup (settings->directory_fd);
  self->name = g_strdup (settings->name);
  self->first = MAX (settings->first, 1);
  self->reserve_bytes = settings->reserve_bytes;
  self->place = place;
  self->place_data = user_data;
  self->may_video = self->may_sound = TRUE;
  self->needs_key = TRUE;
  self->files = g_ptr_array_new_with_free_func (drop_file);
  self->scratch = g_byte_array_new ();
  self->clock.rate_hz = settings->sound == MCU_CODEC_OPUS ? 48000 : 8000;
  self->early = g_array_new (FALSE, FALSE, sizeof (Sound));
  self->reorder = g_array_new (FALSE, FALSE, sizeof (Sound));
  g_array_set_clear_func (self->early, clear_sound);
  g_array_set_clear_func (self->reorder, clear_sound);
  return self;
}

McuTrack *
mcu_track_ref (McuTrack *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_track_unref (McuTrack *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->files);
  g_array_unref (self->early);
  g_array_unref (self->reorder);
  g_byte_array_unref (self->scratch);
  g_clear_pointer (&self->config, g_byte_array_unref);
  if (self->directory_fd >= 0)
    close (self->directory_fd);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

void
mcu_track_allow (McuTrack *self, gboolean video, gboolean sound)
{
  g_mutex_lock (&self->lock);
  self->may_video = video;
  self->may_sound = sound;
  g_mutex_unlock (&self->lock);
}

static void
open_file (McuTrack *self, File *file, guint number)
{
  McuRecordFile where = {.fd = -1};
  McuRecordWriter *writer;

  if (number > 1)
    file->name = g_strdup_printf ("%s-%u.mkv", self->name, number);
  else
    file->name = g_strdup_printf ("%s.mkv", self->name);
  where.directory_fd = dup (self->directory_fd);
  where.name = g_strdup (file->name);
  g_atomic_ref_count_inc (&file->refs);
  writer = mcu_record_writer_new (&where, MCU_RECORD_MKV, self->reserve_bytes, on_writer_ended,
                                  file, unref_file, NULL);
  g_mutex_lock (&self->lock);
  file->writer = writer;
  file->is_given_up |= writer == NULL;
  if (writer == NULL)
    file->error_code = MCU_ERROR_OVERLOADED;
  while (!g_queue_is_empty (&file->waiting)) {
    GBytes *bytes = g_queue_pop_head (&file->waiting);

    hand_on (file, bytes);
  }
  g_mutex_unlock (&self->lock);
}

static void
give_up (McuTrack *self, File *file, McuError code)
{
  McuRecordWriter *writer;

  g_mutex_lock (&self->lock);
  writer = g_steal_pointer (&file->writer);
  file->is_given_up = TRUE;
  file->error_code = code;
  g_mutex_unlock (&self->lock);
  mcu_record_writer_finish (writer);
  mcu_record_writer_abandon (writer);
  g_atomic_int_set (&file->has_ended, 1);
}

static void
tend_file (McuTrack *self, File *file, guint number)
{
  gboolean is_complete, is_given_up;

  if (file->name == NULL)
    open_file (self, file, number);
  if (file->writer != NULL && mcu_record_writer_stuck_us (file->writer) > MCU_RECORD_HANG_US)
    give_up (self, file, MCU_ERROR_TIMEOUT);
  g_mutex_lock (&self->lock);
  is_complete = file->is_complete;
  is_given_up = file->is_given_up;
  g_mutex_unlock (&self->lock);
  if (file->writer != NULL && (is_complete || is_given_up) && !file->is_finishing) {
    file->is_finishing = TRUE;
    mcu_record_writer_finish (file->writer);
  }
}

void
mcu_track_tend (McuTrack *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->files->len;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < n; i++) {
    File *file;

    g_mutex_lock (&self->lock);
    file = self->files->pdata[i]; /* never goes before the track */
    g_mutex_unlock (&self->lock);
    tend_file (self, file, self->first + i);
  }
}

void
mcu_track_close (McuTrack *self)
{
  g_mutex_lock (&self->lock);
  if (self->place != NULL && self->early->len > 0 && current_file (self) == NULL)
    begin_file (self, FALSE, g_array_index (self->early, Sound, 0).file_ns);
  self->place = NULL;
  complete_file (self);
  g_mutex_unlock (&self->lock);
  mcu_track_tend (self);
}

static gboolean
is_over (File *file)
{
  return g_atomic_int_get (&file->has_ended) || (file->name != NULL && file->writer == NULL);
}

gboolean
mcu_track_is_done (McuTrack *self)
{
  gboolean is_done;

  g_mutex_lock (&self->lock);
  is_done = self->place == NULL;
  for (guint i = 0; i < self->files->len && is_done; i++)
    is_done = is_over (self->files->pdata[i]);
  g_mutex_unlock (&self->lock);
  return is_done;
}

guint
mcu_track_foreach_file (McuTrack *self, McuTrackFileFunc func, gpointer user_data)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->files->len; i++) {
    const File *file = self->files->pdata[i];
    gboolean is_bad = (file->is_given_up || g_atomic_int_get (&file->has_ended)) &&
                      file->error_code != NO_ERROR;

    if (file->name == NULL)
      continue; /* tend() has not seen it yet */
    func (user_data, file->name, file->offset_ns / MILLISECOND_NS,
          is_bad ? mcu_error_to_code (file->error_code) : NULL);
    n++;
  }
  g_mutex_unlock (&self->lock);
  return n;
}
