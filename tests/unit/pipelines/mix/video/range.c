/* tests/unit/pipelines/mix/video/range.c
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/range.h"

#include <math.h>

static void
test_range__every_value_by_the_formula (void)
{
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (2);
  g_autoptr (McuPicture) from = mcu_picture_pool_take (pool, 512, 2);
  g_autoptr (McuPicture) to = mcu_picture_pool_take (pool, 512, 2);

  for (int x = 0; x < 512; x++) {
    from->data[0][x] = from->data[0][from->stride[0] + x] = x / 2;
    from->data[1][x / 2] = from->data[2][x / 2] = x / 2;
  }
  mcu_range_limit (from, to);
  for (int x = 0; x < 512; x++) {
    int luma = lrint (16 + x / 2 * 219.0 / 255), chroma = lrint (128 + (x / 2 - 128) * 224.0 / 255);

    g_assert_cmpint (ABS (to->data[0][to->stride[0] + x] - luma), <=, 1);
    g_assert_cmpint (ABS (to->data[1][x / 2] - chroma), <=, 1);
    g_assert_cmpint (to->data[2][x / 2], ==, to->data[1][x / 2]);
  }
  g_assert_cmpint (to->data[0][0], ==, 16);
  g_assert_cmpint (to->data[0][511], ==, 235);
  g_assert_cmpint (to->data[1][128], ==, 128);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/range/formula", test_range__every_value_by_the_formula);
  return g_test_run ();
}
