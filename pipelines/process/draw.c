/* pipelines/process/draw.c - a layout as a picture, without a meeting.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/process/draw.h"

#include <stdio.h>
#include <stdlib.h>

#include "layouts/layout-solve.h"
#include "layouts/layout-store.h"
#include "mcu/base/error.h"
#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/png.h"

#define DEFAULT_PEOPLE 4
#define DEFAULT_WIDTH_PX 1280
#define DEFAULT_HEIGHT_PX 720
/* What stands in a layout's clock, caption and mark. */
#define SHOWN_CLOCK_S (((12 * 60) + 34) * 60 + 56)
#define SHOWN_CAPTION "A caption, 자막, شرح 🎬"
#define CAMERA_WIDTH_PX 640
#define CAMERA_HEIGHT_PX 360
/* Any time: nothing here moves. */
#define NOW_MS 1

static const char *const names[] = {"Ada",  "김민준", "Nkechi", "Omar",  "Frieda", "Rafael",
                                    "ليلى", "Yuki",   "Anaïs",  "Tomás", "Priya",  "Wim"};

typedef struct
{
  int people;
  int screens;
  int width_px;
  int height_px;
  char *size; /* owned (nullable) */
  char *out;  /* owned (nullable) */
} Options;

static McuLayout *
find_layout (const char *name, GError **error)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  McuLayout *layout = mcu_layout_store_find (store, name);

  if (layout != NULL && !g_file_test (name, G_FILE_TEST_EXISTS))
    return mcu_layout_ref (layout);
  return mcu_layout_read_file (name, error);
}

/* A wall that gets darker, and somebody before it: enough to see how a tile is cut. */
static McuPicture *
draw_camera (McuPicturePool *pool, guint who)
{
  McuPicture *picture = mcu_picture_pool_take (pool, CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX);

  mcu_picture_fill (picture, 150, 104 + who * 37 % 48, 104 + who * 53 % 48);
  for (int y = 0; y < CAMERA_HEIGHT_PX; y++)
    for (int x = 0; x < CAMERA_WIDTH_PX; x++) {
      int head = (x - 320) * (x - 320) + (y - 150) * (y - 150);
      int body = (x - 320) * (x - 320) / 3 + (y - 380) * (y - 380);
      guint8 *luma = &picture->data[0][y * picture->stride[0] + x];

      *luma = head < 70 * 70 ? 200 : body < 140 * 140 ? 70 : *luma - x * 50 / CAMERA_WIDTH_PX;
    }
  return picture;
}

static McuPicture *
draw_screen (McuPicturePool *pool)
{
  McuPicture *picture = mcu_picture_pool_take (pool, CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX);

  mcu_picture_fill (picture, 225, 128, 128);
  for (int y = 30; y < CAMERA_HEIGHT_PX - 30; y++)
    for (int x = 40; y % 24 < 6 && x < 40 + (y / 24 * 97) % 380 + 140; x++)
      picture->data[0][y * picture->stride[0] + x] = 80;
  return picture;
}

static void
fill_tile (McuTile *tile, const McuPlacement *placement, McuPicturePool *pool)
{
  guint who = atoi (placement->participant + 1);
  gboolean is_screen = placement->stream == MCU_VIDEO_SCREEN;

  tile->placement = *placement;
  tile->source = mcu_source_new ();
  tile->decor = (McuDecor){.label = names[who % G_N_ELEMENTS (names)],
                           .show_video = TRUE,
                           .speaking = who == 0 && !is_screen,
                           .presenter = is_screen};
  mcu_source_push (tile->source, is_screen ? draw_screen (pool) : draw_camera (pool, who), 0, 0);
}

/* Returns how many tiles there are, and by which arrangement. */
static guint
solve (const McuLayout *layout, const Options *options, McuPlacement *out, guint *arrangement)
{
  g_autofree McuLayoutPerson *people = g_new0 (McuLayoutPerson, options->people);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  McuSeating seating = {0};
  guint n;

  for (int i = 0; i < options->people; i++) {
    g_ptr_array_add (ids, g_strdup_printf ("p%d", i));
    people[i] = (McuLayoutPerson){.id = ids->pdata[i],
                                  .is_moderator = i == 0,
                                  .is_speaker = i == 0,
                                  .has_video = TRUE,
                                  .has_screen = i < options->screens,
                                  .joined = i};
  }
  n = mcu_layout_solve (layout, options->width_px, options->height_px, people, options->people,
                        NOW_MS, &seating, out);
  *arrangement = seating.arrangement;
  return n;
}

/* ---- what is beside tiles ---- */

/* Pictures lie beside their layout's file. */
typedef struct
{
  char *directory;    /* owned */
  GHashTable *images; /* owned (element-type utf8 McuImage) */
  GError *error;      /* owned (nullable): the first */
} Pictures;

static McuImage *
load_image (Pictures *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  if (!g_file_get_contents (path, &bytes, &length, &self->error))
    return NULL;
  return mcu_image_decode ((const guint8 *) bytes, length, MCU_LAYOUT_MAX_SIDE, &self->error);
}

