/* Tests pipelines/mix/audio/mixer.c: who is in the mix, and what happens when that changes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/mixer.h"

#include <pthread.h>
#include <string.h>

#include "link.h"
#include "mcu/base/error.h"
#include "pipelines/mix/tick.h"
#include "room.h"

static void
on_send_counted (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp,
                 gboolean marker, gint64 tick_us)
{
  guint *sent = user_data;

  g_assert_cmpuint (*sent, !=, G_MAXUINT); /* set after remove */
  (*sent)++;
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
  McuAudioPort port = {.participant = "a", .codec = MCU_CODEC_H264, .send = on_send_counted};

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
  mcu_audio_mixer_tick (mixer, ROOM_START_US);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_random_set_seed (7);
#define ADD(name) g_test_add_func ("/mixer/" #name, test_mixer__##name)
  ADD (levels_and_mute);
  ADD (removed_is_never_called);
  ADD (what_it_refuses);
  ADD (joins_and_leaves_while_it_ticks);
  return g_test_run ();
}
