/* Tests pipelines/mix/audio/mixer.c and mixer-tick.c: who hears whom, and what it takes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/mixer.h"

#include <opus.h>
#include <pthread.h>
#include <string.h>

#include "link.h"
#include "mcu/base/error.h"
#include "pipelines/mix/audio/g711.h"
#include "pipelines/mix/audio/voice.h"
#include "pipelines/mix/tick.h"
#include "signal.h"

#define MAX_PEOPLE 40
#define START_US 5000000

/* A person that sends a tone as PCMU and decodes what it is sent. */
typedef struct
{
  guint port;
  McuPlayout *playout;
  double hz; /* 0: silent */
  McuCodec codec;
  OpusDecoder *opus;
  GArray *heard; /* gint16, at 48 kHz or 8 kHz */
  guint packets, markers;
  guint32 last_timestamp;
  gboolean gone;
} Person;

typedef struct
{
  McuAudioMixer *mixer;
  Person people[MAX_PEOPLE];
  guint n, tick;
} Room;

static void
on_send (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp, gboolean marker,
         gint64 tick_us)
{
  Person *person = user_data;
  guint step = person->codec == MCU_CODEC_OPUS ? 960 : 160;
  gint16 pcm[960];

  g_assert_false (person->gone);
  if (person->packets++ > 0)
    g_assert_cmpuint (rtp_timestamp, ==, person->last_timestamp + step);
  person->markers += marker;
  person->last_timestamp = rtp_timestamp;
  if (person->codec == MCU_CODEC_OPUS)
    g_assert_cmpint (opus_decode (person->opus, payload, n, pcm, 960, 0), ==, 960);
  else
    for (guint i = 0; i < 160; i++)
      pcm[i] = person->codec == MCU_CODEC_PCMU ? mcu_g711_ulaw_decode (payload[i])
                                               : mcu_g711_alaw_decode (payload[i]);
  g_array_append_vals (person->heard, pcm, step);
}

static void
on_destroy (gpointer user_data)
{
  Person *person = user_data;

  person->gone = TRUE;
}

