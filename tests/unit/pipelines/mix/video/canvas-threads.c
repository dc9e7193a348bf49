/* tests/unit/pipelines/mix/video/canvas-threads.c - placing, pushing and composing at once: no
 * picture ever shows half a placement.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/grid.h"
#include "pictures.h"
#include "pipelines/mix/video/canvas.h"

#define SIDE 64
#define N_TILES 4
#define N_PLACEMENTS 400

typedef struct
{
  McuCanvas *canvas;
  McuSource *sources[2]; /* of even and of odd placements */
  int stop;              /* atomic */
  int composed;          /* atomic */
  int seen_on_the_way;   /* atomic */
} Shared;

static const McuYuv colours[2] = {{145, 54, 34}, {41, 240, 110}};

/* Even placements: four green tiles in a grid; odd ones: four blue in a row. */
static void
get_rects (guint64 seq, McuRect *rects)
{
  for (int i = 0; i < N_TILES; i++)
    rects[i] = seq % 2 == 0 ? (McuRect){i % 2 * 32, i / 2 * 32, 32, 32}
                            : (McuRect){i * 16, 16, 16, 16};
}

static void
assert_shows (const McuPicture *out, guint64 seq)
{
  GArray *rest = g_array_new (FALSE, FALSE, sizeof (McuRect));
  McuRect all = {0, 0, SIDE, SIDE};
  McuRect rects[N_TILES];

  g_array_append_val (rest, all);
  get_rects (seq, rects);
  for (int i = 0; i < N_TILES; i++) {
    g_assert_true (test_rect_is (out, &rects[i], colours[seq % 2]));
    mcu_rects_subtract (rest, &rects[i]);
  }
  for (guint i = 0; i < rest->len; i++)
    g_assert_true (test_rect_is (out, &g_array_index (rest, McuRect, i),
                                 mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND)));
  g_array_unref (rest);
}

static gpointer
compose_until_stopped (gpointer data)
{
  Shared *shared = data;
  guint64 last = 0;

  while (!g_atomic_int_get (&shared->stop)) {
    g_autoptr (McuPicture) out = mcu_canvas_new_picture (shared->canvas);
    McuComposeInfo info;

    mcu_canvas_has_news (shared->canvas);
    mcu_canvas_compose (shared->canvas, 0, out, &info);
    g_assert_cmpuint (info.seq, >=, last);
    last = info.seq;
    assert_shows (out, info.seq);
    g_atomic_int_inc (&shared->composed);
  }
  return NULL;
}

static gpointer
push_until_stopped (gpointer data)
{
  Shared *shared = data;

  while (!g_atomic_int_get (&shared->stop))
    for (int i = 0; i < 2; i++)
      mcu_source_push (shared->sources[i], test_picture_new (36, 36, colours[i]), 0, 1);
  return NULL;
}

static void
place (Shared *shared, guint64 seq)
{
  McuTile tiles[N_TILES] = {0};
  McuRect rects[N_TILES];

  get_rects (seq, rects);
  for (int i = 0; i < N_TILES; i++) {
    char id[8];

    g_snprintf (id, sizeof id, "p%d", i);
    mcu_placement_init (&tiles[i].placement, id, MCU_VIDEO_CAMERA, &rects[i]);
    tiles[i].source = shared->sources[seq % 2];
    tiles[i].decor.show_video = TRUE;
  }
  g_assert_true (mcu_canvas_place (shared->canvas, &(McuPlace){.seq = seq}, tiles, N_TILES, NULL));
}

