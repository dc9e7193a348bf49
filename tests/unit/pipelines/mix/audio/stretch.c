/* Tests pipelines/mix/audio/stretch.c: a tone stays a tone.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/stretch.h"

#include <string.h>

#include "signal.h"

#define FRAME 960

static void
test_stretch__cut_and_insert_keep_a_tone (void)
{
  for (double hz = 80; hz <= 480; hz += 50) {
    gint16 in[2 * FRAME] = {0}, out[FRAME + 1];
    float likeness;

    signal_add_tone (in, 2 * FRAME, 0, hz, 10000);
    guint step = signal_greatest_step (in, 2 * FRAME);
    guint lag = mcu_stretch_find_lag (in, MCU_STRETCH_MAX_CUT, &likeness);
    g_assert_cmpfloat (likeness, >, .95);
    mcu_stretch_cut (in, lag, out, FRAME);
    out[FRAME] = in[FRAME + lag]; /* what comes next */
    g_assert_cmpuint (signal_greatest_step (out, FRAME + 1), <=, step + 60);
    g_assert_cmpint (out[0], ==, in[0]);

    lag = mcu_stretch_find_lag (in, MCU_STRETCH_MAX_INSERT, &likeness);
    mcu_stretch_insert (in, lag, out, FRAME);
    out[FRAME] = in[FRAME - lag];
    if (hz > 100) /* a period fits */
      g_assert_cmpuint (signal_greatest_step (out, FRAME + 1), <=, step + 60);
    g_assert_cmpmem (out, lag * 2, in, lag * 2);
  }
}

static void
test_stretch__lag_is_within_its_bounds (void)
{
  gint16 in[2 * FRAME];

  for (guint round = 0; round < 300; round++) {
    guint most = g_random_int_range (MCU_STRETCH_MIN_LAG, MCU_STRETCH_MAX_CUT + 1);
    float likeness;

    for (guint i = 0; i < 2 * FRAME; i++)
      in[i] = round % 3 == 0 ? 0 : round % 3 == 1 ? -32768 : (gint16) g_random_int ();
    guint lag = mcu_stretch_find_lag (in, most, &likeness);
    g_assert_cmpuint (lag, >=, MCU_STRETCH_MIN_LAG);
    g_assert_cmpuint (lag, <=, most);
    g_assert_cmpfloat (likeness, <=, 1.01);
    if (round % 3 == 0)
      g_assert_cmpfloat (likeness, >, .99);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_random_set_seed (7);
  g_test_add_func ("/stretch/cut_and_insert_keep_a_tone", test_stretch__cut_and_insert_keep_a_tone);
  g_test_add_func ("/stretch/lag_is_within_its_bounds", test_stretch__lag_is_within_its_bounds);
  return g_test_run ();
}
