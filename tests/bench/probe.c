/* tests/bench/probe.c - see probe.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/probe.h"

#include <opus/opus.h>
#include <pthread.h>
#include <string.h>

#include "tests/bench/clock.h"
#include "tests/bench/decode.h"
#include "tests/bench/tick.h"

#define MAX_OPUS_SAMPLES 5760
#define MATERIAL_SAMPLES 960
/* A tick is told up to its own length after it began: some packets later. */
#define N_PACKETS_KEPT 16

typedef enum
{
  ITEM_VIDEO,
  ITEM_AUDIO,
  ITEM_BEGIN,
  ITEM_END
} ItemType;

typedef struct
{
  ItemType type;
  GByteArray *bytes; /* owned (nullable) */
  gint64 arrival_ns;
} Item;

struct _McuProbe
{
  /* Set once. */
  McuMaterialKind kind;
  const McuSender *source; /* unowned */
  GThread *thread;         /* owned (nullable): not yet joined */
  GAsyncQueue *queue;      /* owned, (element-type Item) */

  GMutex lock; /* guards the tile */
  gboolean has_tile;
  McuLoadRect tile;
  int canvas_width, canvas_height;

  clockid_t cpu_clock; /* atomic by has_clock */
  int has_clock;

  /* Probe thread only, until it is joined. */
  McuLoadDecoder *decoder;
  OpusDecoder *opus;
  McuTickDetector *ticks;
  gint64 n_samples;
  guint n_packets;
  struct
  {
    gint64 first_sample, arrival_ns;
  } packets[N_PACKETS_KEPT]; /* the last ones; packets[i % N_PACKETS_KEPT] */
  int last_code;
  McuProbeResult result;
};

static void
add_delay (GArray *delays, gint64 delay_ns)
{
  double ms = (double) delay_ns / MCU_LOAD_MS;

  g_array_append_val (delays, ms);
}

static gboolean
find_tile (McuProbe *self, const McuLoadLuma *luma, McuLoadRect *rect)
{
  gboolean is_good;

  g_mutex_lock (&self->lock);
  *rect = (McuLoadRect){0, 0, luma->width, luma->height};
  is_good = !self->has_tile || (self->canvas_width > 0 && self->canvas_height > 0);
  if (self->has_tile && is_good) {
    rect->x = self->tile.x * luma->width / self->canvas_width;
    rect->y = self->tile.y * luma->height / self->canvas_height;
    rect->width = self->tile.width * luma->width / self->canvas_width;
    rect->height = self->tile.height * luma->height / self->canvas_height;
  }
  g_mutex_unlock (&self->lock);
  return is_good && rect->x >= 0 && rect->y >= 0 && rect->width >= 32 && rect->height >= 32 &&
         rect->x + rect->width <= luma->width && rect->y + rect->height <= luma->height;
}

static void
look_at_video (McuProbe *self, const McuLoadLuma *luma, gint64 arrival_ns)
{
  const McuSenderTrack *track = &self->source->video;
  McuLoadRect rect;
  int code = find_tile (self, luma, &rect) ? mcu_timecode_read (luma->data, luma->stride, &rect)
                                           : -1;

  if (code < 0)
    self->result.n_unread++;
  if (code < 0 || code == self->last_code || track->material == NULL ||
      (guint) code >= track->material->frames->len)
    return;
  self->last_code = code; /* only the first picture that shows a frame counts */
  gint64 sent_ns = __atomic_load_n (&track->sent_ns[code], __ATOMIC_RELAXED);
  if (sent_ns != 0 && sent_ns < arrival_ns)
    add_delay (self->result.video_ms, arrival_ns - sent_ns);
}

static void
take_video (McuProbe *self, const Item *item)
{
  McuLoadLuma luma;

  if (!mcu_load_decoder_decode (self->decoder, item->bytes->data, item->bytes->len, &luma)) {
    self->result.n_undecodable++;
    return;
  }
  self->result.n_decoded++;
  self->result.width = luma.width;
  self->result.height = luma.height;
  look_at_video (self, &luma, item->arrival_ns);
}

/* Returns: when that sample came, if it had been heard as its packet arrived; 0 when not known. */
static gint64
heard_at (McuProbe *self, gint64 sample)
{
  for (guint i = 1; i <= MIN (self->n_packets, N_PACKETS_KEPT); i++) {
    guint slot = (self->n_packets - i) % N_PACKETS_KEPT;

    if (self->packets[slot].first_sample <= sample)
      return self->packets[slot].arrival_ns +
             (sample - self->packets[slot].first_sample) * MCU_LOAD_S / MCU_TICK_RATE_HZ;
  }
  return 0;
}

/* Which of the ticks of that pitch was it? The youngest that was sent before. */
static void
on_tick (guint pitch, gint64 at_sample, gpointer user_data)
{
  McuProbe *self = user_data;
  const McuSenderTrack *track = &self->source->audio;
  const gsize every = MCU_TICK_RATE_HZ / 1000 * MCU_TICK_EVERY_MS;
  gint64 heard_ns = heard_at (self, at_sample);
  gint64 best = G_MAXINT64;

  if (track->material == NULL || heard_ns == 0)
    return;
  gsize n_ticks = track->material->frames->len * MATERIAL_SAMPLES / every;
  for (gsize tick = pitch; tick < n_ticks; tick += MCU_TICK_N_PITCHES) {
    gsize at = MCU_TICK_RATE_HZ / 1000 * MCU_TICK_FIRST_MS + tick * every;
    gint64 sent_ns = __atomic_load_n (&track->sent_ns[at / MATERIAL_SAMPLES], __ATOMIC_RELAXED);

    if (sent_ns == 0)
      continue;
    sent_ns += (gint64) (at % MATERIAL_SAMPLES) * MCU_LOAD_S / MCU_TICK_RATE_HZ;
    /* The detector's window may tell a little early. */
    if (heard_ns - sent_ns > -20 * MCU_LOAD_MS)
      best = MIN (best, heard_ns - sent_ns);
  }
  if (best < 2 * MCU_LOAD_S)
    add_delay (self->result.audio_ms, best);
}

