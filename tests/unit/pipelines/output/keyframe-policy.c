/* tests/unit/pipelines/output/keyframe-policy.c
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/keyframe-policy.h"

#define SECOND G_USEC_PER_SEC

static void
test_keyframe_policy__first_request_is_served_at_once (void)
{
  McuKeyframePolicy policy = {0};

  g_assert_cmpint (mcu_keyframe_policy_take (&policy, SECOND), ==, MCU_KEYFRAME_NONE);
  mcu_keyframe_policy_ask (&policy, MCU_KEYFRAME_REQUEST);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, SECOND), ==, MCU_KEYFRAME_REQUEST);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 5 * SECOND), ==, MCU_KEYFRAME_NONE);
}

/* How many are made when somebody asks at every tick of ten seconds. */
static guint
count_in_ten_seconds (McuKeyframeReason reason)
{
  McuKeyframePolicy policy = {0};
  guint made = 0;

  for (gint64 now_us = 0; now_us < 10 * SECOND; now_us += SECOND / 30) {
    mcu_keyframe_policy_ask (&policy, reason);
    made += mcu_keyframe_policy_take (&policy, now_us) != MCU_KEYFRAME_NONE;
  }
  return made;
}

static void
test_keyframe_policy__requests_merge_to_one_a_second (void)
{
  guint made = count_in_ten_seconds (MCU_KEYFRAME_REQUEST);

  g_assert_cmpuint (made, >=, 9);
  g_assert_cmpuint (made, <=, 10);
}

static void
test_keyframe_policy__joins_get_at_most_four_a_second (void)
{
  guint made = count_in_ten_seconds (MCU_KEYFRAME_JOIN);

  g_assert_cmpuint (made, >=, 34); /* whole ticks: 0.267 s apart */
  g_assert_cmpuint (made, <=, 40);
}

static void
test_keyframe_policy__joiner_does_not_wait_for_a_running_receivers_second (void)
{
  McuKeyframePolicy policy = {0};

  mcu_keyframe_policy_ask (&policy, MCU_KEYFRAME_REQUEST);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 0), ==, MCU_KEYFRAME_REQUEST);
  mcu_keyframe_policy_ask (&policy, MCU_KEYFRAME_REQUEST);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, SECOND / 2), ==, MCU_KEYFRAME_NONE);
  mcu_keyframe_policy_ask (&policy, MCU_KEYFRAME_JOIN);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, SECOND / 2), ==, MCU_KEYFRAME_JOIN);
  /* And the running one's wish is served by the same keyframe. */
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 3 * SECOND), ==, MCU_KEYFRAME_NONE);
}

static void
test_keyframe_policy__a_keyframe_serves_all_wishes (void)
{
  McuKeyframePolicy policy = {0};

  mcu_keyframe_policy_ask (&policy, MCU_KEYFRAME_JOIN);
  mcu_keyframe_policy_served (&policy);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 0), ==, MCU_KEYFRAME_NONE);
}

static void
test_keyframe_policy__steady_counts_from_the_last_one_asked_for (void)
{
  McuKeyframePolicy policy = {0};

  mcu_keyframe_policy_ask_steady (&policy, 0);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 0), ==, MCU_KEYFRAME_NONE);
  mcu_keyframe_policy_ask (&policy, MCU_KEYFRAME_JOIN);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, SECOND), ==, MCU_KEYFRAME_JOIN);
  mcu_keyframe_policy_ask_steady (&policy, 3 * SECOND - 1);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 3 * SECOND - 1), ==, MCU_KEYFRAME_NONE);
  mcu_keyframe_policy_ask_steady (&policy, 3 * SECOND);
  g_assert_cmpint (mcu_keyframe_policy_take (&policy, 3 * SECOND), ==, MCU_KEYFRAME_STEADY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output/keyframe-policy/first-at-once",
                   test_keyframe_policy__first_request_is_served_at_once);
  g_test_add_func ("/output/keyframe-policy/requests-merge",
                   test_keyframe_policy__requests_merge_to_one_a_second);
  g_test_add_func ("/output/keyframe-policy/joins",
                   test_keyframe_policy__joins_get_at_most_four_a_second);
  g_test_add_func ("/output/keyframe-policy/joiner-first",
                   test_keyframe_policy__joiner_does_not_wait_for_a_running_receivers_second);
  g_test_add_func ("/output/keyframe-policy/served",
                   test_keyframe_policy__a_keyframe_serves_all_wishes);
  g_test_add_func ("/output/keyframe-policy/steady",
                   test_keyframe_policy__steady_counts_from_the_last_one_asked_for);
  return g_test_run ();
}
