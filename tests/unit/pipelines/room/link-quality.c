/* tests/unit/pipelines/room/link-quality.c - a bad link is marked when it lasts, and no burst is.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/link-quality.h"

#define MAX_STEPS 12

/* 100 packets a step, but where it says otherwise. */
static const struct
{
  const char *name;
  guint percent[MAX_STEPS]; /* lost */
  guint rtt_ms[MAX_STEPS];
  const char *marks; /* one for each step: '!' marked, '.' not */
} cases[] = {
    {"clean", {0}, {20, 20, 20, 20}, "...."},
    {"a burst", {0, 30, 0, 30, 0}, {0}, "....."},
    {"it lasts, and ends", {0, 10, 10, 10, 0, 0, 0, 0}, {0}, "..!!!!.."},
    {"between: stays good", {0, 5, 5, 5, 5}, {0}, "....."},
    {"between: stays bad", {0, 9, 9, 5, 5, 5, 5}, {0}, "..!!!!!"},
    {"not good in a row", {0, 9, 9, 0, 0, 5, 0, 0, 5}, {0}, "..!!!!!!!"},
    {"far away", {0}, {700, 700, 700, 500, 500, 300, 300, 300}, ".!!!!!!."},
    {"rtt not known", {0, 8, 8, 0, 0, 0}, {0}, "..!!!."},
};

static void
test_link_quality_steps (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    McuLinkQuality link = {0};
    guint64 packets = 1000, lost = 1000; /* from before we looked */

    for (guint step = 0; cases[i].marks[step] != '\0'; step++) {
      gboolean is_bad;

      packets += 100 - cases[i].percent[step];
      lost += cases[i].percent[step];
      is_bad = mcu_link_quality_step (&link, packets, lost, cases[i].rtt_ms[step]);
      g_test_message ("%s, step %u", cases[i].name, step);
      g_assert_cmpint (is_bad, ==, cases[i].marks[step] == '!');
    }
  }
}

static void
test_link_quality_few_and_backwards (void)
{
  McuLinkQuality link = {0};

  g_assert_false (mcu_link_quality_step (&link, 100, 0, 0));
  /* Half of eight packets: nobody sends anything worth a mark. */
  for (guint i = 1; i < 5; i++)
    g_assert_false (mcu_link_quality_step (&link, 100 + 4 * i, 4 * i, 0));
  /* Another source counts from nought. */
  for (guint i = 0; i < 5; i++)
    g_assert_false (mcu_link_quality_step (&link, 50 - i, 0, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room/link-quality/steps", test_link_quality_steps);
  g_test_add_func ("/room/link-quality/few-and-backwards", test_link_quality_few_and_backwards);
  return g_test_run ();
}
