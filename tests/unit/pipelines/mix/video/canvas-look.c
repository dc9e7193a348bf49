/* tests/unit/pipelines/mix/video/canvas-look.c - a tile is drawn as its placement says.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "stage.h"

#define BACK_RGBA 0x204080ffu
#define AMBER_RGBA 0xffc000ffu

static const McuPlace cut = {.seq = 1, .background_rgba = BACK_RGBA};

static McuYuv
back (void)
{
  return mcu_colour_from_rgba (BACK_RGBA);
}

/* Tile 0 at 100,60, 200x120, as @like says. */
static McuPicture *
draw_one (TestStage *s, const McuPlacement *like)
{
  McuPlacement *at = &s->tiles[0].placement;

  at->rect = (McuRect){100, 60, 200, 120};
  at->radius_px = like->radius_px;
  at->border_px = like->border_px;
  at->border_rgba = like->border_rgba;
  at->speaking_rgba = like->speaking_rgba;
  at->alpha = like->alpha;
  test_stage_place (s, &cut, 1);
  return test_stage_compose (s, 0, NULL);
}

static void
test_canvas_look__background (TestStage *s, gconstpointer data)
{
  g_autoptr (McuPicture) own = NULL;
  g_autoptr (McuPicture) given = NULL;

  test_stage_place (s, &(McuPlace){.seq = 1}, 0);
  own = test_stage_compose (s, 0, NULL);
  g_assert_true (test_rect_is (own, &test_stage_all, mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND)));
  test_stage_place (s, &cut, 0);
  given = test_stage_compose (s, 0, NULL);
  g_assert_true (test_rect_is (given, &test_stage_all, back ()));
}

/* How much of the square of @side px at @x,@y is green, in pixels, by luma. */
static double
covered (const McuPicture *picture, int x, int y, int side)
{
  McuYuv behind = back (), front = TEST_GREEN;
  double sum = 0;

  for (int row = y; row < y + side; row++)
    for (int column = x; column < x + side; column++)
      sum += (double) (test_picture_pixel (picture, column, row).y - behind.y) /
             (front.y - behind.y);
  return sum;
}

static void
test_canvas_look__corners (TestStage *s, gconstpointer data)
{
  static const int radii[] = {1, 2, 5, 16, 24, 41, 60};

  for (gsize i = 0; i < G_N_ELEMENTS (radii); i++) {
    int r = radii[i], side = r + (r & 1); /* chroma is of two columns */
    g_autoptr (McuPicture) out = draw_one (s, &(McuPlacement){.radius_px = r, .alpha = 255});
    const int corners[][2] = {{100, 60}, {300 - r, 60}, {100, 180 - r}, {300 - r, 180 - r}};
    double expected = r * r * G_PI / 4;

    for (gsize j = 0; j < G_N_ELEMENTS (corners); j++) {
      double is = covered (out, corners[j][0], corners[j][1], r);

      g_test_message ("radius %d: %.1f px are covered, %.1f expected", r, is, expected);
      g_assert_cmpfloat (fabs (is - expected), <=, 0.15 + expected * 0.012);
    }
    g_assert_true (test_rect_is (out, &(McuRect){100 + side, 60, 200 - 2 * side, 120}, TEST_GREEN));
    g_assert_true (test_rect_is (out, &(McuRect){0, 0, 640, 60}, back ()));
    g_assert_true (test_rect_is (out, &(McuRect){300, 0, 340, 360}, back ()));
    if (r > 12)
      g_assert_true (test_pixel_is (out, 299, 179, back (), 2));
  }
}

