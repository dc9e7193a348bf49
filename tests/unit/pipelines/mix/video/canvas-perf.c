/* tests/unit/pipelines/mix/video/canvas-perf.c - what a composed picture costs; with -m perf.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/grid.h"
#include "pictures.h"
#include "pipelines/mix/video/canvas.h"

#include <time.h>

#define N_FRAMES 300

typedef struct
{
  const char *what;
  guint n;
  int source[2];
  int canvas[2];
} Case;

static const Case cases[] = {
    {"8 of 640x360, 2/3", 8, {640, 360}, {1280, 720}},
    {"9 of 640x360, 2/3", 9, {640, 360}, {1280, 720}},
    {"9 that send 426x240", 9, {426, 240}, {1280, 720}},
    {"9 of 640x360, 1/2", 9, {640, 360}, {960, 540}},
    {"9 of 640x360, no exact ratio", 9, {640, 360}, {1200, 676}},
    {"9 of 1280x720, 1/3", 9, {1280, 720}, {1280, 720}},
    {"16 of 640x360, 1/2", 16, {640, 360}, {1280, 720}},
    {"16 of 1280x720, 1/4", 16, {1280, 720}, {1280, 720}},
    {"49 of 640x360", 49, {640, 360}, {1280, 720}},
};

/* Of this thread: what others do on the machine does not count. */
static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static void
place (McuCanvas *canvas, const Case *c, McuSource **sources, McuRect *rects)
{
  McuTile tiles[MCU_PLACEMENT_MAX_TILES] = {0};

  g_assert_cmpuint (mcu_grid_place (c->n, c->canvas[0], c->canvas[1], rects), ==, c->n);
  for (guint i = 0; i < c->n; i++) {
    char id[8];

    g_snprintf (id, sizeof id, "p%u", i);
    sources[i] = mcu_source_new ();
    mcu_placement_init (&tiles[i].placement, id, MCU_VIDEO_CAMERA, &rects[i]);
    tiles[i].source = sources[i];
    tiles[i].decor = (McuDecor){
        .label = "Somebody's Name", .muted = i % 2 == 0, .show_video = TRUE};
  }
  g_assert_true (mcu_canvas_place (canvas, &(McuPlace){.seq = 1}, tiles, c->n, NULL));
}

static void
measure (const Case *c)
{
  g_autoptr (McuCanvas) canvas = mcu_canvas_new (c->canvas[0], c->canvas[1]);
  McuSource *sources[MCU_PLACEMENT_MAX_TILES];
  McuRect rects[MCU_PLACEMENT_MAX_TILES];
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (2 * MCU_PLACEMENT_MAX_TILES);
  int n_frames = g_test_perf () ? N_FRAMES : 2;
  double scale_ms = 0, compose_ms = 0;

  place (canvas, c, sources, rects);
  for (int frame = 0; frame < n_frames; frame++) {
    g_autoptr (McuPicture) out = mcu_canvas_new_picture (canvas);
    McuComposeInfo info;
    McuPicture *pictures[MCU_PLACEMENT_MAX_TILES];
    double start, pushed;

    for (guint i = 0; i < c->n; i++) {
      pictures[i] = mcu_picture_pool_take (pool, c->source[0], c->source[1]);
      mcu_picture_fill (pictures[i], (guint8) frame, 128, 128); /* as a decoder just wrote it */
    }
    start = now_ms ();
    for (guint i = 0; i < c->n; i++)
      mcu_source_push (sources[i], pictures[i], 0, 0);
    pushed = now_ms ();
    mcu_canvas_compose (canvas, 0, out, &info);
    compose_ms += now_ms () - pushed;
    scale_ms += pushed - start;
  }
  for (guint i = 0; i < c->n; i++)
    mcu_source_unref (sources[i]);
  if (!g_test_perf ())
    return;
  g_test_message ("%-30s %dx%d tiles: scale %.3f ms, compose %.3f ms", c->what, rects[0].width,
                  rects[0].height, scale_ms / n_frames, compose_ms / n_frames);
  g_test_minimized_result ((scale_ms + compose_ms) / n_frames, "%s: %.3f ms", c->what,
                           (scale_ms + compose_ms) / n_frames);
}

/* How tiles are drawn, and how they move. */
typedef struct
{
  const char *what;
  Case tiles;
  int radius_px;
  int border_px;
  gboolean shuffles; /* everybody glides to somebody else's place and size */
  gboolean resizes;  /* one becomes large, the others small, and back */
  gboolean replaces; /* everybody fades out, others fade in */
} LookCase;

static const LookCase look_cases[] = {
    {"16 plain", {NULL, 16, {320, 180}, {1280, 720}}, 0, 0, FALSE, FALSE, FALSE},
    {"16 round", {NULL, 16, {320, 180}, {1280, 720}}, 16, 0, FALSE, FALSE, FALSE},
    {"16 round, border", {NULL, 16, {320, 180}, {1280, 720}}, 16, 4, FALSE, FALSE, FALSE},
    {"9 plain", {NULL, 9, {640, 360}, {1280, 720}}, 0, 0, FALSE, FALSE, FALSE},
    {"9 round, border", {NULL, 9, {640, 360}, {1280, 720}}, 16, 4, FALSE, FALSE, FALSE},
    {"9 glide at one size", {NULL, 9, {640, 360}, {1280, 720}}, 0, 0, TRUE, FALSE, FALSE},
    {"9 glide and change size", {NULL, 9, {640, 360}, {1280, 720}}, 0, 0, FALSE, TRUE, FALSE},
    {"the same, round, border", {NULL, 9, {640, 360}, {1280, 720}}, 16, 4, FALSE, TRUE, FALSE},
    {"the same, of 1280x720", {NULL, 9, {1280, 720}, {1280, 720}}, 0, 0, FALSE, TRUE, FALSE},
    {"9 go, 9 come", {NULL, 9, {640, 360}, {1280, 720}}, 16, 4, FALSE, FALSE, TRUE},
    {"49 glide at one size", {NULL, 49, {640, 360}, {1280, 720}}, 0, 0, TRUE, FALSE, FALSE},
    {"49 glide and change size", {NULL, 49, {640, 360}, {1280, 720}}, 0, 0, FALSE, TRUE, FALSE},
};

