/* Tests pipelines/mix/audio/playout.c and playout-receive.c, in simulated time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/playout.h"

#include <string.h>

#include "link.h"
#include "signal.h"

#define S 1000000 /* us */

/* ---- fates ---- */

static gboolean
jitter (gpointer user_data, guint k, gint64 *transit_us)
{
  *transit_us = 20000 + g_random_int_range (0, GPOINTER_TO_INT (user_data));
  return TRUE;
}

static gboolean
losing (gpointer user_data, guint k, gint64 *transit_us)
{
  *transit_us = 20000 + g_random_int_range (0, 2000);
  return k < 5 || g_random_int_range (0, 100) >= GPOINTER_TO_INT (user_data);
}

/* The network lets nothing pass for 500 ms, then everything at once. */
static gboolean
network_stall (gpointer user_data, guint k, gint64 *transit_us)
{
  gint64 sent_us = (gint64) k * 20000 - 10 * S;

  *transit_us = 20000 + (sent_us >= 0 && sent_us < 500000 ? 500000 - sent_us : 0);
  return TRUE;
}

/* The machine stops 10 s after the beginning for 500 ms: packets are seen after it, the last
 * 100 ms of ticks are caught up. */
static gboolean
machine_stall_packet (gpointer user_data, guint k, gint64 *transit_us)
{
  gint64 arrival_us = (gint64) k * 20000 + 20000;

  if (arrival_us >= 10 * S && arrival_us < 10 * S + 500000)
    arrival_us = 10 * S + 500000;
  *transit_us = arrival_us - (gint64) k * 20000;
  return TRUE;
}

static gint64
machine_stall_tick (gpointer user_data, gint64 at_us)
{
  gint64 since = at_us - 1000000000 - 10 * S;

  if (since < 0 || since >= 500000)
    return at_us;
  return since < 400000 ? -1 : at_us - since + 500000;
}

static gint64
machine_stall_skip (gpointer user_data, gint64 at_us)
{
  gint64 since = at_us - 1000000000 - 10 * S;

  return since < 0 || since >= 500000 ? at_us : -1;
}

/* ---- delay ---- */

static void
test_playout__clean_link_is_quick_at_every_phase (void)
{
  for (int phase = 0; phase < 20; phase += 3) {
    g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS,
                                                    .phase_us = phase * 1000,
                                                    .fate = jitter,
                                                    .user_data = GINT_TO_POINTER (2000)});

    link_run (link, 3 * S);
    link_forget (link);
    link_run (link, 5 * S);
    g_test_message ("phase %d: p50 %d p95 %d ms", phase, link_delay_percentile (link, .5),
                    link_delay_percentile (link, .95));
    g_assert_cmpint (link_delay_percentile (link, .5), <=, 30);
    g_assert_cmpint (link_delay_percentile (link, .95), <=, 40);
    g_assert_cmpuint (link->concealed_ticks, ==, 0);
    g_assert_cmpuint (link->info.lost, ==, 0);
    g_assert_cmpuint (link->info.target_ms, <=, 25);
  }
}

static void
test_playout__jitter_is_waited_for (void)
{
  for (int spread = 30; spread <= 60; spread += 30) {
    g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS,
                                                    .phase_us = 7000,
                                                    .fate = jitter,
                                                    .user_data = GINT_TO_POINTER (spread * 1000)});

    link_run (link, 4 * S);
    link_forget (link);
    guint64 concealed = link->info.concealed_ms;
    link_run (link, 10 * S);
    g_test_message ("0..%d ms: p50 %d p95 %d ms, concealed %u ms of 10 s", spread,
                    link_delay_percentile (link, .5), link_delay_percentile (link, .95),
                    (guint) (link->info.concealed_ms - concealed));
    g_assert_cmpint (link_delay_percentile (link, .5), <=, 85);
    g_assert_cmpint (link_delay_percentile (link, .95), <=, 115);
    g_assert_cmpuint (link->info.concealed_ms - concealed, <=, 400);
  }
}

