/* tests/unit/layouts/layout.c - ranges, colours, names, and which arrangement is chosen.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout.h"

#include <string.h>

static void
test_layout__ranges (void)
{
  static const struct
  {
    const char *text;
    guint min, max;
  } good[] = {
      {"0", 0, 0}, {"5", 5, 5}, {"1-3", 1, 3}, {"4+", 4, G_MAXUINT}, {"9999+", 9999, G_MAXUINT}};
  static const char *const bad[] = {"",    "+",  "-3", "3-",    "3-1", "1--3",
                                    "4++", " 4", "4 ", "12345", "a",   "1-3+"};
  McuRange range;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *back = NULL;

    g_assert_true (mcu_range_from_string (good[i].text, &range));
    g_assert_cmpuint (range.min, ==, good[i].min);
    g_assert_cmpuint (range.max, ==, good[i].max);
    back = mcu_range_to_string (&range);
    g_assert_cmpstr (back, ==, good[i].text);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mcu_range_from_string (bad[i], &range));
  g_assert_false (mcu_range_from_string (NULL, &range));
}

static void
test_layout__colours (void)
{
  static const char *const bad[] = {"",           "#",      "#123",    "#12345", "#1234567",
                                    "#123456789", "123456", "#12345g", "#12345 "};
  guint32 rgba = 0;
  g_autofree char *opaque = NULL;
  g_autofree char *clear = NULL;

  g_assert_true (mcu_colour_from_string ("#1a2B3c", &rgba));
  g_assert_cmphex (rgba, ==, 0x1a2b3cff);
  opaque = mcu_colour_to_string (rgba);
  g_assert_cmpstr (opaque, ==, "#1a2b3c");
  g_assert_true (mcu_colour_from_string ("#00000080", &rgba));
  clear = mcu_colour_to_string (rgba);
  g_assert_cmpstr (clear, ==, "#00000080");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mcu_colour_from_string (bad[i], &rgba));
  g_assert_false (mcu_colour_from_string (NULL, &rgba));
}

static void
test_layout__names (void)
{
  static const char *const bad[] = {"", "-a", "A", "a b", "../a", "a.json", "a/b", "a\n"};
  g_autofree char *longest = g_strnfill (MCU_LAYOUT_MAX_NAME, 'x');
  g_autofree char *too_long = g_strnfill (MCU_LAYOUT_MAX_NAME + 1, 'x');

  g_assert_true (mcu_layout_name_is_valid ("picture-in-picture"));
  g_assert_true (mcu_layout_name_is_valid ("7"));
  g_assert_true (mcu_layout_name_is_valid (longest));
  g_assert_false (mcu_layout_name_is_valid (too_long));
  g_assert_false (mcu_layout_name_is_valid (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mcu_layout_name_is_valid (bad[i]));
}

static void
add (McuLayout *layout, const char *people, const char *screens, McuOrientation orientation)
{
  McuArrangement *arrangement = mcu_arrangement_new ();

  g_assert_true (mcu_range_from_string (people, &arrangement->people));
  g_assert_true (mcu_range_from_string (screens, &arrangement->screens));
  arrangement->orientation = orientation;
  g_ptr_array_add (layout->arrangements, arrangement);
}

static void
test_layout__chooses_the_first_that_fits (void)
{
  g_autoptr (McuLayout) layout = mcu_layout_new ();

  add (layout, "1-3", "0", MCU_ORIENTATION_ANY);
  add (layout, "1+", "1+", MCU_ORIENTATION_PORTRAIT);
  add (layout, "2-5", "0+", MCU_ORIENTATION_LANDSCAPE);
  g_assert_cmpint (mcu_layout_choose (layout, 0, 0, FALSE), ==, 0);
  g_assert_cmpint (mcu_layout_choose (layout, 3, 0, TRUE), ==, 0);
  g_assert_cmpint (mcu_layout_choose (layout, 3, 1, TRUE), ==, 1);
  g_assert_cmpint (mcu_layout_choose (layout, 3, 1, FALSE), ==, 2);
  g_assert_cmpint (mcu_layout_choose (layout, 5, 0, FALSE), ==, 2);
  g_assert_cmpint (mcu_layout_choose (layout, 6, 0, FALSE), ==, -1);
  g_assert_cmpint (mcu_layout_choose (layout, 4, 0, TRUE), ==, -1);
}

static void
test_layout__roles (void)
{
  McuSlotRole role;

  for (guint i = 0; i < MCU_SLOT_PARTICIPANT; i++) {
    g_assert_true (mcu_slot_role_from_string (mcu_slot_role_to_string (i), &role));
    g_assert_cmpuint (role, ==, i);
  }
  g_assert_false (mcu_slot_role_from_string ("participant", &role));
  g_assert_false (mcu_slot_role_from_string (NULL, &role));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/layout/ranges", test_layout__ranges);
  g_test_add_func ("/layouts/layout/colours", test_layout__colours);
  g_test_add_func ("/layouts/layout/names", test_layout__names);
  g_test_add_func ("/layouts/layout/chooses_the_first_that_fits",
                   test_layout__chooses_the_first_that_fits);
  g_test_add_func ("/layouts/layout/roles", test_layout__roles);

  return g_test_run ();
}
