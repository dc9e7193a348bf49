/* tests/unit/pipelines/mix/video/canvas-motion.c - the way from one placement to the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

/* Where a tile of one colour is: the even rectangle around its middle row and column. */
static McuRect
find_tile (const McuPicture *picture, McuYuv colour)
{
  int left = STAGE_WIDTH, top = STAGE_HEIGHT, right = 0, bottom = 0;

  for (int y = 0; y < STAGE_HEIGHT; y++)
    for (int x = 0; x < STAGE_WIDTH; x++) {
      McuYuv is = test_picture_pixel (picture, x, y);

      if (ABS (is.y - colour.y) + ABS (is.u - colour.u) + ABS (is.v - colour.v) > 6)
        continue;
      left = MIN (left, x);
      right = MAX (right, x + 1);
      top = MIN (top, y);
      bottom = MAX (bottom, y + 1);
    }
  return (McuRect){left, top, right - left, bottom - top};
}

static void
assert_tile_at (const McuPicture *picture, int i, McuRect rect)
{
  McuRect is = find_tile (picture, test_stage_colour (i));

  g_test_message ("tile %d is %dx%d at %d,%d, not %dx%d at %d,%d?", i, is.width, is.height, is.x,
                  is.y, rect.width, rect.height, rect.x, rect.y);
  g_assert_true (mcu_rect_equal (&is, &rect));
}

static void
assert_at (TestStage *s, gint64 now_ms, int i, McuRect rect)
{
  g_autoptr (McuPicture) out = test_stage_compose (s, now_ms, NULL);

  assert_tile_at (out, i, rect);
}

static void
test_canvas_motion__glides (TestStage *s, gconstpointer data)
{
  McuComposeInfo info;

  s->tiles[0].placement.rect = (McuRect){0, 0, 160, 90};
  test_stage_place (s, &(McuPlace){.seq = 1, .transition_ms = 300}, 1);
  assert_at (s, 1000, 0, s->tiles[0].placement.rect); /* the first placement is a cut */
  g_assert_false (mcu_canvas_has_news (s->canvas));

  s->tiles[0].placement.rect = (McuRect){320, 180, 320, 180};
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 300}, 1);
  {
    g_autoptr (McuPicture) out = test_stage_compose (s, 2000, &info);

    assert_tile_at (out, 0, (McuRect){0, 0, 160, 90});
    g_assert_true (info.changed && info.placed && info.seq == 2 && info.n_first_shown == 0);
  }
  mcu_picture_unref (test_stage_compose (s, 2100, &info));
  g_assert_true (info.changed && !info.placed && info.seq == 2);
  assert_at (s, 2150, 0, (McuRect){160, 90, 240, 136});
  g_assert_true (mcu_canvas_has_news (s->canvas));
  mcu_picture_unref (test_stage_compose (s, 2299, &info));
  g_assert_true (info.changed);
  g_assert_true (mcu_canvas_has_news (s->canvas)); /* the end is not yet shown */
  {
    g_autoptr (McuPicture) out = test_stage_compose (s, 2300, &info);

    assert_tile_at (out, 0, s->tiles[0].placement.rect);
    g_assert_true (info.changed && !info.placed);
  }
  g_assert_false (mcu_canvas_has_news (s->canvas));
}

static void
test_canvas_motion__slow_at_both_ends (TestStage *s, gconstpointer data)
{
  int x[11];

  s->tiles[0].placement.rect = (McuRect){0, 0, 64, 36};
  test_stage_place (s, &(McuPlace){.seq = 1}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  s->tiles[0].placement.rect.x = 500;
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 1000}, 1);
  for (int i = 0; i <= 10; i++) {
    g_autoptr (McuPicture) out = test_stage_compose (s, i * 100, NULL);

    x[i] = find_tile (out, TEST_GREEN).x;
    if (i > 0)
      g_assert_cmpint (x[i], >, x[i - 1]);
  }
  g_assert_cmpint (x[0], ==, 0);
  g_assert_cmpint (x[5], ==, 250);
  g_assert_cmpint (x[10], ==, 500);
  g_assert_cmpint (x[1] - x[0], <, (x[5] - x[4]) / 2);
  g_assert_cmpint (x[10] - x[9], <, (x[6] - x[5]) / 2);
}

