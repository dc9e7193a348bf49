/* tests/unit/pipelines/mix/video/text-line.c - one line of text in any script.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/text-line.h"

/* The fonts that the packages bring have these; boxes say which package is missing. */
static void
test_text_line__no_boxes (void)
{
  static const char *const texts[] = {
      "Ada Lovelace é ß",
      "Жанна",
      "Ωμέγα",
      "김철수 한글",
      "漢字 かな カナ",
      "محمد العربي",
      "שלום",
      "नमस्ते",
      "ไทย",
      "தமிழ்",
      "😀 🇰🇷 👍🏽",
      "👩‍👩‍👧‍👦",
  };
  g_autoptr (McuTextLine) unassigned = mcu_text_line_new ("\315\270", 20); /* U+0378 */

  g_assert_cmpint (mcu_text_line_count_missing (unassigned), ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (McuTextLine) line = mcu_text_line_new (texts[i], 20);

    g_test_message ("%s: %d missing", texts[i], mcu_text_line_count_missing (line));
    g_assert_cmpint (mcu_text_line_count_missing (line), ==, 0);
  }
}

static void
test_text_line__size_and_room (void)
{
  g_autoptr (McuTextLine) small = mcu_text_line_new ("Ada Lovelace", 13);
  g_autoptr (McuTextLine) large = mcu_text_line_new ("Ada Lovelace", 26);
  double width = mcu_text_line_get_width (small);

  g_assert_cmpfloat (width, >, 60);
  g_assert_cmpfloat (width, <, 110);
  g_assert_cmpfloat_with_epsilon (mcu_text_line_get_width (large), 2 * width, 1);
  mcu_text_line_shorten (large, 100);
  g_assert_cmpfloat (mcu_text_line_get_width (large), <=, 100);
  g_assert_cmpfloat (mcu_text_line_get_width (large), >, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mcu_text_line_warm_up ();
  g_test_add_func ("/video/text_line/no_boxes", test_text_line__no_boxes);
  g_test_add_func ("/video/text_line/size_and_room", test_text_line__size_and_room);

  return g_test_run ();
}