static Person *
room_join (Room *room, double hz, McuCodec codec)
{
  Person *person = &room->people[room->n];
  g_autofree char *id = g_strdup_printf ("person%u", ++room->n);
  g_autoptr (GError) error = NULL;

  person->hz = hz;
  person->codec = codec;
  person->playout = mcu_playout_new (MCU_CODEC_PCMU);
  person->opus = opus_decoder_create (48000, 1, NULL);
  person->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  person->port = mcu_audio_mixer_add (room->mixer,
                                      &(McuAudioPort){.participant = id,
                                                      .playout = person->playout,
                                                      .codec = codec,
                                                      .send = on_send,
                                                      .user_data = person,
                                                      .destroy = on_destroy},
                                      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (person->port, !=, 0);
  return person;
}

static void
person_send (Person *person, guint k)
{
  gint16 pcm[160 * 6] = {0};
  guint8 payload[160], rtp[200];

  if (person->hz > 0)
    signal_add_tone (pcm, 960, k * 960, person->hz, 4000);
  for (guint i = 0; i < 160; i++)
    payload[i] = mcu_g711_ulaw_encode (pcm[i * 6]);
  mcu_playout_push (person->playout, rtp, link_packet (rtp, k, k * 160, 7, payload, sizeof payload),
                    START_US + k * 20000 - 8000);
}

static void
room_run (Room *room, guint ticks)
{
  for (guint i = 0; i < ticks; i++, room->tick++) {
    for (guint k = 0; k < room->n; k++)
      person_send (&room->people[k], room->tick);
    mcu_audio_mixer_tick (room->mixer, START_US + room->tick * 20000);
  }
}

static Room *
room_new (void)
{
  Room *room = g_new0 (Room, 1);

  room->mixer = mcu_audio_mixer_new ();
  return room;
}

static void
room_free (Room *room)
{
  mcu_audio_mixer_free (room->mixer);
  for (guint i = 0; i < room->n; i++) {
    g_assert_true (room->people[i].gone);
    mcu_playout_unref (room->people[i].playout);
    opus_decoder_destroy (room->people[i].opus);
    g_array_unref (room->people[i].heard);
  }
  g_free (room);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Room, room_free)

/* Amplitude of a tone in the last half second that a person heard. */
static double
hears (const Person *person, double hz)
{
  guint rate = person->codec == MCU_CODEC_OPUS ? 48000 : 8000;

  g_assert_cmpuint (person->heard->len, >=, rate / 2);
  return signal_amplitude ((gint16 *) person->heard->data + person->heard->len - rate / 2, rate / 2,
                           rate, hz);
}

static void
test_mixer__each_hears_all_the_others_at_equal_level (void)
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
test_mixer__the_silent_share_one_encode (void)
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
test_mixer__handover_makes_no_click (void)
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
test_mixer__both_connections_of_a_person_are_own (void)
{
  g_autoptr (Room) room = room_new ();
  Person *second;

  room_join (room, 500, MCU_CODEC_OPUS);
  room->n = 0; /* the same id again */
  McuAudioMixerStats stats;
  Person kept = room->people[0];
  memset (&room->people[0], 0, sizeof (Person));
  room->people[1] = kept;
  mcu_audio_mixer_remove (room->mixer, kept.port);
  g_assert_true (room->people[0].gone);
  room->people[0].gone = FALSE;
  mcu_playout_unref (kept.playout);
  opus_decoder_destroy (kept.opus);
  g_array_unref (kept.heard);
  memset (&room->people[1], 0, sizeof (Person));

  room_join (room, 500, MCU_CODEC_OPUS);
  second = &room->people[1];
  second->codec = MCU_CODEC_OPUS;
  second->opus = opus_decoder_create (48000, 1, NULL);
  second->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  second->port = mcu_audio_mixer_add (room->mixer,
                                      &(McuAudioPort){.participant = "person1",
                                                      .codec = MCU_CODEC_OPUS,
                                                      .send = on_send,
                                                      .user_data = second,
                                                      .destroy = on_destroy},
                                      NULL);
  room_run (room, 60);
  g_assert_cmpfloat (hears (&room->people[0], 500), <, 40);
  g_assert_cmpfloat (hears (second, 500), <, 40);
  mcu_audio_mixer_stats (room->mixer, &stats);
  g_assert_cmpuint (stats.encodes, <=, 60 + 5);
  mcu_audio_mixer_remove (room->mixer, second->port);
  g_assert_true (second->gone);
  opus_decoder_destroy (second->opus);
  g_array_unref (second->heard);
}

static void
on_level (gpointer user_data, const char *participant, int level_dbov, gboolean voice)
{
  g_autofree char *line = g_strdup_printf ("%s %d %d,", participant, level_dbov, voice);

  g_string_append (user_data, line);
}

static void
test_mixer__levels_and_mute (void)
{
  g_autoptr (Room) room = room_new ();
  g_autoptr (GString) levels = g_string_new (NULL);
  Person *listener;

  room_join (room, 500, MCU_CODEC_NONE);
  listener = room_join (room, 0, MCU_CODEC_OPUS);
  room_run (room, 60);
  mcu_audio_mixer_levels (room->mixer, on_level, levels);
  g_assert_cmpstr (levels->str, ==, "person1 -21 1,person2 -127 0,");
  g_assert_cmpfloat (hears (listener, 500), >, 3400);

  mcu_audio_mixer_set_muted (room->mixer, "person1", TRUE);
  mcu_audio_mixer_set_muted (room->mixer, "nobody", TRUE);
  room_run (room, 60);
  g_string_truncate (levels, 0);
  mcu_audio_mixer_levels (room->mixer, on_level, levels);
  mcu_audio_mixer_levels (room->mixer, on_level, levels);
  g_assert_cmpstr (levels->str, ==, "person1 -127 0,person2 -127 0,person1 -127 0,person2 -127 0,");
  g_assert_cmpfloat (hears (listener, 500), <, 10);

  mcu_audio_mixer_set_muted (room->mixer, "person1", FALSE);
  room_run (room, 60);
  g_assert_cmpfloat (hears (listener, 500), >, 3400);
}

static void
test_mixer__removed_is_never_called (void)
{
  g_autoptr (Room) room = room_new ();
  McuPlayoutInfo info;

  for (guint i = 0; i < 6; i++)
    room_join (room, i < 2 ? 500 : 0, MCU_CODEC_OPUS);
  room_run (room, 10);
  g_assert_true (mcu_audio_mixer_port_info (room->mixer, room->people[1].port, &info));
  g_assert_cmpuint (info.packets, ==, 10);
  for (guint i = 0; i < 6; i += 2) {
    mcu_audio_mixer_remove (room->mixer, room->people[i].port);
    g_assert_true (room->people[i].gone); /* on_send asserts that it is not */
    g_assert_false (mcu_audio_mixer_port_info (room->mixer, room->people[i].port, &info));
    room_run (room, 5);
  }
  mcu_audio_mixer_remove (room->mixer, 12345);
  g_assert_cmpuint (room->people[1].packets, ==, 25);
}

static void
test_mixer__what_it_refuses (void)
{
  g_autoptr (McuAudioMixer) mixer = mcu_audio_mixer_new ();
  g_autoptr (GError) error = NULL;
  McuAudioPort port = {.participant = "a", .codec = MCU_CODEC_H264, .send = on_send};

  g_assert_cmpuint (mcu_audio_mixer_add (mixer, &port, &error), ==, 0);
  g_assert_error (error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC);
  g_clear_error (&error);
  port.codec = MCU_CODEC_OPUS;
  port.send = NULL;
  g_assert_cmpuint (mcu_audio_mixer_add (mixer, &port, &error), ==, 0);
  g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  g_clear_error (&error);
  port.codec = MCU_CODEC_NONE;
  for (guint i = 0; i < MCU_AUDIO_MIXER_MAX_PORTS; i++)
    g_assert_cmpuint (mcu_audio_mixer_add (mixer, &port, NULL), !=, 0);
  g_assert_cmpuint (mcu_audio_mixer_add (mixer, &port, &error), ==, 0);
  g_assert_error (error, MCU_ERROR, MCU_ERROR_ROOM_FULL);
  mcu_audio_mixer_tick (mixer, START_US);
}

static void
on_tap (gpointer user_data, const gint16 *pcm, gint64 tick_us)
{
  g_array_append_vals (user_data, pcm, MCU_AUDIO_FRAME);
}

static void
test_mixer__tap_hears_all_and_is_never_too_loud (void)
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
test_mixer__skipped_ticks_leave_their_hole (void)
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
    mcu_audio_mixer_tick (mixer, START_US + at_us[i]);
    const guint32 *row = &g_array_index (seen, guint32, 2 * i);
    g_assert_cmpuint (row[0] - g_array_index (seen, guint32, 0), ==, expected[i]);
    g_assert_cmpuint (row[1], ==, i == 0 || i == 2);
  }
}

