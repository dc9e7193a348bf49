/* mcu/hls.c - the newest pieces of a live output, and the playlist of them (RFC 8216).
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/hls.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  guint64 number;
  guint duration_ms;
  gboolean is_after_break;
  GBytes *data; /* owned */
} Segment;

typedef struct
{
  gpointer data;
  gsize size;
} Mapping;

struct _McuHls
{
  GQueue segments; /* of Segment, owned, oldest first */
  guint64 next_number;
  guint64 n_breaks_gone; /* breaks before segments that are no longer there */
  gboolean is_broken;    /* before the next one */
  gboolean has_ended;
};

static void
free_segment (gpointer data)
{
  Segment *segment = data;

  g_bytes_unref (segment->data);
  g_free (segment);
}

static void
unmap (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->data, mapping->size);
  g_free (mapping);
}

McuHls *
mcu_hls_new (void)
{
  McuHls *self = g_new0 (McuHls, 1);

  g_queue_init (&self->segments);
  return self;
}

void
mcu_hls_free (McuHls *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->segments, free_segment);
  g_free (self);
}

/* Sealed against shrinking, reading it can raise no SIGBUS; against writing, it stays what it is.
 */
static GBytes *
map (int memfd)
{
  const int wanted = F_SEAL_SHRINK | F_SEAL_WRITE;
  int seals = fcntl (memfd, F_GET_SEALS);
  struct stat status;
  Mapping *mapping;
  gpointer data;

  if (seals < 0 || (seals & wanted) != wanted || fstat (memfd, &status) != 0 ||
      status.st_size <= 0 || status.st_size > MCU_HLS_MAX_SEGMENT_BYTES)
    return NULL;
  data = mmap (NULL, status.st_size, PROT_READ, MAP_SHARED, memfd, 0);
  if (data == MAP_FAILED)
    return NULL;
  mapping = g_new0 (Mapping, 1);
  mapping->data = data;
  mapping->size = status.st_size;
  return g_bytes_new_with_free_func (data, status.st_size, unmap, mapping);
}

gboolean
mcu_hls_add (McuHls *self, int memfd, guint duration_ms)
{
  GBytes *data = memfd >= 0 ? map (memfd) : NULL;
  Segment *segment;

  if (memfd >= 0)
    close (memfd);
  if (data == NULL || duration_ms == 0 || duration_ms > MCU_HLS_MAX_DURATION_MS ||
      self->has_ended) {
    g_clear_pointer (&data, g_bytes_unref);
    return FALSE;
  }
  segment = g_new0 (Segment, 1);
  segment->number = self->next_number++;
  segment->duration_ms = duration_ms;
  segment->is_after_break = self->is_broken;
  segment->data = data;
  self->is_broken = FALSE;
  g_queue_push_tail (&self->segments, segment);
  while (g_queue_get_length (&self->segments) > MCU_HLS_KEPT) {
    Segment *oldest = g_queue_pop_head (&self->segments);

    self->n_breaks_gone += oldest->is_after_break;
    free_segment (oldest);
  }
  return TRUE;
}

void
mcu_hls_break (McuHls *self)
{
  self->is_broken = self->next_number > 0;
}

void
mcu_hls_end (McuHls *self)
{
  self->has_ended = TRUE;
}

static guint
longest_s (GList *first)
{
  guint longest_ms = MCU_HLS_TARGET_S * 1000;

  for (GList *item = first; item != NULL; item = item->next)
    longest_ms = MAX (longest_ms, ((Segment *) item->data)->duration_ms);
  return (longest_ms + 500) / 1000;
}

/* Source: RFC 8216, 4.3.3.3: counted on as they leave the list, so that players keep their place.
 */
static guint64
count_breaks_before (McuHls *self, GList *first)
{
  guint64 n = self->n_breaks_gone;

  for (GList *item = self->segments.head; item != first; item = item->next)
    n += ((Segment *) item->data)->is_after_break;
  return n;
}

static GList *
first_listed (McuHls *self)
{
  guint n = g_queue_get_length (&self->segments);

  return g_queue_peek_nth_link (&self->segments, n > MCU_HLS_LISTED ? n - MCU_HLS_LISTED : 0);
}

char *
mcu_hls_playlist (McuHls *self)
{
  GList *first = first_listed (self);
  GString *text;

  if (first == NULL || (self->next_number < MCU_HLS_FIRST && !self->has_ended))
    return NULL;
  text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n");
  g_string_append_printf (text, "#EXT-X-TARGETDURATION:%u\n", longest_s (first));
  g_string_append_printf (text, "#EXT-X-MEDIA-SEQUENCE:%" G_GUINT64_FORMAT "\n",
                          ((Segment *) first->data)->number);
  g_string_append_printf (text, "#EXT-X-DISCONTINUITY-SEQUENCE:%" G_GUINT64_FORMAT "\n",
                          count_breaks_before (self, first));
  for (GList *item = first; item != NULL; item = item->next) {
    const Segment *segment = item->data;

    if (segment->is_after_break)
      g_string_append (text, "#EXT-X-DISCONTINUITY\n");
    g_string_append_printf (text, "#EXTINF:%u.%03u,\n%" G_GUINT64_FORMAT ".ts\n",
                            segment->duration_ms / 1000, segment->duration_ms % 1000,
                            segment->number);
  }
  if (self->has_ended)
    g_string_append (text, "#EXT-X-ENDLIST\n");
  return g_string_free (text, FALSE);
}

GBytes *
mcu_hls_find (McuHls *self, const char *name)
{
  for (GList *item = self->segments.head; item != NULL; item = item->next) {
    const Segment *segment = item->data;
    char known[32];

    g_snprintf (known, sizeof known, "%" G_GUINT64_FORMAT ".ts", segment->number);
    if (g_str_equal (known, name))
      return g_bytes_ref (segment->data);
  }
  return NULL;
}
