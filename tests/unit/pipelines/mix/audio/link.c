/* tests/unit/pipelines/mix/audio/link.c - a sender, a network and a ticking receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <opus.h>
#include <string.h>

#include "pipelines/mix/audio/encoder.h"
#include "signal.h"

#define LOOP_SAMPLES 96000

typedef struct
{
  gint64 arrival_us;
  guint k;
  guint16 seq;
  guint32 timestamp, ssrc;
} Flight;

gsize
link_packet (guint8 *rtp, guint16 seq, guint32 timestamp, guint32 ssrc, const guint8 *payload,
             gsize n)
{
  guint32 words[2] = {GUINT32_TO_BE (timestamp), GUINT32_TO_BE (ssrc)};

  memmove (rtp + 12, payload, n); /* a payload may stand in @rtp itself */
  rtp[0] = 0x80;
  rtp[1] = 111;
  rtp[2] = seq >> 8;
  rtp[3] = seq & 0xff;
  memcpy (rtp + 4, words, 8);
  return 12 + n;
}

static void
make_opus (Link *self, const gint16 *pcm)
{
  guint channels = self->config.stereo ? 2 : 1;
  guint n = self->config.packet_samples;
  OpusEncoder *opus = opus_encoder_create (48000, channels, OPUS_APPLICATION_VOIP, NULL);
  g_autofree gint16 *both = g_new (gint16, n * channels);
  guint8 payload[1400];

  opus_encoder_ctl (opus, OPUS_SET_BITRATE (32000 * channels));
  opus_encoder_ctl (opus, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (opus, OPUS_SET_PACKET_LOSS_PERC (10));
  opus_encoder_ctl (opus, OPUS_SET_COMPLEXITY (3));
  for (guint at = 0; at + n <= LOOP_SAMPLES; at += n) {
    for (guint i = 0; i < n * channels; i++)
      both[i] = pcm[at + i / channels];
    int size = opus_encode (opus, both, n, payload, sizeof payload);
    g_assert_cmpint (size, >, 0);
    g_ptr_array_add (self->payloads, g_bytes_new (payload, size));
  }
  opus_encoder_destroy (opus);
}

static void
make_g711 (Link *self, const gint16 *pcm)
{
  McuAudioEncoder *encoder = mcu_audio_encoder_new (self->config.codec);
  guint8 payload[MCU_AUDIO_MAX_PAYLOAD];

  g_assert_cmpuint (self->config.packet_samples, ==, 960);
  for (guint at = 0; at < LOOP_SAMPLES; at += 960) {
    gsize size = mcu_audio_encoder_encode (encoder, pcm + at, payload);
    g_ptr_array_add (self->payloads, g_bytes_new (payload, size));
  }
  mcu_audio_encoder_free (encoder);
}

Link *
link_new (const LinkConfig *config)
{
  Link *self = g_new0 (Link, 1);
  g_autofree gint16 *pcm = g_new0 (gint16, LOOP_SAMPLES);

  self->config = *config;
  if (self->config.packet_samples == 0)
    self->config.packet_samples = 960;
  self->playout = mcu_playout_new (config->codec);
  self->payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->in_flight = g_array_new (FALSE, FALSE, sizeof (Flight));
  self->delays_ms = g_array_new (FALSE, FALSE, sizeof (int));
  self->pcm = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->ssrc = 0x1234;
  self->first_seq = 65500;             /* wraps soon */
  self->first_timestamp = 4294900000u; /* too */
  self->now_us = 1000000000;
  self->next_tick_us = self->now_us + config->phase_us;
  if (config->tone)
    signal_add_tone (pcm, LOOP_SAMPLES, 0, 400, 8000);
  else
    signal_speech (pcm, LOOP_SAMPLES, 0);
  if (config->codec == MCU_CODEC_OPUS)
    make_opus (self, pcm);
  else
    make_g711 (self, pcm);
  return self;
}

void
link_free (Link *self)
{
  mcu_playout_unref (self->playout);
  g_ptr_array_unref (self->payloads);
  g_array_unref (self->in_flight);
  g_array_unref (self->delays_ms);
  g_array_unref (self->pcm);
  g_free (self);
}

void
link_forget (Link *self)
{
  g_array_set_size (self->delays_ms, 0);
  g_array_set_size (self->pcm, 0);
  self->voiced_ticks = self->concealed_ticks = self->idle_ticks = 0;
}

static gint64
send_time (Link *self, guint k)
{
  double us = (double) k * self->config.packet_samples / 0.048 / (1 + self->config.ppm * 1e-6);

  return 1000000000 + (gint64) us;
}

static void
send_due (Link *self, gboolean silent)
{
  while (send_time (self, self->sent) <= self->now_us) {
    guint per = self->config.packet_samples / (self->config.codec == MCU_CODEC_OPUS ? 1 : 6);
    Flight flight = {send_time (self, self->sent) + 20000, self->sent, self->first_seq + self->sent,
                     self->first_timestamp + self->sent * per, self->ssrc};
    gint64 transit_us = 20000;
    gboolean arrives = self->config.fate == NULL ||
                       self->config.fate (self->config.user_data, self->sent, &transit_us);

    flight.arrival_us += transit_us - 20000;
    if (arrives && !silent)
      g_array_append_val (self->in_flight, flight);
    if (silent)
      self->first_seq--; /* its numbers do not go on */
    self->sent++;
  }
}

static void
deliver (Link *self, const Flight *flight)
{
  GBytes *bytes = self->payloads->pdata[flight->k % self->payloads->len];
  guint8 rtp[1500];
  gsize n, size;
  const guint8 *payload = g_bytes_get_data (bytes, &n);

  size = link_packet (rtp, flight->seq, flight->timestamp, flight->ssrc, payload, n);
  mcu_playout_push (self->playout, rtp, size, flight->arrival_us);
}

static int
by_arrival (gconstpointer a, gconstpointer b)
{
  const Flight *x = a, *y = b;

  return x->arrival_us < y->arrival_us ? -1 : x->arrival_us > y->arrival_us;
}

static void
deliver_due (Link *self)
{
  guint n = 0;

  g_array_sort (self->in_flight, by_arrival);
  while (n < self->in_flight->len &&
         g_array_index (self->in_flight, Flight, n).arrival_us <= self->now_us)
    deliver (self, &g_array_index (self->in_flight, Flight, n++));
  if (n > 0)
    g_array_remove_range (self->in_flight, 0, n);
}

static void
tick (Link *self, gint64 at_us)
{
  gint16 pcm[MCU_AUDIO_FRAME];

  mcu_playout_pull (self->playout, at_us, pcm, &self->info);
  g_array_append_vals (self->pcm, pcm, MCU_AUDIO_FRAME);
  self->voiced_ticks += self->info.voice;
  self->concealed_ticks += self->info.concealed;
  self->idle_ticks += self->info.idle;
  if (!self->info.idle) {
    int delay = self->info.playout_ms;
    g_array_append_val (self->delays_ms, delay);
  }
}

static void
run (Link *self, gint64 duration_us, gboolean silent)
{
  for (gint64 end = self->now_us + duration_us; self->now_us < end; self->now_us += 1000) {
    send_due (self, silent);
    deliver_due (self);
    while (self->next_tick_us <= self->now_us) {
      gint64 at = self->config.tick != NULL
                      ? self->config.tick (self->config.user_data, self->next_tick_us)
                      : self->next_tick_us;

      if (at > self->now_us)
        break;
      if (at >= 0)
        tick (self, self->next_tick_us);
      self->next_tick_us += MCU_AUDIO_TICK_US;
    }
  }
}

void
link_run (Link *self, gint64 duration_us)
{
  run (self, duration_us, FALSE);
}

void
link_run_silent (Link *self, gint64 duration_us)
{
  run (self, duration_us, TRUE);
}

static int
by_value (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

int
link_delay_percentile (Link *self, double share)
{
  g_assert_cmpuint (self->delays_ms->len, >, 0);
  g_array_sort (self->delays_ms, by_value);
  return g_array_index (self->delays_ms, int, (guint) (share * (self->delays_ms->len - 1)));
}
