/* pipelines/mix/video/decor.c - names, marks and initials, drawn for a tile's size.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/decor.h"

#include <libyuv.h>

#include "layouts/rect.h"
#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/decor-cache.h"
#include "pipelines/mix/video/name-text.h"
#include "pipelines/mix/video/text-line.h"

/* A hundred people at a few sizes; a label of a 640x360 tile takes some 20 kB, initials 80 kB. */
#define CACHE_MAX_ENTRIES 512
#define CACHE_MAX_BYTES (24 * 1024 * 1024)

/* Letters of a label, px: 7 % of the tile's height, readable at 160x90, quiet at full size. */
#define LABEL_MIN_PX 13
#define LABEL_MAX_PX 30
#define LABEL_HEIGHT_PERCENT 7
#define LABEL_BAR_ALPHA 0.58

#define INITIALS_MIN_PX 12 /* of the circle's diameter */

static GMutex cache_lock;
static McuDecorCache *cache; /* hold cache_lock; lives as long as the process */

static McuOverlay *
find_cached (const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&cache_lock);

  if (cache == NULL)
    cache = mcu_decor_cache_new (CACHE_MAX_ENTRIES, CACHE_MAX_BYTES);
  return mcu_decor_cache_find (cache, key);
}

static void
keep_cached (const char *key, McuOverlay *overlay)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&cache_lock);
  g_autoptr (McuOverlay) other = mcu_decor_cache_find (cache, key);

  if (other == NULL)
    mcu_decor_cache_add (cache, key, overlay);
}

static int
even_up (double n)
{
  return 2 * (int) ((n + 1.999) / 2);
}

/* A microphone in a box of @size px, crossed out. */
static void
draw_muted_mark (cairo_t *cr, double left, double top, double size)
{
  double unit = size / 16;

  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, unit, unit);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  /* The capsule, */
  cairo_arc (cr, 8, 4, 2.4, G_PI, 2 * G_PI);
  cairo_arc (cr, 8, 7.6, 2.4, 0, G_PI);
  cairo_close_path (cr);
  cairo_fill (cr);
  /* its holder, */
  cairo_arc (cr, 8, 7.6, 4.6, 0, G_PI);
  cairo_stroke (cr);
  /* and the stand. */
  cairo_move_to (cr, 8, 12.4);
  cairo_line_to (cr, 8, 14.6);
  cairo_move_to (cr, 5.4, 14.6);
  cairo_line_to (cr, 10.6, 14.6);
  cairo_stroke (cr);
  cairo_set_source_rgb (cr, 0.96, 0.33, 0.30);
  cairo_set_line_width (cr, 2.0);
  cairo_move_to (cr, 2.4, 1.8);
  cairo_line_to (cr, 13.6, 14.2);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static McuOverlay *
finish (cairo_t *cr, cairo_surface_t *surface)
{
  McuOverlay *overlay = mcu_overlay_new (surface);

  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return overlay;
}

/* What a label measures, px. */
typedef struct
{
  int font;
  int height;
  int pad;
  int mark; /* width with its padding; 0 when there is none */
  int room; /* for the text */
  int max_width;
} LabelSize;

static gboolean
measure_label (LabelSize *size, gboolean muted, int tile_width, int tile_height)
{
  size->font = CLAMP (tile_height * LABEL_HEIGHT_PERCENT / 100, LABEL_MIN_PX, LABEL_MAX_PX);
  size->height = even_up (size->font * 1.6);
  size->pad = MAX (4, size->font * 2 / 5);
  size->mark = muted ? size->font + size->pad : 0;
  size->max_width = mcu_even_down (tile_width);
  size->room = size->max_width - 2 * size->pad - size->mark;

  return size->height <= tile_height && size->font + 2 * size->pad <= tile_width;
}

/* The text, shortened to what there is room for; NULL when there is none. */
static McuTextLine *
new_label_text (const char *text, const LabelSize *size)
{
  McuTextLine *line;

  if (text[0] == '\0' || size->room < size->font)
    return NULL;
  line = mcu_text_line_new (text, size->font);
  mcu_text_line_shorten (line, size->room);
  return line;
}

static McuOverlay *
draw_label (const char *text, const LabelSize *size)
{
  g_autoptr (McuTextLine) line = new_label_text (text, size);
  double text_width = line != NULL ? mcu_text_line_get_width (line) + size->pad : 0;
  int width = MIN (even_up (size->pad + size->mark + text_width), size->max_width);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, size->height);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgba (cr, 0.03, 0.03, 0.04, LABEL_BAR_ALPHA);
  cairo_paint (cr);
  if (size->mark > 0)
    draw_muted_mark (cr, size->pad, (size->height - size->font) / 2.0, size->font);
  cairo_set_source_rgb (cr, 1, 1, 1);
  if (line != NULL)
    mcu_text_line_draw (line, cr, size->pad + size->mark, size->height / 2.0);
  return finish (cr, surface);
}

McuOverlay *
mcu_decor_label (const char *name, gboolean muted, int tile_width, int tile_height)
{
  g_autofree char *text = mcu_name_clean (name);
  g_autofree char *key = NULL;
  McuOverlay *label;
  LabelSize size;

  if (text[0] == '\0' && !muted)
    return NULL;
  if (!measure_label (&size, muted, tile_width, tile_height))
    return NULL;

  key = g_strdup_printf ("label %d %d %d %s", size.font, size.max_width, muted, text);
  label = find_cached (key);
  if (label == NULL) {
    label = draw_label (text, &size);
    keep_cached (key, label);
  }
  return label;
}

/* Head and shoulders, for who has no name. */
static void
draw_person (cairo_t *cr, double size)
{
  cairo_arc (cr, size / 2, size * 0.40, size * 0.15, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_arc (cr, size / 2, size * 0.84, size * 0.26, G_PI, 2 * G_PI);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_letters (cairo_t *cr, const char *letters, double size)
{
  g_autoptr (McuTextLine) line = mcu_text_line_new (letters, size * 0.40);

  /* Some clusters are wide (emoji, ligatures): they are made to fit the circle. */
  mcu_text_line_draw_centred (line, cr, size / 2, size / 2, size * 0.76);
}

static McuOverlay *
draw_initials (const char *letters, McuRgb colour, int size)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
  cairo_arc (cr, size / 2.0, size / 2.0, size / 2.0, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  if (letters[0] == '\0')
    draw_person (cr, size);
  else
    draw_letters (cr, letters, size);
  return finish (cr, surface);
}

McuOverlay *
mcu_decor_initials (const char *id, const char *name, int tile_width, int tile_height)
{
  McuRgb colour = mcu_colour_for_id (id);
  int size = mcu_even_down (MIN (tile_width, tile_height) / 2);
  g_autofree char *clean = mcu_name_clean (name);
  g_autofree char *letters = NULL;
  g_autofree char *key = NULL;
  McuOverlay *initials;

  if (size < INITIALS_MIN_PX)
    return NULL;

  letters = mcu_name_initials (clean);
  key = g_strdup_printf ("initials %d %02x%02x%02x %s", size, colour.r, colour.g, colour.b,
                         letters);
  initials = find_cached (key);
  if (initials == NULL) {
    initials = draw_initials (letters, colour, size);
    keep_cached (key, initials);
  }
  return initials;
}

void
mcu_decor_warm_up (void)
{
  mcu_text_line_warm_up ();
  TestCpuFlag (kCpuInitialized);
}
