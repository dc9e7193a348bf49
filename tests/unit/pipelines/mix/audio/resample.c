/* Tests pipelines/mix/audio/resample.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/resample.h"

#include "signal.h"

#define N 9600 /* 200 ms at 48 kHz */

static void
test_resample__down_keeps_speech_and_drops_what_would_mirror (void)
{
  static const struct
  {
    double hz, least, most;
  } tones[] = {{300, .99, 1.01}, {1000, .99, 1.01}, {3000, .97, 1.01},
               {5000, 0, .003},  {7000, 0, .002},   {12000, 0, .002}};

  for (guint i = 0; i < G_N_ELEMENTS (tones); i++) {
    McuResampler down = {0};
    gint16 in[N] = {0}, out[N / 6];
    double hz = tones[i].hz > 4000 ? ABS (8000 - (int) tones[i].hz) : tones[i].hz;

    if (hz > 4000 || hz == 4000)
      hz = 4000 - 10;
    signal_add_tone (in, N, 0, tones[i].hz, 10000);
    mcu_resample_down (&down, in, N / 6, out);
    double amplitude = signal_amplitude (out + 800, 800, 8000, hz) / 10000;
    g_assert_cmpfloat (amplitude, >=, tones[i].least);
    g_assert_cmpfloat (amplitude, <=, tones[i].most);
  }
}

static void
test_resample__up_adds_no_mirror (void)
{
  McuResampler up = {0}, down = {0};
  gint16 wide[N] = {0}, narrow[N / 6], out[N];

  signal_add_tone (wide, N, 0, 1000, 10000);
  mcu_resample_down (&down, wide, N / 6, narrow);
  mcu_resample_up (&up, narrow, N / 6, out);
  g_assert_cmpfloat (signal_amplitude (out + 4800, 4800, 48000, 1000), >, 9900);
  g_assert_cmpfloat (signal_amplitude (out + 4800, 4800, 48000, 7000), <, 20);
  g_assert_cmpfloat (signal_amplitude (out + 4800, 4800, 48000, 9000), <, 20);
}

static void
test_resample__pieces_are_as_one (void)
{
  McuResampler one = {0}, many = {0};
  gint16 in[N], a[N / 6], b[N / 6];

  signal_speech (in, N, 20000);
  mcu_resample_down (&one, in, N / 6, a);
  for (guint at = 0; at < N / 6; at += 160)
    mcu_resample_down (&many, in + at * 6, 160, b + at);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resample/down", test_resample__down_keeps_speech_and_drops_what_would_mirror);
  g_test_add_func ("/resample/up_adds_no_mirror", test_resample__up_adds_no_mirror);
  g_test_add_func ("/resample/pieces_are_as_one", test_resample__pieces_are_as_one);
  return g_test_run ();
}
