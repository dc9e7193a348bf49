/* tests/unit/mcu/crash-loop.c - who is blamed, in simulated time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/crash-loop.h"

#define S ((gint64) G_USEC_PER_SEC)

static const char *const people[] = {"a", "b", "c", NULL};

static McuCrashVerdict
die (McuCrashLoop *self, gint64 now_us, const char *want_blamed)
{
  g_autofree char *blamed = NULL;
  McuCrashVerdict verdict = mcu_crash_loop_died (self, people, now_us, now_us, &blamed);

  g_assert_cmpstr (blamed, ==, want_blamed);
  return verdict;
}

static void
come (McuCrashLoop *self, const char *who, gint64 now_us)
{
  mcu_crash_loop_asked (self, who, now_us);
  mcu_crash_loop_answered (self, who, now_us);
}

static void
test_crash_loop__one_death_blames_nobody (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();

  mcu_crash_loop_asked (self, "a", 100 * S);
  g_assert_cmpint (die (self, 100 * S, NULL), ==, MCU_CRASH_ALL_BACK);
  g_assert_cmpuint (mcu_crash_loop_refused_ms (self, "a", 101 * S), ==, 0);
  g_assert_true (mcu_crash_loop_may_offer (self, "a", 101 * S));
}

static void
test_crash_loop__the_common_suspect_is_blamed (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();

  come (self, "a", 90 * S); /* long ago: no suspect */
  come (self, "b", 90 * S);
  mcu_crash_loop_asked (self, "c", 100 * S);
  g_assert_cmpint (die (self, 100 * S, NULL), ==, MCU_CRASH_ALL_BACK);
  come (self, "a", 101 * S); /* all return, so all are suspects of the second death */
  come (self, "b", 101 * S);
  mcu_crash_loop_asked (self, "c", 101 * S);
  g_assert_cmpint (die (self, 102 * S, "c"), ==, MCU_CRASH_ALL_BACK);
  g_assert_cmpuint (mcu_crash_loop_refused_ms (self, "c", 103 * S), ==, 599000);
  g_assert_cmpuint (mcu_crash_loop_refused_ms (self, "c", 702 * S), ==, 0);
  g_assert_cmpuint (mcu_crash_loop_refused_ms (self, "a", 103 * S), ==, 0);
}

static void
test_crash_loop__deaths_far_apart_are_no_pair (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();

  mcu_crash_loop_asked (self, "c", 100 * S);
  die (self, 100 * S, NULL);
  mcu_crash_loop_asked (self, "c", 160 * S);
  g_assert_cmpint (die (self, 160 * S, NULL), ==, MCU_CRASH_ALL_BACK);
}

static void
test_crash_loop__who_was_answered_long_ago_is_no_suspect (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();

  come (self, "a", 100 * S);
  die (self, 104 * S, NULL); /* a is one */
  come (self, "a", 105 * S);
  /* 5 s later a is none: nobody in common, but two in a minute. */
  g_assert_cmpint (die (self, 110 * S, NULL), ==, MCU_CRASH_ONE_BY_ONE);
}

static void
test_crash_loop__a_hang_began_when_it_was_last_well (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();
  g_autofree char *blamed = NULL;

  come (self, "a", 99 * S);
  g_assert_cmpint (mcu_crash_loop_died (self, people, 100 * S, 106 * S, &blamed), ==,
                   MCU_CRASH_ALL_BACK);
  come (self, "a", 107 * S);
  g_assert_cmpint (mcu_crash_loop_died (self, people, 108 * S, 114 * S, &blamed), ==,
                   MCU_CRASH_ALL_BACK);
  g_assert_cmpstr (blamed, ==, "a");
}

static McuCrashLoop *
new_one_by_one (void)
{
  McuCrashLoop *self = mcu_crash_loop_new ();

  die (self, 100 * S, NULL);
  g_assert_cmpint (die (self, 101 * S, NULL), ==, MCU_CRASH_ONE_BY_ONE);
  return self;
}

static void
test_crash_loop__one_at_a_time (void)
{
  g_autoptr (McuCrashLoop) self = new_one_by_one ();

  g_assert_cmpstr (mcu_crash_loop_next (self, 101 * S), ==, "a");
  g_assert_true (mcu_crash_loop_may_offer (self, "a", 101 * S));
  g_assert_false (mcu_crash_loop_may_offer (self, "b", 101 * S));
  g_assert_null (mcu_crash_loop_next (self, 102 * S));
  mcu_crash_loop_connected (self, "a", 102 * S);
  g_assert_null (mcu_crash_loop_next (self, 102 * S + S / 2));
  g_assert_cmpstr (mcu_crash_loop_next (self, 103 * S), ==, "b"); /* 1 s after a's connection */
  g_assert_true (mcu_crash_loop_may_offer (self, "a", 103 * S));
  g_assert_cmpstr (mcu_crash_loop_next (self, 108 * S), ==, "c"); /* b never connected: 5 s */
  g_assert_false (mcu_crash_loop_may_offer (self, "new", 108 * S));
  mcu_crash_loop_left (self, "c");
  g_assert_cmpstr (mcu_crash_loop_next (self, 108 * S), ==, "new");
  g_assert_null (mcu_crash_loop_next (self, 114 * S));
  g_assert_true (mcu_crash_loop_may_offer (self, "newer", 114 * S)); /* nobody waits */
  g_assert_null (mcu_crash_loop_next (self, 161 * S));
  g_assert_false (mcu_crash_loop_is_one_by_one (self)); /* calm for a minute */
}

static void
test_crash_loop__blamed_in_own_turn (void)
{
  g_autoptr (McuCrashLoop) self = new_one_by_one ();

  mcu_crash_loop_next (self, 101 * S);
  come (self, "a", 101 * S);
  mcu_crash_loop_connected (self, "a", 102 * S);
  g_assert_cmpstr (mcu_crash_loop_next (self, 103 * S), ==, "b");
  mcu_crash_loop_asked (self, "b", 103 * S);
  g_assert_cmpint (die (self, 104 * S, "b"), ==, MCU_CRASH_ONE_BY_ONE);
  g_assert_cmpstr (mcu_crash_loop_next (self, 104 * S), ==, "a"); /* from the start, without b */
  g_assert_cmpstr (mcu_crash_loop_next (self, 110 * S), ==, "c");
  g_assert_null (mcu_crash_loop_next (self, 116 * S));
}

static void
test_crash_loop__too_many_restarts_end_it (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();

  for (int i = 0; i < MCU_CRASH_MAX_RESTARTS; i++)
    g_assert_cmpint (die (self, (100 + 61 * i) * S, NULL), ==, MCU_CRASH_ALL_BACK);
  g_assert_cmpint (die (self, 500 * S, NULL), ==, MCU_CRASH_END);
}

static void
test_crash_loop__old_restarts_are_forgotten (void)
{
  g_autoptr (McuCrashLoop) self = mcu_crash_loop_new ();

  for (int i = 0; i < 20; i++)
    g_assert_cmpint (die (self, (100 + 121 * i) * S, NULL), ==, MCU_CRASH_ALL_BACK);
}

#define add(name) g_test_add_func ("/crash-loop/" #name, test_crash_loop__##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (one_death_blames_nobody);
  add (the_common_suspect_is_blamed);
  add (deaths_far_apart_are_no_pair);
  add (who_was_answered_long_ago_is_no_suspect);
  add (a_hang_began_when_it_was_last_well);
  add (one_at_a_time);
  add (blamed_in_own_turn);
  add (too_many_restarts_end_it);
  add (old_restarts_are_forgotten);
  return g_test_run ();
}
