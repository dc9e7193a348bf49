/* tests/bench/compose-costs.c - what a composed picture costs, and what GStreamer's compositor
 * takes for the same in the same run.  SPDX-License-Identifier: Apache-2.0
 *
 * usage: tessera-compose-costs [--frames N] [--check]
 * CPU time in ms for one picture, every source new in each: scaling and composing, wherever it
 * runs.
 * --check fails when a bar of docs/performance.md is missed; without it nothing is judged but that
 * the compositor is not cheaper. */
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layouts/grid.h"
#include "pipelines/mix/video/canvas.h"

#define DEFAULT_FRAMES 300
#define WARM_UP_FRAMES 10
#define FPS 30
#define FRAME_US (G_USEC_PER_SEC / FPS)
#define MAX_TILES 16

typedef struct
{
  const char *what;
  guint n;
  int source[2];
  int canvas[2];
  gboolean has_labels;
  gboolean moves;        /* all glide and change their size, in every picture */
  gboolean has_elements; /* a picture behind, a logo, a clock, a caption */
  gboolean is_still;     /* nothing is new: only asked whether */
  double bar_ms;         /* 0: none */
} Case;

static const Case cases[] = {
    {"9 of 640x360 into 1280x720, 2/3", 9, {640, 360}, {1280, 720}, .bar_ms = 0.5},
    {"9 of 640x360 into 1200x676, no exact ratio", 9, {640, 360}, {1200, 676}, .bar_ms = 1.6},
    {"16 of 640x360 into 1280x720, 1/2, labels",
     16,
     {640, 360},
     {1280, 720},
     .has_labels = TRUE,
     .bar_ms = 0.8},
    {"9 of 640x360 glide and change size",
     9,
     {640, 360},
     {1280, 720},
     .has_labels = TRUE,
     .moves = TRUE,
     .bar_ms = 3.2},
    {"9 of 640x360, 2/3, on a picture, with logo, clock, caption",
     9,
     {640, 360},
     {1280, 720},
     .has_labels = TRUE,
     .has_elements = TRUE},
    {"9 placeholders, nothing new",
     9,
     {640, 360},
     {1280, 720},
     .has_labels = TRUE,
     .is_still = TRUE},
};

typedef struct
{
  McuCanvas *canvas;
  McuSource *sources[MAX_TILES];
  McuTile tiles[MAX_TILES];
  McuRect rects[MAX_TILES];
  McuElements *elements; /* (nullable) */
} Stage;

static double
cpu_ms (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

/* ---- ours ---- */

/* One large at the left, the others beside it; another one in each picture of the way back. */
static McuRect
large_and_small (guint i)
{
  if (i == 0)
    return (McuRect){0, 0, 960, 540};
  return (McuRect){960, (int) (i - 1) * 90, 160, 90};
}

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static McuImage *
make_image (int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  cairo_surface_write_to_png_stream (surface, append, bytes);
  cairo_surface_destroy (surface);
  return mcu_image_decode (bytes->data, bytes->len, MCU_IMAGE_MAX_SIDE_PX, NULL);
}

static McuImage *
find_image (const char *id, gpointer user_data)
{
  return user_data;
}

static McuElements *
make_elements (int width, int height)
{
  g_autoptr (McuImage) image = make_image (width, height);
  McuElementState state = {.now_s = 1,
                           .caption = "What is said is written here",
                           .find_image = find_image,
                           .user_data = image};
  McuElementKind kinds[] = {MCU_ELEMENT_IMAGE, MCU_ELEMENT_LOGO, MCU_ELEMENT_CLOCK,
                            MCU_ELEMENT_CAPTION};
  McuElementBox boxes[G_N_ELEMENTS (kinds)];

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    McuElement element;

    mcu_element_init (&element, kinds[i]);
    element.look.style = kinds[i] == MCU_ELEMENT_CAPTION ? MCU_LABEL_BAR : MCU_LABEL_PILL;
    element.look.alpha = kinds[i] == MCU_ELEMENT_LOGO ? 200 : 255;
    boxes[i] = (McuElementBox){{mcu_even_down (width / 10),
                                mcu_even_down (height * (int) (2 * i) / 8),
                                mcu_even_down (width * 4 / 5), mcu_even_down (height / 12)},
                               element.look};
  }
  boxes[0].rect = (McuRect){0, 0, width, height};
  boxes[1].rect.width = boxes[1].rect.height;
  return mcu_elements_new (boxes, G_N_ELEMENTS (boxes), &state, NULL);
}