static void
test_playout__comes_back_after_jitter (void)
{
  g_autoptr (Link) link = link_new (
      &(LinkConfig){.codec = MCU_CODEC_OPUS, .fate = jitter, .user_data = GINT_TO_POINTER (80000)});

  link_run (link, 5 * S);
  g_assert_cmpuint (link->info.target_ms, >=, 70);
  link->config.user_data = GINT_TO_POINTER (1000);
  link_run (link, 8 * S);
  link_forget (link);
  link_run (link, 2 * S);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 40);
}

static void
assert_smooth (Link *link, double most)
{
  const gint16 *pcm = (gint16 *) link->pcm->data;
  guint own = 420; /* 400 Hz at 8000: 419 from sample to sample */
  guint greatest = signal_greatest_step (pcm, link->pcm->len);

  g_test_message ("greatest step %u, of the tone alone %u", greatest, own);
  g_assert_cmpuint (greatest, <=, own * most);
}

static void
test_playout__stretching_a_tone_is_smooth (void)
{
  for (McuCodec codec = MCU_CODEC_OPUS; codec <= MCU_CODEC_PCMA; codec++) {
    g_autoptr (Link) link = link_new (&(LinkConfig){.codec = codec,
                                                    .ppm = -150,
                                                    .fate = jitter,
                                                    .tone = TRUE,
                                                    .user_data = GINT_TO_POINTER (1000)});

    link_run (link, 3 * S);
    link_forget (link);
    link->config.user_data = GINT_TO_POINTER (50000);
    link_run (link, 6 * S);
    link->config.user_data = GINT_TO_POINTER (1000);
    link_run (link, 8 * S);
    g_assert_cmpuint (link->info.stretched_ms, >, 20);
    assert_smooth (link, 2.5);
  }
}

static void
assert_back_within_2_s (Link *link)
{
  link_run (link, 10 * S);
  link_forget (link);
  link_run (link, 500000 + 2 * S);
  link_forget (link);
  link_run (link, 2 * S);
  g_test_message ("after the stall: p50 %d p95 %d ms", link_delay_percentile (link, .5),
                  link_delay_percentile (link, .95));
  g_assert_cmpint (link_delay_percentile (link, .5), <=, 30);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 42);
  g_assert_cmpuint (link->concealed_ticks, <=, 2);
}

static void
test_playout__machine_stall_is_over_in_2_s (void)
{
  for (int phase = 0; phase < 20; phase += 6) {
    g_autoptr (Link) link = link_new (
        &(LinkConfig){.codec = MCU_CODEC_OPUS,
                      .phase_us = phase * 1000,
                      .fate = machine_stall_packet,
                      .tick = phase % 4 == 0 ? machine_stall_tick : machine_stall_skip});

    assert_back_within_2_s (link);
    g_assert_cmpuint (link->info.restarts, ==, 0);
  }
}

static void
test_playout__network_stall_is_over_in_2_s (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS, .fate = network_stall});

  assert_back_within_2_s (link);
}

static void
assert_drift_is_followed (double ppm)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){
      .codec = MCU_CODEC_PCMU, .ppm = ppm, .fate = jitter, .user_data = GINT_TO_POINTER (3000)});

  link_run (link, 5 * S);
  link_forget (link);
  guint64 concealed = link->info.concealed_ms;
  link_run (link, 600 * S);
  g_test_message ("%+.0f ppm: p50 %d p95 %d max %d ms, concealed %u ms, stretched %u ms of 600 s",
                  ppm, link_delay_percentile (link, .5), link_delay_percentile (link, .95),
                  link_delay_percentile (link, 1), (guint) (link->info.concealed_ms - concealed),
                  (guint) link->info.stretched_ms);
  g_assert_cmpint (link_delay_percentile (link, .5), <=, 32);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 42);
  g_assert_cmpint (link_delay_percentile (link, 1), <=, 80);
  g_assert_cmpuint (link->info.concealed_ms - concealed, <=, 300);
  g_assert_cmpuint (link->info.lost + link->info.restarts, ==, 0);
}