/* ---- with threads: what a thread sanitizer is to look at ---- */

typedef struct
{
  McuPlayout *playout;
  gint stop;
} Feeder;

static void *
feed (void *data)
{
  Feeder *feeder = data;
  guint8 rtp[200], payload[160];

  memset (payload, 0x20, sizeof payload);
  for (guint k = 0; !g_atomic_int_get (&feeder->stop); k++) {
    gsize n = link_packet (rtp, k, k * 160, 9, payload, sizeof payload);
    mcu_playout_push (feeder->playout, rtp, n, g_get_monotonic_time ());
    if (k % 16 == 0)
      g_thread_yield ();
  }
  return NULL;
}

static void
on_send_counted (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp,
                 gboolean marker, gint64 tick_us)
{
  guint *sent = user_data;

  g_assert_cmpuint (*sent, !=, G_MAXUINT); /* set after remove */
  (*sent)++;
}

static void
on_tick (gpointer user_data, guint64 tick_index, gint64 scheduled_ns, gint64 now_ns)
{
  mcu_audio_mixer_tick (user_data, scheduled_ns / 1000);
}

static void
ignore_level (gpointer user_data, const char *participant, int level_dbov, gboolean voice)
{
}

static void
test_mixer__joins_and_leaves_while_it_ticks (void)
{
  g_autoptr (McuAudioMixer) mixer = mcu_audio_mixer_new ();
  Feeder feeder = {mcu_playout_new (MCU_CODEC_PCMU), 0};
  g_autoptr (McuTick) tick = mcu_tick_new (&(McuTickConfig){.name = "audio-test",
                                                            .rate_num = 500,
                                                            .rate_den = 1,
                                                            .func = on_tick,
                                                            .user_data = mixer},
                                           NULL);
  guint sent[8] = {0};
  pthread_t thread;

  pthread_create (&thread, NULL, feed, &feeder);
  for (guint round = 0; round < 30; round++) {
    guint ports[G_N_ELEMENTS (sent)];
    McuAudioMixerStats begin, now;

    for (guint i = 0; i < G_N_ELEMENTS (sent); i++) {
      g_autofree char *id = g_strdup_printf ("p%u", i / 2);
      sent[i] = 0;
      ports[i] = mcu_audio_mixer_add (mixer,
                                      &(McuAudioPort){.participant = id,
                                                      .playout = i == 0 ? feeder.playout : NULL,
                                                      .codec = MCU_CODEC_PCMA,
                                                      .send = on_send_counted,
                                                      .user_data = &sent[i]},
                                      NULL);
    }
    mcu_audio_mixer_stats (mixer, &begin);
    gint64 deadline_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
    do {
      mcu_audio_mixer_levels (mixer, ignore_level, NULL);
      mcu_audio_mixer_set_muted (mixer, "p0", round % 2);
      mcu_audio_mixer_stats (mixer, &now);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_thread_yield ();
    } while (now.ticks < begin.ticks + 3);
    for (guint i = 0; i < G_N_ELEMENTS (sent); i++) {
      mcu_audio_mixer_remove (mixer, ports[i]);
      g_assert_cmpuint (sent[i], >=, 2);
      sent[i] = G_MAXUINT;
    }
  }
  mcu_tick_stop (tick);
  g_atomic_int_set (&feeder.stop, 1);
  pthread_join (thread, NULL);
  mcu_playout_unref (feeder.playout);
}

/* ---- cost: ./test-mix-audio-mixer -m perf ---- */

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
      person_send (&room->people[k], room->tick);
    double begin_us = signal_cpu_us ();
    mcu_audio_mixer_tick (room->mixer, START_US + room->tick * 20000);
    spent_us += signal_cpu_us () - begin_us;
  }
  g_test_message ("%2u people, %2u talk: %5.0f us a tick", people, talkers, spent_us / 300.0);
}

static void
test_mixer__cost (void)
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
#define ADD(name) g_test_add_func ("/mixer/" #name, test_mixer__##name)
  ADD (each_hears_all_the_others_at_equal_level);
  ADD (the_silent_share_one_encode);
  ADD (handover_makes_no_click);
  ADD (both_connections_of_a_person_are_own);
  ADD (levels_and_mute);
  ADD (removed_is_never_called);
  ADD (what_it_refuses);
  ADD (tap_hears_all_and_is_never_too_loud);
  ADD (skipped_ticks_leave_their_hole);
  ADD (joins_and_leaves_while_it_ticks);
  ADD (cost);
  return g_test_run ();
}
