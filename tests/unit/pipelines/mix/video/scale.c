/* tests/unit/pipelines/mix/video/scale.c - right sizes, right place, no skipped pixels.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/scale.h"

#include <stdlib.h>

#include "pictures.h"

/* Luma is a ramp from left to right, chroma from top to bottom. */
static McuPicture *
new_ramp (int width, int height)
{
  McuPicture *picture = test_picture_new (width, height, TEST_WHITE);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      picture->data[0][y * picture->stride[0] + x] = (guint8) (16 + 200 * x / width);
  for (int y = 0; y < (height + 1) / 2; y++)
    for (int x = 0; x < (width + 1) / 2; x++)
      picture->data[1][y * picture->stride[1] + x] = (guint8) (16 + 400 * y / height);
  return picture;
}

static void
assert_ramp (const McuPicture *picture)
{
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++) {
      McuYuv is = test_picture_pixel (picture, x, y);

      g_assert_cmpint (abs (is.y - (16 + 200 * x / picture->width)), <=, 4);
      g_assert_cmpint (abs (is.u - (16 + 200 * y / picture->height)), <=, 6);
    }
}

static void
test_scale__keeps_the_picture (void)
{
  static const int from[][2] = {{640, 360}, {1280, 720}, {640, 358}, {638, 360}};
  static const int to[][2] = {{640, 360}, {480, 270}, {426, 240}, {320, 180}, {256, 144},
                              {212, 120}, {182, 102}, {160, 90},  {1280, 720}};
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (4);

  for (gsize i = 0; i < G_N_ELEMENTS (from); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (to); j++) {
      g_autoptr (McuPicture) ramp = new_ramp (from[i][0], from[i][1]);
      g_autoptr (McuPicture)
          scaled = mcu_scale_to_tile (ramp, to[j][0], to[j][1], MCU_FIT_COVER, pool);

      g_test_message ("%dx%d to %dx%d", from[i][0], from[i][1], to[j][0], to[j][1]);
      g_assert_cmpint (scaled->width, ==, to[j][0]);
      g_assert_cmpint (scaled->height, ==, to[j][1]);
      assert_ramp (scaled);
    }
}

/* Single-pixel lines become grey, not lines of their own: no pixel is skipped. */
static void
test_scale__does_not_skip_pixels (void)
{
  static const int to[][2] = {{426, 240}, {320, 180}, {256, 144},
                              {212, 120}, {182, 102}, {160, 90}};
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (4);
  g_autoptr (McuPicture) lines = test_picture_new (640, 360, (McuYuv){16, 128, 128});

  for (int y = 0; y < 360; y++)
    for (int x = 0; x < 640; x += 2)
      lines->data[0][y * lines->stride[0] + x] = 236;
  for (gsize j = 1; j < G_N_ELEMENTS (to); j++) {
    g_autoptr (McuPicture)
        scaled = mcu_scale_to_tile (lines, to[j][0], to[j][1], MCU_FIT_COVER, pool);

    g_test_message ("to %dx%d", to[j][0], to[j][1]);
    g_assert_true (
        test_rect_is (scaled, &(McuRect){0, 0, to[j][0], to[j][1]}, (McuYuv){126, 128, 128}));
  }
}

static void
test_scale__no_copy_without_scaling (void)
{
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (4);
  g_autoptr (McuPicture) from = new_ramp (640, 480);
  g_autoptr (McuPicture) same = mcu_scale_to_tile (from, 640, 480, MCU_FIT_COVER, pool);
  g_autoptr (McuPicture) view = mcu_scale_to_tile (from, 640, 360, MCU_FIT_COVER, pool);
  g_autoptr (McuPicture) contained = mcu_scale_to_tile (from, 640, 360, MCU_FIT_CONTAIN, pool);

  g_assert_true (same == from);
  g_assert_true (view->data[0] == from->data[0] + 60 * from->stride[0]);
  g_assert_cmpint (view->height, ==, 360);
  g_assert_cmpint (contained->width, ==, 480);
  g_assert_cmpint (contained->height, ==, 360);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/scale/keeps_the_picture", test_scale__keeps_the_picture);
  g_test_add_func ("/video/scale/does_not_skip_pixels", test_scale__does_not_skip_pixels);
  g_test_add_func ("/video/scale/no_copy_without_scaling", test_scale__no_copy_without_scaling);

  return g_test_run ();
}
