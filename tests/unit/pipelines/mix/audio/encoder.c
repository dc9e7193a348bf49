/* Tests pipelines/mix/audio/encoder.c; with -m perf, what an encode costs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/encoder.h"

#include <opus.h>
#include <string.h>

#include "pipelines/mix/audio/mixer.h"
#include "signal.h"

#define FRAMES 100

static double
energy_of (const gint16 *pcm, guint n)
{
  double energy = 0;

  for (guint i = 0; i < n; i++)
    energy += (double) pcm[i] * pcm[i];
  return energy;
}

static void
test_encoder__opus_is_mono_20_ms_at_its_rate (void)
{
  McuAudioEncoder *encoder = mcu_audio_encoder_new (MCU_CODEC_OPUS);
  guint8 payload[MCU_AUDIO_MAX_PAYLOAD];
  gint16 pcm[960];
  gsize total = 0;

  for (guint k = 0; k < FRAMES; k++) {
    signal_speech (pcm, 960, k * 960);
    gsize n = mcu_audio_encoder_encode (encoder, pcm, payload);
    g_assert_cmpint (opus_packet_get_nb_samples (payload, n, 48000), ==, 960);
    g_assert_cmpint (opus_packet_get_nb_channels (payload), ==, 1);
    total += n;
  }
  guint bps = total * 8 * 50 / FRAMES;
  g_test_message ("%u bit/s", bps);
  g_assert_cmpuint (bps, <=, MCU_AUDIO_OPUS_BITRATE_BPS * 11 / 10);
  g_assert_cmpuint (bps, >=, MCU_AUDIO_OPUS_BITRATE_BPS / 2);
  mcu_audio_encoder_free (encoder);
}

/* A steady tone stays steady: an encoder that is fed a frame twice makes it swell and fade. */
static void
test_encoder__opus_keeps_a_tone_steady (void)
{
  McuAudioEncoder *encoder = mcu_audio_encoder_new (MCU_CODEC_OPUS);
  OpusDecoder *decoder = opus_decoder_create (48000, 1, NULL);
  double least = G_MAXDOUBLE, most = 0;

  for (guint k = 0; k < FRAMES; k++) {
    guint8 payload[MCU_AUDIO_MAX_PAYLOAD];
    gint16 pcm[960] = {0}, heard[960];

    signal_add_tone (pcm, 960, k * 960, 700, 8000);
    gsize n = mcu_audio_encoder_encode (encoder, pcm, payload);
    g_assert_cmpint (opus_decode (decoder, payload, n, heard, 960, 0), ==, 960);
    if (k < 25) /* the encoder gets to know the tone */
      continue;
    least = MIN (least, energy_of (heard, 960) / 960);
    most = MAX (most, energy_of (heard, 960) / 960);
  }
  g_test_message ("energy of a frame: %.0f to %.0f", least, most);
  g_assert_cmpfloat (most, <, least * 1.6); /* 2 dB */
  opus_decoder_destroy (decoder);
  mcu_audio_encoder_free (encoder);
}

/* Somebody begins to speak, and the first packets with it are lost: nothing before them tells what
 * they held, but the next one does. */
static void
test_encoder__opus_carries_the_packet_before (void)
{
  McuAudioEncoder *encoder = mcu_audio_encoder_new (MCU_CODEC_OPUS);
  OpusDecoder *fec = opus_decoder_create (48000, 1, NULL);
  OpusDecoder *guess = opus_decoder_create (48000, 1, NULL);
  guint8 payload[MCU_AUDIO_MAX_PAYLOAD];
  gint16 pcm[960], restored[960], guessed[960];
  double real_energy = 0;

  for (guint k = 0; k < 14; k++) {
    memset (pcm, 0, sizeof pcm);
    if (k >= 10)
      signal_speech (pcm, 960, 30000 + k * 960);
    if (k == 12)
      real_energy = energy_of (pcm, 960);
    int n = mcu_audio_encoder_encode (encoder, pcm, payload);
    if (k < 10) {
      g_assert_cmpint (opus_decode (fec, payload, n, restored, 960, 0), ==, 960);
      g_assert_cmpint (opus_decode (guess, payload, n, guessed, 960, 0), ==, 960);
    }
    if (k == 13) {
      g_assert_cmpint (opus_decode (fec, payload, n, restored, 960, 1), ==, 960);
      g_assert_cmpint (opus_decode (guess, NULL, 0, guessed, 960, 0), ==, 960);
    }
  }
  g_test_message ("energy restored %.2f, guessed %.2f", energy_of (restored, 960) / real_energy,
                  energy_of (guessed, 960) / real_energy);
  /* The decoder fades in after silence, so not all of it. */
  g_assert_cmpfloat (energy_of (restored, 960), >, real_energy * .03);
  g_assert_cmpfloat (energy_of (guessed, 960), <, real_energy * .003);
  opus_decoder_destroy (fec);
  opus_decoder_destroy (guess);
  mcu_audio_encoder_free (encoder);
}