static void
test_canvas_motion__fades (TestStage *s, gconstpointer data)
{
  McuYuv back = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND);
  McuRect left = {0, 0, 320, 360}, right = {320, 0, 320, 360};

  s->tiles[0].placement.rect = left;
  s->tiles[1].placement.rect = right;
  test_stage_place (s, &(McuPlace){.seq = 1}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  /* 0 goes, 1 comes. */
  g_assert_true (mcu_canvas_place (s->canvas, &(McuPlace){.seq = 2, .transition_ms = 200},
                                   &s->tiles[1], 1, NULL));
  {
    g_autoptr (McuPicture) begin = test_stage_compose (s, 0, NULL);
    g_autoptr (McuPicture) middle = test_stage_compose (s, 100, NULL);
    g_autoptr (McuPicture) end = NULL;

    g_assert_true (test_rect_is (begin, &left, TEST_GREEN));
    g_assert_true (test_rect_is (begin, &right, back));
    g_assert_true (test_rect_is (middle, &left, test_mean (TEST_GREEN, back, 128)));
    g_assert_true (test_rect_is (middle, &right, test_mean (TEST_RED, back, 128)));
    g_assert_true (mcu_source_is_used (s->sources[0])); /* still seen, so still decoded */
    end = test_stage_compose (s, 200, NULL);
    g_assert_true (test_rect_is (end, &left, back));
    g_assert_true (test_rect_is (end, &right, TEST_RED));
  }
  g_assert_false (mcu_source_is_used (s->sources[0]));
}

static void
test_canvas_motion__turns_where_it_is (TestStage *s, gconstpointer data)
{
  s->tiles[0].placement.rect = (McuRect){0, 0, 160, 90};
  test_stage_place (s, &(McuPlace){.seq = 1}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  s->tiles[0].placement.rect.x = 400;
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 200}, 1);
  assert_at (s, 0, 0, (McuRect){0, 0, 160, 90});
  assert_at (s, 100, 0, (McuRect){200, 0, 160, 90});
  s->tiles[0].placement.rect = (McuRect){200, 200, 160, 90};
  test_stage_place (s, &(McuPlace){.seq = 3, .transition_ms = 200}, 1);
  assert_at (s, 100, 0, (McuRect){200, 0, 160, 90});
  assert_at (s, 200, 0, (McuRect){200, 100, 160, 90});
  /* And one that fades out comes back from as far as it got. */
  test_stage_place (s, &(McuPlace){.seq = 4, .transition_ms = 200}, 0);
  mcu_picture_unref (test_stage_compose (s, 200, NULL));
  mcu_picture_unref (test_stage_compose (s, 300, NULL));
  test_stage_place (s, &(McuPlace){.seq = 5, .transition_ms = 200}, 1);
  {
    g_autoptr (McuPicture) out = test_stage_compose (s, 300, NULL);
    McuYuv back = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND);

    g_assert_true (
        test_rect_is (out, &(McuRect){202, 102, 150, 80}, test_mean (TEST_GREEN, back, 128)));
  }
  assert_at (s, 500, 0, s->tiles[0].placement.rect);
  /* A cut in the middle of all that. */
  s->tiles[0].placement.rect.y = 0;
  test_stage_place (s, &(McuPlace){.seq = 6, .transition_ms = 200}, 1);
  mcu_picture_unref (test_stage_compose (s, 600, NULL));
  s->tiles[0].placement.rect.x = 0;
  test_stage_place (s, &(McuPlace){.seq = 7}, 1);
  assert_at (s, 650, 0, s->tiles[0].placement.rect);
  g_assert_false (mcu_canvas_has_news (s->canvas));
}

