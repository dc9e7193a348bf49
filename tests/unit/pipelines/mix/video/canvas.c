/* tests/unit/pipelines/mix/video/canvas.c - what a composed picture shows.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/canvas.h"

#include <string.h>

#include "layouts/grid.h"
#include "mcu/base/error.h"
#include "pictures.h"

#define WIDTH 640
#define HEIGHT 360

static const McuRect everything = {0, 0, WIDTH, HEIGHT};

typedef struct
{
  McuCanvas *canvas;
  McuSource *sources[4];
  McuTile tiles[4]; /* a grid of four: 320x180 each */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  McuRect rects[4];

  f->canvas = mcu_canvas_new (WIDTH, HEIGHT);
  memset (f->tiles, 0, sizeof f->tiles);
  g_assert_cmpuint (mcu_grid_place (4, WIDTH, HEIGHT, rects), ==, 4);
  for (int i = 0; i < 4; i++) {
    char id[8];

    g_snprintf (id, sizeof id, "p%d", i);
    f->sources[i] = mcu_source_new ();
    mcu_placement_init (&f->tiles[i].placement, id, MCU_VIDEO_CAMERA, &rects[i]);
    f->tiles[i].source = f->sources[i];
    f->tiles[i].decor.show_video = TRUE;
  }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  mcu_canvas_unref (f->canvas);
  for (int i = 0; i < 4; i++)
    mcu_source_unref (f->sources[i]);
}

static McuPicture *
compose (Fixture *f, McuComposeInfo *info)
{
  McuComposeInfo unused;
  McuPicture *out = mcu_canvas_new_picture (f->canvas);
  gboolean news = mcu_canvas_has_news (f->canvas);

  mcu_picture_fill (out, 77, 200, 200); /* every pixel must be written over */
  mcu_canvas_compose (f->canvas, 0, out, info != NULL ? info : &unused);
  g_assert_cmpint (news, ==, (info != NULL ? info : &unused)->changed);
  g_assert_false (mcu_canvas_has_news (f->canvas));
  return out;
}

static void
push (Fixture *f, int i, McuYuv colour, gint64 arrival_us)
{
  mcu_source_push (f->sources[i], test_picture_new (640, 360, colour), 0, arrival_us);
}

static void
place (Fixture *f, guint64 seq, gsize n)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_canvas_place (f->canvas, &(McuPlace){.seq = seq}, f->tiles, n, &error));
  g_assert_no_error (error);
}

static void
test_canvas__empty_is_background (Fixture *f, gconstpointer data)
{
  g_autoptr (McuPicture) before = compose (f, NULL);
  g_autoptr (McuPicture) after = NULL;
  McuYuv background = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND);

  g_assert_true (test_rect_is (before, &everything, background));
  place (f, 1, 0);
  after = compose (f, NULL);
  g_assert_true (test_rect_is (after, &everything, background));
}

static void
test_canvas__tile_two_is_green (Fixture *f, gconstpointer data)
{
  g_autoptr (McuPicture) before = NULL;
  g_autoptr (McuPicture) out = NULL;
  const McuRect *two = &f->tiles[1].placement.rect;

  place (f, 1, 4);
  before = compose (f, NULL);
  push (f, 1, TEST_GREEN, 5);
  out = compose (f, NULL);
  g_assert_true (test_rect_is (out, two, TEST_GREEN));
  /* And nothing else changed. */
  g_assert_cmpuint (test_rect_differs (before, out, &everything), ==,
                    test_rect_differs (before, out, two));
  g_assert_true (
      test_rect_is (out, &(McuRect){2, 2, 40, 40}, mcu_colour_to_yuv (MCU_COLOUR_PLACEHOLDER)));
}

static void
test_canvas__info (Fixture *f, gconstpointer data)
{
  g_autoptr (McuPicture) out = NULL;
  McuComposeInfo info;

  mcu_picture_unref (compose (f, &info));
  g_assert_true (info.changed && !info.placed && info.seq == 0);
  place (f, 7, 4);
  mcu_picture_unref (compose (f, &info));
  g_assert_true (info.changed && info.placed && info.seq == 7 && info.n_first_shown == 0);
  mcu_picture_unref (compose (f, &info));
  g_assert_true (!info.changed && !info.placed && info.seq == 7);

  push (f, 0, TEST_RED, 1000);
  push (f, 0, TEST_RED, 2000); /* the one before is never seen */
  push (f, 2, TEST_BLUE, 1500);
  push (f, 3, TEST_BLUE, 0); /* time not known */
  mcu_picture_unref (compose (f, &info));
  g_assert_true (info.changed && !info.placed);
  g_assert_cmpuint (info.n_first_shown, ==, 3);
  g_assert_cmpint (info.newest_arrival_us, ==, 2000);
  g_assert_cmpint (info.oldest_arrival_us, ==, 1500);
  mcu_picture_unref (compose (f, &info));
  g_assert_true (!info.changed && info.n_first_shown == 0 && info.newest_arrival_us == 0);

  /* A new placement does not make old frames new. */
  place (f, 8, 2);
  mcu_picture_unref (compose (f, &info));
  g_assert_true (info.changed && info.placed && info.seq == 8 && info.n_first_shown == 0);
}

