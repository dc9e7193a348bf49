/* tests/unit/pipelines/mix/video/corners.c - masks, against the circle.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/corners.h"

#include <math.h>

/* How much of the pixel is inside, by 16x16 points. */
static double
exact (int x, int y, double radius)
{
  int n = 0;

  for (int i = 0; i < 256; i++) {
    double dx = radius - x - (i % 16 + 0.5) / 16, dy = radius - y - (i / 16 + 0.5) / 16;

    n += dx <= 0 || dy <= 0 || dx * dx + dy * dy <= radius * radius;
  }
  return n * 255 / 256.0;
}

static void
assert_is_circle (const McuCorners *corners)
{
  int side = corners->side_px;

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      int is = corners->masks[0][0][y * side + x];

      g_assert_cmpfloat (fabs (is - exact (x, y, corners->radius_px)), <=, 30);
      g_assert_cmpint (corners->masks[0][1][y * side + side - 1 - x], ==, is);
      g_assert_cmpint (corners->masks[0][0][x * side + y], ==, is);
    }
}

static void
assert_chroma_is_mean (const McuCorners *corners)
{
  int side = corners->side_px, half = side / 2;

  for (int y = 0; y < half; y++)
    for (int x = 0; x < half; x++) {
      const guint8 *luma = corners->masks[0][0] + 2 * y * side + 2 * x;
      int mean = (luma[0] + luma[1] + luma[side] + luma[side + 1] + 2) / 4;

      g_assert_cmpint (corners->masks[1][0][y * half + x], ==, mean);
      g_assert_cmpint (corners->masks[1][1][y * half + half - 1 - x], ==, mean);
    }
}

static void
test_corners__are_round (void)
{
  for (int radius = 1; radius <= 130; radius += radius < 20 ? 1 : 13) {
    g_autoptr (McuCorners) corners = mcu_corners_new (radius);

    g_assert_cmpint (corners->side_px, ==, radius + radius % 2);
    assert_is_circle (corners);
    assert_chroma_is_mean (corners);
  }
}

static void
test_corners__none (void)
{
  g_assert_null (mcu_corners_new (0));
  g_assert_null (mcu_corners_new (-3));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/corners/are_round", test_corners__are_round);
  g_test_add_func ("/video/corners/none", test_corners__none);

  return g_test_run ();
}
