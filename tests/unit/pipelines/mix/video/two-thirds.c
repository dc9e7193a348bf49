/* tests/unit/pipelines/mix/video/two-thirds.c - against the weights in floating point.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/two-thirds.h"

#include <math.h>

#include "pictures.h"

static void
fill_random (McuPicture *picture)
{
  for (int p = 0; p < 3; p++)
    for (int y = 0; y < (p == 0 ? picture->height : (picture->height + 1) / 2); y++)
      for (int x = 0; x < (p == 0 ? picture->width : (picture->width + 1) / 2); x++)
        picture->data[p][y * picture->stride[p] + x] = (guint8) g_test_rand_int_range (0, 256);
}

/* Along one side: output 2k is 2/3 of 3k and 1/3 of 3k+1, output 2k+1 the mirror of that. */
static double
weigh (const McuPicture *from, int p, int x, int y)
{
  int near_x = x / 2 * 3 + x % 2 * 2, far_x = x / 2 * 3 + 1;
  int near_y = y / 2 * 3 + y % 2 * 2, far_y = y / 2 * 3 + 1;
  const guint8 *near = from->data[p] + near_y * from->stride[p];
  const guint8 *far = from->data[p] + far_y * from->stride[p];

  return (4 * near[near_x] + 2 * near[far_x] + 2 * far[near_x] + far[far_x]) / 9.0;
}

static void
assert_scaled (int from_width, int from_height, int width, int height)
{
  g_autoptr (McuPicture) from = test_picture_new (from_width, from_height, TEST_WHITE);
  g_autoptr (McuPicture) to = test_picture_new (width, height, TEST_WHITE);

  fill_random (from);
  g_assert_true (mcu_two_thirds_fits (from, width, height));
  mcu_two_thirds_scale (from, to);
  for (int p = 0; p < 3; p++)
    for (int y = 0; y < (p == 0 ? height : (height + 1) / 2); y++)
      for (int x = 0; x < (p == 0 ? width : (width + 1) / 2); x++)
        g_assert_cmpfloat (fabs (to->data[p][y * to->stride[p] + x] - weigh (from, p, x, y)), <=,
                           2.0);
}

static void
test_two_thirds__weights (void)
{
  assert_scaled (640, 360, 426, 240);
  assert_scaled (960, 540, 640, 360);
  assert_scaled (480, 270, 320, 180);
  assert_scaled (360, 640, 240, 426);
}

static void
test_two_thirds__fits (void)
{
  static const struct
  {
    int from[2];
    int to[2];
    gboolean fits;
  } cases[] = {
      {{640, 360}, {426, 240}, TRUE},  {{640, 360}, {428, 240}, FALSE},
      {{640, 360}, {320, 180}, FALSE}, {{640, 360}, {640, 360}, FALSE},
      {{640, 360}, {426, 180}, FALSE}, {{4, 4}, {2, 2}, FALSE},
      {{2, 2}, {2, 2}, FALSE},         {{4000, 2250}, {2666, 1500}, FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (McuPicture) from = test_picture_new (cases[i].from[0], cases[i].from[1], TEST_WHITE);

    g_assert_cmpint (mcu_two_thirds_fits (from, cases[i].to[0], cases[i].to[1]), ==, cases[i].fits);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/two_thirds/weights", test_two_thirds__weights);
  g_test_add_func ("/video/two_thirds/fits", test_two_thirds__fits);

  return g_test_run ();
}
