/* tests/unit/pipelines/ingest/sender-clock.c
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/ingest/sender-clock.h"

#include <string.h>

#define MS 1000
/* A sender whose clock stands at 3,900,000,000 s (NTP, in 2023) when ours stands at 0. */
#define NTP_SECONDS G_GUINT64_CONSTANT (3900000000)

static guint64
ntp_at (gint64 us)
{
  return ((NTP_SECONDS + us / G_USEC_PER_SEC) << 32) |
         (((guint64) (us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC);
}

static gint64
path_of (McuSenderClock *clock)
{
  gint64 path_us;

  g_assert_true (mcu_sender_clock_get_path_us (clock, &path_us));
  return path_us;
}

static void
test_sender_clock__knows_nothing_before_a_report (void)
{
  McuSenderClock clock = {.rate_hz = 90000};
  gint64 path_us;

  mcu_sender_clock_packet (&clock, 1234, 1000);
  g_assert_false (mcu_sender_clock_get_path_us (&clock, &path_us));
}

/* Video that takes 70 ms longer than sound, both with jitter, timestamps wrapping on the way. */
static void
test_sender_clock__difference_of_two_streams (void)
{
  McuSenderClock audio = {.rate_hz = 48000}, video = {.rate_hz = 90000};
  guint32 audio_rtp = 0xffffff00, video_rtp = 0xfffffff0;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  mcu_sender_clock_report (&audio, ntp_at (0), audio_rtp);
  mcu_sender_clock_report (&video, ntp_at (0), video_rtp);
  for (guint i = 0; i < 1000; i++) {
    gint64 capture_us = i * 20 * MS;

    mcu_sender_clock_packet (&audio, audio_rtp + i * 960,
                             capture_us + 30 * MS + g_rand_int_range (rand, 0, 20 * MS));
    mcu_sender_clock_packet (&video, video_rtp + i * 1800,
                             capture_us + 100 * MS + g_rand_int_range (rand, 0, 20 * MS));
  }
  g_assert_cmpint (ABS (path_of (&video) - path_of (&audio) - 70 * MS), <, 2 * MS);
}

/* A path that becomes longer is noticed when the window has gone by. */
static void
test_sender_clock__forgets_the_old_least (void)
{
  McuSenderClock clock = {.rate_hz = 48000};
  gint64 before_us;

  mcu_sender_clock_report (&clock, ntp_at (0), 0);
  mcu_sender_clock_packet (&clock, 0, 10 * MS);
  before_us = path_of (&clock);
  for (gint64 us = 0; us < 3 * MCU_SENDER_CLOCK_WINDOW_US; us += 20 * MS)
    mcu_sender_clock_packet (&clock, us * 48 / 1000, us + 60 * MS);
  g_assert_cmpint (ABS (path_of (&clock) - before_us - 50 * MS), <, MS);
}

static void
on_report (guint32 ssrc, guint64 ntp, guint32 rtp, gpointer user_data)
{
  guint *n = user_data;

  g_assert_cmpuint (ssrc, ==, 0x01020304);
  g_assert_cmpuint (ntp, ==, G_GUINT64_CONSTANT (0x05060708090a0b0c));
  g_assert_cmpuint (rtp, ==, 0x0d0e0f10);
  (*n)++;
}

static void
test_sender_clock__finds_reports_in_compounds (void)
{
  static const guint8 report[28] = {0x80, 200, 0, 6,  1,  2,  3,  4,  5,  6,
                                    7,    8,   9, 10, 11, 12, 13, 14, 15, 16};
  guint8 compound[8 + sizeof report] = {0x80, 201, 0, 1, 9, 9, 9, 9};
  guint n = 0;

  memcpy (compound + 8, report, sizeof report);
  mcu_sender_reports_find (compound, sizeof compound, on_report, &n);
  g_assert_cmpuint (n, ==, 1);
  for (gsize size = 0; size < sizeof compound; size++) {
    g_autofree guint8 *cut = g_memdup2 (compound, size); /* so that a read past it is seen */

    mcu_sender_reports_find (cut, size, on_report, &n);
  }
  g_assert_cmpuint (n, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ingest/sender-clock/before", test_sender_clock__knows_nothing_before_a_report);
  g_test_add_func ("/ingest/sender-clock/difference", test_sender_clock__difference_of_two_streams);
  g_test_add_func ("/ingest/sender-clock/forgets", test_sender_clock__forgets_the_old_least);
  g_test_add_func ("/ingest/sender-clock/finds", test_sender_clock__finds_reports_in_compounds);
  return g_test_run ();
}
