/* tests/unit/pipelines/mix/video/decor.c - names, marks and initials as drawings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/decor.h"

#include <string.h>

#include "pictures.h"
#include "pipelines/mix/video/canvas.h"

/* In no Unicode version: every font lacks it. */
#define UNASSIGNED "\315\270" /* U+0378 */

/* The label over black, so that drawings can be compared. */
static McuPicture *
draw (const char *name, gboolean muted, int tile_width, int tile_height)
{
  g_autoptr (McuOverlay) label = mcu_decor_label (name, muted ? MCU_MARK_MUTED : 0, MCU_LABEL_PILL,
                                                  tile_width, tile_height);
  McuPicture *picture = test_picture_new (640, 64, (McuYuv){16, 128, 128});

  g_assert_nonnull (label);
  mcu_overlay_blend (label, picture, 0, 0);
  return picture;
}

/* Where letters are: luma far above the bar's. */
static guint
count_lit (const McuPicture *picture)
{
  guint n = 0;

  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      n += picture->data[0][y * picture->stride[0] + x] > 90;
  return n;
}

static void
test_decor__scripts_are_not_boxes (void)
{
  static const char *const names[] = {
      "A", "Ж", "김", "漢", "か", "م", "ש", "न", "ไ", "😀", "👩‍👩‍👧"};
  g_autoptr (McuPicture) missing = draw (UNASSIGNED, FALSE, 640, 360);
  McuRect all = {0, 0, 640, 64};

  g_assert_cmpuint (count_lit (missing), >, 10); /* the box itself is drawn */
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (McuPicture) picture = draw (names[i], FALSE, 640, 360);

    g_test_message ("%s: %u lit", names[i], count_lit (picture));
    g_assert_cmpuint (count_lit (picture), >, 10);
    g_assert_cmpuint (test_rect_differs (picture, missing, &all), >, 20);
    for (gsize j = 0; j < i; j++) {
      g_autoptr (McuPicture) other = draw (names[j], FALSE, 640, 360);

      g_assert_cmpuint (test_rect_differs (picture, other, &all), >, 10);
    }
  }
}

static void
test_decor__fits_the_tile (void)
{
  static const int tiles[][2] = {{1280, 720}, {640, 360}, {160, 90},
                                 {182, 102},  {60, 200},  {40, 30}};
  const char *name = "A name that is much too long for whatever tile it is written on, is it not";

  for (gsize i = 0; i < G_N_ELEMENTS (tiles); i++)
    for (int muted = 0; muted < 2; muted++) {
      g_autoptr (McuOverlay) label = mcu_decor_label (name, muted ? MCU_MARK_MUTED : 0,
                                                      MCU_LABEL_PILL, tiles[i][0], tiles[i][1]);
      g_autoptr (McuOverlay)
          initials = mcu_decor_initials ("p", name, NULL, tiles[i][0], tiles[i][1]);

      g_assert_nonnull (label);
      g_assert_cmpint (mcu_overlay_get_width (label), <=, tiles[i][0]);
      g_assert_cmpint (mcu_overlay_get_height (label), <=, tiles[i][1]);
      g_assert_cmpint (mcu_overlay_get_height (label), >=, 20); /* readable */
      g_assert_cmpint (mcu_overlay_get_width (label) % 2, ==, 0);
      g_assert_cmpint (mcu_overlay_get_height (label) % 2, ==, 0);
      g_assert_cmpint (mcu_overlay_get_width (initials), <=, MIN (tiles[i][0], tiles[i][1]));
    }
  g_assert_null (mcu_decor_label (name, MCU_MARK_MUTED, MCU_LABEL_PILL, 8, 8));
  g_assert_null (mcu_decor_initials ("p", name, NULL, 8, 8));
}

static void
test_decor__muted_mark (void)
{
  g_autoptr (McuPicture) with = draw ("Ada", TRUE, 320, 180);
  g_autoptr (McuPicture) without = draw ("Ada", FALSE, 320, 180);
  g_autoptr (McuPicture) alone = draw ("", TRUE, 320, 180);
  guint red = 0;

  g_assert_cmpuint (count_lit (with), >, count_lit (without));
  g_assert_cmpuint (count_lit (alone), >, 10);
  for (int y = 0; y < 32; y++)
    for (int x = 0; x < 32; x++)
      red += test_picture_pixel (alone, x, y).v > 150;
  g_assert_cmpuint (red, >, 10); /* the slash */
  g_assert_null (mcu_decor_label ("", 0, MCU_LABEL_PILL, 320, 180));
  g_assert_null (mcu_decor_label (NULL, 0, MCU_LABEL_PILL, 320, 180));
}

static void
test_decor__marks (void)
{
  McuRect all = {0, 0, 640, 64};

  for (int one = 0; one < 16; one++)
    for (int other = 0; other < one; other++) {
      g_autoptr (McuOverlay) a = mcu_decor_label ("Ada", one, MCU_LABEL_PILL, 640, 360);
      g_autoptr (McuOverlay) b = mcu_decor_label ("Ada", other, MCU_LABEL_PILL, 640, 360);
      g_autoptr (McuPicture) first = test_picture_new (640, 64, (McuYuv){16, 128, 128});
      g_autoptr (McuPicture) second = test_picture_new (640, 64, (McuYuv){16, 128, 128});

      mcu_overlay_blend (a, first, 0, 0);
      mcu_overlay_blend (b, second, 0, 0);
      g_assert_cmpuint (test_rect_differs (first, second, &all), >, 30);
      g_assert_cmpint ((mcu_overlay_get_width (a) - mcu_overlay_get_width (b)) > 0, ==,
                       mcu_marks_count (one) > mcu_marks_count (other));
    }
}