static void
test_canvas_motion__decor_and_frames_on_the_way (TestStage *s, gconstpointer data)
{
  McuComposeInfo info;

  s->tiles[0].placement.rect = (McuRect){0, 0, 160, 90};
  test_stage_place (s, &(McuPlace){.seq = 1}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  s->tiles[0].placement.rect = (McuRect){160, 90, 320, 180};
  s->tiles[0].placement.border_px = 4;
  s->tiles[0].placement.speaking_rgba = 0xffffffff;
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 200}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  mcu_canvas_set_decor (s->canvas, "p0", MCU_VIDEO_CAMERA,
                        &(McuDecor){.show_video = TRUE, .speaking = TRUE});
  mcu_source_push (s->sources[0], test_picture_new (640, 360, TEST_RED), 0, 7000);
  {
    McuPicture *out = mcu_canvas_new_picture (s->canvas);

    mcu_canvas_compose (s->canvas, 100000, out, &info);
    g_assert_true (!info.placed && info.n_first_shown == 1 && info.newest_arrival_us == 7000);
    assert_tile_at (out, 1, (McuRect){82, 48, 236, 130});
    g_assert_true (test_rect_is (out, &(McuRect){80, 46, 240, 2}, TEST_WHITE));
    mcu_picture_unref (out);
  }
  mcu_picture_unref (test_stage_compose (s, 200, &info));
  g_assert_true (info.n_first_shown == 0); /* the same frame, as its scaled copy */
  g_assert_false (mcu_canvas_has_news (s->canvas));
}

static void
test_canvas_motion__nothing_to_move (TestStage *s, gconstpointer data)
{
  McuComposeInfo info;

  test_stage_place (s, &(McuPlace){.seq = 1}, 4);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 500}, 4);
  mcu_picture_unref (test_stage_compose (s, 0, &info));
  g_assert_true (info.placed && info.seq == 2);
  g_assert_false (mcu_canvas_has_news (s->canvas));
}

static void
test_canvas_motion__background (TestStage *s, gconstpointer data)
{
  McuYuv from = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND), to = mcu_colour_from_rgba (0xffffffff);
  g_autoptr (McuPicture) middle = NULL;
  g_autoptr (McuPicture) end = NULL;

  test_stage_place (s, &(McuPlace){.seq = 1}, 0);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 100, .background_rgba = 0xffffffff},
                    0);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  middle = test_stage_compose (s, 50, NULL);
  end = test_stage_compose (s, 100, NULL);
  g_assert_true (test_rect_is (middle, &test_stage_all, test_mean (to, from, 127)));
  g_assert_true (test_rect_is (end, &test_stage_all, to));
}

/* One that leaves in front of one that stays and moves behind it, which shows bars of background in
 * front of a third. */
static void
test_canvas_motion__overlap_on_the_way (TestStage *s, gconstpointer data)
{
  McuYuv back = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND);
  McuTile after[2];
  g_autoptr (McuPicture) middle = NULL;

  s->tiles[0].placement.rect = (McuRect){200, 0, 100, 360};
  s->tiles[0].placement.z = 3;
  s->tiles[1].placement.rect = (McuRect){0, 0, 200, 360};
  s->tiles[1].placement.fit = MCU_FIT_CONTAIN;
  s->tiles[1].placement.z = 2;
  test_stage_place (s, &(McuPlace){.seq = 1}, 3);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  after[0] = s->tiles[1];
  after[1] = s->tiles[2];
  after[0].placement.rect = (McuRect){400, 0, 240, 360};
  mcu_canvas_place (s->canvas, &(McuPlace){.seq = 2, .transition_ms = 100}, after, 2, NULL);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  middle = test_stage_compose (s, 50, NULL); /* 1 is 220x360 at 200,0; its picture 220x124 */
  g_assert_true (test_pixel_is (middle, 350, 180, TEST_RED, 2));
  g_assert_true (test_pixel_is (middle, 350, 10, back, 2));
  g_assert_true (test_pixel_is (middle, 350, 350, back, 2));
  g_assert_true (test_pixel_is (middle, 250, 180, test_mean (TEST_GREEN, TEST_RED, 128), 3));
  g_assert_true (test_pixel_is (middle, 250, 10, test_mean (TEST_GREEN, back, 128), 3));
  g_assert_true (test_pixel_is (middle, 100, 180, TEST_BLUE, 2));
}

