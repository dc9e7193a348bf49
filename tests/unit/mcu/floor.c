/* tests/unit/mcu/floor.c - who has the floor, in simulated time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/floor.h"

#define MS 1000

/* Levels as a room sends them: each 100 ms. Returns when it ended. */
static gint64
speak (McuFloor *self, const char *who, int level_dbov, gint64 from_us, int ms, int *n_changes)
{
  gint64 now_us = from_us;

  for (; now_us < from_us + ms * MS; now_us += 100 * MS) {
    mcu_floor_level (self, who, level_dbov, TRUE, now_us);
    *n_changes += mcu_floor_update (self, now_us);
  }
  mcu_floor_level (self, who, -127, FALSE, now_us);
  *n_changes += mcu_floor_update (self, now_us);
  return now_us;
}

static void
test_floor__a_cough_takes_nothing (void)
{
  g_autoptr (McuFloor) self = mcu_floor_new ();
  int n = 0;

  speak (self, "a", -10, 1, 200, &n);
  g_assert_null (mcu_floor_get_speaker (self));
  speak (self, "a", -30, 5000 * MS, 500, &n);
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "a");
  g_assert_cmpint (n, ==, 1);
}

static void
test_floor__stays_in_silence_and_passes_on (void)
{
  g_autoptr (McuFloor) self = mcu_floor_new ();
  int n = 0;
  gint64 now = speak (self, "a", -30, 1, 2000, &n);

  g_assert_false (mcu_floor_update (self, now + 60000 * MS));
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "a");
  g_assert_true (mcu_floor_is_speaking (self, "a", now));
  g_assert_false (mcu_floor_is_speaking (self, "a", now + 1000 * MS));
  speak (self, "b", -50, now + 60000 * MS, 1000, &n);
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "b"); /* quieter, but the only one */
  g_assert_cmpint (n, ==, 2);
}

static void
talk_both (McuFloor *self, int a_dbov, int b_dbov, gint64 from_us, int ms)
{
  for (gint64 now = from_us; now < from_us + ms * MS; now += 100 * MS) {
    mcu_floor_level (self, "a", a_dbov, TRUE, now);
    mcu_floor_level (self, "b", b_dbov, TRUE, now);
    mcu_floor_update (self, now);
  }
}

static void
test_floor__two_at_once (void)
{
  g_autoptr (McuFloor) self = mcu_floor_new ();
  int n = 0;
  gint64 now = speak (self, "a", -30, 1, 2000, &n);

  talk_both (self, -30, -27, now, 3000);
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "a"); /* a little louder is not enough */
  talk_both (self, -30, -15, now + 3000 * MS, 500);
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "a"); /* nor for long enough */
  talk_both (self, -30, -15, now + 3500 * MS, 1000);
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "b");
  talk_both (self, -5, -15, now + 4500 * MS, 600);
  g_assert_cmpstr (mcu_floor_get_speaker (self), ==, "b"); /* held for a while */
}

static void
test_floor__who_leaves_loses_it (void)
{
  g_autoptr (McuFloor) self = mcu_floor_new ();
  int n = 0;
  gint64 now = speak (self, "a", -30, 1, 1000, &n);

  mcu_floor_remove (self, "a");
  g_assert_true (mcu_floor_update (self, now));
  g_assert_null (mcu_floor_get_speaker (self));
}

static void
test_floor__a_level_holds_until_the_next (void)
{
  g_autoptr (McuFloor) self = mcu_floor_new ();

  mcu_floor_level (self, "a", -20, TRUE, 1); /* a steady tone: the level never changes again */
  g_assert_false (mcu_floor_update (self, 200 * MS));
  g_assert_true (mcu_floor_update (self, 1000 * MS));
  g_assert_true (mcu_floor_is_speaking (self, "a", 5000 * MS));
}

#define add(name) g_test_add_func ("/floor/" #name, test_floor__##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (a_cough_takes_nothing);
  add (stays_in_silence_and_passes_on);
  add (two_at_once);
  add (who_leaves_loses_it);
  add (a_level_holds_until_the_next);
  return g_test_run ();
}
