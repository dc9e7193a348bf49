/* Tests pipelines/mix/audio/mixer-tap.c and notice.c: what records hears whom it may.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/mixer.h"

#include <stdlib.h>

#include "pipelines/mix/audio/notice.h"
#include "room.h"
#include "signal.h"

static void
on_tap (gpointer user_data, const gint16 *pcm, gint64 tick_us)
{
  g_array_append_vals (user_data, pcm, MCU_AUDIO_FRAME);
}

static double
has (const GArray *heard, double hz)
{
  g_assert_cmpuint (heard->len, >=, 24000);
  return signal_amplitude ((gint16 *) heard->data + heard->len - 24000, 24000, 48000, hz);
}

/* The largest step from one sample to the next: a click is one. */
static int
largest_step (const GArray *heard, guint from)
{
  int largest = 0;

  for (guint i = from + 1; i < heard->len; i++)
    largest = MAX (largest,
                   abs (g_array_index (heard, gint16, i) - g_array_index (heard, gint16, i - 1)));
  return largest;
}

static void
test_mixer_tap__leaves_out_who_is_to_be_left_out (void)
{
  const char *without[] = {"person2", "nobody", NULL};
  g_autoptr (Room) room = room_new ();
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (gint16));
  Person *listener;
  guint tap, begun;

  room_join (room, 500, MCU_CODEC_NONE);
  room_join (room, 900, MCU_CODEC_NONE);
  listener = room_join (room, 0, MCU_CODEC_OPUS);
  mcu_audio_mixer_add_tap (room->mixer, NULL, on_tap, all);
  tap = mcu_audio_mixer_add_tap (room->mixer, without, on_tap, some);
  room_run (room, 60);
  g_assert_cmpuint (all->len, ==, 60 * MCU_AUDIO_FRAME);
  g_assert_cmpuint (some->len, ==, 60 * MCU_AUDIO_FRAME);
  g_assert_cmpfloat (has (all, 500), >, 3400);
  g_assert_cmpfloat (has (all, 900), >, 3400);
  g_assert_cmpfloat (has (some, 500), >, 3400);
  g_assert_cmpfloat (has (some, 900), <, 5);
  /* Nothing of it at any time, not even at the beginning. */
  g_assert_cmpfloat (signal_amplitude ((gint16 *) some->data, 24000, 48000, 900), <, 5);
  g_assert_cmpfloat (hears (listener, 900), >, 3400);

  begun = some->len;
  mcu_audio_mixer_set_tap_without (room->mixer, tap, NULL);
  room_run (room, 60);
  g_assert_cmpfloat (has (some, 900), >, 3400);
  mcu_audio_mixer_set_tap_without (room->mixer, tap, without);
  room_run (room, 60);
  g_assert_cmpfloat (has (some, 900), <, 5);
  g_assert_cmpfloat (has (some, 500), >, 3400);
  /* Both tones together have steps of less than 4000 * 2 pi * 1400 / 48000. */
  g_assert_cmpint (largest_step (some, begun), <, 800);

  mcu_audio_mixer_remove_tap (room->mixer, tap);
  begun = some->len;
  room_run (room, 3);
  g_assert_cmpuint (some->len, ==, begun);
}

static void
test_mixer_tap__notice_is_heard_by_all (void)
{
  const char *without[] = {"person1", NULL};
  g_autoptr (Room) room = room_new ();
  g_autoptr (GArray) tapped = g_array_new (FALSE, FALSE, sizeof (gint16));
  Person *talker = room_join (room, 500, MCU_CODEC_OPUS);
  Person *listener = room_join (room, 0, MCU_CODEC_OPUS);
  guint begun;

  mcu_audio_mixer_add_tap (room->mixer, without, on_tap, tapped);
  room_run (room, 50);
  begun = tapped->len;
  mcu_audio_mixer_give_notice (room->mixer);
  room_run (room, 5);
  mcu_audio_mixer_give_notice (room->mixer); /* while it sounds: not again */
  room_run (room, MCU_NOTICE_SAMPLES / MCU_AUDIO_FRAME - 5);
  g_assert_cmpfloat (signal_amplitude ((gint16 *) tapped->data + begun + 2400, 4800, 48000, 660), >,
                     MCU_NOTICE_PEAK * .9);
  g_assert_cmpfloat (
      signal_amplitude ((gint16 *) tapped->data + tapped->len - 7200, 4800, 48000, 880), >,
      MCU_NOTICE_PEAK * .9);
  g_assert_cmpfloat (hears (listener, 880), >, 200); /* a part of the last half second */
  g_assert_cmpfloat (hears (talker, 880), >, 200);
  begun = tapped->len;
  room_run (room, 60);
  g_assert_cmpint (largest_step (tapped, begun + 1), ==, 0);
}

static void
test_mixer_tap__notice_is_soft_and_short (void)
{
  gint32 sum[MCU_NOTICE_SAMPLES + 960] = {0};
  gint32 loudest = 0, step = 0;

  mcu_notice_add (sum, 0, G_N_ELEMENTS (sum));
  for (guint i = 0; i < G_N_ELEMENTS (sum); i++) {
    loudest = MAX (loudest, ABS (sum[i]));
    step = MAX (step, ABS (sum[i] - (i > 0 ? sum[i - 1] : 0)));
    if (i >= MCU_NOTICE_SAMPLES)
      g_assert_cmpint (sum[i], ==, 0);
  }
  g_assert_cmpint (MCU_NOTICE_SAMPLES, <, 48000);
  g_assert_cmpint (MCU_NOTICE_SAMPLES % MCU_AUDIO_FRAME, ==, 0);
  g_assert_cmpint (loudest, <=, MCU_NOTICE_PEAK);
  g_assert_cmpint (loudest, >, MCU_NOTICE_PEAK - 20);
  g_assert_cmpint (step, <, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mix/audio/mixer-tap/without",
                   test_mixer_tap__leaves_out_who_is_to_be_left_out);
  g_test_add_func ("/mix/audio/mixer-tap/notice", test_mixer_tap__notice_is_heard_by_all);
  g_test_add_func ("/mix/audio/mixer-tap/notice-shape", test_mixer_tap__notice_is_soft_and_short);
  return g_test_run ();
}
