/* tests/unit/layouts/layout-solve.c - every built-in layout, for everybody, on every canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-solve.h"

#include "layouts/grid.h"
#include "layouts/layout-file.h"
#include "tests/unit/layouts/crowd.h"

static const int canvases[][2] = {
    {1280, 720},  {720, 1280}, {641, 361}, {333, 777}, {1920, 1080}, {640, 360},
    {1000, 1000}, {4096, 64},  {32, 32},   {160, 90},  {33, 4095},   {854, 480},
};

/* None of the built-ins leaves out what somebody shares. */
static void
assert_shows_a_screen (const Crowd *crowd, const McuPlacement *tiles, guint n)
{
  gboolean shared = FALSE, seen = FALSE;

  for (guint i = 0; i < crowd->n; i++)
    shared = shared || crowd->people[i].has_screen;
  for (guint i = 0; i < n; i++)
    seen = seen || tiles[i].stream == MCU_VIDEO_SCREEN;
  g_assert_cmpint (seen, ==, shared);
}

static void
assert_on_every_canvas (const McuLayout *layout, const Crowd *crowd)
{
  for (gsize c = 0; c < G_N_ELEMENTS (canvases); c++) {
    McuSeating seating = {0}, again;
    McuPlacement tiles[MCU_PLACEMENT_MAX_TILES], same[MCU_PLACEMENT_MAX_TILES];
    int width = canvases[c][0], height = canvases[c][1];
    guint n = mcu_layout_solve (layout, width, height, crowd->people, crowd->n, 1000, &seating,
                                tiles);

    g_assert_cmpuint (n, >=, 1);
    g_assert_cmpuint (n, ==, seating.n_seats);
    assert_shows_a_screen (crowd, tiles, n);
    assert_placement_holds (tiles, n, width, height);
    /* Solving again changes nothing. */
    again = seating;
    g_assert_cmpuint (
        mcu_layout_solve (layout, width, height, crowd->people, crowd->n, 2000, &again, same), ==,
        n);
    for (guint i = 0; i < n; i++)
      g_assert_true (mcu_placement_equal (&tiles[i], &same[i]));
  }
}

static void
test_layout_solve__built_ins_for_everybody_on_every_canvas (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  g_autoptr (GPtrArray) layouts = mcu_layout_store_list (store);

  for (guint i = 0; i < layouts->len; i++)
    for (guint n = 1; n <= 49; n++)
      for (guint screens = 0; screens <= 3; screens++) {
        Crowd crowd;

        crowd_init (&crowd, n);
        for (guint s = 0; s < MIN (screens, n); s++)
          crowd.people[n - 1 - s].has_screen = TRUE;
        crowd.people[n / 2].is_moderator = TRUE;
        crowd_speak (&crowd, n / 3, 900);
        assert_on_every_canvas (layouts->pdata[i], &crowd);
      }
}

static guint
solve (const char *name, const Crowd *crowd, McuSeating *seating, McuPlacement *tiles)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  McuLayout *layout = mcu_layout_store_find (store, name);

  g_assert_nonnull (layout);
  return mcu_layout_solve (layout, 1280, 720, crowd->people, crowd->n, 10000, seating, tiles);
}

/* What rooms looked like before there were layouts, and the sizes that cost the least. */
static void
test_layout_solve__grid_is_the_grid (void)
{
  for (guint n = 1; n <= 49; n++) {
    McuSeating seating = {0};
    McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
    McuRect rects[MCU_PLACEMENT_MAX_TILES];
    Crowd crowd;

    crowd_init (&crowd, n);
    g_assert_cmpuint (solve ("grid", &crowd, &seating, tiles), ==, n);
    mcu_grid_place (n, 1280, 720, rects);
    for (guint i = 0; i < n; i++) {
      g_assert_true (mcu_rect_equal (&tiles[i].rect, &rects[i]));
      g_assert_cmpstr (tiles[i].participant, ==, crowd.ids[i]);
    }
  }
}

static void
assert_rect (const McuPlacement *tiles, guint n, const char *id, McuVideo stream, McuRect want)
{
  const McuPlacement *tile = find_tile (tiles, n, id, stream);

  g_assert_nonnull (tile);
  g_test_message ("%s: %d,%d %dx%d", id, tile->rect.x, tile->rect.y, tile->rect.width,
                  tile->rect.height);
  g_assert_true (mcu_rect_equal (&tile->rect, &want));
}

static void
test_layout_solve__speaker_is_large (void)
{
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;
  guint n;

  crowd_init (&crowd, 8);
  crowd_speak (&crowd, 4, 9000);
  n = solve ("speaker", &crowd, &seating, tiles);
  g_assert_cmpuint (n, ==, 8);
  assert_rect (tiles, n, "p5", MCU_VIDEO_CAMERA, (McuRect){0, 0, 960, 540});
  assert_rect (tiles, n, "p1", MCU_VIDEO_CAMERA, (McuRect){960, 0, 320, 180});
}

static void
test_layout_solve__presentation_follows_the_share (void)
{
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;
  guint n;

  crowd_init (&crowd, 3);
  n = solve ("presentation", &crowd, &seating, tiles);
  assert_rect (tiles, n, "p1", MCU_VIDEO_CAMERA, (McuRect){0, 0, 640, 360});
  crowd.people[1].has_screen = TRUE;
  n = solve ("presentation", &crowd, &seating, tiles);
  g_assert_cmpuint (n, ==, 4);
  assert_rect (tiles, n, "p2", MCU_VIDEO_SCREEN, (McuRect){0, 90, 960, 540});
  assert_rect (tiles, n, "p1", MCU_VIDEO_CAMERA, (McuRect){960, 90, 320, 180});
  crowd.people[1].has_screen = FALSE;
  n = solve ("presentation", &crowd, &seating, tiles);
  g_assert_cmpuint (n, ==, 3);
  assert_rect (tiles, n, "p1", MCU_VIDEO_CAMERA, (McuRect){0, 0, 640, 360});
}

