/* pipelines/record/mkv-read.c - a Matroska or WebM file, whole or cut off anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/mkv-read.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/record/ebml.h"

#define TIMESTAMP_SCALE 0x2ad7b1
#define TRACK_ENTRY 0xae
#define TRACK_NUMBER 0xd7
#define TRACK_TYPE 0x83
#define CODEC_ID 0x86
#define CODEC_PRIVATE 0x63a2
#define VIDEO 0xe0
#define PIXEL_WIDTH 0xb0
#define PIXEL_HEIGHT 0xba
#define BLOCK_GROUP 0xa0
#define BLOCK 0xa1
#define REFERENCE_BLOCK 0xfb

#define MILLISECOND_NS 1000000
#define LACING 0x06
#define KEYFRAME 0x80
#define BLOCK_HEAD_BYTES 4 /* a track number of one byte, two of time, flags */
/* How long a packet of sound or a picture lasts when nothing follows that tells. */
#define LAST_SOUND_MS 20
#define LAST_PICTURE_MS 33
#define MAX_HEAD_BYTES 4096

typedef struct
{
  McuMovie *movie;
  McuSourceFile *file;
  guint64 end;       /* of what there is */
  guint64 scale_ns;  /* of the file's timestamps */
  gint64 cluster_ms; /* of the cluster that is read; -1: not yet told */
} Reading;

/* @element has an end, and it is inside. */
static gboolean
is_whole (const McuEbml *element, guint64 end)
{
  return element->size <= end - element->data_at && element->data_at <= end;
}

/* ---- tracks ---- */

static void
read_size (Reading *self, const McuEbml *video, McuMovieTrack *track)
{
  McuEbml element;
  guint64 end = video->data_at + video->size;

  for (guint64 at = video->data_at;
       mcu_ebml_read (self->file, at, end, &element) && is_whole (&element, end);
       at = element.data_at + element.size)
    if (element.id == PIXEL_WIDTH)
      track->width_px = mcu_ebml_number (self->file, &element);
    else if (element.id == PIXEL_HEIGHT)
      track->height_px = mcu_ebml_number (self->file, &element);
}

static void
read_codec (Reading *self, const McuEbml *element, McuMovieTrack *track)
{
  char name[sizeof track->codec] = "";

  if (element->size < sizeof name)
    mcu_source_file_read (self->file, element->data_at, name, element->size, NULL);
  for (guint i = 0; name[i] != '\0'; i++)
    track->codec[i] = g_ascii_isalnum (name[i]) || strchr ("_/-", name[i]) != NULL ? name[i] : '_';
}

static void
read_track (Reading *self, const McuEbml *entry)
{
  McuMovieTrack *track = mcu_movie_add_track (self->movie, 0);
  guint64 end = entry->data_at + entry->size, type;
  McuEbml element;

  if (track == NULL || end - entry->at > MCU_MOVIE_MAX_CONFIG_BYTES)
    return;
  for (guint64 at = entry->data_at;
       mcu_ebml_read (self->file, at, end, &element) && is_whole (&element, end);
       at = element.data_at + element.size)
    switch (element.id) {
    case TRACK_NUMBER:
      track->id = mcu_ebml_number (self->file, &element);
      break;
    case TRACK_TYPE:
      type = mcu_ebml_number (self->file, &element);
      track->kind = type == 1 ? MCU_MOVIE_VIDEO : type == 2 ? MCU_MOVIE_AUDIO : MCU_MOVIE_OTHER;
      break;
    case CODEC_ID:
      read_codec (self, &element, track);
      break;
    case CODEC_PRIVATE:
      g_clear_pointer (&track->config, g_bytes_unref);
      track->config = mcu_source_file_bytes (self->file, element.data_at, element.size);
      break;
    case VIDEO:
      read_size (self, &element, track);
      break;
    }
  track->default_ticks = track->kind == MCU_MOVIE_AUDIO ? LAST_SOUND_MS : LAST_PICTURE_MS;
  track->entry = mcu_source_file_bytes (self->file, entry->at, end - entry->at);
}

static void
read_tracks (Reading *self, const McuEbml *tracks)
{
  guint64 end = tracks->data_at + tracks->size;
  McuEbml element;

  for (guint64 at = tracks->data_at;
       mcu_ebml_read (self->file, at, end, &element) && is_whole (&element, end);
       at = element.data_at + element.size)
    if (element.id == TRACK_ENTRY)
      read_track (self, &element);
}

static void
read_info (Reading *self, const McuEbml *info)
{
  guint64 end = info->data_at + info->size;
  McuEbml element;

  for (guint64 at = info->data_at;
       mcu_ebml_read (self->file, at, end, &element) && is_whole (&element, end);
       at = element.data_at + element.size)
    if (element.id == TIMESTAMP_SCALE)
      self->scale_ns = CLAMP (mcu_ebml_number (self->file, &element), 1, 1000 * MILLISECOND_NS);
}