static void
test_canvas_look__too_round_is_as_round_as_can_be (TestStage *s, gconstpointer data)
{
  McuPlacement most = {.radius_px = 60, .alpha = 255, .border_px = 60, .border_rgba = AMBER_RGBA};
  McuPlacement more = {.radius_px = 61, .alpha = 255, .border_px = 601, .border_rgba = AMBER_RGBA};
  McuPlacement less = {.radius_px = -9, .alpha = 255, .border_px = -9, .border_rgba = AMBER_RGBA};
  g_autoptr (McuPicture) one = draw_one (s, &most);
  g_autoptr (McuPicture) other = draw_one (s, &more);
  g_autoptr (McuPicture) none = draw_one (s, &less);

  g_assert_cmpuint (test_rect_differs (one, other, &test_stage_all), ==, 0);
  g_assert_true (test_rect_is (none, &(McuRect){100, 60, 200, 120}, TEST_GREEN));
}

static void
test_canvas_look__border (TestStage *s, gconstpointer data)
{
  McuPlacement like = {
      .border_px = 6, .border_rgba = AMBER_RGBA, .speaking_rgba = 0xffffffff, .alpha = 255};
  g_autoptr (McuPicture) square = draw_one (s, &like);
  g_autoptr (McuPicture) rounded = NULL;
  g_autoptr (McuPicture) half = NULL;
  g_autoptr (McuPicture) none = NULL;
  McuYuv amber = mcu_colour_from_rgba (AMBER_RGBA);

  g_assert_true (test_rect_is (square, &(McuRect){100, 60, 200, 6}, amber));
  g_assert_true (test_rect_is (square, &(McuRect){100, 174, 200, 6}, amber));
  g_assert_true (test_rect_is (square, &(McuRect){100, 60, 6, 120}, amber));
  g_assert_true (test_rect_is (square, &(McuRect){294, 60, 6, 120}, amber));
  g_assert_true (test_rect_is (square, &(McuRect){106, 66, 188, 108}, TEST_GREEN));

  like.radius_px = 30;
  rounded = draw_one (s, &like);
  /* On the diagonal: the outer edge is 8.8 px in, the inner one 13. */
  g_assert_true (test_pixel_is (rounded, 106, 66, back (), 2));
  g_assert_true (test_pixel_is (rounded, 110, 70, amber, 4));
  g_assert_true (test_pixel_is (rounded, 116, 76, TEST_GREEN, 2));
  g_assert_true (test_pixel_is (rounded, 299 - 10, 179 - 10, amber, 4));
  g_assert_true (test_rect_is (rounded, &(McuRect){130, 60, 140, 6}, amber));

  like.border_rgba = (AMBER_RGBA & ~255u) | 128;
  half = draw_one (s, &like);
  g_assert_true (test_pixel_is (half, 200, 62, test_mean (amber, TEST_GREEN, 128), 2));
  g_assert_true (test_pixel_is (half, 110, 70, test_mean (amber, TEST_GREEN, 128), 4));

  like.border_rgba = AMBER_RGBA & ~255u;
  like.radius_px = 0;
  none = draw_one (s, &like);
  g_assert_true (test_rect_is (none, &(McuRect){100, 60, 200, 120}, TEST_GREEN));
}

static void
test_canvas_look__speaking (TestStage *s, gconstpointer data)
{
  McuPlacement like = {.border_px = 4, .speaking_rgba = AMBER_RGBA, .alpha = 255};
  g_autoptr (McuPicture) silent = draw_one (s, &like);
  g_autoptr (McuPicture) speaking = NULL;
  g_autoptr (McuPicture) silent_again = NULL;
  McuDecor decor = s->tiles[0].decor;
  McuComposeInfo info;

  g_assert_true (test_rect_is (silent, &(McuRect){100, 60, 200, 120}, TEST_GREEN));
  decor.speaking = TRUE;
  mcu_canvas_set_decor (s->canvas, "p0", MCU_VIDEO_CAMERA, &decor);
  speaking = test_stage_compose (s, 0, &info);
  g_assert_true (info.changed && !info.placed);
  g_assert_true (
      test_rect_is (speaking, &(McuRect){100, 60, 200, 4}, mcu_colour_from_rgba (AMBER_RGBA)));
  /* Said again it is no news. */
  g_assert_true (mcu_canvas_set_decor (s->canvas, "p0", MCU_VIDEO_CAMERA, &decor));
  g_assert_false (mcu_canvas_has_news (s->canvas));
  decor.speaking = FALSE;
  mcu_canvas_set_decor (s->canvas, "p0", MCU_VIDEO_CAMERA, &decor);
  silent_again = test_stage_compose (s, 0, NULL);
  g_assert_cmpuint (test_rect_differs (silent, silent_again, &test_stage_all), ==, 0);
}