static void
take_audio (McuProbe *self, const Item *item)
{
  gint16 samples[MAX_OPUS_SAMPLES];
  int n = opus_decode (self->opus, item->bytes->data, (int) item->bytes->len, samples,
                       MAX_OPUS_SAMPLES, 0);

  if (n <= 0)
    return;
  guint slot = self->n_packets++ % N_PACKETS_KEPT;
  self->packets[slot].first_sample = self->n_samples;
  self->packets[slot].arrival_ns = item->arrival_ns;
  self->n_samples += n;
  mcu_tick_detector_feed (self->ticks, samples, (gsize) n);
}

static void
begin (McuProbe *self)
{
  g_array_set_size (self->result.video_ms, 0);
  g_array_set_size (self->result.audio_ms, 0);
  self->result.n_decoded = self->result.n_undecodable = self->result.n_unread = 0;
}

static gpointer
run (gpointer data)
{
  McuProbe *self = data;
  gboolean is_running = TRUE;

  pthread_getcpuclockid (pthread_self (), &self->cpu_clock);
  __atomic_store_n (&self->has_clock, 1, __ATOMIC_RELEASE);
  while (is_running) {
    Item *item = g_async_queue_pop (self->queue);

    if (item->type == ITEM_VIDEO)
      take_video (self, item);
    else if (item->type == ITEM_AUDIO)
      take_audio (self, item);
    else if (item->type == ITEM_BEGIN)
      begin (self);
    else
      is_running = FALSE;
    g_clear_pointer (&item->bytes, g_byte_array_unref);
    g_free (item);
  }
  self->result.cpu_s = mcu_probe_cpu_s (self);
  return NULL;
}

McuProbe *
mcu_probe_new (McuMaterialKind kind, const McuSender *source)
{
  McuProbe *self = g_new0 (McuProbe, 1);

  self->kind = kind;
  self->source = source;
  g_mutex_init (&self->lock);
  self->queue = g_async_queue_new ();
  self->decoder = mcu_load_decoder_new (kind);
  self->opus = opus_decoder_create (MCU_TICK_RATE_HZ, 1, NULL);
  self->ticks = mcu_tick_detector_new (on_tick, self);
  self->last_code = -1;
  self->result.video_ms = g_array_new (FALSE, FALSE, sizeof (double));
  self->result.audio_ms = g_array_new (FALSE, FALSE, sizeof (double));
  self->thread = g_thread_new ("probe", run, self);
  return self;
}

static void
push (McuProbe *self, ItemType type, GByteArray *bytes, gint64 arrival_ns)
{
  Item *item = g_new (Item, 1);

  *item = (Item){type, bytes, arrival_ns};
  g_async_queue_push (self->queue, item);
}

const McuProbeResult *
mcu_probe_finish (McuProbe *self)
{
  if (self->thread != NULL) {
    push (self, ITEM_END, NULL, 0);
    g_thread_join (g_steal_pointer (&self->thread));
  }
  return &self->result;
}

void
mcu_probe_free (McuProbe *self)
{
  mcu_probe_finish (self);
  g_async_queue_unref (self->queue);
  mcu_load_decoder_free (self->decoder);
  opus_decoder_destroy (self->opus);
  mcu_tick_detector_free (self->ticks);
  g_array_unref (self->result.video_ms);
  g_array_unref (self->result.audio_ms);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mcu_probe_set_tile (McuProbe *self, const McuLoadRect *tile, int canvas_width, int canvas_height)
{
  g_mutex_lock (&self->lock);
  self->has_tile = TRUE;
  self->tile = *tile;
  self->canvas_width = canvas_width;
  self->canvas_height = canvas_height;
  g_mutex_unlock (&self->lock);
}

void
mcu_probe_push_video (McuProbe *self, GByteArray *frame, gint64 arrival_ns)
{
  push (self, ITEM_VIDEO, frame, arrival_ns);
}

void
mcu_probe_push_audio (McuProbe *self, const guint8 *packet, gsize size, gint64 arrival_ns)
{
  GByteArray *bytes = g_byte_array_sized_new ((guint) size);

  g_byte_array_append (bytes, packet, (guint) size);
  push (self, ITEM_AUDIO, bytes, arrival_ns);
}

void
mcu_probe_begin (McuProbe *self)
{
  push (self, ITEM_BEGIN, NULL, 0);
}

double
mcu_probe_cpu_s (McuProbe *self)
{
  struct timespec spent = {0};

  if (__atomic_load_n (&self->has_clock, __ATOMIC_ACQUIRE))
    clock_gettime (self->cpu_clock, &spent);
  return (double) spent.tv_sec + (double) spent.tv_nsec / 1e9;
}