static void
test_playout__drift_of_200_ppm_for_10_minutes (void)
{
  assert_drift_is_followed (200);
  assert_drift_is_followed (-200);
}

static void
test_playout__extra_delay_is_reached_and_left (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS});

  link_run (link, 3 * S);
  int before = link->info.playout_ms;
  mcu_playout_set_extra_delay_us (link->playout, 80000);
  link_run (link, 4 * S);
  g_assert_cmpint (link->info.playout_ms, >=, before + 60);
  g_assert_cmpint (link->info.playout_ms, <=, before + 100);
  mcu_playout_set_extra_delay_us (link->playout, 0);
  link_run (link, 4 * S);
  g_assert_cmpint (link->info.playout_ms, <=, before + 10);
}

/* ---- loss, order ---- */

/* At this phase a clean link's delay is 9 ms: the packet with the FEC comes too late, unless loss
 * makes us wait for it. */
static void
test_playout__loss_is_restored_by_fec (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS,
                                                  .phase_us = 10000,
                                                  .fate = losing,
                                                  .user_data = GINT_TO_POINTER (5)});

  link_run (link, 20 * S);
  g_test_message ("5 %%: lost %u, fec %u ms, concealed %u ms, p50 %d p95 %d ms",
                  (guint) link->info.lost, (guint) link->info.fec_ms,
                  (guint) link->info.concealed_ms, link_delay_percentile (link, .5),
                  link_delay_percentile (link, .95));
  g_assert_cmpuint (link->info.lost + link->info.packets, >=, 995);
  g_assert_cmpuint (link->info.lost + link->info.packets, <=, 1001);
  g_assert_cmpuint (link->info.fec_ms, >, link->info.lost * 20 / 2);
  g_assert_cmpuint (link->info.fec_ms + link->info.concealed_ms, <=, link->info.lost * 20 + 100);
  g_assert_cmpint (link_delay_percentile (link, .5), <=, 85);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 115);
}

static gboolean
swapped_and_doubled (gpointer user_data, guint k, gint64 *transit_us)
{
  *transit_us = k % 5 == 1 ? 45000 : 20000; /* behind its next */
  return TRUE;
}

static void
test_playout__reordered_packets_are_not_lost (void)
{
  g_autoptr (Link)
      link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS, .fate = swapped_and_doubled});

  link_run (link, 3 * S);
  guint64 lost = link->info.lost, concealed = link->info.concealed_ms;
  link_run (link, 5 * S);
  g_assert_cmpuint (link->info.lost, ==, lost);
  g_assert_cmpuint (link->info.concealed_ms, ==, concealed);
}

static gboolean
burst (gpointer user_data, guint k, gint64 *transit_us)
{
  return k < 250 || k >= 260; /* 200 ms */
}

static void
test_playout__burst_loss_fades_and_recovers (void)
{
  g_autoptr (Link)
      link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS, .fate = burst, .tone = TRUE});

  link_run (link, 4 * S);
  link_forget (link);
  link_run (link, 5 * S);
  g_assert_cmpuint (link->info.lost, ==, 10);
  g_assert_cmpuint (link->info.concealed_ms, <=, 120);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 40);
  /* No click: neither where it went nor where it came back. */
  guint own = signal_greatest_step ((gint16 *) link->pcm->data, 4800);
  guint most = signal_greatest_step ((gint16 *) link->pcm->data, link->pcm->len);
  g_test_message ("steps: %u of the tone, %u over the burst", own, most);
  g_assert_cmpuint (most, <=, 4 * own);
}

static void
test_playout__duplicates_are_dropped (void)
{
  g_autoptr (McuPlayout) playout = mcu_playout_new (MCU_CODEC_PCMU);
  guint8 rtp[200], payload[160] = {0};
  gint16 pcm[MCU_AUDIO_FRAME];
  McuPlayoutInfo info;

  for (guint k = 0; k < 50; k++) {
    gsize n = link_packet (rtp, k, k * 160, 1, payload, sizeof payload);
    mcu_playout_push (playout, rtp, n, 1 * S + k * 20000);
    mcu_playout_push (playout, rtp, n, 1 * S + k * 20000 + 100);
    mcu_playout_pull (playout, 1 * S + k * 20000 + 5000, pcm, &info);
  }
  g_assert_cmpuint (info.packets, ==, 100);
  g_assert_cmpuint (info.late, ==, 50);
  g_assert_cmpuint (info.lost, ==, 0);
}