static void
test_layout_solve__grid_shows_screens_too (void)
{
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;
  guint n;

  crowd_init (&crowd, 49);
  solve ("grid", &crowd, &seating, tiles);
  crowd.people[48].has_screen = TRUE;
  n = solve ("grid", &crowd, &seating, tiles);
  g_assert_cmpuint (n, ==, 49);
  g_assert_nonnull (find_tile (tiles, n, "p49", MCU_VIDEO_SCREEN));
}

static void
test_layout_solve__picture_in_picture_overlaps (void)
{
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;

  crowd_init (&crowd, 2);
  g_assert_cmpuint (solve ("picture-in-picture", &crowd, &seating, tiles), ==, 2);
  g_assert_true (mcu_rect_overlap (&tiles[0].rect, &tiles[1].rect));
  g_assert_cmpint (tiles[1].z, >, tiles[0].z);
  g_assert_cmpint (tiles[1].radius_px, >, 0);
  g_assert_cmpint (tiles[1].border_px, >, 0);
  g_assert_cmpint (tiles[1].label, ==, MCU_LABEL_NONE);
}

static void
test_layout_solve__audio_only_has_placeholders (void)
{
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;
  guint n;

  crowd_init (&crowd, 7);
  crowd.people[2].has_screen = TRUE;
  n = solve ("audio-only", &crowd, &seating, tiles);
  g_assert_cmpuint (n, ==, 8);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (tiles[i].placeholder, ==, tiles[i].stream == MCU_VIDEO_CAMERA);
}

static McuLayout *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  McuLayout *layout = mcu_layout_parse (text, strlen (text), "test.json", &error);

  g_assert_no_error (error);
  return layout;
}

static void
test_layout_solve__hides_who_has_no_video (void)
{
  g_autoptr (McuLayout)
      layout = parse ("{\"name\":\"x\",\"hide_without_video\":true,\"arrangements\":["
                      "{\"people\":\"1+\",\"grid\":true}]}");
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;

  crowd_init (&crowd, 4);
  crowd.people[0].has_video = crowd.people[2].has_video = FALSE;
  crowd.people[2].has_screen = TRUE;
  g_assert_cmpuint (mcu_layout_solve (layout, 640, 360, crowd.people, 4, 1, &seating, tiles), ==,
                    3);
  g_assert_null (find_tile (tiles, 3, "p1", MCU_VIDEO_CAMERA));
  g_assert_null (find_tile (tiles, 3, "p3", MCU_VIDEO_CAMERA));
  g_assert_nonnull (find_tile (tiles, 3, "p3", MCU_VIDEO_SCREEN));
  /* A picture of nobody helps nobody. */
  crowd.people[1].has_video = crowd.people[3].has_video = FALSE;
  g_assert_cmpuint (mcu_layout_solve (layout, 640, 360, crowd.people, 4, 1, &seating, tiles), ==,
                    5);
}

static void
test_layout_solve__gap_and_margin (void)
{
  g_autoptr (McuLayout) layout = parse (
      "{\"name\":\"x\",\"gap\":0.02,\"margin\":0.05,\"arrangements\":[{\"people\":\"1+\","
      "\"slots\":[{\"x\":0,\"y\":0,\"width\":\"1/2\",\"height\":1},"
      "{\"x\":\"1/2\",\"y\":0,\"width\":\"1/2\",\"height\":1}]}]}");
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;

  crowd_init (&crowd, 2);
  g_assert_cmpuint (mcu_layout_solve (layout, 1280, 720, crowd.people, 2, 1, &seating, tiles), ==,
                    2);
  g_assert_true (mcu_rect_equal (&tiles[0].rect, &(McuRect){36, 36, 598, 648}));
  g_assert_cmpint (tiles[1].rect.x - tiles[0].rect.x - tiles[0].rect.width, ==, 14);
  g_assert_cmpint (tiles[1].rect.x + tiles[1].rect.width, ==, 1280 - 36);
}

static void
test_layout_solve__nobody (void)
{
  McuSeating seating = {0};
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
  Crowd crowd;

  crowd_init (&crowd, 0);
  g_assert_cmpuint (solve ("speaker", &crowd, &seating, tiles), ==, 0);
  g_assert_cmpuint (seating.n_seats, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/layout-solve/built_ins_for_everybody_on_every_canvas",
                   test_layout_solve__built_ins_for_everybody_on_every_canvas);
  g_test_add_func ("/layouts/layout-solve/grid_is_the_grid", test_layout_solve__grid_is_the_grid);
  g_test_add_func ("/layouts/layout-solve/speaker_is_large", test_layout_solve__speaker_is_large);
  g_test_add_func ("/layouts/layout-solve/presentation_follows_the_share",
                   test_layout_solve__presentation_follows_the_share);
  g_test_add_func ("/layouts/layout-solve/grid_shows_screens_too",
                   test_layout_solve__grid_shows_screens_too);
  g_test_add_func ("/layouts/layout-solve/picture_in_picture_overlaps",
                   test_layout_solve__picture_in_picture_overlaps);
  g_test_add_func ("/layouts/layout-solve/audio_only_has_placeholders",
                   test_layout_solve__audio_only_has_placeholders);
  g_test_add_func ("/layouts/layout-solve/hides_who_has_no_video",
                   test_layout_solve__hides_who_has_no_video);
  g_test_add_func ("/layouts/layout-solve/gap_and_margin", test_layout_solve__gap_and_margin);
  g_test_add_func ("/layouts/layout-solve/nobody", test_layout_solve__nobody);

  return g_test_run ();
}