static void
test_canvas_motion__initials_on_the_way (TestStage *s, gconstpointer data)
{
  McuYuv circle = mcu_colour_to_yuv (mcu_colour_for_id ("p0"));
  g_autoptr (McuPicture) begin = NULL;

  s->tiles[0].placement.rect = (McuRect){0, 0, 80, 80};
  s->tiles[0].placement.placeholder = TRUE;
  test_stage_place (s, &(McuPlace){.seq = 1}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  s->tiles[0].placement.rect = (McuRect){0, 0, 360, 360};
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 100}, 1);
  begin = test_stage_compose (s, 0, NULL);
  g_assert_true (test_pixel_is (begin, 40, 23, circle, 6));
  g_assert_true (test_pixel_is (begin, 40, 57, circle, 6));
  g_assert_true (test_pixel_is (begin, 40, 17, mcu_colour_to_yuv (MCU_COLOUR_PLACEHOLDER), 3));
}

static void
test_canvas_motion__back_again_is_not_first_shown (TestStage *s, gconstpointer data)
{
  McuComposeInfo info;

  test_stage_place (s, &(McuPlace){.seq = 1}, 1);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  test_stage_place (s, &(McuPlace){.seq = 2, .transition_ms = 100}, 0);
  mcu_picture_unref (test_stage_compose (s, 0, NULL));
  test_stage_place (s, &(McuPlace){.seq = 3, .transition_ms = 100}, 1);
  mcu_source_push (s->sources[0], test_picture_new (640, 360, TEST_RED), 0, 9000);
  {
    McuPicture *out = mcu_canvas_new_picture (s->canvas);

    /* It was seen all the time: its next frame counts. */
    mcu_canvas_compose (s->canvas, 50000, out, &info);
    g_assert_cmpuint (info.n_first_shown, ==, 1);
    mcu_canvas_compose (s->canvas, 60000, out, &info);
    g_assert_cmpuint (info.n_first_shown, ==, 0);
    mcu_picture_unref (out);
  }
}

static void
shuffle (TestStage *s, int who)
{
  McuTile *tile = &s->tiles[who];
  McuPlacement *at = &tile->placement;

  at->rect.width = 2 * g_test_rand_int_range (1, STAGE_WIDTH / 2 + 1);
  at->rect.height = 2 * g_test_rand_int_range (1, STAGE_HEIGHT / 2 + 1);
  at->rect.x = 2 * g_test_rand_int_range (0, (STAGE_WIDTH - at->rect.width) / 2 + 1);
  at->rect.y = 2 * g_test_rand_int_range (0, (STAGE_HEIGHT - at->rect.height) / 2 + 1);
  at->z = g_test_rand_int_range (-3, 4);
  at->fit = g_test_rand_int_range (0, 2);
  at->radius_px = g_test_rand_bit () ? g_test_rand_int_range (-5, 400) : 0;
  at->border_px = g_test_rand_bit () ? g_test_rand_int_range (-5, 400) : 0;
  at->border_rgba = (guint32) g_test_rand_int ();
  at->speaking_rgba = (guint32) g_test_rand_int ();
  at->label = g_test_rand_int_range (0, MCU_LABEL_N_POSITIONS);
  at->label_style = g_test_rand_int_range (0, MCU_LABEL_N_STYLES);
  at->placeholder = g_test_rand_int_range (0, 8) == 0;
  at->alpha = (guint8) (g_test_rand_bit () ? 255 : g_test_rand_int_range (0, 256));
  tile->source = g_test_rand_int_range (0, 8) == 0 ? NULL : s->sources[who];
  tile->decor = (McuDecor){g_test_rand_bit () ? "Ada Lovelace" : NULL,
                           g_test_rand_bit (),
                           g_test_rand_int_range (0, 8) != 0,
                           g_test_rand_bit (),
                           g_test_rand_bit (),
                           g_test_rand_bit (),
                           g_test_rand_bit ()};
}

