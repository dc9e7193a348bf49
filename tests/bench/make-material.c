/* tests/bench/make-material.c - tessera-load-material DIRECTORY: encodes once what the load client
 * sends for ever.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <math.h>
#include <opus/opus.h>
#include <stdlib.h>

#include "tests/bench/encode.h"
#include "tests/bench/material.h"
#include "tests/bench/test-card.h"
#include "tests/bench/tick.h"

#define N_VIDEO_FRAMES 450
/* A key frame every 5 s: where a sender may jump when it is asked for one. */
#define KEY_EVERY 150
#define N_AUDIO_FRAMES 500
#define AUDIO_SAMPLES 960

typedef struct
{
  const char *name;
  McuMaterialKind kind;
  int width, height;
  guint rate_bps;
  guint first_code;
} VideoJob;

static const VideoJob video_jobs[] = {
    {"camera-vp8", MCU_MATERIAL_VP8, 640, 360, 600000},
    {"camera-h264", MCU_MATERIAL_H264, 640, 360, 600000},
    /* Whose time codes are never those of the others: who is not to be mistaken for them. */
    {"other-vp8", MCU_MATERIAL_VP8, 640, 360, 600000, N_VIDEO_FRAMES},
    {"other-h264", MCU_MATERIAL_H264, 640, 360, 600000, N_VIDEO_FRAMES},
    /* What a mixing server sends back, for measuring a bare webrtcbin. */
    {"canvas-vp8", MCU_MATERIAL_VP8, 1280, 720, 1500000},
    {"canvas-h264", MCU_MATERIAL_H264, 1280, 720, 1500000},
};

static gboolean
make_video (const char *directory, const VideoJob *job, GError **error)
{
  McuLoadEncoder *encoder = mcu_load_encoder_new (job->kind, job->width, job->height,
                                                  job->rate_bps);
  McuTestCard *picture = mcu_test_card_new (job->width, job->height);
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GArray) flags = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_assert_nonnull (encoder);
  for (guint i = 0; i < N_VIDEO_FRAMES; i++) {
    guint32 key = i % KEY_EVERY == 0 ? MCU_MATERIAL_FLAG_KEY : 0;
    GBytes *frame = mcu_load_encoder_encode (
        encoder, mcu_test_card_draw (picture, job->first_code + i), key != 0);

    g_assert_nonnull (frame);
    g_ptr_array_add (frames, frame);
    g_array_append_val (flags, key);
  }
  mcu_test_card_free (picture);
  mcu_load_encoder_free (encoder);
  return mcu_material_write (directory, job->name, job->kind, frames, flags, error);
}

/* Something with the spectrum and the rhythm of speech: harmonics of a wandering pitch below
 * 3 kHz, four syllables a second. */
static double
speech (gsize at)
{
  double t = (double) at / MCU_TICK_RATE_HZ;
  double syllable = pow (sin (G_PI * 4 * t), 2) * 0.9 + 0.1;
  double phase = 2 * G_PI * (130 * t + 6 * sin (2 * G_PI * 0.4 * t));
  double sum = 0;

  for (int harmonic = 1; harmonic <= 18; harmonic++)
    sum += sin (harmonic * phase + harmonic * harmonic) / (1 + harmonic * 0.4);
  return 2200 * syllable * sum / 2;
}

static guint32
level_flags (const gint16 *samples)
{
  double power = 1e-9;

  for (int i = 0; i < AUDIO_SAMPLES; i++)
    power += (double) samples[i] * samples[i];
  double dbov = 10 * log10 (power / AUDIO_SAMPLES / (32768.0 * 32768.0));
  return (guint32) CLAMP (-dbov, 0, 127) << 8;
}

static void
draw_sound (gint16 *samples, gsize from, gboolean talk, gboolean tick, GRand *random)
{
  for (gsize i = 0; i < AUDIO_SAMPLES; i++)
    samples[i] = (gint16) ((talk ? speech (from + i) : 0) + g_rand_double_range (random, -9, 9));
  if (tick)
    mcu_tick_add (samples, AUDIO_SAMPLES, from);
}

static gboolean
make_audio (const char *directory, const char *name, gboolean talk, gboolean tick, GError **error)
{
  int failed;
  OpusEncoder *encoder = opus_encoder_create (MCU_TICK_RATE_HZ, 1, OPUS_APPLICATION_VOIP, &failed);
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GArray) flags = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  g_assert_cmpint (failed, ==, OPUS_OK);
  opus_encoder_ctl (encoder, OPUS_SET_BITRATE (40000));
  opus_encoder_ctl (encoder, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (encoder, OPUS_SET_PACKET_LOSS_PERC (5));
  /* VOIP would low-pass at its leisure: ticks need the whole band. */
  opus_encoder_ctl (encoder, OPUS_SET_BANDWIDTH (OPUS_BANDWIDTH_FULLBAND));
  for (gsize i = 0; i < N_AUDIO_FRAMES; i++) {
    gint16 samples[AUDIO_SAMPLES];
    guint8 packet[1275];

    draw_sound (samples, i * AUDIO_SAMPLES, talk, tick, random);
    int size = opus_encode (encoder, samples, AUDIO_SAMPLES, packet, sizeof packet);
    guint32 level = level_flags (samples);
    g_assert_cmpint (size, >, 0);
    g_ptr_array_add (frames, g_bytes_new (packet, (gsize) size));
    g_array_append_val (flags, level);
  }
  opus_encoder_destroy (encoder);
  return mcu_material_write (directory, name, MCU_MATERIAL_OPUS, frames, flags, error);
}

static gboolean
is_missing (const char *directory, const char *name)
{
  g_autofree char *path = mcu_material_path (directory, name);

  return !g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
make_all (const char *directory, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (video_jobs); i++)
    if (is_missing (directory, video_jobs[i].name) &&
        !make_video (directory, &video_jobs[i], error))
      return FALSE;
  return (!is_missing (directory, "quiet") ||
          make_audio (directory, "quiet", FALSE, FALSE, error)) &&
         (!is_missing (directory, "talk") || make_audio (directory, "talk", TRUE, FALSE, error)) &&
         (!is_missing (directory, "tick") || make_audio (directory, "tick", TRUE, TRUE, error));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 2) {
    g_printerr ("usage: tessera-load-material DIRECTORY\n");
    return 2;
  }
  g_mkdir_with_parents (argv[1], 0755);
  if (make_all (argv[1], &error))
    return 0;
  g_printerr ("tessera-load-material: %s\n", error->message);
  return 1;
}