/* ---- blocks ---- */

/* @is_key: -1: the block's own flag says it. Returns: FALSE: there are too many. */
static gboolean
read_block (Reading *self, const McuEbml *block, int is_key)
{
  guint8 head[BLOCK_HEAD_BYTES];
  McuMovieSample sample = {.offset = block->data_at + BLOCK_HEAD_BYTES};
  McuMovieTrack *track;
  gint16 relative;

  if (block->size <= BLOCK_HEAD_BYTES || block->size > G_MAXINT32 || self->cluster_ms < 0 ||
      !mcu_source_file_read (self->file, block->data_at, head, sizeof head, NULL))
    return TRUE;
  track = (head[0] & 0x80) != 0 ? mcu_movie_find_track (self->movie, head[0] & 0x7f) : NULL;
  if (track == NULL || (head[3] & LACING) != 0)
    return TRUE;
  relative = (gint16) (head[1] << 8 | head[2]);
  sample.time = self->cluster_ms + relative * (gint64) self->scale_ns / MILLISECOND_NS;
  sample.size = block->size - BLOCK_HEAD_BYTES;
  sample.is_key = is_key >= 0 ? is_key : (head[3] & KEYFRAME) != 0;
  if (track->kind == MCU_MOVIE_AUDIO)
    sample.is_key = 1;
  if (!mcu_movie_add_sample (self->movie, track, &sample))
    return FALSE;
  if (track->samples->len > 1)
    track->default_ticks = CLAMP (sample.time - track->end + track->default_ticks, 1, 1000);
  track->end = sample.time + track->default_ticks;
  return TRUE;
}

static gboolean
read_group (Reading *self, const McuEbml *group)
{
  guint64 end = group->data_at + group->size;
  McuEbml element, block = {0};
  int is_key = 1;

  for (guint64 at = group->data_at;
       mcu_ebml_read (self->file, at, end, &element) && is_whole (&element, end);
       at = element.data_at + element.size)
    if (element.id == BLOCK)
      block = element;
    else if (element.id == REFERENCE_BLOCK)
      is_key = 0;
  return block.id == 0 || read_block (self, &block, is_key);
}

/* What stands in a segment, in a cluster or, when that has no end of its own, behind it. Returns:
 * FALSE: no more. */
static gboolean
read_element (Reading *self, const McuEbml *element)
{
  guint64 value;

  switch (element->id) {
  case MCU_MKV_INFO:
    read_info (self, element);
    return TRUE;
  case MCU_MKV_TRACKS:
    if (self->movie->n_tracks == 0)
      read_tracks (self, element);
    return TRUE;
  case MCU_MKV_TIMESTAMP:
    value = mcu_ebml_number (self->file, element);
    self->cluster_ms = value < G_MAXINT64 / 2000000000
                           ? (gint64) (value * self->scale_ns / MILLISECOND_NS)
                           : -1;
    return TRUE;
  case MCU_MKV_SIMPLE_BLOCK:
    return read_block (self, element, -1);
  case BLOCK_GROUP:
    return read_group (self, element);
  }
  return TRUE;
}

static void
read_segment (Reading *self, guint64 at)
{
  McuEbml element;

  for (; mcu_ebml_read (self->file, at, self->end, &element); at = element.data_at + element.size) {
    if (element.id == MCU_MKV_CLUSTER) {
      self->cluster_ms = -1;
      element.size = 0; /* what is in it comes next */
    } else if (!is_whole (&element, self->end) || !read_element (self, &element)) {
      return;
    }
  }
}

McuMovie *
mcu_mkv_read (McuSourceFile *file, GError **error)
{
  g_autoptr (McuMovie) movie = mcu_movie_new (MCU_MOVIE_MATROSKA, file);
  Reading self = {.movie = movie,
                  .file = file,
                  .end = mcu_source_file_size (file),
                  .scale_ns = MILLISECOND_NS,
                  .cluster_ms = -1};
  McuEbml head, segment;

  if (!mcu_ebml_read (file, 0, self.end, &head) || head.id != MCU_MKV_EBML ||
      head.size > MAX_HEAD_BYTES || !is_whole (&head, self.end) ||
      !mcu_ebml_read (file, head.data_at + head.size, self.end, &segment) ||
      segment.id != MCU_MKV_SEGMENT) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "there is no movie in it");
    return NULL;
  }
  movie->head = mcu_source_file_bytes (file, 0, head.data_at + head.size);
  read_segment (&self, segment.data_at);
  mcu_movie_drop_empty (movie);
  return g_steal_pointer (&movie);
}
