/* tests/unit/pipelines/process/golden.c - layouts as they are drawn, compared with how they were.
 * SPDX-License-Identifier: Apache-2.0
 *
 * usage: test-golden DIRECTORY, with the room program in TESSERA_ROOM_PROGRAM
 *        test-golden --renew DIRECTORY: draws them anew, to be looked at before they are kept
 *
 * Letters come from fonts, whose versions differ a little: blocks of pixels are compared, by the
 * mean of their differences. */
#include <cairo.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_PX 16
/* Of 255, in any of red, green, blue. What letters differ by is below; a name that is gone, a tile
 * that is elsewhere or of another colour is far above (see the tests for it). */
#define MAX_BLOCK_DIFFERENCE 14
#define MAX_MEAN_DIFFERENCE 2

static const char *const layouts[] = {
    "audio-only",         "grid",         "lecture",      "panel",
    "picture-in-picture", "presentation", "side-by-side", "speaker"};
static const char *const sizes[] = {"320x180", "180x320"};
static const struct
{
  const char *people;
  const char *screens;
} crowds[] = {{"2", "0"}, {"7", "1"}};

static const char *directory;

/* Draws @layout to @out. */
static void
draw (const char *layout, const char *people, const char *screens, const char *size,
      const char *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_NONE, &error, g_getenv ("TESSERA_ROOM_PROGRAM"), "draw", layout,
      "--people", people, "--screens", screens, "--size", size, "--out", out, NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static cairo_surface_t *
load (const char *path)
{
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    g_error ("%s: %s", path, cairo_status_to_string (cairo_surface_status (surface)));
  return surface;
}

static int
difference_at (cairo_surface_t *a, cairo_surface_t *b, int x, int y)
{
  const guint8 *p = cairo_image_surface_get_data (a) + y * cairo_image_surface_get_stride (a);
  const guint8 *q = cairo_image_surface_get_data (b) + y * cairo_image_surface_get_stride (b);
  int most = 0;

  for (int i = 0; i < 3; i++)
    most = MAX (most, ABS (p[4 * x + i] - q[4 * x + i]));
  return most;
}

/* The mean of a block. */
static double
compare_block (cairo_surface_t *a, cairo_surface_t *b, int left, int top)
{
  int right = MIN (left + BLOCK_PX, cairo_image_surface_get_width (a));
  int bottom = MIN (top + BLOCK_PX, cairo_image_surface_get_height (a));
  int sum = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      sum += difference_at (a, b, x, y);
  return (double) sum / ((right - left) * (bottom - top));
}

/* (transfer full) (nullable): what is wrong. */
static char *
compare (const char *drawn_path, const char *golden_path)
{
  cairo_surface_t *a = load (drawn_path), *b = load (golden_path);
  int width = cairo_image_surface_get_width (a), height = cairo_image_surface_get_height (a);
  double sum = 0, worst = 0;
  int n = 0, worst_x = 0, worst_y = 0;

  g_assert_cmpint (width, ==, cairo_image_surface_get_width (b));
  g_assert_cmpint (height, ==, cairo_image_surface_get_height (b));
  for (int y = 0; y < height; y += BLOCK_PX)
    for (int x = 0; x < width; x += BLOCK_PX) {
      double difference = compare_block (a, b, x, y);

      sum += difference;
      n++;
      if (difference > worst) {
        worst = difference;
        worst_x = x;
        worst_y = y;
      }
    }
  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
  if (worst <= MAX_BLOCK_DIFFERENCE && sum / n <= MAX_MEAN_DIFFERENCE)
    return NULL;
  return g_strdup_printf ("%s: differs by %.1f at %d,%d, by %.2f in the mean", golden_path, worst,
                          worst_x, worst_y, sum / n);
}

static char *
golden_path (const char *layout, guint crowd, const char *size)
{
  return g_strdup_printf ("%s/%s-%s-%s.png", directory, layout, crowds[crowd].people, size);
}

static char *
new_path (void)
{
  g_autofree char *name = g_strdup_printf ("golden-%d.png", (int) getpid ());

  return g_build_filename (g_get_tmp_dir (), name, NULL);
}

static void
check (const char *layout, const char *people, const char *screens, const char *size,
       const char *golden)
{
  g_autofree char *drawn = new_path ();
  g_autofree char *problem = NULL;

  draw (layout, people, screens, size, drawn);
  problem = compare (drawn, golden);
  if (problem != NULL)
    g_test_message ("%s (drawn: %s)", problem, drawn);
  else
    g_remove (drawn);
  g_assert_null (problem);
}

static void
test_golden__built_in (gconstpointer data)
{
  const char *layout = data;

  for (guint crowd = 0; crowd < G_N_ELEMENTS (crowds); crowd++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      g_autofree char *golden = golden_path (layout, crowd, sizes[i]);

      check (layout, crowds[crowd].people, crowds[crowd].screens, sizes[i], golden);
    }
}

/* A file of one's own, with all that can be drawn beside tiles. */
static void
test_golden__elements (void)
{
  g_autofree char *layout = g_build_filename (directory, "elements.json", NULL);
  g_autofree char *golden = g_build_filename (directory, "elements.png", NULL);

  check (layout, "3", "0", "320x180", golden);
}

/* The comparing can fail: a person more, another layout, a name that is not there. */
static void
test_golden__can_fail (void)
{
  g_autofree char *drawn = new_path ();
  g_autofree char *grid = golden_path ("grid", 0, sizes[0]);
  g_autofree char *speaker = golden_path ("speaker", 0, sizes[0]);
  g_autofree char *other = NULL;
  g_autofree char *crowded = NULL;
  g_autofree char *nameless = NULL;
  g_autofree char *file = g_build_filename (directory, "nameless.json", NULL);

  other = compare (grid, speaker);
  g_assert_nonnull (other);
  draw ("grid", "3", "0", sizes[0], drawn);
  crowded = compare (drawn, grid);
  g_assert_nonnull (crowded);
  draw (file, "2", "0", sizes[0], drawn);
  nameless = compare (drawn, grid);
  g_assert_nonnull (nameless);
  g_remove (drawn);
}

static int
renew (void)
{
  g_autofree char *file = g_build_filename (directory, "elements.json", NULL);
  g_autofree char *picture = g_build_filename (directory, "elements.png", NULL);

  for (guint layout = 0; layout < G_N_ELEMENTS (layouts); layout++)
    for (guint crowd = 0; crowd < G_N_ELEMENTS (crowds); crowd++)
      for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autofree char *golden = golden_path (layouts[layout], crowd, sizes[i]);

        draw (layouts[layout], crowds[crowd].people, crowds[crowd].screens, sizes[i], golden);
      }
  draw (file, "3", "0", "320x180", picture);
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  gboolean renews = argc == 3 && strcmp (argv[1], "--renew") == 0;

  if (argc < 2 || g_getenv ("TESSERA_ROOM_PROGRAM") == NULL) {
    g_printerr ("usage: TESSERA_ROOM_PROGRAM=... %s [--renew] DIRECTORY\n", argv[0]);
    return EXIT_FAILURE;
  }
  directory = argv[renews ? 2 : 1];
  if (renews)
    return renew ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    g_autofree char *path = g_strdup_printf ("/golden/%s", layouts[i]);

    g_test_add_data_func (path, layouts[i], test_golden__built_in);
  }
  g_test_add_func ("/golden/elements", test_golden__elements);
  g_test_add_func ("/golden/can-fail", test_golden__can_fail);
  return g_test_run ();
}