/* ---- new beginnings ---- */

static void
test_playout__new_ssrc_and_timestamp_jump_start_afresh (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS, .tone = TRUE});

  link_run (link, 3 * S);
  link->ssrc++;
  link->first_seq += 999;
  link->first_timestamp += 77777777;
  link_run (link, 3 * S);
  g_assert_cmpuint (link->info.restarts, ==, 1);
  link->first_timestamp -= 1000000;
  link_run (link, 3 * S);
  g_assert_cmpuint (link->info.restarts, ==, 2);
  assert_smooth (link, 4);
  link_forget (link);
  link_run (link, 2 * S);
  g_assert_cmpuint (link->concealed_ticks + link->idle_ticks, ==, 0);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 40);
}

static void
test_playout__silence_of_the_sender_is_no_loss (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS, .tone = TRUE});

  for (guint i = 0; i < 5; i++) {
    link_run (link, 2 * S);
    g_assert_false (link->info.idle);
    link_run_silent (link, 400000 + i * 700000);
    g_assert_true (link->info.idle);
    g_assert_cmpint (link->info.level_dbov, ==, -127);
    const gint16 *last = (gint16 *) link->pcm->data + link->pcm->len - MCU_AUDIO_FRAME;
    g_assert_cmpuint (signal_greatest_step (last, MCU_AUDIO_FRAME), ==, 0);
  }
  link_run (link, 2 * S);
  g_assert_cmpuint (link->info.lost, ==, 0);
  g_assert_cmpuint (link->info.concealed_ms, <=, 20);
  g_assert_cmpuint (link->info.playout_ms, <=, 40);
}

static void
test_playout__nothing_pulled_for_long_keeps_a_second (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS});

  link->next_tick_us += 20 * S;
  link_run (link, 20 * S);
  link_run (link, 2 * S);
  g_assert_cmpint (link_delay_percentile (link, 1), <=, 1040);
  link_forget (link);
  link_run (link, 2 * S);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 40);
}

/* ---- formats ---- */

static void
test_playout__all_packet_lengths_and_channels (void)
{
  static const guint lengths[] = {480, 960, 1920, 2880};

  for (guint i = 0; i < 2 * G_N_ELEMENTS (lengths); i++) {
    g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS,
                                                    .packet_samples = lengths[i / 2],
                                                    .stereo = i % 2,
                                                    .phase_us = 3000,
                                                    .tone = TRUE});

    link_run (link, 3 * S);
    link_forget (link);
    link_run (link, 2 * S);
    g_test_message ("%u ms: p50 %d p95 %d", lengths[i / 2] / 48, link_delay_percentile (link, .5),
                    link_delay_percentile (link, .95));
    g_assert_cmpuint (link->concealed_ticks + link->idle_ticks, ==, 0);
    g_assert_cmpint (link_delay_percentile (link, .95), <=, 40 + lengths[i / 2] / 48);
    double amplitude = signal_amplitude ((gint16 *) link->pcm->data, 48000, 48000, 400);
    g_assert_cmpfloat (amplitude, >, 6500);
    g_assert_cmpfloat (amplitude, <, 9500);
  }
}

static void
test_playout__g711_sounds_right (void)
{
  for (McuCodec codec = MCU_CODEC_PCMU; codec <= MCU_CODEC_PCMA; codec++) {
    g_autoptr (Link) link = link_new (&(LinkConfig){.codec = codec, .tone = TRUE});

    link_run (link, 3 * S);
    link_forget (link);
    link_run (link, 1 * S);
    double amplitude = signal_amplitude ((gint16 *) link->pcm->data, 9600, 48000, 400);
    g_assert_cmpfloat (amplitude, >, 7600);
    g_assert_cmpfloat (amplitude, <, 8400);
    g_assert_true (link->info.voice);
    g_assert_cmpint (link->info.level_dbov, >=, -17);
    g_assert_cmpint (link->info.level_dbov, <=, -13);
  }
  g_assert_null (mcu_playout_new (MCU_CODEC_VP8));
}

