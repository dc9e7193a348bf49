/* tests/unit/pipelines/mix/video/overlay.c - blending, against the formula in floating point.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/overlay.h"

#include "pictures.h"
#include "pipelines/mix/video/blend.h"

static void
test_overlay__row_is_exact (void)
{
  guint8 row[256], over[256], keep[256];

  for (int alpha = 0; alpha < 256; alpha++)
    for (int value = 0; value < 256; value += 5) {
      for (int i = 0; i < 256; i++) {
        row[i] = (guint8) i;
        over[i] = (guint8) (value * alpha / 255);
        keep[i] = (guint8) (255 - alpha);
      }
      mcu_blend_row (row, over, keep, 256);
      for (int i = 0; i < 256; i++)
        g_assert_cmpint (row[i], ==, value * alpha / 255 + (2 * i * (255 - alpha) + 255) / 510);
    }
}

static McuOverlay *
new_flat (double r, double g, double b, double alpha, int size)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t *cr = cairo_create (surface);
  McuOverlay *overlay;

  cairo_set_source_rgba (cr, r, g, b, alpha);
  cairo_paint (cr);
  cairo_destroy (cr);
  overlay = mcu_overlay_new (surface);
  cairo_surface_destroy (surface);
  return overlay;
}

static void
test_overlay__colours (void)
{
  g_autoptr (McuPicture) out = test_picture_new (64, 64, TEST_BLUE);
  g_autoptr (McuOverlay) solid = new_flat (0, 1, 0, 1, 16);
  g_autoptr (McuOverlay) none = new_flat (1, 1, 1, 0, 16);
  g_autoptr (McuOverlay) half = new_flat (1, 1, 1, 0.5, 16);

  mcu_overlay_blend (solid, out, 2, 2);
  mcu_overlay_blend (none, out, 20, 2);
  mcu_overlay_blend (half, out, 40, 40);
  g_assert_true (test_rect_is (out, &(McuRect){2, 2, 16, 16}, TEST_GREEN));
  g_assert_true (test_rect_is (out, &(McuRect){20, 2, 16, 16}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){40, 40, 16, 16}, (McuYuv){138, 184, 119}));
  g_assert_true (test_rect_is (out, &(McuRect){0, 0, 64, 2}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){0, 56, 64, 8}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){56, 18, 8, 46}, TEST_BLUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/overlay/row_is_exact", test_overlay__row_is_exact);
  g_test_add_func ("/video/overlay/colours", test_overlay__colours);

  return g_test_run ();
}