static void
test_canvas_look__alpha (TestStage *s, gconstpointer data)
{
  McuPlacement like = {.radius_px = 20, .alpha = 64};
  g_autoptr (McuPicture) out = draw_one (s, &like);

  g_assert_true (
      test_rect_is (out, &(McuRect){120, 60, 160, 120}, test_mean (TEST_GREEN, back (), 64)));
  g_assert_true (test_pixel_is (out, 101, 61, back (), 2));
  like.alpha = 0;
  mcu_picture_unref (out);
  out = draw_one (s, &like);
  g_assert_true (test_rect_is (out, &test_stage_all, back ()));
}

/* Round, seen through, one over another: what is behind a tile is the tiles behind it. */
static void
test_canvas_look__overlap (TestStage *s, gconstpointer data)
{
  g_autoptr (McuPicture) out = NULL;

  s->tiles[0].placement.z = 3;
  s->tiles[0].placement.rect = (McuRect){200, 100, 200, 120};
  s->tiles[0].placement.radius_px = 60;
  s->tiles[1].placement.z = 1;
  s->tiles[2].placement.z = 2;
  s->tiles[2].placement.rect = (McuRect){0, 0, 300, 360};
  s->tiles[2].placement.alpha = 100;
  test_stage_place (s, &cut, 3);
  out = test_stage_compose (s, 0, NULL);
  g_assert_true (
      test_rect_is (out, &(McuRect){0, 0, 200, 360}, test_mean (TEST_BLUE, TEST_RED, 100)));
  g_assert_true (test_rect_is (out, &(McuRect){400, 0, 240, 360}, TEST_RED));
  g_assert_true (test_rect_is (out, &(McuRect){260, 100, 80, 120}, TEST_GREEN));
  g_assert_true (test_pixel_is (out, 398, 102, TEST_RED, 2));
  g_assert_true (test_pixel_is (out, 202, 102, test_mean (TEST_BLUE, TEST_RED, 100), 2));
}

static void
test_canvas_look__contain_shows_the_background (TestStage *s, gconstpointer data)
{
  g_autoptr (McuPicture) out = NULL;

  s->tiles[0].placement.rect = (McuRect){100, 60, 200, 200};
  s->tiles[0].placement.fit = MCU_FIT_CONTAIN;
  test_stage_place (s, &cut, 1);
  out = test_stage_compose (s, 0, NULL);
  g_assert_true (test_rect_is (out, &(McuRect){100, 60, 200, 42}, back ()));
  g_assert_true (test_rect_is (out, &(McuRect){100, 104, 200, 112}, TEST_GREEN));
  g_assert_true (test_rect_is (out, &(McuRect){100, 218, 200, 42}, back ()));
}

static void
test_canvas_look__placeholder_on_demand (TestStage *s, gconstpointer data)
{
  g_autoptr (McuPicture) out = NULL;

  s->tiles[0].placement.placeholder = TRUE;
  test_stage_place (s, &cut, 1);
  out = test_stage_compose (s, 0, NULL);
  g_assert_true (
      test_rect_is (out, &(McuRect){0, 0, 60, 360}, mcu_colour_to_yuv (MCU_COLOUR_PLACEHOLDER)));
}

