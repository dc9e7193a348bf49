/* tests/unit/pipelines/mix/video/image.c - pictures from files: read, bounded, refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/image.h"

#include <string.h>

#include "mcu/base/error.h"
#include "stills.h"

static McuImage *
decode (GByteArray *bytes, int keep_side_px, GError **error)
{
  /* Of exactly its size, so that a look behind its end is seen. */
  g_autofree guint8 *exact = g_memdup2 (bytes->data, MAX (bytes->len, 1));

  return mcu_image_decode (exact, bytes->len, keep_side_px, error);
}

static void
assert_is (McuImage *image, int width, int height, McuYuv colour)
{
  McuPicture *out = test_picture_new (width, height, TEST_WHITE);
  McuRect inner, all = {0, 0, width, height};
  g_autoptr (McuOverlay)
      overlay = mcu_image_draw (image, MCU_FIT_COVER, width, height, 255, &inner);

  g_assert_true (mcu_rect_equal (&inner, &all));
  mcu_overlay_blend (overlay, out, 0, 0);
  g_assert_true (test_rect_is (out, &all, colour));
  mcu_picture_unref (out);
}

static void
test_image__both_kinds (void)
{
  g_autoptr (GByteArray) png = test_still_png (64, 36, 0xff00ff00);
  g_autoptr (GByteArray) jpeg = test_still_jpeg (64, 36, 0xff00ff00);
  g_autoptr (GError) error = NULL;
  g_autoptr (McuImage) a = decode (png, 320, &error);
  g_autoptr (McuImage) b = decode (jpeg, 320, &error);

  g_assert_no_error (error);
  assert_is (a, 64, 36, TEST_GREEN);
  assert_is (a, 128, 72, TEST_GREEN);
  assert_is (b, 64, 36, TEST_GREEN);
  g_assert_cmpuint (mcu_image_get_serial (a), !=, mcu_image_get_serial (b));
}

static void
test_image__made_small (void)
{
  g_autoptr (GByteArray) png = test_still_png (1000, 400, 0xff00ff00);
  g_autoptr (GByteArray) jpeg = test_still_jpeg (1000, 400, 0xff00ff00);
  g_autoptr (McuImage) a = decode (png, 100, NULL);
  g_autoptr (McuImage) b = decode (jpeg, 100, NULL);

  g_assert_cmpuint (mcu_image_get_bytes (a), ==, 100 * 40 * 4);
  g_assert_cmpuint (mcu_image_get_bytes (b), ==, 100 * 40 * 4);
  assert_is (a, 100, 40, TEST_GREEN);
  assert_is (b, 100, 40, TEST_GREEN);
}

static void
test_image__placed (void)
{
  g_autoptr (GByteArray) png = test_still_png (100, 50, 0xff00ff00);
  g_autoptr (McuImage) image = decode (png, 320, NULL);
  g_autoptr (McuOverlay) contained = NULL;
  McuRect inner;

  contained = mcu_image_draw (image, MCU_FIT_CONTAIN, 100, 100, 255, &inner);
  g_assert_true (mcu_rect_equal (&inner, &(McuRect){0, 24, 100, 50}));
  g_assert_cmpint (mcu_overlay_get_width (contained), ==, 100);
  g_assert_cmpint (mcu_overlay_get_height (contained), ==, 50);
}

static void
test_image__transparent (void)
{
  g_autoptr (GByteArray) png = test_still_png (40, 40, 0xffffffff);
  g_autoptr (McuImage) image = decode (png, 320, NULL);
  McuPicture *out = test_picture_new (40, 40, (McuYuv){16, 128, 128});
  McuRect inner, all = {0, 0, 40, 40};
  g_autoptr (McuOverlay) overlay = mcu_image_draw (image, MCU_FIT_COVER, 40, 40, 128, &inner);

  mcu_overlay_blend (overlay, out, 0, 0);
  g_assert_true (test_rect_is (out, &all, (McuYuv){16 + 110, 128, 128}));
  mcu_picture_unref (out);
}

static void
put_be32 (GByteArray *bytes, guint at, guint32 value)
{
  guint32 be = GUINT32_TO_BE (value);

  memcpy (bytes->data + at, &be, sizeof be);
}

static void
assert_refused (GByteArray *bytes, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (bytes, 320, &error));
  g_assert_error (error, MCU_ERROR, code);
}

/* What the header says decides, before anything of that size is allocated. */
static void
test_image__header_bounds (void)
{
  static const guint32 sides[] = {4097, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
  g_autoptr (GByteArray) png = test_still_png (64, 36, 0xff00ff00);
  g_autoptr (GByteArray) thin = test_still_png (1, 64, 0xff00ff00);
  g_autoptr (GByteArray) wide = test_still_jpeg (4098, 2, 0xff00ff00);

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    for (guint at = 16; at <= 20; at += 4) {
      g_autoptr (GByteArray) large = g_byte_array_append (g_byte_array_new (), png->data, png->len);

      put_be32 (large, at, sides[i]);
      assert_refused (large, MCU_ERROR_TOO_LARGE);
    }
  assert_refused (thin, MCU_ERROR_BAD_REQUEST);
  assert_refused (wide, MCU_ERROR_TOO_LARGE);
}

static void
test_image__neither (void)
{
  static const char *const texts[] = {"", "GIF89a", "\x89PNG\r\n\x1a\n", "<svg/>", "\xff\xd8"};
  g_autofree guint8 *large = g_malloc0 (MCU_IMAGE_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_append (
        g_byte_array_new (), (const guint8 *) texts[i], (guint) strlen (texts[i]));

    assert_refused (bytes, MCU_ERROR_UNSUPPORTED_TYPE);
  }
  g_assert_null (mcu_image_decode (large, MCU_IMAGE_MAX_BYTES + 1, 320, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

/* Cut anywhere, and with any one byte changed: an error, or a picture; nothing else. */
static void
test_image__damaged (void)
{
  GByteArray *all[2] = {test_still_png (64, 36, 0xff00ff00), test_still_jpeg (64, 36, 0xff00ff00)};

  for (guint i = 0; i < 2; i++) {
    for (guint n = 0; n < all[i]->len - 16; n++) {
      g_autoptr (GByteArray) cut = g_byte_array_append (g_byte_array_new (), all[i]->data, n);
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (cut, 320, &error));
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
    for (guint n = 0; n < all[i]->len; n++) {
      g_autoptr (GByteArray)
          bent = g_byte_array_append (g_byte_array_new (), all[i]->data, all[i]->len);
      g_autoptr (GError) error = NULL;
      g_autoptr (McuImage) image = NULL;

      bent->data[n] ^= 0xff;
      image = decode (bent, 320, &error);
      g_assert_true ((image == NULL) == (error != NULL));
    }
    g_byte_array_unref (all[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/image/both-kinds", test_image__both_kinds);
  g_test_add_func ("/video/image/made-small", test_image__made_small);
  g_test_add_func ("/video/image/placed", test_image__placed);
  g_test_add_func ("/video/image/transparent", test_image__transparent);
  g_test_add_func ("/video/image/header-bounds", test_image__header_bounds);
  g_test_add_func ("/video/image/neither", test_image__neither);
  g_test_add_func ("/video/image/damaged", test_image__damaged);
  return g_test_run ();
}