static void
test_canvas__cleared_shows_placeholder (Fixture *f, gconstpointer data)
{
  g_autoptr (McuPicture) placeholder = NULL;
  g_autoptr (McuPicture) cleared = NULL;
  McuComposeInfo info;
  McuRect circle = {156, 46, 8, 4}; /* upper rim of tile 0's, above the letters */

  f->tiles[0].decor.label = "Ada";
  place (f, 1, 1);
  placeholder = compose (f, NULL);
  g_assert_true (test_rect_is (placeholder, &circle, mcu_colour_to_yuv (mcu_colour_for_id ("p0"))));
  push (f, 0, TEST_GREEN, 1);
  mcu_picture_unref (compose (f, NULL));
  mcu_source_clear (f->sources[0]);
  cleared = compose (f, &info);
  g_assert_true (info.changed);
  g_assert_cmpuint (test_rect_differs (placeholder, cleared, &everything), ==, 0);
}

static void
test_canvas__decor_changes (Fixture *f, gconstpointer data)
{
  g_autoptr (McuPicture) plain = NULL;
  g_autoptr (McuPicture) labelled = NULL;
  g_autoptr (McuPicture) muted = NULL;
  g_autoptr (McuPicture) hidden = NULL;
  McuRect corner = {0, 180 - 40, 200, 40};
  McuComposeInfo info;
  guint differs;

  push (f, 0, TEST_GREEN, 1);
  place (f, 3, 4);
  plain = compose (f, NULL);
  g_assert_true (
      mcu_canvas_set_decor (f->canvas, "p0", MCU_VIDEO_CAMERA, &(McuDecor){"김철수", FALSE, TRUE}));
  labelled = compose (f, &info);
  g_assert_true (info.changed && !info.placed && info.seq == 3 && info.n_first_shown == 0);
  differs = test_rect_differs (plain, labelled, &corner);
  g_assert_cmpuint (differs, >, 300);
  g_assert_cmpuint (test_rect_differs (plain, labelled, &everything), ==, differs);

  mcu_canvas_set_decor (f->canvas, "p0", MCU_VIDEO_CAMERA, &(McuDecor){"김철수", TRUE, TRUE});
  muted = compose (f, NULL);
  g_assert_cmpuint (test_rect_differs (labelled, muted, &corner), >, 50);

  mcu_canvas_set_decor (f->canvas, "p0", MCU_VIDEO_CAMERA, &(McuDecor){"김철수", TRUE, FALSE});
  hidden = compose (f, NULL);
  g_assert_true (
      test_rect_is (hidden, &(McuRect){2, 2, 40, 40}, mcu_colour_to_yuv (MCU_COLOUR_PLACEHOLDER)));
  push (f, 0, TEST_RED, 2); /* not seen, so no news */
  mcu_picture_unref (compose (f, &info));
  g_assert_false (info.changed);

  g_assert_false (mcu_canvas_set_decor (f->canvas, "p0", MCU_VIDEO_SCREEN, &(McuDecor){0}));
  g_assert_false (mcu_canvas_set_decor (f->canvas, "nobody", MCU_VIDEO_CAMERA, &(McuDecor){0}));
}

static void
test_canvas__z_and_contain (Fixture *f, gconstpointer data)
{
  g_autoptr (McuPicture) out = NULL;

  f->tiles[0].placement.rect = everything;
  f->tiles[0].placement.z = 1;
  f->tiles[0].placement.fit = MCU_FIT_CONTAIN;
  f->tiles[1].placement.rect = (McuRect){400, 200, 200, 100};
  f->tiles[1].placement.z = 2;
  mcu_source_push (f->sources[0], test_picture_new (480, 480, TEST_RED), 0, 0);
  push (f, 1, TEST_BLUE, 0);
  {
    McuTile reversed[2] = {f->tiles[1], f->tiles[0]};

    g_assert_true (mcu_canvas_place (f->canvas, &(McuPlace){.seq = 1}, reversed, 2, NULL));
  }
  out = compose (f, NULL);
  g_assert_true (test_rect_is (out, &(McuRect){400, 200, 200, 100}, TEST_BLUE));
  g_assert_true (test_rect_is (out, &(McuRect){140, 0, 250, 360}, TEST_RED));
  g_assert_true (
      test_rect_is (out, &(McuRect){0, 0, 140, 360}, mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND)));
}

