/* tests/unit/pipelines/record/timeline.c - where things go in a file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/timeline.h"

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define FRAME (SECOND / 30)
#define TICK (SECOND / 50)
#define START (1000 * SECOND) /* running time of the first frame */

static void
assert_video (McuRecordTimeline *timeline, guint64 running_ns, gboolean is_keyframe,
              guint64 expected_ns)
{
  guint64 file_ns;

  g_assert_true (mcu_record_timeline_video (timeline, running_ns, is_keyframe, &file_ns));
  g_assert_cmpuint (file_ns, ==, expected_ns);
}

static void
assert_sound (McuRecordTimeline *timeline, guint64 running_ns, guint expected_silence,
              guint64 expected_sample)
{
  guint silence;
  guint64 file_sample;

  g_assert_true (mcu_record_timeline_sound (timeline, running_ns, &silence, &file_sample));
  g_assert_cmpuint (silence, ==, expected_silence);
  g_assert_cmpuint (file_sample, ==, expected_sample);
}

static void
test_timeline__begins_with_a_keyframe_of_now (void)
{
  McuRecordTimeline timeline;
  guint64 file_ns;
  guint silence;

  mcu_record_timeline_init (&timeline, START, 30, 0);
  g_assert_false (mcu_record_timeline_video (&timeline, START - FRAME, TRUE, &file_ns));
  g_assert_false (mcu_record_timeline_video (&timeline, START, FALSE, &file_ns));
  g_assert_false (mcu_record_timeline_sound (&timeline, START, &silence, &file_ns));
  assert_video (&timeline, START + FRAME, TRUE, 0);
  assert_video (&timeline, START + 2 * FRAME, FALSE, FRAME);
  /* Sound from before the keyframe is left out, the first after it is put to its time. */
  g_assert_false (mcu_record_timeline_sound (&timeline, START, &silence, &file_ns));
  assert_sound (&timeline, START + FRAME + TICK, 960, 0);
  assert_sound (&timeline, START + FRAME + 2 * TICK, 0, 1920);
}

static void
test_timeline__sound_is_given_early_by_the_codecs_delay (void)
{
  McuRecordTimeline timeline;
  guint silence;
  guint64 sample;

  mcu_record_timeline_init (&timeline, START, 30, 1920);
  assert_video (&timeline, START, TRUE, 0);
  g_assert_false (mcu_record_timeline_sound (&timeline, START, &silence, &sample));
  g_assert_false (mcu_record_timeline_sound (&timeline, START + TICK, &silence, &sample));
  assert_sound (&timeline, START + 2 * TICK, 0, 0);
}

static void
test_timeline__missing_ticks_become_silence (void)
{
  McuRecordTimeline timeline;

  mcu_record_timeline_init (&timeline, START, 30, 0);
  assert_video (&timeline, START, TRUE, 0);
  assert_sound (&timeline, START, 0, 0);
  assert_sound (&timeline, START + 4 * TICK, 3 * 960, 960);
  assert_sound (&timeline, START + 5 * TICK, 0, 5 * 960);
  /* A hole of a minute is filled with the ticks behind it. */
  assert_sound (&timeline, START + 60 * SECOND, MCU_RECORD_MAX_SILENCE_SAMPLES, 6 * 960);
  for (guint i = 1; i < 6; i++) {
    guint silence;
    guint64 sample;

    g_assert_true (
        mcu_record_timeline_sound (&timeline, START + 60 * SECOND + i * TICK, &silence, &sample));
  }
  assert_sound (&timeline, START + 60 * SECOND + 6 * TICK, 0, (60 * 50 + 6) * 960);
}

/* Ten hours: neither the nanoseconds of a frame nor those of a sample add up to anything. */
static void
test_timeline__does_not_drift (void)
{
  McuRecordTimeline timeline;
  guint64 file_ns = 0, sample = 0;
  guint silence;
  const guint64 n_ticks = 10 * 3600 * 50;

  mcu_record_timeline_init (&timeline, START, 30, 1600);
  for (guint64 i = 0; i < n_ticks; i++) {
    if (i * 3 % 5 < 3)
      g_assert_true (
          mcu_record_timeline_video (&timeline, START + i * 3 / 5 * SECOND / 30, i == 0, &file_ns));
    mcu_record_timeline_sound (&timeline, START + i * TICK, &silence, &sample);
  }
  g_assert_cmpint (ABS ((gint64) file_ns - (gint64) (10 * 3600 * SECOND)), <, 2 * FRAME);
  /* The last sound begins one tick before the end, less the delay. */
  g_assert_cmpint (ABS ((gint64) sample + 960 + 1600 - (gint64) n_ticks * 960), <=, 480);
}

static void
test_timeline__a_pause_leaves_no_hole (void)
{
  McuRecordTimeline timeline;
  guint64 file_ns;
  guint silence;

  mcu_record_timeline_init (&timeline, START, 30, 0);
  assert_video (&timeline, START, TRUE, 0);
  assert_video (&timeline, START + FRAME, FALSE, FRAME);
  assert_sound (&timeline, START, 0, 0);
  assert_sound (&timeline, START + TICK, 0, 960);
  mcu_record_timeline_pause (&timeline);
  g_assert_false (mcu_record_timeline_video (&timeline, START + 2 * FRAME, TRUE, &file_ns));
  g_assert_false (mcu_record_timeline_sound (&timeline, START + 2 * TICK, &silence, &file_ns));
  mcu_record_timeline_resume (&timeline, START + 100 * SECOND);
  /* From the rung's memory: what was shown while it was paused. */
  g_assert_false (mcu_record_timeline_video (&timeline, START + 99 * SECOND, TRUE, &file_ns));
  assert_video (&timeline, START + 100 * SECOND, TRUE, 2 * FRAME);
  /* 2 frames are 3200 samples, 1920 of them were there. */
  assert_sound (&timeline, START + 100 * SECOND, 3200 - 1920, 1920);
  g_assert_cmpuint (mcu_record_timeline_duration_ns (&timeline), ==, 3 * FRAME);
}

static void
test_timeline__sound_alone_begins_by_itself (void)
{
  McuRecordTimeline timeline;
  guint64 sample;
  guint silence;

  mcu_record_timeline_init (&timeline, START, 0, 1600);
  g_assert_false (mcu_record_timeline_sound (&timeline, START - TICK, &silence, &sample));
  assert_sound (&timeline, START, 0, 0);
  mcu_record_timeline_pause (&timeline);
  mcu_record_timeline_resume (&timeline, START + SECOND);
  assert_sound (&timeline, START + SECOND, 0, 960);
  g_assert_cmpuint (mcu_record_timeline_duration_ns (&timeline), ==, 2 * TICK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/timeline/begins", test_timeline__begins_with_a_keyframe_of_now);
  g_test_add_func ("/record/timeline/delay",
                   test_timeline__sound_is_given_early_by_the_codecs_delay);
  g_test_add_func ("/record/timeline/silence", test_timeline__missing_ticks_become_silence);
  g_test_add_func ("/record/timeline/drift", test_timeline__does_not_drift);
  g_test_add_func ("/record/timeline/pause", test_timeline__a_pause_leaves_no_hole);
  g_test_add_func ("/record/timeline/sound-alone", test_timeline__sound_alone_begins_by_itself);
  return g_test_run ();
}