static void
test_playout__capture_time_is_that_of_the_map (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS});

  link_run (link, 1 * S);
  g_assert_cmpint (link->info.capture_us, ==, -1);
  mcu_playout_set_capture_map (link->playout, link->first_timestamp, 1000000000);
  link_run (link, 2 * S);
  gint64 age_us = link->next_tick_us - MCU_AUDIO_TICK_US - link->info.capture_us;
  g_assert_cmpint (ABS (age_us - 20000 - (gint64) link->info.playout_ms * 1000), <=, 1100);
}

static void
test_playout__whole_word_is_voice (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_PCMU, .phase_us = 15000});
  guint missed = 0, heard = 0;

  link_run (link, 6 * S);
  link_forget (link);
  for (guint i = 0; i < 500; i++) {
    link_run (link, MCU_AUDIO_TICK_US);
    const gint16 *pcm = (gint16 *) link->pcm->data + link->pcm->len - MCU_AUDIO_FRAME;
    if (signal_greatest_step (pcm, MCU_AUDIO_FRAME) < 100)
      continue;
    heard++;
    missed += !link->info.voice;
  }
  g_assert_cmpuint (heard, >, 200);
  g_assert_cmpuint (missed, ==, 0);
}

static void
test_playout__rubbish_is_refused_and_counted (void)
{
  g_autoptr (Link) link = link_new (&(LinkConfig){.codec = MCU_CODEC_OPUS});
  guint8 rtp[300];

  link_run (link, 2 * S);
  guint64 accepted = link->info.packets;
  for (guint k = 0; k < 3000; k++) {
    gsize n = g_random_int_range (0, sizeof rtp);
    for (gsize i = 0; i < n; i++)
      rtp[i] = g_random_int ();
    if (k % 2 == 0 && n > 12)
      link_packet (rtp, g_random_int (), g_random_int (), link->ssrc, rtp, MIN (n, 280) - 12 + 1);
    mcu_playout_push (link->playout, rtp, n, link->now_us);
    if (k % 7 == 0)
      link_run (link, 20000);
  }
  g_assert_cmpuint (link->info.rejected, >, 500);
  link_run (link, 1 * S);
  link_run (link, 2 * S);
  g_assert_cmpuint (link->info.packets, >, accepted);
  link_forget (link);
  link_run (link, 2 * S);
  g_assert_cmpint (link_delay_percentile (link, .95), <=, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_random_set_seed (7); /* the same network at each run */
#define ADD(name) g_test_add_func ("/playout/" #name, test_playout__##name)
  ADD (clean_link_is_quick_at_every_phase);
  ADD (jitter_is_waited_for);
  ADD (comes_back_after_jitter);
  ADD (stretching_a_tone_is_smooth);
  ADD (machine_stall_is_over_in_2_s);
  ADD (network_stall_is_over_in_2_s);
  ADD (drift_of_200_ppm_for_10_minutes);
  ADD (extra_delay_is_reached_and_left);
  ADD (loss_is_restored_by_fec);
  ADD (reordered_packets_are_not_lost);
  ADD (burst_loss_fades_and_recovers);
  ADD (duplicates_are_dropped);
  ADD (new_ssrc_and_timestamp_jump_start_afresh);
  ADD (silence_of_the_sender_is_no_loss);
  ADD (nothing_pulled_for_long_keeps_a_second);
  ADD (all_packet_lengths_and_channels);
  ADD (g711_sounds_right);
  ADD (capture_time_is_that_of_the_map);
  ADD (whole_word_is_voice);
  ADD (rubbish_is_refused_and_counted);
  return g_test_run ();
}
