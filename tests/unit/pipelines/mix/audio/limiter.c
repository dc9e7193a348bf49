/* Tests pipelines/mix/audio/limiter.c: properties.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/limiter.h"

#include <string.h>

#include "signal.h"

#define N 960

/* Sixteen people at full scale, square waves of all kinds: the worst that a sum can be. */
static void
test_limiter__never_wraps_nor_clips (void)
{
  McuLimiter limiter = MCU_LIMITER_INIT;
  gint32 sum[N];
  gint16 out[N];

  for (guint round = 0; round < 500; round++) {
    guint people = g_random_int_range (1, 201);
    guint period = g_random_int_range (1, N);
    for (guint i = 0; i < N; i++)
      sum[i] = (i / period % 2 ? 32767 : -32768) * (gint32) people;
    if (round % 3 == 0)
      for (guint i = 0; i < N; i++)
        sum[i] = g_random_int_range (-32768 * 16, 32767 * 16);
    mcu_limiter_process (&limiter, sum, out, N);
    for (guint i = 0; i < N; i++) {
      g_assert_true ((sum[i] >= 0) == (out[i] >= 0) || out[i] == 0);
      g_assert_cmpint (ABS ((int) out[i]), <=, 32767);
      g_assert_cmpint (ABS ((int) out[i]), <=, ABS (sum[i]));
    }
  }
}

static void
test_limiter__quiet_leaves_exactly (void)
{
  McuLimiter limiter = MCU_LIMITER_INIT;
  gint32 sum[N];
  gint16 out[N];

  for (guint round = 0; round < 100; round++) {
    for (guint i = 0; i < N; i++)
      sum[i] = g_random_int_range (-MCU_LIMITER_THRESHOLD, MCU_LIMITER_THRESHOLD + 1);
    g_assert_false (mcu_limiter_process (&limiter, sum, out, N));
    for (guint i = 0; i < N; i++)
      g_assert_cmpint (out[i], ==, sum[i]);
  }
}

static void
test_limiter__comes_back_to_transparent (void)
{
  McuLimiter limiter = MCU_LIMITER_INIT;
  gint32 loud[N], quiet[N];
  gint16 out[N];
  guint frames = 0;

  for (guint i = 0; i < N; i++) {
    loud[i] = i % 2 ? 400000 : -400000;
    quiet[i] = 1000;
  }
  mcu_limiter_process (&limiter, loud, out, N);
  g_assert_cmpfloat (limiter.gain, <, .1);
  while (mcu_limiter_process (&limiter, quiet, out, N))
    g_assert_cmpuint (++frames, <, 50); /* 1 s */
}

/* A steady sum that is too loud is turned down, not bent: few harmonics once it has settled. */
static void
test_limiter__turns_down_rather_than_bends (void)
{
  McuLimiter limiter = MCU_LIMITER_INIT;
  gint16 tone[N], all[50 * N];
  gint32 sum[N];

  for (guint k = 0; k < 50; k++) {
    memset (tone, 0, sizeof tone);
    signal_add_tone (tone, N, k * N, 500, 30000);
    for (guint i = 0; i < N; i++)
      sum[i] = tone[i] * 4;
    mcu_limiter_process (&limiter, sum, all + k * N, N);
  }
  double base = signal_amplitude (all + 40 * N, 9600, 48000, 500);
  double third = signal_amplitude (all + 40 * N, 9600, 48000, 1500);
  g_assert_cmpfloat (base, >, 20000);
  g_assert_cmpfloat (third, <, base * .05);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limiter/never_wraps_nor_clips", test_limiter__never_wraps_nor_clips);
  g_test_add_func ("/limiter/quiet_leaves_exactly", test_limiter__quiet_leaves_exactly);
  g_test_add_func ("/limiter/comes_back_to_transparent", test_limiter__comes_back_to_transparent);
  g_test_add_func ("/limiter/turns_down_rather_than_bends",
                   test_limiter__turns_down_rather_than_bends);
  return g_test_run ();
}
