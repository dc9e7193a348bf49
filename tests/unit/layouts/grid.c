/* tests/unit/layouts/grid.c - the automatic layout.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/grid.h"

static const int canvases[][2] = {
    {1280, 720}, {720, 1280}, {640, 360}, {1920, 1080}, {854, 480},  {1000, 1000},
    {641, 361},  {333, 777},  {4096, 64}, {160, 90},    {1366, 768}, {2560, 1080},
};
static const guint aspects[][2] = {{16, 9}, {4, 3}, {9, 16}, {1, 1}, {3, 4}};

static void
assert_places_hold (guint n, const int *canvas, const guint *aspect)
{
  McuRect out[MCU_PLACEMENT_MAX_TILES];
  guint placed = mcu_grid_place_aspect (n, canvas[0], canvas[1], aspect[0], aspect[1], out);

  g_assert_cmpuint (placed, ==, n);
  for (guint i = 0; i < n; i++) {
    g_assert_true (mcu_rect_is_even (&out[i]));
    g_assert_true (mcu_rect_is_inside (&out[i], canvas[0], canvas[1]));
    g_assert_cmpint (out[i].width, ==, out[0].width);
    g_assert_cmpint (out[i].height, ==, out[0].height);
    for (guint j = 0; j < i; j++)
      g_assert_false (mcu_rect_overlap (&out[i], &out[j]));
    /* Reading order: seats follow the order of people. */
    if (i > 0)
      g_assert_true (out[i].y > out[i - 1].y ||
                     (out[i].y == out[i - 1].y && out[i].x > out[i - 1].x));
  }
}

static void
test_grid__every_number_on_every_canvas (void)
{
  for (guint n = 1; n <= MCU_PLACEMENT_MAX_TILES; n++)
    for (gsize c = 0; c < G_N_ELEMENTS (canvases); c++)
      for (gsize a = 0; a < G_N_ELEMENTS (aspects); a++)
        assert_places_hold (n, canvases[c], aspects[a]);
}

static void
test_grid__keeps_the_shape (void)
{
  for (guint n = 2; n <= MCU_PLACEMENT_MAX_TILES; n++)
    for (gsize a = 0; a < G_N_ELEMENTS (aspects); a++) {
      McuRect out[MCU_PLACEMENT_MAX_TILES];

      mcu_grid_place_aspect (n, 1280, 720, aspects[a][0], aspects[a][1], out);
      /* To the even number next to it: less than two pixels off, in either direction. */
      double want = (double) out[0].width * aspects[a][1] / aspects[a][0];
      g_assert_cmpfloat (ABS (want - out[0].height), <, 2.0 * aspects[a][1] / aspects[a][0] + 2.0);
    }
}

static void
test_grid__last_row_is_centred (void)
{
  for (guint n = 2; n <= MCU_PLACEMENT_MAX_TILES; n++) {
    McuRect out[MCU_PLACEMENT_MAX_TILES];
    guint first = n - 1;

    mcu_grid_place (n, 1280, 720, out);
    while (first > 0 && out[first - 1].y == out[n - 1].y)
      first--;
    int left = out[first].x;
    int right = 1280 - out[n - 1].x - out[n - 1].width;
    g_assert_cmpint (ABS (left - right), <=, 2);
  }
}

/* Nobody could be given a larger tile by another number of columns, but for the exact ratio's 15 %.
 */
static void
test_grid__tiles_are_as_large_as_can_be (void)
{
  for (guint n = 2; n <= MCU_PLACEMENT_MAX_TILES; n++) {
    McuRect out[MCU_PLACEMENT_MAX_TILES];
    double best = 0;

    mcu_grid_place (n, 1280, 720, out);
    for (guint columns = 1; columns <= n; columns++) {
      guint rows = (n + columns - 1) / columns;
      double width = MIN (1280.0 / columns, 720.0 / rows * 16 / 9);
      best = MAX (best, width * width * 9 / 16);
    }
    g_assert_cmpfloat (out[0].width * out[0].height, >=, 0.82 * best);
  }
}

static void
test_grid__one_has_the_whole_canvas (void)
{
  McuRect out[1];

  g_assert_cmpuint (mcu_grid_place (1, 720, 1280, out), ==, 1);
  g_assert_true (mcu_rect_equal (&out[0], &(McuRect){0, 0, 720, 1280}));
  g_assert_cmpuint (mcu_grid_place (1, 641, 361, out), ==, 1);
  g_assert_true (mcu_rect_equal (&out[0], &(McuRect){0, 0, 640, 360}));
}

static void
test_grid__known_sizes (void)
{
  static const struct
  {
    guint n;
    int canvas[2];
    int tile[2];
    guint columns;
  } known[] = {
      {2, {1280, 720}, {640, 360}, 2},  {4, {1280, 720}, {640, 360}, 2},
      {5, {1280, 720}, {426, 240}, 3},  {8, {1280, 720}, {426, 240}, 3},
      {9, {1280, 720}, {426, 240}, 3},  {10, {1280, 720}, {320, 180}, 4},
      {16, {1280, 720}, {320, 180}, 4}, {2, {720, 1280}, {720, 406}, 1},
      {4, {1366, 768}, {640, 360}, 2},  {9, {1920, 1080}, {640, 360}, 3},
      {16, {1366, 768}, {320, 180}, 4},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
    McuRect out[MCU_PLACEMENT_MAX_TILES];
    guint columns = 1;

    mcu_grid_place (known[i].n, known[i].canvas[0], known[i].canvas[1], out);
    while (columns < known[i].n && out[columns].y == out[0].y)
      columns++;
    g_test_message ("%u people: %dx%d in %u columns", known[i].n, out[0].width, out[0].height,
                    columns);
    g_assert_cmpint (out[0].width, ==, known[i].tile[0]);
    g_assert_cmpint (out[0].height, ==, known[i].tile[1]);
    g_assert_cmpuint (columns, ==, known[i].columns);
  }
}

static void
test_grid__bounds (void)
{
  McuRect out[MCU_PLACEMENT_MAX_TILES];

  g_assert_cmpuint (mcu_grid_place (0, 1280, 720, out), ==, 0);
  g_assert_cmpuint (mcu_grid_place (50, 1280, 720, out), ==, 49);
  g_assert_cmpuint (mcu_grid_place (G_MAXUINT, 1280, 720, out), ==, 49);
  g_assert_cmpuint (mcu_grid_place (49, MCU_GRID_MIN_SIDE, MCU_GRID_MIN_SIDE, out), ==, 49);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/grid/every_number_on_every_canvas",
                   test_grid__every_number_on_every_canvas);
  g_test_add_func ("/layouts/grid/keeps_the_shape", test_grid__keeps_the_shape);
  g_test_add_func ("/layouts/grid/last_row_is_centred", test_grid__last_row_is_centred);
  g_test_add_func ("/layouts/grid/tiles_are_as_large_as_can_be",
                   test_grid__tiles_are_as_large_as_can_be);
  g_test_add_func ("/layouts/grid/one_has_the_whole_canvas", test_grid__one_has_the_whole_canvas);
  g_test_add_func ("/layouts/grid/known_sizes", test_grid__known_sizes);
  g_test_add_func ("/layouts/grid/bounds", test_grid__bounds);

  return g_test_run ();
}