/* How dark it is behind the letters, on white. */
static void
test_decor__styles (void)
{
  static const int middle_luma[] = {115, 235, 235}; /* left of the first letter */

  for (int style = 0; style < MCU_LABEL_N_STYLES; style++) {
    g_autoptr (McuOverlay) label = mcu_decor_label ("Ada", 0, style, 640, 360);
    g_autoptr (McuPicture) out = test_picture_new (640, 64, TEST_WHITE);
    int height = mcu_overlay_get_height (label), darkest = 255;

    mcu_overlay_blend (label, out, 0, 0);
    g_assert_cmpint (test_picture_pixel (out, 3, height / 2).y, <=, middle_luma[style]);
    g_assert_cmpint (test_picture_pixel (out, 0, 0).y, >, 200); /* round, or nothing there */
    for (int y = 0; y < height; y++)
      for (int x = 0; x < 60; x++)
        darkest = MIN (darkest, test_picture_pixel (out, x, y).y);
    if (style == MCU_LABEL_BAR)
      g_assert_cmpint (darkest, ==, 235); /* drawn with the tile */
    else
      g_assert_cmpint (darkest, <, 150);
    g_assert_cmpint (mcu_decor_label_margin (style, height) > 0, ==, style != MCU_LABEL_BAR);
  }
}

/* On black a shadow is not seen: the same is drawn as on a bar. */
static void
test_decor__shadow_adds_nothing_light (void)
{
  guint lit[MCU_LABEL_N_STYLES];

  for (int style = 0; style < MCU_LABEL_N_STYLES; style++) {
    g_autoptr (McuOverlay) label = mcu_decor_label ("Ada", 15, style, 640, 360);
    g_autoptr (McuPicture) out = test_picture_new (640, 64, (McuYuv){16, 128, 128});

    mcu_overlay_blend (label, out, 0, 0);
    lit[style] = count_lit (out);
  }
  g_assert_cmpuint (lit[MCU_LABEL_PLAIN] * 100, <=, lit[MCU_LABEL_BAR] * 103);
}

static void
test_decor__markup_is_text (void)
{
  g_autoptr (McuPicture) tagged = draw ("<b>x</b>", FALSE, 320, 180);
  g_autoptr (McuPicture) plain = draw ("x", FALSE, 320, 180);

  g_assert_cmpuint (count_lit (tagged), >, 2 * count_lit (plain));
}

static void
test_decor__is_drawn_once (void)
{
  g_autoptr (McuOverlay) one = mcu_decor_label ("Ada", 0, MCU_LABEL_PILL, 320, 180);
  g_autoptr (McuOverlay) same = mcu_decor_label (" Ada ", 0, MCU_LABEL_PILL, 320, 180);
  g_autoptr (McuOverlay) other = mcu_decor_label ("Ada", MCU_MARK_MUTED, MCU_LABEL_PILL, 320, 180);

  g_assert_true (one == same);
  g_assert_true (one != other);
}

static void
test_decor__initials (void)
{
  static const char *const names[] = {"Ada Lovelace", "김철수 이영희",
                                      "👩‍👩‍👧 🇰🇷", "محمد العربي", ""};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (McuOverlay) mark = mcu_decor_initials ("id", names[i], NULL, 320, 180);
    g_autoptr (McuPicture) picture = test_picture_new (90, 90, (McuYuv){16, 128, 128});

    g_assert_cmpint (mcu_overlay_get_width (mark), ==, 90);
    mcu_overlay_blend (mark, picture, 0, 0);
    g_assert_true (test_rect_is (picture, &(McuRect){0, 0, 6, 6}, (McuYuv){16, 128, 128}));
    g_assert_true (test_rect_is (picture, &(McuRect){40, 4, 6, 4},
                                 mcu_colour_to_yuv (mcu_colour_for_id ("id"))));
    g_assert_cmpuint (count_lit (picture), >, 30);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mcu_decor_warm_up ();
  g_test_add_func ("/video/decor/scripts_are_not_boxes", test_decor__scripts_are_not_boxes);
  g_test_add_func ("/video/decor/fits_the_tile", test_decor__fits_the_tile);
  g_test_add_func ("/video/decor/muted_mark", test_decor__muted_mark);
  g_test_add_func ("/video/decor/marks", test_decor__marks);
  g_test_add_func ("/video/decor/styles", test_decor__styles);
  g_test_add_func ("/video/decor/shadow", test_decor__shadow_adds_nothing_light);
  g_test_add_func ("/video/decor/markup_is_text", test_decor__markup_is_text);
  g_test_add_func ("/video/decor/is_drawn_once", test_decor__is_drawn_once);
  g_test_add_func ("/video/decor/initials", test_decor__initials);

  return g_test_run ();
}
