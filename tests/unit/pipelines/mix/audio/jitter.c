/* Tests pipelines/mix/audio/jitter.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/jitter.h"

#define MS 1000

static void
add (McuJitter *jitter, guint k, gint64 late_ms)
{
  mcu_jitter_add (jitter, 500000 + k * 20 * MS, 777000000 + k * 20 * MS + late_ms * MS);
}

static void
test_jitter__is_the_percentile_over_the_earliest (void)
{
  McuJitter jitter = {0};

  for (guint k = 0; k < 300; k++)
    add (&jitter, k, k % 2 ? 0 : 12);
  g_assert_cmpint (jitter.jitter_us, ==, 12 * MS);
  g_assert_cmpint (jitter.earliest_us, ==, 777000000 - 500000);
  for (guint k = 300; k < 600; k++) /* 2 % are much later: not waited for */
    add (&jitter, k, k % 50 == 0 ? 70 : 3);
  g_assert_cmpint (jitter.jitter_us, ==, 0);
  for (guint k = 600; k < 900; k++) /* 10 % are */
    add (&jitter, k, k % 10 == 0 ? 70 : 3);
  g_assert_cmpint (jitter.jitter_us, ==, 67 * MS);
}

static void
test_jitter__one_stall_is_forgiven_not_many (void)
{
  McuJitter jitter = {0};
  guint k = 0;

  for (; k < 300; k++)
    add (&jitter, k, k % 3);
  for (guint i = 0; i < 25; i++, k++) /* all at once */
    add (&jitter, k, 500 - i * 20);
  for (guint i = 0; i < 10; i++, k++)
    add (&jitter, k, k % 3);
  g_assert_cmpint (jitter.jitter_us, <=, 20 * MS);
  for (guint stall = 0; stall < 10; stall++) { /* each second a stall of 160 ms */
    for (guint i = 0; i < 8; i++, k++)
      add (&jitter, k, 160 - i * 20);
    for (guint i = 0; i < 42; i++, k++)
      add (&jitter, k, k % 3);
  }
  g_assert_cmpint (jitter.jitter_us, >=, 60 * MS);
}

static void
test_jitter__a_longer_path_becomes_normal (void)
{
  McuJitter jitter = {0};
  guint k = 0;

  for (; k < 300; k++)
    add (&jitter, k, 0);
  for (guint i = 0; i < 30; i++, k++)
    add (&jitter, k, 200);
  g_assert_cmpint (jitter.earliest_us, ==, 777000000 - 500000 + 200 * MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jitter/is_the_percentile_over_the_earliest",
                   test_jitter__is_the_percentile_over_the_earliest);
  g_test_add_func ("/jitter/one_stall_is_forgiven_not_many",
                   test_jitter__one_stall_is_forgiven_not_many);
  g_test_add_func ("/jitter/a_longer_path_becomes_normal",
                   test_jitter__a_longer_path_becomes_normal);
  return g_test_run ();
}
