/* tests/unit/mcu/overload.c - figures of good and bad seconds.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/overload.h"

static const McuOverloadSample ours = {.late_frames = 3, .load = 0.4, .cpu = 0.9};
static const McuOverloadSample one_thread = {.late_frames = 1.5, .load = 0.95, .cpu = 0.3};
static const McuOverloadSample others = {.late_frames = 20, .load = 0.5, .cpu = 0.2};
static const McuOverloadSample busy_but_in_time = {.late_frames = 0.5, .load = 0.95, .cpu = 1};

static gboolean
feed (McuOverload *overload, const McuOverloadSample *sample, guint seconds, guint after_s)
{
  gboolean is_over = overload->is_over;

  for (guint i = 0; i < seconds; i++)
    is_over = mcu_overload_second (overload, sample, after_s);
  return is_over;
}

static void
test_overload__late_and_ours (void)
{
  McuOverload overload = {0};

  g_assert_false (feed (&overload, &ours, 9, 10));
  g_assert_true (feed (&overload, &ours, 1, 10));
  g_assert_true (feed (&overload, &busy_but_in_time, MCU_OVERLOAD_WELL_S - 1, 10));
  g_assert_true (feed (&overload, &ours, 1, 10)); /* not yet well: stays */
  g_assert_false (feed (&overload, &busy_but_in_time, MCU_OVERLOAD_WELL_S, 10));
  g_assert_false (feed (&overload, &ours, 9, 10));
}

static void
test_overload__one_ticker_at_its_end (void)
{
  McuOverload overload = {0};

  g_assert_true (feed (&overload, &one_thread, 10, 10));
}

/* Late because of others, or busy in time, is no reason; nor is a bad moment. */
static void
test_overload__not_ours (void)
{
  McuOverload overload = {0};

  g_assert_false (feed (&overload, &others, 1000, 10));
  g_assert_false (feed (&overload, &busy_but_in_time, 1000, 10));
  for (guint i = 0; i < 100; i++) {
    g_assert_false (feed (&overload, &ours, 9, 10));
    g_assert_false (feed (&overload, &others, 1, 10));
  }
}

static void
test_overload__setting (void)
{
  McuOverload overload = {0};

  g_assert_false (feed (&overload, &ours, 1000, 0)); /* off */
  g_assert_true (feed (&overload, &ours, 1, 2));
  g_assert_false (feed (&overload, &ours, 1, 0)); /* switched off by SIGHUP */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/overload/late_and_ours", test_overload__late_and_ours);
  g_test_add_func ("/overload/one_ticker_at_its_end", test_overload__one_ticker_at_its_end);
  g_test_add_func ("/overload/not_ours", test_overload__not_ours);
  g_test_add_func ("/overload/setting", test_overload__setting);
  return g_test_run ();
}
