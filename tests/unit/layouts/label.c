/* tests/unit/layouts/label.c - names of positions and styles.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/label.h"

static void
test_label__names (void)
{
  for (guint i = 0; i < MCU_LABEL_N_POSITIONS; i++) {
    McuLabelPosition position = MCU_LABEL_N_POSITIONS;

    g_assert_true (mcu_label_position_from_string (mcu_label_position_to_string (i), &position));
    g_assert_cmpuint (position, ==, i);
  }
  for (guint i = 0; i < MCU_LABEL_N_STYLES; i++) {
    McuLabelStyle style = MCU_LABEL_N_STYLES;

    g_assert_true (mcu_label_style_from_string (mcu_label_style_to_string (i), &style));
    g_assert_cmpuint (style, ==, i);
  }
}

static void
test_label__unknown_names (void)
{
  McuLabelPosition position;
  McuLabelStyle style;

  g_assert_false (mcu_label_position_from_string ("middle", &position));
  g_assert_false (mcu_label_position_from_string (NULL, &position));
  g_assert_false (mcu_label_style_from_string ("", &style));
  g_assert_false (mcu_label_style_from_string (NULL, &style));
  g_assert_cmpstr (mcu_label_position_to_string (MCU_LABEL_N_POSITIONS), ==, "none");
  g_assert_cmpstr (mcu_label_style_to_string (MCU_LABEL_N_STYLES), ==, "pill");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/label/names", test_label__names);
  g_test_add_func ("/layouts/label/unknown_names", test_label__unknown_names);

  return g_test_run ();
}
