/* Tests pipelines/mix/audio/mixer-tick.c: who hears whom, and what it takes; with -m perf, its
 * cost. SPDX-License-Identifier: Apache-2.0 */
#include "room.h"
#include "signal.h"

static void
test_mixer_tick__each_hears_all_the_others_at_equal_level (void)
{
  static const double tones[] = {400, 700, 1100, 1700};
  static const McuCodec codecs[] = {MCU_CODEC_OPUS, MCU_CODEC_OPUS, MCU_CODEC_PCMU, MCU_CODEC_PCMA};
  g_autoptr (Room) room = room_new ();

  for (guint i = 0; i < 4; i++)
    room_join (room, tones[i], codecs[i]);
  room_run (room, 100);
  for (guint i = 0; i < 4; i++) {
    for (guint k = 0; k < 4; k++) {
      double amplitude = hears (&room->people[i], tones[k]);

      if (i == k) {
        g_assert_cmpfloat (amplitude, <, 80);
        continue;
      }
      g_test_message ("%u hears %u: %.0f", i + 1, k + 1, amplitude);
      g_assert_cmpfloat (amplitude, >, 2800); /* within 3 dB of what was said */
      g_assert_cmpfloat (amplitude, <, 5700);
    }
    g_assert_cmpuint (room->people[i].packets, ==, 100);
    g_assert_cmpuint (room->people[i].markers, ==, 1);
  }
}

static void
test_mixer_tick__the_silent_share_one_encode (void)
{
  g_autoptr (Room) room = room_new ();
  McuAudioMixerStats before, after;

  room_join (room, 500, MCU_CODEC_OPUS);
  for (guint i = 0; i < 30; i++)
    room_join (room, 0, i < 28 ? MCU_CODEC_OPUS : MCU_CODEC_PCMU);
  room_run (room, 50);
  mcu_audio_mixer_stats (room->mixer, &before);
  room_run (room, 50);
  mcu_audio_mixer_stats (room->mixer, &after);
  g_assert_cmpuint (after.encodes - before.encodes, ==, 50 * 3); /* talker; silent: Opus, PCMU */
  g_assert_cmpuint (after.primes, ==, before.primes);
  g_assert_cmpuint (after.packets - before.packets, ==, 50 * 31);
  g_assert_cmpuint (after.talkers, ==, 1);
  g_assert_cmpuint (after.ports, ==, 31);
  g_assert_cmpfloat (hears (&room->people[5], 500), >, 3400);
  g_assert_cmpfloat (hears (&room->people[0], 500), <, 40);
}

/* The second person begins and ends to speak while the first goes on: it moves between the shared
 * mix and its own, which are the same sound. */
static void
test_mixer_tick__handover_makes_no_click (void)
{
  g_autoptr (Room) room = room_new ();
  McuAudioMixerStats stats;
  Person *other;

  room_join (room, 450, MCU_CODEC_OPUS);
  other = room_join (room, 0, MCU_CODEC_OPUS);
  room_join (room, 0, MCU_CODEC_OPUS);
  room_run (room, 60);
  guint steady = signal_greatest_step ((gint16 *) other->heard->data + 40 * 960, 20 * 960);
  for (guint turn = 0; turn < 4; turn++) {
    guint from = other->heard->len;

    other->hz = 900;
    room_run (room, 20);
    mcu_audio_mixer_stats (room->mixer, &stats);
    g_assert_cmpuint (stats.talkers, ==, 2);
    other->hz = 0;
    room_run (room, 60);
    mcu_audio_mixer_stats (room->mixer, &stats);
    g_assert_cmpuint (stats.talkers, ==, 1);
    guint most = signal_greatest_step ((gint16 *) other->heard->data + from - 960,
                                       other->heard->len - from + 960);
    g_test_message ("steps: steady %u, over the handovers %u", steady, most);
    g_assert_cmpuint (most, <=, steady * 3 / 2);
    for (guint at = from; at + 960 <= other->heard->len; at += 960) {
      double amplitude = signal_amplitude ((gint16 *) other->heard->data + at, 960, 48000, 450);
      g_assert_cmpfloat (amplitude, >, 3000);
      g_assert_cmpfloat (amplitude, <, 5000);
    }
  }
  g_assert_cmpuint (stats.primes, >, 0);
}

static void
test_mixer_tick__both_connections_of_a_person_are_own (void)
{
  g_autoptr (Room) room = room_new ();
  Person *first = room_join (room, 500, MCU_CODEC_OPUS);
  Person *second = room_join_again (room, "person1", MCU_CODEC_OPUS);
  McuAudioMixerStats stats;

  room_run (room, 60);
  g_assert_cmpfloat (hears (first, 500), <, 40);
  g_assert_cmpfloat (hears (second, 500), <, 40);
  mcu_audio_mixer_stats (room->mixer, &stats);
  g_assert_cmpuint (stats.encodes, ==, 60); /* one mix for both */
}

