/* Tests pipelines/mix/audio/voice.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/voice.h"

#include <string.h>

#include "signal.h"

#define FRAME 960

static void
feed_noise (McuVoice *voice, gint64 *at, guint frames, gint32 size)
{
  gint16 pcm[FRAME];

  for (guint k = 0; k < frames; k++, *at += FRAME) {
    for (guint i = 0; i < FRAME; i++)
      pcm[i] = size > 0 ? g_random_int_range (-size, size + 1) : 0;
    mcu_voice_feed (voice, pcm, FRAME, *at, *at);
  }
}

static void
feed_tone (McuVoice *voice, gint64 *at, guint frames, double amplitude)
{
  for (guint k = 0; k < frames; k++, *at += FRAME) {
    gint16 pcm[FRAME] = {0};

    signal_add_tone (pcm, FRAME, *at, 300, amplitude);
    mcu_voice_feed (voice, pcm, FRAME, *at, *at);
  }
}

static void
test_voice__level_is_rfc_6464 (void)
{
  gint16 pcm[FRAME];

  memset (pcm, 0, sizeof pcm);
  g_assert_cmpint (mcu_level_dbov (pcm, FRAME), ==, -127);
  signal_add_tone (pcm, FRAME, 0, 500, 32767);
  g_assert_cmpint (mcu_level_dbov (pcm, FRAME), ==, -3);
  for (guint i = 0; i < FRAME; i++)
    pcm[i] = i % 2 ? 32767 : -32767;
  g_assert_cmpint (mcu_level_dbov (pcm, FRAME), ==, 0);
  for (guint i = 0; i < FRAME; i++)
    pcm[i] = -32768;
  g_assert_cmpint (mcu_level_dbov (pcm, FRAME), ==, 0);
}

static void
test_voice__run_in_and_hold (void)
{
  McuVoice voice;
  gint64 at = 0;

  mcu_voice_init (&voice);
  feed_noise (&voice, &at, 100, 30); /* a quiet room */
  g_assert_false (voice.speaking);
  g_assert_false (mcu_voice_covers (&voice, 0, at));
  gint64 begin = at;
  feed_tone (&voice, &at, 10, 3000);
  g_assert_true (voice.speaking);
  gint64 end = at;
  g_assert_true (mcu_voice_covers (&voice, begin - FRAME, begin)); /* run-in */
  g_assert_false (mcu_voice_covers (&voice, begin - 20 * FRAME, begin - 10 * FRAME));
  feed_noise (&voice, &at, 100, 30);
  g_assert_false (voice.speaking);
  g_assert_true (mcu_voice_covers (&voice, end + 20 * FRAME, end + 21 * FRAME)); /* hold */
  g_assert_false (mcu_voice_covers (&voice, end + 30 * FRAME, end + 31 * FRAME));
}

static void
test_voice__noise_of_a_fan_is_learnt (void)
{
  McuVoice voice;
  gint64 at = 0;

  mcu_voice_init (&voice);
  feed_noise (&voice, &at, 1000, 200); /* -49 dBov */
  g_assert_false (voice.speaking);
  feed_tone (&voice, &at, 5, 1500);
  g_assert_true (voice.speaking);
}

static void
test_voice__steady_tone_stays_voice (void)
{
  McuVoice voice;
  gint64 at = 0;

  mcu_voice_init (&voice);
  feed_tone (&voice, &at, 50, 1000);
  for (guint k = 0; k < 100; k++) { /* a minute and more */
    feed_tone (&voice, &at, 60, 1000);
    g_assert_true (voice.speaking);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_random_set_seed (7);
#define ADD(name) g_test_add_func ("/voice/" #name, test_voice__##name)
  ADD (level_is_rfc_6464);
  ADD (run_in_and_hold);
  ADD (noise_of_a_fan_is_learnt);
  ADD (steady_tone_stays_voice);
  return g_test_run ();
}