/* One large at the left, the rest in columns of eight at the right. */
static McuRect
large_and_small (guint i)
{
  guint at = i - 1;

  if (i == 0)
    return (McuRect){0, 0, 800, 450};
  return (McuRect){(int) (800 + at / 8 * 80), (int) (at % 8 * 90), at < 8 ? 160 : 80, 90};
}

static void
place_look (McuCanvas *canvas, const LookCase *c, McuSource **sources, int turn)
{
  McuTile tiles[MCU_PLACEMENT_MAX_TILES] = {0};
  McuRect rects[MCU_PLACEMENT_MAX_TILES];
  guint n = c->tiles.n;
  McuPlace how = {.seq = (guint64) turn + 1, .transition_ms = N_FRAMES / 2};

  mcu_grid_place (n, c->tiles.canvas[0], c->tiles.canvas[1], rects);
  for (guint i = 0; i < n; i++) {
    McuPlacement *at = &tiles[i].placement;
    McuRect rect = rects[c->shuffles ? (i + (guint) turn * 5) % n : i];
    char id[16];

    if (c->resizes && turn % 2 != 0)
      rect = large_and_small (i);
    g_snprintf (id, sizeof id, "p%u-%d", i, c->replaces ? turn : 0);
    mcu_placement_init (at, id, MCU_VIDEO_CAMERA, &rect);
    at->radius_px = c->radius_px;
    at->border_px = c->border_px;
    at->border_rgba = 0xffc000ff;
    tiles[i].source = sources[i];
    tiles[i].decor = (McuDecor){
        .label = "Somebody's Name", .muted = i % 2 == 0, .show_video = TRUE};
  }
  g_assert_true (mcu_canvas_place (canvas, &how, tiles, n, NULL));
}

static void
push_all (const LookCase *c, McuSource **sources, McuPicturePool *pool, int frame)
{
  for (guint i = 0; i < c->tiles.n; i++) {
    McuPicture *picture = mcu_picture_pool_take (pool, c->tiles.source[0], c->tiles.source[1]);

    mcu_picture_fill (picture, (guint8) frame, 128, 128);
    mcu_source_push (sources[i], picture, 0, 0);
  }
}

/* On the ticker's thread only: what the decoders scale meanwhile is measured above. Two turns, of a
 * picture for each ms, every source new in every picture. */
static void
measure_look (const LookCase *c)
{
  g_autoptr (McuCanvas) canvas = mcu_canvas_new (c->tiles.canvas[0], c->tiles.canvas[1]);
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (2 * MCU_PLACEMENT_MAX_TILES);
  McuSource *sources[MCU_PLACEMENT_MAX_TILES];
  int n_frames = g_test_perf () ? N_FRAMES : 2;
  gboolean moves = c->shuffles || c->resizes || c->replaces;
  double total_ms = 0, worst_ms = 0;

  for (guint i = 0; i < c->tiles.n; i++)
    sources[i] = mcu_source_new ();
  place_look (canvas, c, sources, 0);
  for (int frame = -1; frame < n_frames; frame++) {
    g_autoptr (McuPicture) out = mcu_canvas_new_picture (canvas);
    McuComposeInfo info;
    double start, took_ms;

    push_all (c, sources, pool, frame);
    start = now_ms ();
    mcu_canvas_compose (canvas, 1000 * (frame + 1000), out, &info);
    took_ms = now_ms () - start;
    if (moves && frame < n_frames - 1 && (frame + 1) % (N_FRAMES / 2) == 0)
      place_look (canvas, c, sources, 1 + frame / (N_FRAMES / 2) + (frame >= 0));
    if (frame < 0)
      continue;
    g_assert_true (info.changed);
    total_ms += took_ms;
    worst_ms = MAX (worst_ms, took_ms);
  }
  for (guint i = 0; i < c->tiles.n; i++)
    mcu_source_unref (sources[i]);
  if (!g_test_perf ())
    return;
  g_test_message ("%-28s %dx%d: compose %.3f ms, worst %.3f ms", c->what, c->tiles.source[0],
                  c->tiles.source[1], total_ms / n_frames, worst_ms);
  g_test_minimized_result (total_ms / n_frames, "%s: %.3f ms", c->what, total_ms / n_frames);
}

static void
test_canvas_perf__look (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (look_cases); i++)
    measure_look (&look_cases[i]);
}

static void
test_canvas_perf__compose (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    measure (&cases[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  mcu_decor_warm_up ();
  g_test_add_func ("/video/canvas_perf/compose", test_canvas_perf__compose);
  g_test_add_func ("/video/canvas_perf/look", test_canvas_perf__look);

  return g_test_run ();
}