static void
on_tap (gpointer user_data, const gint16 *pcm, gint64 tick_us)
{
  g_array_append_vals (user_data, pcm, MCU_AUDIO_FRAME);
}

static void
test_mixer_tick__tap_hears_all_and_is_never_too_loud (void)
{
  g_autoptr (Room) room = room_new ();
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint16));

  for (guint i = 0; i < 16; i++)
    room_join (room, 300 + 100 * i, MCU_CODEC_NONE);
  mcu_audio_mixer_set_tap (room->mixer, on_tap, all, NULL);
  room_run (room, 50);
  mcu_audio_mixer_set_tap (room->mixer, NULL, NULL, NULL);
  room_run (room, 5);
  g_assert_cmpuint (all->len, ==, 50 * 960);
  double first = signal_amplitude ((gint16 *) all->data + 24000, 24000, 48000, 300);
  for (guint i = 0; i < 16; i++) {
    double amplitude = signal_amplitude ((gint16 *) all->data + 24000, 24000, 48000, 300 + 100 * i);
    g_assert_cmpfloat (amplitude, >, first * .9);
    g_assert_cmpfloat (amplitude, <, first * 1.1);
  }
}

static void
on_send_with_hole (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp,
                   gboolean marker, gint64 tick_us)
{
  GArray *seen = user_data;
  guint32 row[2] = {rtp_timestamp, marker};

  g_array_append_vals (seen, row, 2);
}

static void
test_mixer_tick__skipped_ticks_leave_their_hole (void)
{
  g_autoptr (McuAudioMixer) mixer = mcu_audio_mixer_new ();
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (guint32));
  static const gint64 at_us[] = {0, 20000, 220000, 240000};
  static const guint32 expected[] = {0, 960, 960 * 11, 960 * 12};

  mcu_audio_mixer_add (mixer,
                       &(McuAudioPort){.participant = "a",
                                       .codec = MCU_CODEC_OPUS,
                                       .send = on_send_with_hole,
                                       .user_data = seen},
                       NULL);
  for (guint i = 0; i < G_N_ELEMENTS (at_us); i++) {
    mcu_audio_mixer_tick (mixer, ROOM_START_US + at_us[i]);
    const guint32 *row = &g_array_index (seen, guint32, 2 * i);
    g_assert_cmpuint (row[0] - g_array_index (seen, guint32, 0), ==, expected[i]);
    g_assert_cmpuint (row[1], ==, i == 0 || i == 2);
  }
}

/* ---- cost: ./test-mix-audio-mixer-tick -m perf ---- */

static void
on_send_unheard (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp,
                 gboolean marker, gint64 tick_us)
{
}

static void
measure_tick (guint people, guint talkers)
{
  g_autoptr (Room) room = room_new ();
  double spent_us = 0;

  for (guint i = 0; i < people; i++)
    room_join (room, i < talkers ? 300 + 70 * i : 0, MCU_CODEC_NONE);
  for (guint i = 0; i < people; i++) {
    g_autofree char *id = g_strdup_printf ("person%u", i + 1);
    mcu_audio_mixer_add (
        room->mixer,
        &(McuAudioPort){.participant = id, .codec = MCU_CODEC_OPUS, .send = on_send_unheard}, NULL);
  }
  room_run (room, 20);
  for (guint i = 0; i < 300; i++, room->tick++) {
    for (guint k = 0; k < room->n; k++)
      room_send (room, k);
    double begin_us = signal_cpu_us ();
    mcu_audio_mixer_tick (room->mixer, ROOM_START_US + room->tick * 20000);
    spent_us += signal_cpu_us () - begin_us;
  }
  g_test_message ("%2u people, %2u talk: %5.0f us a tick", people, talkers, spent_us / 300.0);
}

static void
test_mixer_tick__cost (void)
{
  if (!g_test_perf ()) {
    g_test_skip ("only with -m perf");
    return;
  }
  measure_tick (8, 0);
  measure_tick (8, 1);
  measure_tick (8, 3);
  measure_tick (32, 1);
  measure_tick (32, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_random_set_seed (7);
#define ADD(name) g_test_add_func ("/mixer-tick/" #name, test_mixer_tick__##name)
  ADD (each_hears_all_the_others_at_equal_level);
  ADD (the_silent_share_one_encode);
  ADD (handover_makes_no_click);
  ADD (both_connections_of_a_person_are_own);
  ADD (tap_hears_all_and_is_never_too_loud);
  ADD (skipped_ticks_leave_their_hole);
  ADD (cost);
  return g_test_run ();
}