/* A primed encoder goes on like one that was there all the time. */
static void
test_encoder__primed_g711_goes_on_exactly (void)
{
  McuAudioEncoder *always = mcu_audio_encoder_new (MCU_CODEC_PCMA);
  McuAudioEncoder *late = mcu_audio_encoder_new (MCU_CODEC_PCMA);
  guint8 a[MCU_AUDIO_MAX_PAYLOAD], b[MCU_AUDIO_MAX_PAYLOAD];
  gint16 pcm[6 * 960];

  signal_speech (pcm, 6 * 960, 30000);
  for (guint k = 0; k < 6; k++)
    g_assert_cmpuint (mcu_audio_encoder_encode (always, pcm + k * 960, a), ==, 160);
  mcu_audio_encoder_prime (late, pcm, 5);
  mcu_audio_encoder_encode (late, pcm + 5 * 960, b);
  g_assert_cmpmem (a, 160, b, 160);
  mcu_audio_encoder_free (always);
  mcu_audio_encoder_free (late);
  g_assert_null (mcu_audio_encoder_new (MCU_CODEC_VP8));
}

static void
measure (int complexity, const gint16 *speech)
{
  OpusEncoder *opus = opus_encoder_create (48000, 1, OPUS_APPLICATION_VOIP, NULL);
  OpusDecoder *decoder = opus_decoder_create (48000, 1, NULL);
  guint8 payload[MCU_AUDIO_MAX_PAYLOAD];
  gint16 pcm[960];
  double encode_us = 0, decode_us = 0;

  opus_encoder_ctl (opus, OPUS_SET_BITRATE (MCU_AUDIO_OPUS_BITRATE_BPS));
  opus_encoder_ctl (opus, OPUS_SET_COMPLEXITY (complexity));
  opus_encoder_ctl (opus, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (opus, OPUS_SET_PACKET_LOSS_PERC (5));
  for (guint k = 0; k < 1000; k++) {
    double begin_us = signal_cpu_us ();
    int n = opus_encode (opus, speech + k % FRAMES * 960, 960, payload, sizeof payload);
    double middle_us = signal_cpu_us ();
    g_assert_cmpint (opus_decode (decoder, payload, n, pcm, 960, 0), ==, 960);
    encode_us += middle_us - begin_us;
    decode_us += signal_cpu_us () - middle_us;
  }
  g_test_message ("complexity %2d: encode %4.0f us, decode %3.0f us a frame", complexity,
                  encode_us / 1000.0, decode_us / 1000.0);
  opus_encoder_destroy (opus);
  opus_decoder_destroy (decoder);
}

static void
measure_g711 (const gint16 *speech)
{
  McuAudioEncoder *encoder = mcu_audio_encoder_new (MCU_CODEC_PCMU);
  guint8 payload[MCU_AUDIO_MAX_PAYLOAD];
  double begin_us = signal_cpu_us ();

  for (guint k = 0; k < 1000; k++)
    mcu_audio_encoder_encode (encoder, speech + k % FRAMES * 960, payload);
  g_test_message ("PCMU: encode %4.0f us a frame", (signal_cpu_us () - begin_us) / 1000.0);
  mcu_audio_encoder_free (encoder);
}

static void
test_encoder__cost (void)
{
  if (!g_test_perf ()) {
    g_test_skip ("only with -m perf");
    return;
  }

  g_autofree gint16 *speech = g_new (gint16, FRAMES * 960);

  signal_speech (speech, FRAMES * 960, 0);
  for (guint i = 0; i < FRAMES * 960; i++) /* breath: no frame is digital silence */
    speech[i] += g_random_int_range (-60, 61);
  for (int complexity = 0; complexity <= 10; complexity++)
    measure (complexity, speech);
  measure_g711 (speech);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_random_set_seed (7);
#define ADD(name) g_test_add_func ("/encoder/" #name, test_encoder__##name)
  ADD (opus_is_mono_20_ms_at_its_rate);
  ADD (opus_carries_the_packet_before);
  ADD (opus_keeps_a_tone_steady);
  ADD (primed_g711_goes_on_exactly);
  ADD (cost);
  return g_test_run ();
}
