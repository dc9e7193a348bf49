/* pipelines/record/mkv-write.c - an ordinary Matroska file: with a duration, an index, chapters.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/mkv-write.h"

#include "pipelines/record/ebml.h"
#include "pipelines/record/mkv-read.h"

#define TIMESTAMP_SCALE 0x2ad7b1
#define DURATION 0x4489
#define MUXING_APP 0x4d80
#define WRITING_APP 0x5741
#define SEEK 0x4dbb
#define SEEK_ID 0x53ab
#define SEEK_POSITION 0x53ac
#define CUE_POINT 0xbb
#define CUE_TIME 0xb3
#define CUE_TRACK_POSITIONS 0xb7
#define CUE_TRACK 0xf7
#define CUE_CLUSTER_POSITION 0xf1
#define EDITION_ENTRY 0x45b9
#define CHAPTER_ATOM 0xb6
#define CHAPTER_UID 0x73c4
#define CHAPTER_TIME_START 0x91
#define CHAPTER_DISPLAY 0x80
#define CHAP_STRING 0x85
#define CHAP_LANGUAGE 0x437c

#define MILLISECOND_NS 1000000
/* A block counts from its cluster in 16 bits. A player reads a cluster to show one picture. */
#define MAX_CLUSTER_MS 5000
#define BLOCK_HEAD_BYTES (1 + 8 + 4)
#define CLUSTER_HEAD_BYTES (4 + 8)
#define CLUSTER_TIME_BYTES (1 + 8 + 8)

typedef struct
{
  gint64 time_ms;
  guint64 offset; /* in the file */
  guint32 size;
  guint part : 16, track : 15, is_key : 1;
} Block;

typedef struct
{
  guint first, n; /* blocks */
  guint64 size;   /* of all of it */
} Cluster;

typedef struct
{
  const McuMoviePlan *plan;
  const GArray *chapters; /* (nullable) */
  GArray *blocks;         /* owned, (element-type Block) */
  GArray *clusters;       /* owned, (element-type Cluster) */
} Writing;