static void
place (Stage *stage, const Case *c, guint64 seq, gboolean is_large)
{
  McuPlace how = {.seq = seq, .transition_ms = c->moves ? 1000 : 0, .elements = stage->elements};

  for (guint i = 0; i < c->n; i++)
    stage->tiles[i].placement.rect = is_large ? large_and_small (i) : stage->rects[i];
  if (!mcu_canvas_place (stage->canvas, &how, stage->tiles, c->n, NULL))
    exit (EXIT_FAILURE);
}

static void
set_up (Stage *stage, const Case *c)
{
  stage->canvas = mcu_canvas_new (c->canvas[0], c->canvas[1]);
  if (mcu_grid_place (c->n, c->canvas[0], c->canvas[1], stage->rects) != c->n)
    exit (EXIT_FAILURE);
  if (c->has_elements)
    stage->elements = make_elements (c->canvas[0], c->canvas[1]);
  for (guint i = 0; i < c->n; i++) {
    McuTile *tile = &stage->tiles[i];
    char id[8];

    g_snprintf (id, sizeof id, "p%u", i);
    stage->sources[i] = mcu_source_new ();
    mcu_placement_init (&tile->placement, id, MCU_VIDEO_CAMERA, &stage->rects[i]);
    if (!c->has_labels)
      tile->placement.label = MCU_LABEL_NONE;
    tile->source = stage->sources[i];
    tile->decor = (McuDecor){
        .label = "Somebody's Name", .muted = i % 2 == 0, .show_video = !c->is_still};
  }
  place (stage, c, 1, FALSE);
}

static void
tear_down (Stage *stage, const Case *c)
{
  mcu_canvas_unref (stage->canvas);
  for (guint i = 0; i < c->n; i++)
    mcu_source_unref (stage->sources[i]);
  g_clear_pointer (&stage->elements, mcu_elements_unref);
}

static void
push_all (Stage *stage, const Case *c, McuPicturePool *pool, int frame, double *ms)
{
  for (guint i = 0; i < c->n; i++) {
    McuPicture *picture = mcu_picture_pool_take (pool, c->source[0], c->source[1]);
    double start;

    mcu_picture_fill (picture, (guint8) (frame + (int) i), 128, 128); /* as a decoder just did */
    start = cpu_ms (CLOCK_THREAD_CPUTIME_ID);
    mcu_source_push (stage->sources[i], picture, 0, 0);
    *ms += cpu_ms (CLOCK_THREAD_CPUTIME_ID) - start;
  }
}

static double
measure_frame (Stage *stage, const Case *c, McuPicturePool *pool, int frame)
{
  g_autoptr (McuPicture) out = NULL;
  McuComposeInfo info;
  double ms = 0, start;

  /* A way of 30 pictures there, and one back. */
  if (c->moves && frame % FPS == 0)
    place (stage, c, (guint64) frame + 2, frame / FPS % 2 == 0);
  if (!c->is_still)
    push_all (stage, c, pool, frame, &ms);
  out = mcu_canvas_new_picture (stage->canvas);
  start = cpu_ms (CLOCK_THREAD_CPUTIME_ID);
  if (mcu_canvas_has_news (stage->canvas))
    mcu_canvas_compose (stage->canvas, (gint64) frame * FRAME_US, out, &info);
  return ms + cpu_ms (CLOCK_THREAD_CPUTIME_ID) - start;
}

static double
measure_ours (const Case *c, int n_frames)
{
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (4 * MAX_TILES);
  Stage stage = {0};
  double ms = 0;

  set_up (&stage, c);
  for (int frame = 0; frame < WARM_UP_FRAMES; frame++)
    measure_frame (&stage, c, pool, frame);
  for (int frame = 0; frame < n_frames; frame++)
    ms += measure_frame (&stage, c, pool, WARM_UP_FRAMES + frame);
  tear_down (&stage, c);
  return ms / n_frames;
}

/* ---- the compositor ---- */

static GstBuffer *
make_buffer (const Case *c, guint tile)
{
  gsize size = (gsize) c->source[0] * (gsize) c->source[1] * 3 / 2;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, (guint8) (16 + 10 * tile), size);
  return buffer;
}

/* All of them are queued before it starts; they share their memory, so that costs next to nothing.
 */
