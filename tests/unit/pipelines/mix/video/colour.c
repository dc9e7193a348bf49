/* tests/unit/pipelines/mix/video/colour.c - the canvas's own colours.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/colour.h"

/* Source: the 100 % bars of ITU-R BT.601 in limited range. */
static void
test_colour__bars (void)
{
  static const struct
  {
    McuRgb rgb;
    McuYuv yuv;
  } bars[] = {
      {{0, 0, 0}, {16, 128, 128}},   {{255, 255, 255}, {235, 128, 128}},
      {{255, 0, 0}, {81, 90, 240}},  {{0, 255, 0}, {145, 54, 34}},
      {{0, 0, 255}, {41, 240, 110}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++) {
    McuYuv yuv = mcu_colour_to_yuv (bars[i].rgb);

    g_assert_cmpint (ABS (yuv.y - bars[i].yuv.y), <=, 1);
    g_assert_cmpint (ABS (yuv.u - bars[i].yuv.u), <=, 1);
    g_assert_cmpint (ABS (yuv.v - bars[i].yuv.v), <=, 1);
  }
}

static double
linear (guint8 c)
{
  double v = c / 255.0;

  return v <= 0.03928 ? v / 12.92 : __builtin_pow ((v + 0.055) / 1.055, 2.4);
}

/* Source: WCAG 2.1, contrast ratio; 3 is asked for of large letters, and initials are large. */
static void
test_colour__white_is_readable_and_ids_spread (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (int i = 0; i < 200; i++) {
    g_autofree char *id = g_strdup_printf ("p%d", i);
    McuRgb c = mcu_colour_for_id (id), again = mcu_colour_for_id (id);
    double light = 0.2126 * linear (c.r) + 0.7152 * linear (c.g) + 0.0722 * linear (c.b);

    g_assert_true (c.r == again.r && c.g == again.g && c.b == again.b);
    g_assert_cmpfloat (1.05 / (light + 0.05), >=, 4.5);
    g_hash_table_add (seen, GINT_TO_POINTER (c.r << 16 | c.g << 8 | c.b));
  }
  g_assert_cmpuint (g_hash_table_size (seen), >=, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/colour/bars", test_colour__bars);
  g_test_add_func ("/video/colour/white_is_readable_and_ids_spread",
                   test_colour__white_is_readable_and_ids_spread);

  return g_test_run ();
}