static McuImage *
find_image (const char *name, gpointer user_data)
{
  Pictures *self = user_data;
  McuImage *image = g_hash_table_lookup (self->images, name);

  if (image != NULL || self->error != NULL)
    return image;
  image = load_image (self, name);
  if (image != NULL)
    g_hash_table_insert (self->images, g_strdup (name), image);
  else
    g_prefix_error (&self->error, "%s: ", name);
  return image;
}

/* (transfer full) (nullable) */
static McuElements *
draw_elements (const McuLayout *layout, guint arrangement, const Options *options, const char *name,
               GError **error)
{
  Pictures pictures = {
      g_path_get_dirname (name),
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) mcu_image_unref),
      NULL};
  McuElementState state = {.now_s = SHOWN_CLOCK_S,
                           .caption = SHOWN_CAPTION,
                           .is_recorded = TRUE,
                           .find_image = find_image,
                           .user_data = &pictures};
  McuElementBox boxes[MCU_ELEMENTS_MAX_PLACED];
  guint n = mcu_layout_place_elements (layout, arrangement, options->width_px, options->height_px,
                                       boxes);
  McuElements *elements;

  /* The same picture, whatever the day's offset from UTC is where it is drawn. */
  for (guint i = 0; i < n; i++)
    boxes[i].look.is_fixed_zone = TRUE;
  elements = mcu_elements_new (boxes, n, &state, NULL);
  g_hash_table_unref (pictures.images);
  g_free (pictures.directory);
  if (pictures.error != NULL)
    g_propagate_error (error, pictures.error);
  return elements;
}

static gboolean
write_png (const McuPicture *picture, const char *path, GError **error)
{
  g_autoptr (GByteArray) png = mcu_picture_to_png (picture, error);

  return png != NULL && g_file_set_contents (path, (char *) png->data, png->len, error);
}

static gboolean
draw (const char *name, const Options *options, GError **error)
{
  g_autoptr (McuLayout) layout = find_layout (name, error);
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (1);
  g_autoptr (McuCanvas) canvas = NULL;
  g_autoptr (McuPicture) picture = NULL;
  McuPlacement placements[MCU_PLACEMENT_MAX_TILES];
  McuTile tiles[MCU_PLACEMENT_MAX_TILES];
  McuPlace how = {.seq = 1};
  McuComposeInfo info;
  GError *why = NULL;
  guint n, arrangement;

  if (layout == NULL)
    return FALSE;
  how.background_rgba = layout->background_rgba;
  canvas = mcu_canvas_new (options->width_px, options->height_px);
  n = solve (layout, options, placements, &arrangement);
  how.elements = draw_elements (layout, arrangement, options, name, &why);
  for (guint i = 0; i < n; i++)
    fill_tile (&tiles[i], &placements[i], pool);
  if (why == NULL)
    mcu_canvas_place (canvas, &how, tiles, n, &why);
  for (guint i = 0; i < n; i++)
    mcu_source_unref (tiles[i].source);
  g_clear_pointer (&how.elements, mcu_elements_unref);
  if (why != NULL) {
    g_propagate_error (error, why);
    return FALSE;
  }
  picture = mcu_canvas_new_picture (canvas);
  mcu_canvas_compose (canvas, NOW_MS, picture, &info);
  return write_png (picture, options->out, error);
}

static const char *
problem_of (Options *options, int argc)
{
  if (argc != 2)
    return "one layout is needed: a file, or the name of one that is built in";
  if (options->out == NULL)
    return "--out FILE.png is needed";
  if (options->people < 1 || options->people > MCU_SEATING_MAX_PEOPLE)
    return "--people is 1 to 1000";
  if (options->screens < 0 || options->screens > options->people)
    return "--screens is at most --people";
  if (options->size != NULL &&
      sscanf (options->size, "%dx%d", &options->width_px, &options->height_px) != 2)
    return "--size is like 1280x720";
  if (options->width_px < 64 || options->width_px > MCU_LAYOUT_MAX_SIDE ||
      options->height_px < 64 || options->height_px > MCU_LAYOUT_MAX_SIDE)
    return "--size is 64x64 to 4096x4096";
  options->width_px &= ~1;
  options->height_px &= ~1;
  return NULL;
}

int
mcu_draw_main (int argc, char **argv)
{
  Options options = {
      .people = DEFAULT_PEOPLE, .width_px = DEFAULT_WIDTH_PX, .height_px = DEFAULT_HEIGHT_PX};
  const GOptionEntry entries[] = {
      {"people", 0, 0, G_OPTION_ARG_INT, &options.people, "how many (4)", "N"},
      {"screens", 0, 0, G_OPTION_ARG_INT, &options.screens, "how many of them share (0)", "N"},
      {"size", 0, 0, G_OPTION_ARG_STRING, &options.size, "of the canvas (1280x720)", "WxH"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "where the PNG goes", "FILE"},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("LAYOUT - draw a layout");
  g_autoptr (GError) error = NULL;
  const char *problem = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, &argc, &argv, &error))
    problem = problem_of (&options, argc);
  if (error == NULL && problem == NULL)
    draw (argv[1], &options, &error);
  if (error != NULL || problem != NULL)
    fprintf (stderr, "layout draw: %s\n", error != NULL ? error->message : problem);
  g_free (options.size);
  g_free (options.out);
  return error != NULL || problem != NULL ? EXIT_FAILURE : EXIT_SUCCESS;
}
