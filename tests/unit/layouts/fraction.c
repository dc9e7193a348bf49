/* tests/unit/layouts/fraction.c - exact parts of a canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/fraction.h"

#include <math.h>

static void
test_fraction__from_string (void)
{
  static const char *const bad[] = {"",     "1",    "1/",   "/3",      "1/0",     "-1/3", "1/-3",
                                    "+1/3", "1 /3", "1/3 ", "10000/3", "1/30000", "a/b",  "1/3/4"};
  McuFraction out = {7, 8};

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mcu_fraction_from_string (bad[i], &out));
  g_assert_false (mcu_fraction_from_string (NULL, &out));
  g_assert_cmpint (out.num, ==, 7); /* untouched */
  g_assert_true (mcu_fraction_from_string ("9999/0001", &out));
  g_assert_cmpint (out.num, ==, 9999);
  g_assert_cmpint (out.den, ==, 1);
}

static void
test_fraction__from_double (void)
{
  static const double bad[] = {-0.000001, 1.000001, 1e300, -1e300, INFINITY, NAN};
  McuFraction out;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mcu_fraction_from_double (bad[i], &out));
  g_assert_true (mcu_fraction_from_double (0.1, &out));
  g_assert_cmpint (out.num * 10, ==, out.den);
}

static void
test_fraction__sums_are_exact (void)
{
  McuFraction third, two_thirds, tenth, nine_tenths, one = {1, 1}, sum;

  mcu_fraction_from_string ("1/3", &third);
  mcu_fraction_from_string ("6666/9999", &two_thirds);
  sum = mcu_fraction_add (&third, &two_thirds);
  g_assert_cmpint (mcu_fraction_compare (&sum, &one), ==, 0);
  mcu_fraction_from_double (0.1, &tenth);
  mcu_fraction_from_double (0.9, &nine_tenths);
  sum = mcu_fraction_add (&tenth, &nine_tenths);
  g_assert_cmpint (mcu_fraction_compare (&sum, &one), ==, 0);
  sum = mcu_fraction_add (&third, &nine_tenths);
  g_assert_cmpint (mcu_fraction_compare (&sum, &one), >, 0);
  g_assert_cmpint (mcu_fraction_compare (&tenth, &third), <, 0);
}

static void
test_fraction__even_pixels (void)
{
  static const struct
  {
    McuFraction part;
    int length, px;
  } known[] = {
      {{1, 3}, 1280, 426}, {{2, 3}, 1280, 854}, {{1, 1}, 720, 720}, {{0, 1}, 720, 0},
      {{1, 8}, 720, 90},   {{1, 3}, 2, 0},      {{1, 2}, 2, 2},     {{999999, 1000000}, 4096, 4096},
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpint (mcu_fraction_of_even (&known[i].part, known[i].length), ==, known[i].px);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/fraction/from_string", test_fraction__from_string);
  g_test_add_func ("/layouts/fraction/from_double", test_fraction__from_double);
  g_test_add_func ("/layouts/fraction/sums_are_exact", test_fraction__sums_are_exact);
  g_test_add_func ("/layouts/fraction/even_pixels", test_fraction__even_pixels);

  return g_test_run ();
}