/* Placed at random, in the middle of transitions too: for the sanitizers, and each ends where it
 * said. */
static void
test_canvas_motion__random_placements (TestStage *s, gconstpointer data)
{
  gint64 now_ms = 0;

  for (int i = 0; i < 1000; i++) {
    McuPlace how = {.seq = (guint64) i + 1,
                    .transition_ms = (guint) g_test_rand_int_range (0, 6) * 40,
                    .background_rgba = (guint32) g_test_rand_int ()};
    int n_composes = g_test_rand_int_range (0, 3);
    gsize n = (gsize) g_test_rand_int_range (0, STAGE_TILES + 1);

    shuffle (s, g_test_rand_int_range (0, STAGE_TILES));
    if (g_test_rand_int_range (0, 10) == 0) /* one person twice */
      s->tiles[1].placement = s->tiles[0].placement;
    test_stage_place (s, &how, n);
    if (g_test_rand_int_range (0, 4) == 0)
      mcu_canvas_set_decor (s->canvas, "p0", MCU_VIDEO_CAMERA, &s->tiles[3].decor);
    if (g_test_rand_int_range (0, 4) == 0)
      mcu_source_push (s->sources[0],
                       test_picture_new (g_test_rand_int_range (2, 400),
                                         g_test_rand_int_range (2, 400), TEST_GREEN),
                       0, i);
    if (g_test_rand_int_range (0, 16) == 0)
      mcu_source_clear (s->sources[1]);
    for (; n_composes > 0; n_composes--) {
      g_autoptr (McuPicture) out = mcu_canvas_new_picture (s->canvas);
      McuComposeInfo info;

      mcu_canvas_compose (s->canvas, 1000 * (now_ms += g_test_rand_int_range (0, 70)), out, &info);
      g_assert_cmpuint (info.seq, ==, how.seq);
    }
  }
  mcu_canvas_set_decor (s->canvas, "p0", MCU_VIDEO_CAMERA, &s->tiles[0].decor);
  mcu_picture_unref (test_stage_compose (s, now_ms, NULL));
  mcu_picture_unref (test_stage_compose (s, now_ms + 300, NULL));
  g_assert_false (mcu_canvas_has_news (s->canvas));
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
  add ("/video/canvas_motion/glides", test_canvas_motion__glides);
  add ("/video/canvas_motion/slow_at_both_ends", test_canvas_motion__slow_at_both_ends);
  add ("/video/canvas_motion/fades", test_canvas_motion__fades);
  add ("/video/canvas_motion/turns_where_it_is", test_canvas_motion__turns_where_it_is);
  add ("/video/canvas_motion/decor_and_frames", test_canvas_motion__decor_and_frames_on_the_way);
  add ("/video/canvas_motion/nothing_to_move", test_canvas_motion__nothing_to_move);
  add ("/video/canvas_motion/background", test_canvas_motion__background);
  add ("/video/canvas_motion/overlap", test_canvas_motion__overlap_on_the_way);
  add ("/video/canvas_motion/initials", test_canvas_motion__initials_on_the_way);
  add ("/video/canvas_motion/back_again", test_canvas_motion__back_again_is_not_first_shown);
  add ("/video/canvas_motion/random_placements", test_canvas_motion__random_placements);

  return g_test_run ();
}