static void
test_canvas_threads__never_half_a_placement (void)
{
  Shared shared = {mcu_canvas_new (SIDE, SIDE), {mcu_source_new (), mcu_source_new ()}, 0, 0, 0};
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  GThread *composer, *pusher;

  for (int i = 0; i < 2; i++)
    mcu_source_push (shared.sources[i], test_picture_new (36, 36, colours[i]), 0, 1);
  place (&shared, 0);
  composer = g_thread_new ("compose", compose_until_stopped, &shared);
  pusher = g_thread_new ("push", push_until_stopped, &shared);
  for (guint64 seq = 1; seq <= N_PLACEMENTS; seq++) {
    int seen = g_atomic_int_get (&shared.composed);

    place (&shared, seq);
    mcu_canvas_set_decor (shared.canvas, "p0", MCU_VIDEO_CAMERA, &(McuDecor){NULL, FALSE, TRUE});
    /* Every other one is replaced before it can be seen, the rest are waited for. */
    while (seq % 4 < 2 && g_atomic_int_get (&shared.composed) == seen) {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
  }
  g_atomic_int_set (&shared.stop, 1);
  g_thread_join (composer);
  g_thread_join (pusher);
  g_assert_cmpint (shared.composed, >, N_PLACEMENTS / 4);
  mcu_canvas_unref (shared.canvas);
  mcu_source_unref (shared.sources[0]);
  mcu_source_unref (shared.sources[1]);
}

/* Four bars, one above the other, that glide right or left together. */
static void
place_bars (Shared *shared, guint64 seq)
{
  McuTile tiles[N_TILES] = {0};
  McuPlace how = {.seq = seq, .transition_ms = (guint) (seq % 3) * 20};

  for (int i = 0; i < N_TILES; i++) {
    McuRect rect = {seq % 2 == 0 ? 0 : 32, i * 16, 32, 16};
    char id[8];

    g_snprintf (id, sizeof id, "p%d", i);
    mcu_placement_init (&tiles[i].placement, id, MCU_VIDEO_CAMERA, &rect);
    tiles[i].source = shared->sources[i % 2];
    tiles[i].decor.show_video = TRUE;
  }
  g_assert_true (mcu_canvas_place (shared->canvas, &how, tiles, N_TILES, NULL));
}

/* How many pixels left of the tile whose row is @y. */
static int
left_of (const McuPicture *out, int y, McuYuv colour)
{
  int x = 0;

  while (x < SIDE && test_picture_pixel (out, x, y).y != colour.y)
    x++;
  return x;
}

static gpointer
compose_bars_until_stopped (gpointer data)
{
  Shared *shared = data;
  gint64 now_us = 0;

  while (!g_atomic_int_get (&shared->stop)) {
    g_autoptr (McuPicture) out = mcu_canvas_new_picture (shared->canvas);
    McuComposeInfo info;

    now_us += 3000;
    mcu_canvas_has_news (shared->canvas);
    mcu_canvas_compose (shared->canvas, now_us, out, &info);
    for (int i = 1; i < N_TILES; i++)
      g_assert_cmpint (left_of (out, i * 16 + 8, colours[i % 2]), ==, left_of (out, 8, colours[0]));
    if (left_of (out, 8, colours[0]) % 32 != 0)
      g_atomic_int_inc (&shared->seen_on_the_way);
    g_atomic_int_inc (&shared->composed);
  }
  return NULL;
}

static void
test_canvas_threads__all_glide_together (void)
{
  Shared shared = {mcu_canvas_new (SIDE, SIDE), {mcu_source_new (), mcu_source_new ()}, 0, 0, 0};
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  GThread *composer, *pusher;

  for (int i = 0; i < 2; i++)
    mcu_source_push (shared.sources[i], test_picture_new (36, 18, colours[i]), 0, 1);
  place_bars (&shared, 0);
  composer = g_thread_new ("compose", compose_bars_until_stopped, &shared);
  pusher = g_thread_new ("push", push_until_stopped, &shared);
  for (guint64 seq = 1; seq <= N_PLACEMENTS; seq++) {
    int wanted = g_atomic_int_get (&shared.composed) + (int) (seq % 9);

    place_bars (&shared, seq);
    mcu_canvas_set_decor (shared.canvas, "p0", MCU_VIDEO_CAMERA,
                          &(McuDecor){.show_video = TRUE, .speaking = seq % 2});
    while (g_atomic_int_get (&shared.composed) < wanted) {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
  }
  g_atomic_int_set (&shared.stop, 1);
  g_thread_join (composer);
  g_thread_join (pusher);
  g_assert_cmpint (shared.seen_on_the_way, >, N_PLACEMENTS / 8);
  mcu_canvas_unref (shared.canvas);
  mcu_source_unref (shared.sources[0]);
  mcu_source_unref (shared.sources[1]);
}

/* The colour counts the frames: each component up to 50, in steps of 4, for scaling rounds by one.
 */
static McuYuv
count_to_colour (int n)
{
  return (McuYuv){(guint8) (n % 50 * 4), (guint8) (n / 50 % 50 * 4), (guint8) (n / 2500 % 50 * 4)};
}

static int
colour_to_count (McuYuv colour)
{
  return (colour.y + 1) / 4 + (colour.u + 1) / 4 * 50 + (colour.v + 1) / 4 * 2500;
}

static gpointer
push_counted_until_stopped (gpointer data)
{
  Shared *shared = data;

  for (int n = 1; n < 125000 && !g_atomic_int_get (&shared->stop); n++)
    mcu_source_push (shared->sources[0], test_picture_new (640, 360, count_to_colour (n)), 0, 1);
  return NULL;
}

/* At the end of a way the scaled copy may be older than what was seen on it: that one is not shown.
 */
static void
test_canvas_threads__no_older_frame_follows (void)
{
  Shared shared = {mcu_canvas_new (SIDE, SIDE), {mcu_source_new (), NULL}, 0, 0, 0};
  McuTile tile = {.source = shared.sources[0], .decor = {.show_video = TRUE}};
  int last = 0;
  GThread *pusher;

  mcu_source_push (shared.sources[0], test_picture_new (640, 360, count_to_colour (0)), 0, 1);
  pusher = g_thread_new ("push", push_counted_until_stopped, &shared);
  for (int i = 0; i < 8 * N_PLACEMENTS; i++) {
    McuRect rect = {0, 0, i / 4 % 2 == 0 ? 64 : 50, 36};
    g_autoptr (McuPicture) out = mcu_canvas_new_picture (shared.canvas);
    McuComposeInfo info;
    int is;

    mcu_placement_init (&tile.placement, "p", MCU_VIDEO_CAMERA, &rect);
    if (i % 4 == 0)
      mcu_canvas_place (shared.canvas, &(McuPlace){.seq = (guint64) i, .transition_ms = 3}, &tile,
                        1, NULL);
    mcu_canvas_compose (shared.canvas, i * 1000, out, &info);
    is = colour_to_count (test_picture_pixel (out, 20, 18));
    g_assert_cmpint (is, >=, last);
    last = is;
  }
  g_atomic_int_set (&shared.stop, 1);
  g_thread_join (pusher);
  mcu_canvas_unref (shared.canvas);
  mcu_source_unref (shared.sources[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/canvas_threads/never_half_a_placement",
                   test_canvas_threads__never_half_a_placement);
  g_test_add_func ("/video/canvas_threads/all_glide_together",
                   test_canvas_threads__all_glide_together);
  g_test_add_func ("/video/canvas_threads/no_older_frame_follows",
                   test_canvas_threads__no_older_frame_follows);

  return g_test_run ();
}
