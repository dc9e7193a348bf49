/* pipelines/record/track.c - one person's streams as they were received, not decoded, to files.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/track.h"

#include <string.h>
#include <unistd.h>

#include "pipelines/record/avc.h"
#include "pipelines/record/packet-clock.h"
#include "pipelines/record/track-output.h"

#define MILLISECOND_NS 1000000
/* So long sound waits for the pictures that were announced; then it is a file without. */
#define WAIT_FOR_PICTURE_NS (1500 * (guint64) MILLISECOND_NS)
#define MAX_EARLY_SOUNDS 200

/* A packet of sound. */
typedef struct
{
  guint16 seq;
  guint64 file_ns;
  GBytes *payload; /* owned */
} Sound;

struct _McuTrack
{
  gatomicrefcount refs;

  /* Set once in new(), then read by any thread. */
  McuCodec video, sound;
  int directory_fd; /* owned */
  char *folder;     /* owned (nullable) */
  char *name;       /* owned */
  guint first;
  guint64 reserve_bytes;

  /* The streams' threads and the main loop: hold lock, never across a wait. */
  GMutex lock;
  McuTrackPlaceFunc place; /* (nullable): closed */
  gpointer place_data;
  gboolean may_video, may_sound;
  GPtrArray *files;   /* owned, (element-type McuTrackOutput); the last is written to */
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
clear_sound (gpointer data)
{
  g_bytes_unref (((Sound *) data)->payload);
}

static McuTrackOutput *
current_file (McuTrack *self)
{
  McuTrackOutput *file = self->files->len > 0 ? self->files->pdata[self->files->len - 1] : NULL;

  return file != NULL && !mcu_track_output_is_complete (file) ? file : NULL;
}

static void
put_early (McuTrack *self, McuTrackOutput *file)
{
  for (guint i = 0; i < self->early->len; i++) {
    const Sound *sound = &g_array_index (self->early, Sound, i);
    gsize n;
    const guint8 *data = g_bytes_get_data (sound->payload, &n);

    mcu_track_output_put (file, MCU_TRACK_SOUND, sound->file_ns, TRUE, data, n);
  }
  g_array_set_size (self->early, 0);
}

/* With the lock. Nothing happens when there were too many. */
static void
begin_file (McuTrack *self, gboolean has_video, guint64 at_ns)
{
  McuTrackFileSettings settings = {.video = has_video ? self->video : MCU_CODEC_NONE,
                                   .width_px = self->width_px,
                                   .height_px = self->height_px,
                                   .video_config = self->config,
                                   .sound = self->sound};
  McuTrackOutput *file = current_file (self);

  if (file != NULL)
    mcu_track_output_complete (file);
  if (self->files->len >= MCU_TRACK_MAX_FILES)
    return;
  if (self->early->len > 0)
    at_ns = MIN (at_ns, g_array_index (self->early, Sound, 0).file_ns);
  file = mcu_track_output_new (&settings, at_ns);
  g_ptr_array_add (self->files, file);
  put_early (self, file);
}

/* ---- pictures ---- */

/* Returns: whether a new file has to begin with this keyframe. */
static gboolean
has_changed (McuTrack *self, const McuTrackPicture *picture, GByteArray *config)
{
  McuTrackOutput *file = current_file (self);
  gboolean is_other = file == NULL || !mcu_track_output_has_video (file);

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
  McuTrackOutput *file;

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
  self->needs_key = file == NULL || !mcu_track_output_has_video (file);
  if (!self->needs_key && size > 0)
    mcu_track_output_put (file, MCU_TRACK_VIDEO, file_ns, picture->is_keyframe, data, size);
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
  McuTrackOutput *file = current_file (self);
  gsize n;
  const guint8 *data = g_bytes_get_data (sound->payload, &n);

  if (file != NULL) {
    mcu_track_output_put (file, MCU_TRACK_SOUND, sound->file_ns, TRUE, data, n);
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
  self->folder = g_strdup (settings->folder);
  self->name = g_strdup (settings->name);
  self->first = MAX (settings->first, 1);
  self->reserve_bytes = settings->reserve_bytes;
  self->place = place;
  self->place_data = user_data;
  self->may_video = self->may_sound = TRUE;
  self->needs_key = TRUE;
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_track_output_free);
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
  g_free (self->folder);
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
open_file (McuTrack *self, McuTrackOutput *file, guint number)
{
  McuTrackPlace where = {self->directory_fd, self->folder, self->reserve_bytes};
  char *name = number > 1 ? g_strdup_printf ("%s-%u.mkv", self->name, number)
                          : g_strdup_printf ("%s.mkv", self->name);

  mcu_track_output_open (file, &self->lock, &where, name);
}

void
mcu_track_tend (McuTrack *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->files->len;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < n; i++) {
    McuTrackOutput *file;

    g_mutex_lock (&self->lock);
    file = self->files->pdata[i]; /* never goes before the track */
    g_mutex_unlock (&self->lock);
    if (mcu_track_output_get_name (file) == NULL)
      open_file (self, file, self->first + i);
    mcu_track_output_tend (file, &self->lock);
  }
}

void
mcu_track_close (McuTrack *self)
{
  g_mutex_lock (&self->lock);
  if (self->place != NULL && self->early->len > 0 && current_file (self) == NULL)
    begin_file (self, FALSE, g_array_index (self->early, Sound, 0).file_ns);
  self->place = NULL;
  if (current_file (self) != NULL)
    mcu_track_output_complete (current_file (self));
  g_mutex_unlock (&self->lock);
  mcu_track_tend (self);
}

gboolean
mcu_track_is_done (McuTrack *self)
{
  gboolean is_done;

  g_mutex_lock (&self->lock);
  is_done = self->place == NULL;
  for (guint i = 0; i < self->files->len && is_done; i++)
    is_done = mcu_track_output_is_over (self->files->pdata[i]);
  g_mutex_unlock (&self->lock);
  return is_done;
}

guint
mcu_track_foreach_file (McuTrack *self, McuTrackFileFunc func, gpointer user_data)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->files->len; i++) {
    McuTrackOutput *file = self->files->pdata[i];
    const char *name = mcu_track_output_get_name (file);

    if (name == NULL)
      continue; /* tend() has not seen it yet */
    func (user_data, name, mcu_track_output_get_offset_ns (file) / MILLISECOND_NS,
          mcu_track_output_get_error (file));
    n++;
  }
  g_mutex_unlock (&self->lock);
  return n;
}