static void
feed (GstElement *pipeline, const Case *c, guint tile, int n_frames)
{
  g_autofree char *name = g_strdup_printf ("src%u", tile);
  g_autoptr (GstElement) src = gst_bin_get_by_name (GST_BIN (pipeline), name);
  GstBuffer *picture = make_buffer (c, tile);

  for (int frame = 0; frame < n_frames; frame++) {
    GstBuffer *buffer = gst_buffer_copy (picture);

    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (frame, GST_SECOND, FPS);
    GST_BUFFER_DURATION (buffer) = GST_SECOND / FPS;
    gst_app_src_push_buffer (GST_APP_SRC (src), buffer);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (src));
  gst_buffer_unref (picture);
}

static char *
describe (const Case *c)
{
  McuRect rects[MAX_TILES];
  GString *text = g_string_new ("compositor name=mix background=black");

  mcu_grid_place (c->n, c->canvas[0], c->canvas[1], rects);
  for (guint i = 0; i < c->n; i++)
    g_string_append_printf (text,
                            " sink_%u::xpos=%d sink_%u::ypos=%d sink_%u::width=%d "
                            "sink_%u::height=%d",
                            i, rects[i].x, i, rects[i].y, i, rects[i].width, i, rects[i].height);
  g_string_append_printf (text,
                          " ! video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 ! "
                          "fakesink sync=false",
                          c->canvas[0], c->canvas[1], FPS);
  for (guint i = 0; i < c->n; i++)
    g_string_append_printf (text,
                            " appsrc name=src%u format=time max-bytes=0 caps=video/x-raw,"
                            "format=I420,width=%d,height=%d,framerate=%d/1 ! mix.sink_%u",
                            i, c->source[0], c->source[1], FPS, i);
  return g_string_free (text, FALSE);
}

static gboolean
run_to_end (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 120 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  return message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
}

/* Of the whole process: it scales on threads of its own. Returns: < 0 when there is no compositor.
 */
static double
measure_compositor (const Case *c, int n_frames)
{
  g_autofree char *text = describe (c);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, NULL);
  double start, ms = -1;

  if (pipeline == NULL)
    return -1;
  for (guint i = 0; i < c->n; i++)
    feed (pipeline, c, i, n_frames);
  start = cpu_ms (CLOCK_PROCESS_CPUTIME_ID);
  if (run_to_end (pipeline))
    ms = (cpu_ms (CLOCK_PROCESS_CPUTIME_ID) - start) / n_frames;
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return ms;
}

/* ---- the table ---- */

static gboolean
judge (const Case *c, double ours_ms, double theirs_ms, gboolean by_bars)
{
  gboolean is_comparable = !c->moves && !c->is_still && !c->has_elements && theirs_ms > 0;

  printf ("| %s | %.3f | ", c->what, ours_ms);
  if (c->bar_ms > 0)
    printf ("%.1f | ", c->bar_ms);
  else
    printf ("| ");
  if (is_comparable)
    printf ("%.3f |\n", theirs_ms);
  else
    printf ("|\n");
  fflush (stdout);
  if (is_comparable && ours_ms > theirs_ms)
    return FALSE;
  return !by_bars || c->bar_ms == 0 || ours_ms <= c->bar_ms;
}

int
main (int argc, char **argv)
{
  int n_frames = DEFAULT_FRAMES;
  gboolean by_bars = FALSE, is_good = TRUE;
  const GOptionEntry entries[] = {
      {"frames", 0, 0, G_OPTION_ARG_INT, &n_frames, "pictures for each row (300)", "N"},
      {"check", 0, 0, G_OPTION_ARG_NONE, &by_bars, "fail when a bar is missed", NULL},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- what a composed picture costs");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || n_frames < 1)
    return EXIT_FAILURE;
  gst_init (NULL, NULL);
  mcu_decor_warm_up ();
  printf ("| picture | ours, ms | bar | compositor, ms |\n|---|---|---|---|\n");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    gboolean compares = !c->moves && !c->is_still && !c->has_elements;
    double ours_ms = measure_ours (c, n_frames);
    double theirs_ms = compares ? measure_compositor (c, n_frames) : -1;

    if (!judge (c, ours_ms, theirs_ms, by_bars)) {
      fprintf (stderr, "missed: %s\n", c->what);
      is_good = FALSE;
    }
  }
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
