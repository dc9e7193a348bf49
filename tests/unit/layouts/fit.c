/* tests/unit/layouts/fit.c - crop and letterbox.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/fit.h"

typedef struct
{
  McuFit fit;
  int picture[2];
  int tile[2];
  McuRect crop;
  McuRect inner;
} Case;

static const Case cases[] = {
    {MCU_FIT_COVER, {640, 360}, {320, 180}, {0, 0, 640, 360}, {0, 0, 320, 180}},
    {MCU_FIT_COVER, {640, 360}, {426, 240}, {0, 0, 640, 360}, {0, 0, 426, 240}},
    {MCU_FIT_COVER, {640, 480}, {640, 360}, {0, 60, 640, 360}, {0, 0, 640, 360}},
    {MCU_FIT_COVER, {360, 640}, {320, 180}, {0, 218, 360, 202}, {0, 0, 320, 180}},
    {MCU_FIT_COVER, {1280, 720}, {180, 320}, {436, 0, 406, 720}, {0, 0, 180, 320}},
    {MCU_FIT_CONTAIN, {640, 480}, {640, 360}, {0, 0, 640, 480}, {80, 0, 480, 360}},
    {MCU_FIT_CONTAIN, {1280, 720}, {180, 320}, {0, 0, 1280, 720}, {0, 108, 180, 102}},
};

static void
test_fit__known (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    McuRect crop, inner;

    mcu_fit_place (c->fit, c->picture[0], c->picture[1], c->tile[0], c->tile[1], &crop, &inner);
    g_test_message ("case %u: crop %d,%d %dx%d inner %d,%d %dx%d", (guint) i, crop.x, crop.y,
                    crop.width, crop.height, inner.x, inner.y, inner.width, inner.height);
    g_assert_true (mcu_rect_equal (&crop, &c->crop));
    g_assert_true (mcu_rect_equal (&inner, &c->inner));
  }
}

static void
assert_fit_holds (McuFit fit, int pw, int ph, int tw, int th)
{
  McuRect crop, inner;

  mcu_fit_place (fit, pw, ph, tw, th, &crop, &inner);
  g_assert_true (mcu_rect_is_inside (&crop, pw, ph));
  g_assert_true (mcu_rect_is_inside (&inner, tw, th));
  g_assert_true (mcu_rect_is_even (&inner));
  g_assert_cmpint ((crop.x | crop.y) & 1, ==, 0);
  /* What stays is the middle. */
  g_assert_cmpint (ABS (crop.x - (pw - crop.x - crop.width)), <=, 3);
  g_assert_cmpint (ABS (inner.y - (th - inner.y - inner.height)), <=, 3);
  if (fit == MCU_FIT_COVER)
    g_assert_true (inner.width == tw && inner.height == th);
  else
    g_assert_true (crop.width == pw && crop.height == ph);
}

static void
test_fit__any_shape (void)
{
  for (int i = 0; i < 20000; i++) {
    int pw = g_test_rand_int_range (2, 1921), ph = g_test_rand_int_range (2, 1921);
    int tw = 2 * g_test_rand_int_range (1, 961), th = 2 * g_test_rand_int_range (1, 961);

    assert_fit_holds (MCU_FIT_COVER, pw, ph, tw, th);
    assert_fit_holds (MCU_FIT_CONTAIN, pw, ph, tw, th);
  }
}

static void
test_fit__names (void)
{
  McuFit fit;

  g_assert_true (mcu_fit_from_string (mcu_fit_to_string (MCU_FIT_CONTAIN), &fit));
  g_assert_cmpint (fit, ==, MCU_FIT_CONTAIN);
  g_assert_true (mcu_fit_from_string ("cover", &fit));
  g_assert_cmpint (fit, ==, MCU_FIT_COVER);
  g_assert_false (mcu_fit_from_string ("fill", &fit));
  g_assert_false (mcu_fit_from_string (NULL, &fit));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/fit/known", test_fit__known);
  g_test_add_func ("/layouts/fit/any_shape", test_fit__any_shape);
  g_test_add_func ("/layouts/fit/names", test_fit__names);

  return g_test_run ();
}
