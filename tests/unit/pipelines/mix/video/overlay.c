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

/* a * parts / 255 + b * (255 - parts) / 255, to the nearest. */
static int
mean (int a, int b, int parts)
{
  return (2 * (a * parts + b * (255 - parts)) + 255) / 510;
}

static void
test_overlay__mixes_are_exact (void)
{
  guint8 mixed[256], faded[256], tinted[256], washed[256], other[256], keep[256];

  for (int parts = 0; parts < 256; parts++)
    for (int value = 0; value < 256; value += 15) {
      for (int i = 0; i < 256; i++) {
        mixed[i] = faded[i] = tinted[i] = washed[i] = (guint8) i;
        other[i] = (guint8) (value ^ i);
        keep[i] = (guint8) (parts ^ i);
      }
      mcu_blend_mix_row (mixed, other, keep, 256);
      mcu_blend_fade_row (faded, other, (guint8) parts, 256);
      mcu_blend_tint_row (tinted, (guint8) value, keep, (guint8) parts, 256);
      mcu_blend_wash_row (washed, (guint8) value, (guint8) parts, 256);
      for (int i = 0; i < 256; i++) {
        g_assert_cmpint (mixed[i], ==, mean (i, other[i], keep[i]));
        g_assert_cmpint (faded[i], ==, mean (i, other[i], parts));
        g_assert_cmpint (tinted[i], ==, mean (value, i, mean (255 - keep[i], 0, parts)));
        g_assert_cmpint (washed[i], ==, mean (value, i, parts));
      }
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

static void
test_overlay__within (void)
{
  g_autoptr (McuPicture) out = test_picture_new (64, 64, TEST_BLUE);
  g_autoptr (McuOverlay) solid = new_flat (0, 1, 0, 1, 32);
  McuRect clip = {20, 10, 20, 30};

  mcu_overlay_blend_within (solid, out, 2, 2, &clip);
  g_assert_true (test_rect_is (out, &(McuRect){20, 10, 14, 24}, TEST_GREEN));
  g_assert_true (test_rect_is (out, &(McuRect){0, 0, 20, 64}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){34, 0, 30, 64}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){0, 0, 64, 10}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){0, 34, 64, 30}, TEST_BLUE));
  mcu_overlay_blend_within (solid, out, -30, -40, &(McuRect){40, 40, 20, 20}); /* nothing */
  mcu_overlay_blend_within (solid, out, 60, 60, &(McuRect){40, 40, 20, 20});
  g_assert_true (test_rect_is (out, &(McuRect){0, 34, 64, 30}, TEST_BLUE));
  mcu_overlay_blend_within (solid, out, -10, -10, &(McuRect){0, 0, 64, 64});
  g_assert_true (test_rect_is (out, &(McuRect){0, 0, 22, 10}, TEST_GREEN));
}

static void
test_overlay__sized (void)
{
  static const McuRect rects[] = {{10, 20, 40, 30}, {0, 0, 2, 2}, {0, 0, 64, 64}, {2, 4, 60, 2}};
  g_autoptr (McuOverlay) solid = new_flat (0, 1, 0, 1, 16);

  for (gsize i = 0; i < G_N_ELEMENTS (rects); i++) {
    g_autoptr (McuPicture) blue = test_picture_new (64, 64, TEST_BLUE);
    g_autoptr (McuPicture) out = test_picture_new (64, 64, TEST_BLUE);
    McuRect all = {0, 0, 64, 64};

    mcu_overlay_blend_sized (solid, out, &rects[i]);
    g_assert_true (test_rect_is (out, &rects[i], TEST_GREEN));
    g_assert_cmpuint (test_rect_differs (blue, out, &all), ==,
                      (guint) (rects[i].width * rects[i].height));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/overlay/row_is_exact", test_overlay__row_is_exact);
  g_test_add_func ("/video/overlay/mixes_are_exact", test_overlay__mixes_are_exact);
  g_test_add_func ("/video/overlay/within", test_overlay__within);
  g_test_add_func ("/video/overlay/sized", test_overlay__sized);
  g_test_add_func ("/video/overlay/colours", test_overlay__colours);

  return g_test_run ();
}