/* The smallest rectangle of what a label changes in tile 0, 200x120 at 100,60. */
static McuRect
label_box (TestStage *s, McuLabelPosition position, McuLabelStyle style)
{
  McuPlacement like = {.alpha = 255, .radius_px = 10, .border_px = 4};
  g_autoptr (McuPicture) plain = NULL;
  g_autoptr (McuPicture) labelled = NULL;
  McuRect box = {0};
  int right = 0, bottom = 0;

  s->tiles[0].decor.label = NULL;
  plain = draw_one (s, &like);
  s->tiles[0].decor.label = "Ada";
  s->tiles[0].placement.label = position;
  s->tiles[0].placement.label_style = style;
  labelled = draw_one (s, &like);
  box.x = box.y = G_MAXINT;
  for (int y = 0; y < STAGE_HEIGHT; y++)
    for (int x = 0; x < STAGE_WIDTH; x++)
      if (test_rect_differs (plain, labelled, &(McuRect){x, y, 1, 1}) != 0) {
        box = (McuRect){MIN (box.x, x), MIN (box.y, y), 0, 0};
        right = MAX (right, x + 1);
        bottom = MAX (bottom, y + 1);
      }
  box.width = right - box.x;
  box.height = bottom - box.y;
  return box;
}

static void
test_canvas_look__label_positions (TestStage *s, gconstpointer data)
{
  McuRect left = label_box (s, MCU_LABEL_BOTTOM_LEFT, MCU_LABEL_PILL);
  McuRect middle = label_box (s, MCU_LABEL_BOTTOM, MCU_LABEL_PILL);
  McuRect right = label_box (s, MCU_LABEL_BOTTOM_RIGHT, MCU_LABEL_PILL);
  McuRect top = label_box (s, MCU_LABEL_TOP_LEFT, MCU_LABEL_PILL);
  McuRect bar = label_box (s, MCU_LABEL_BOTTOM, MCU_LABEL_BAR);

  /* Beside the border and the corner, and a margin. */
  g_assert_cmpint (left.x, >=, 106);
  g_assert_cmpint (left.x, <=, 120);
  g_assert_cmpint (left.y + left.height, >=, 160);
  g_assert_cmpint (left.y + left.height, <=, 174);
  g_assert_cmpint (left.height, >=, 20);
  g_assert_cmpint (ABS (2 * middle.x + middle.width - 400), <=, 4);
  g_assert_cmpint (middle.width, ==, left.width);
  g_assert_cmpint (300 - right.x - right.width, ==, left.x - 100);
  g_assert_cmpint (top.x, ==, left.x);
  g_assert_cmpint (top.y - 60, ==, 180 - left.y - left.height);
  g_assert_cmpint (bar.x, ==, 104);
  g_assert_cmpint (bar.width, ==, 192);
  g_assert_cmpint (bar.y + bar.height, ==, 176);
  g_assert_cmpint (label_box (s, MCU_LABEL_NONE, MCU_LABEL_PILL).x, ==, G_MAXINT);
  g_assert_cmpint (label_box (s, MCU_LABEL_BOTTOM_LEFT, MCU_LABEL_PLAIN).height, >=, 8);
}

static void
add (const char *path, void (*test) (TestStage *, gconstpointer))
{
  g_test_add (path, TestStage, NULL, test_stage_set_up, test, test_stage_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mcu_decor_warm_up ();
  add ("/video/canvas_look/background", test_canvas_look__background);
  add ("/video/canvas_look/corners", test_canvas_look__corners);
  add ("/video/canvas_look/too_round", test_canvas_look__too_round_is_as_round_as_can_be);
  add ("/video/canvas_look/border", test_canvas_look__border);
  add ("/video/canvas_look/speaking", test_canvas_look__speaking);
  add ("/video/canvas_look/alpha", test_canvas_look__alpha);
  add ("/video/canvas_look/overlap", test_canvas_look__overlap);
  add ("/video/canvas_look/contain", test_canvas_look__contain_shows_the_background);
  add ("/video/canvas_look/placeholder", test_canvas_look__placeholder_on_demand);
  add ("/video/canvas_look/label_positions", test_canvas_look__label_positions);

  return g_test_run ();
}