static gint
compare_blocks (gconstpointer a, gconstpointer b)
{
  const Block *one = a, *other = b;

  if (one->time_ms != other->time_ms)
    return one->time_ms < other->time_ms ? -1 : 1;
  if (one->part != other->part)
    return one->part < other->part ? -1 : 1;
  return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static void
gather (Writing *self)
{
  const McuMoviePlan *plan = self->plan;

  for (guint p = 0; p < plan->n_parts; p++)
    for (guint t = 0; t < plan->parts[p]->n_tracks; t++) {
      const McuMovieTrack *track = &plan->parts[p]->tracks[t];

      for (guint i = 0; i < track->samples->len; i++) {
        const McuMovieSample *sample = &g_array_index (track->samples, McuMovieSample, i);
        gint64 ms = sample->time + plan->offset_ns[p] / MILLISECOND_NS;
        Block block = {MAX (0, ms), sample->offset, sample->size, p, t, sample->is_key};

        g_array_append_val (self->blocks, block);
      }
    }
  g_array_sort (self->blocks, compare_blocks);
}

static gboolean
is_video (Writing *self, const Block *block)
{
  return self->plan->parts[0]->tracks[block->track].kind == MCU_MOVIE_VIDEO;
}

static void
make_clusters (Writing *self)
{
  gint64 begun_ms = 0;

  for (guint i = 0; i < self->blocks->len; i++) {
    const Block *block = &g_array_index (self->blocks, Block, i);
    Cluster *last;

    if (i == 0 || (is_video (self, block) && block->is_key) ||
        block->time_ms - begun_ms >= MAX_CLUSTER_MS) {
      Cluster cluster = {i, 0, CLUSTER_HEAD_BYTES + CLUSTER_TIME_BYTES};

      begun_ms = block->time_ms;
      g_array_append_val (self->clusters, cluster);
    }
    last = &g_array_index (self->clusters, Cluster, self->clusters->len - 1);
    last->n++;
    last->size += BLOCK_HEAD_BYTES + block->size;
  }
}

/* ---- before the clusters ---- */

static void
put_info (Writing *self, GByteArray *out)
{
  gsize info = mcu_ebml_open (out, MCU_MKV_INFO);

  mcu_ebml_put_number (out, TIMESTAMP_SCALE, MILLISECOND_NS);
  mcu_ebml_put_float (out, DURATION, (double) self->plan->end_ns / MILLISECOND_NS);
  mcu_ebml_put_text (out, MUXING_APP, "tessera");
  mcu_ebml_put_text (out, WRITING_APP, "tessera");
  mcu_ebml_close (out, info);
}

static void
put_tracks (Writing *self, GByteArray *out)
{
  const McuMovie *first = self->plan->parts[0];
  gsize tracks = mcu_ebml_open (out, MCU_MKV_TRACKS);

  for (guint i = 0; i < first->n_tracks; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (first->tracks[i].entry, &size);

    g_byte_array_append (out, data, size);
  }
  mcu_ebml_close (out, tracks);
}

static void
put_chapters (Writing *self, GByteArray *out)
{
  gsize chapters, edition;

  if (self->chapters == NULL || self->chapters->len == 0)
    return;
  chapters = mcu_ebml_open (out, MCU_MKV_CHAPTERS);
  edition = mcu_ebml_open (out, EDITION_ENTRY);
  for (guint i = 0; i < self->chapters->len; i++) {
    const McuChapter *chapter = &g_array_index (self->chapters, McuChapter, i);
    gsize atom = mcu_ebml_open (out, CHAPTER_ATOM), display;

    mcu_ebml_put_number (out, CHAPTER_UID, i + 1);
    mcu_ebml_put_number (out, CHAPTER_TIME_START, chapter->start_ms * MILLISECOND_NS);
    display = mcu_ebml_open (out, CHAPTER_DISPLAY);
    mcu_ebml_put_text (out, CHAP_STRING, chapter->title);
    mcu_ebml_put_text (out, CHAP_LANGUAGE, "und");
    mcu_ebml_close (out, display);
    mcu_ebml_close (out, atom);
  }
  mcu_ebml_close (out, edition);
  mcu_ebml_close (out, chapters);
}

/* One for each cluster. @first_at: of the first, in the segment's data. */
static void
put_cues (Writing *self, GByteArray *out, guint64 first_at)
{
  gsize cues = mcu_ebml_open (out, MCU_MKV_CUES);
  guint64 at = first_at;

  for (guint i = 0; i < self->clusters->len; i++) {
    const Cluster *cluster = &g_array_index (self->clusters, Cluster, i);
    const Block *block = &g_array_index (self->blocks, Block, cluster->first);
    gsize point, positions;

    point = mcu_ebml_open (out, CUE_POINT);
    mcu_ebml_put_number (out, CUE_TIME, block->time_ms);
    positions = mcu_ebml_open (out, CUE_TRACK_POSITIONS);
    mcu_ebml_put_number (out, CUE_TRACK, self->plan->parts[0]->tracks[block->track].id);
    mcu_ebml_put_number (out, CUE_CLUSTER_POSITION, at);
    mcu_ebml_close (out, positions);
    mcu_ebml_close (out, point);
    at += cluster->size;
  }
  mcu_ebml_close (out, cues);
}

static void
put_seek (GByteArray *out, guint32 id, guint64 at)
{
  guint32 big = GUINT32_TO_BE (id);
  gsize seek = mcu_ebml_open (out, SEEK);

  mcu_ebml_put_bytes (out, SEEK_ID, &big, sizeof big);
  mcu_ebml_put_number (out, SEEK_POSITION, at);
  mcu_ebml_close (out, seek);
}

/* What the segment begins with; no size in it depends on what it says.
 * @at: where info, tracks, cues and the clusters are: of the round before. */
static GByteArray *
make_front (Writing *self, guint64 at[4])
{
  GByteArray *out = g_byte_array_new ();
  gsize seek_head = mcu_ebml_open (out, MCU_MKV_SEEK_HEAD);

  put_seek (out, MCU_MKV_INFO, at[0]);
  put_seek (out, MCU_MKV_TRACKS, at[1]);
  put_seek (out, MCU_MKV_CUES, at[2]);
  mcu_ebml_close (out, seek_head);
  at[0] = out->len;
  put_info (self, out);
  at[1] = out->len;
  put_tracks (self, out);
  put_chapters (self, out);
  at[2] = out->len;
  put_cues (self, out, at[3]);
  at[3] = out->len;
  return out;
}

/* ---- the clusters ---- */

static void
write_cluster (Writing *self, McuTargetFile *out, const Cluster *cluster)
{
  gint64 begun_ms = g_array_index (self->blocks, Block, cluster->first).time_ms;
  g_autoptr (GByteArray) head = g_byte_array_new ();

  mcu_ebml_put_head (head, MCU_MKV_CLUSTER, cluster->size - CLUSTER_HEAD_BYTES);
  mcu_ebml_put_number (head, MCU_MKV_TIMESTAMP, begun_ms);
  mcu_target_file_put_array (out, head);
  for (guint i = cluster->first; i < cluster->first + cluster->n; i++) {
    const Block *block = &g_array_index (self->blocks, Block, i);
    const McuMovie *part = self->plan->parts[block->part];
    gint64 relative_ms = block->time_ms - begun_ms;
    guint8 lead[4] = {0x80 | self->plan->parts[0]->tracks[block->track].id, relative_ms >> 8,
                      relative_ms, block->is_key ? 0x80 : 0};

    g_byte_array_set_size (head, 0);
    mcu_ebml_put_head (head, MCU_MKV_SIMPLE_BLOCK, sizeof lead + block->size);
    g_byte_array_append (head, lead, sizeof lead);
    mcu_target_file_put_array (out, head);
    mcu_target_file_copy (out, part->file, block->offset, block->size);
  }
}

void
mcu_mkv_write (McuTargetFile *out, const McuMoviePlan *plan, const GArray *chapters)
{
  Writing self = {.plan = plan,
                  .chapters = chapters,
                  .blocks = g_array_new (FALSE, FALSE, sizeof (Block)),
                  .clusters = g_array_new (FALSE, FALSE, sizeof (Cluster))};
  g_autoptr (GByteArray) measured = NULL;
  g_autoptr (GByteArray) front = NULL;
  g_autoptr (GByteArray) head = g_byte_array_new ();
  guint64 at[4] = {0}, size;
  gsize n;
  gconstpointer ebml = g_bytes_get_data (plan->parts[0]->head, &n);

  gather (&self);
  make_clusters (&self);
  measured = make_front (&self, at);
  front = make_front (&self, at);
  size = front->len;
  for (guint i = 0; i < self.clusters->len; i++)
    size += g_array_index (self.clusters, Cluster, i).size;
  g_byte_array_append (head, ebml, n);
  mcu_ebml_put_head (head, MCU_MKV_SEGMENT, size);
  mcu_target_file_put_array (out, head);
  mcu_target_file_put_array (out, front);
  for (guint i = 0; i < self.clusters->len; i++)
    write_cluster (&self, out, &g_array_index (self.clusters, Cluster, i));
  g_array_unref (self.blocks);
  g_array_unref (self.clusters);
}