static void
test_canvas__a_bad_placement_moves_nothing (Fixture *f, gconstpointer data)
{
  static const McuRect bad[] = {{1, 0, 320, 180},  {0, 0, 321, 180},       {322, 0, 320, 180},
                                {-2, 0, 320, 180}, {0, 0, 0, 180},         {0, 0, -2, 180},
                                {0, 0, 640, 362},  {G_MAXINT - 1, 0, 2, 2}};
  McuTile many[MCU_PLACEMENT_MAX_TILES + 1];
  g_autoptr (McuPicture) before = NULL;

  push (f, 0, TEST_GREEN, 0);
  place (f, 1, 4);
  before = compose (f, NULL);
  for (gsize i = 0; i <= G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (McuPicture) after = NULL;
    McuComposeInfo info;

    if (i < G_N_ELEMENTS (bad)) {
      f->tiles[3].placement.rect = bad[i];
      g_assert_false (mcu_canvas_place (f->canvas, &(McuPlace){.seq = 2}, f->tiles, 4, &error));
    } else {
      for (gsize j = 0; j < G_N_ELEMENTS (many); j++)
        many[j] = f->tiles[0];
      g_assert_false (
          mcu_canvas_place (f->canvas, &(McuPlace){.seq = 2}, many, G_N_ELEMENTS (many), &error));
    }
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    after = compose (f, &info);
    g_assert_true (!info.changed && info.seq == 1);
    g_assert_cmpuint (test_rect_differs (before, after, &everything), ==, 0);
  }
}

static void
test_canvas__two_views_share_copies (Fixture *f, gconstpointer data)
{
  g_autoptr (McuCanvas) other = mcu_canvas_new (WIDTH, HEIGHT);
  McuSourceSize size = {320, 180, MCU_FIT_COVER};
  McuSourceFrame one, two;

  push (f, 0, TEST_GREEN, 0);
  place (f, 1, 4);
  mcu_source_get (f->sources[0], &size, &one);
  mcu_canvas_place (other, &(McuPlace){.seq = 1}, f->tiles, 4, NULL);
  mcu_source_get (f->sources[0], &size, &two);
  g_assert_true (one.picture != NULL && one.picture == two.picture);
  mcu_picture_unref (one.picture);
  mcu_picture_unref (two.picture);
  g_clear_pointer (&other, mcu_canvas_unref);
  g_assert_true (mcu_source_is_used (f->sources[0]));
  place (f, 2, 0);
  mcu_picture_unref (compose (f, NULL));
  g_assert_false (mcu_source_is_used (f->sources[0])); /* nobody shows it any more */
}

/* Any order of calls, with names and sizes of every kind: for the sanitizers. */
static void
test_canvas__random_sequences (Fixture *f, gconstpointer data)
{
  static const char *const names[] = {NULL, "",    "Ada",  "김철수",
                                      "م",  "😀 x", "\xff", "long long name"};

  for (int i = 0; i < 1000; i++) {
    int who = g_test_rand_int_range (0, 4);
    McuPlacement *placement = &f->tiles[who].placement;

    switch (g_test_rand_int_range (0, 6)) {
    case 0:
      placement->rect.width = 2 * g_test_rand_int_range (1, WIDTH / 2 + 1);
      placement->rect.height = 2 * g_test_rand_int_range (1, HEIGHT / 2 + 1);
      placement->rect.x = 2 * g_test_rand_int_range (0, (WIDTH - placement->rect.width) / 2 + 1);
      placement->rect.y = 2 * g_test_rand_int_range (0, (HEIGHT - placement->rect.height) / 2 + 1);
      placement->z = g_test_rand_int_range (-3, 4);
      placement->fit = g_test_rand_int_range (0, 2) == 0 ? MCU_FIT_COVER : MCU_FIT_CONTAIN;
      f->tiles[who].source = g_test_rand_int_range (0, 8) == 0 ? NULL : f->sources[who];
      f->tiles[who].decor.label = names[g_test_rand_int_range (0, G_N_ELEMENTS (names))];
      place (f, (guint64) i, (gsize) g_test_rand_int_range (0, 5));
      break;
    case 1:
      mcu_canvas_set_decor (f->canvas, placement->participant, MCU_VIDEO_CAMERA,
                            &(McuDecor){names[g_test_rand_int_range (0, G_N_ELEMENTS (names))],
                                        g_test_rand_int_range (0, 2),
                                        g_test_rand_int_range (0, 2)});
      break;
    case 2:
      mcu_source_clear (f->sources[who]);
      break;
    case 3:
      mcu_source_push (f->sources[who],
                       test_picture_new (g_test_rand_int_range (2, 400),
                                         g_test_rand_int_range (2, 400), TEST_GREEN),
                       0, i);
      break;
    default:
      mcu_picture_unref (compose (f, NULL));
      break;
    }
  }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mcu_decor_warm_up ();
  add ("/video/canvas/empty_is_background", test_canvas__empty_is_background);
  add ("/video/canvas/tile_two_is_green", test_canvas__tile_two_is_green);
  add ("/video/canvas/info", test_canvas__info);
  add ("/video/canvas/cleared_shows_placeholder", test_canvas__cleared_shows_placeholder);
  add ("/video/canvas/decor_changes", test_canvas__decor_changes);
  add ("/video/canvas/z_and_contain", test_canvas__z_and_contain);
  add ("/video/canvas/a_bad_placement_moves_nothing", test_canvas__a_bad_placement_moves_nothing);
  add ("/video/canvas/two_views_share_copies", test_canvas__two_views_share_copies);
  add ("/video/canvas/random_sequences", test_canvas__random_sequences);

  return g_test_run ();
}
