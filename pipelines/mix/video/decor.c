/* pipelines/mix/video/decor.c - names, marks and initials, drawn for a tile's size.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/decor.h"

#include <libyuv.h>

#include "layouts/rect.h"
#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/decor-cache.h"
#include "pipelines/mix/video/elements.h"
#include "pipelines/mix/video/name-text.h"
#include "pipelines/mix/video/text-line.h"

/* A hundred people at a few sizes; a label of a 640x360 tile takes some 20 kB, initials 80 kB. */
#define CACHE_MAX_ENTRIES 512
#define CACHE_MAX_BYTES (24 * 1024 * 1024)

/* Letters of a label, px: 7 % of the tile's height, readable at 160x90, quiet at full size. */
#define LABEL_MIN_PX 13
#define LABEL_MAX_PX 30
#define LABEL_HEIGHT_PERCENT 7
#define LABEL_BOX_ALPHA (MCU_DECOR_BAR_ALPHA / 255.0)

#define LABEL_BOX_RGB 0.03, 0.03, 0.04
#define LABEL_ROUND_PERCENT 25 /* of its height */

#define INITIALS_MIN_PX 12 /* of the circle's diameter */

#define LINE_MIN_PX 6 /* of letters: less is not read at any rate */
#define DOT_MIN_PX 4
#define DOT_RGB 0.90, 0.16, 0.14

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
  int mark;  /* from one mark's left to the next one's, or to the text's */
  int marks; /* all of them */
  int room;  /* for the text */
  int max_width;
} LabelSize;

static gboolean
measure_label (LabelSize *size, McuMarks marks, McuLabelStyle style, int width, int height)
{
  int margin;

  size->font = CLAMP (height * LABEL_HEIGHT_PERCENT / 100, LABEL_MIN_PX, LABEL_MAX_PX);
  size->height = even_up (size->font * 1.6);
  size->pad = MAX (4, size->font * 2 / 5);
  size->mark = size->font + size->pad;
  size->marks = mcu_marks_count (marks) * size->mark;
  margin = mcu_decor_label_margin (style, size->height);
  size->max_width = mcu_even_down (MAX (width - 2 * margin, 0));
  size->room = size->max_width - 2 * size->pad - size->marks;

  /* Marks that there is no room for are cut off, but for the first. */
  return size->height + 2 * margin <= height && size->font + 2 * size->pad <= size->max_width;
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

/* What is behind a label; a bar is drawn with its tile. */
static void
draw_behind (cairo_t *cr, McuLabelStyle style, int width, int height)
{
  double radius = height * LABEL_ROUND_PERCENT / 100.0;

  if (style != MCU_LABEL_PILL)
    return;
  cairo_arc (cr, radius, radius, radius, G_PI, 1.5 * G_PI);
  cairo_arc (cr, width - radius, radius, radius, 1.5 * G_PI, 2 * G_PI);
  cairo_arc (cr, width - radius, height - radius, radius, 0, 0.5 * G_PI);
  cairo_arc (cr, radius, height - radius, radius, 0.5 * G_PI, G_PI);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, LABEL_BOX_RGB, LABEL_BOX_ALPHA);
  cairo_fill (cr);
}

static void
draw_front (cairo_t *cr, McuTextLine *line, McuMarks marks, const LabelSize *size)
{
  mcu_marks_draw (marks, cr, size->pad, (size->height - size->font) / 2.0, size->font, size->mark);
  cairo_set_source_rgb (cr, 1, 1, 1);
  if (line != NULL)
    mcu_text_line_draw (line, cr, size->pad + size->marks, size->height / 2.0);
}

/* White on white is told apart by a dark rim, which is the same drawing as a mask, moved a little
 * each way. */
static void
draw_shadow (cairo_t *cr, McuTextLine *line, McuMarks marks, const LabelSize *size)
{
  static const int moved[][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}, {1, 1}};
  cairo_pattern_t *mask;

  cairo_push_group_with_content (cr, CAIRO_CONTENT_ALPHA);
  draw_front (cr, line, marks, size);
  mask = cairo_pop_group (cr);
  cairo_set_source_rgba (cr, LABEL_BOX_RGB, LABEL_BOX_ALPHA);
  for (gsize i = 0; i < G_N_ELEMENTS (moved); i++) {
    cairo_save (cr);
    cairo_translate (cr, moved[i][0], moved[i][1]);
    cairo_mask (cr, mask);
    cairo_restore (cr);
  }
  cairo_pattern_destroy (mask);
}

static McuOverlay *
draw_label (const char *text, McuMarks marks, McuLabelStyle style, const LabelSize *size)
{
  g_autoptr (McuTextLine) line = new_label_text (text, size);
  double text_width = line != NULL ? mcu_text_line_get_width (line) + size->pad : 0;
  int width = MIN (even_up (size->pad + size->marks + text_width), size->max_width);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, size->height);
  cairo_t *cr = cairo_create (surface);

  draw_behind (cr, style, width, size->height);
  if (style == MCU_LABEL_PLAIN)
    draw_shadow (cr, line, marks, size);
  draw_front (cr, line, marks, size);
  return finish (cr, surface);
}

int
mcu_decor_label_margin (McuLabelStyle style, int label_height)
{
  return style == MCU_LABEL_BAR ? 0 : mcu_even_down (label_height / 5);
}

McuOverlay *
mcu_decor_label (const char *name, McuMarks marks, McuLabelStyle style, int width, int height)
{
  g_autofree char *text = mcu_name_clean (name);
  g_autofree char *key = NULL;
  McuOverlay *label;
  LabelSize size;

  if (text[0] == '\0' && marks == 0)
    return NULL;
  if (!measure_label (&size, marks, style, width, height))
    return NULL;

  key = g_strdup_printf ("label %d %d %d %d %s", size.font, size.max_width, marks, style, text);
  label = find_cached (key);
  if (label == NULL) {
    label = draw_label (text, marks, style, &size);
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

static McuOverlay *
draw_avatar (const McuImage *avatar, int size)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_t *cr = cairo_create (surface);

  mcu_image_paint_disc (avatar, cr, size);
  return finish (cr, surface);
}

static McuOverlay *
get_avatar (const McuImage *avatar, int size)
{
  g_autofree char *key = g_strdup_printf ("avatar %d %" G_GUINT64_FORMAT, size,
                                          mcu_image_get_serial (avatar));
  McuOverlay *drawn = find_cached (key);

  if (drawn == NULL) {
    drawn = draw_avatar (avatar, size);
    keep_cached (key, drawn);
  }
  return drawn;
}

McuOverlay *
mcu_decor_initials (const char *id, const char *name, const McuImage *avatar, int tile_width,
                    int tile_height)
{
  McuRgb colour = mcu_colour_for_id (id);
  int size = mcu_even_down (MIN (tile_width, tile_height) / 2);
  g_autofree char *clean = mcu_name_clean (name);
  g_autofree char *letters = NULL;
  g_autofree char *key = NULL;
  McuOverlay *initials;

  if (size < INITIALS_MIN_PX)
    return NULL;
  if (avatar != NULL)
    return get_avatar (avatar, size);

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

static void
fill_bar (cairo_t *cr, int width, int height)
{
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_set_source_rgba (cr, LABEL_BOX_RGB, LABEL_BOX_ALPHA);
  cairo_fill (cr);
}

/* @size's marks are what is left free before the text. */
static McuOverlay *
draw_line (McuTextLine *line, McuLabelStyle style, const LabelSize *size, int width)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, size->height);
  cairo_t *cr = cairo_create (surface);

  if (style == MCU_LABEL_BAR)
    fill_bar (cr, width, size->height);
  else
    draw_behind (cr, style, width, size->height);
  if (style == MCU_LABEL_PLAIN)
    draw_shadow (cr, line, 0, size);
  draw_front (cr, line, 0, size);
  return finish (cr, surface);
}

McuOverlay *
mcu_decor_line (const char *text, McuLabelStyle style, McuElementAlign align, int width, int height)
{
  g_autofree char *clean = mcu_line_clean (text);
  g_autoptr (McuTextLine) line = NULL;
  LabelSize size = {.height = mcu_even_down (height), .max_width = mcu_even_down (width)};
  int taken;

  size.font = size.height * 5 / 8;
  size.pad = MAX (4, size.font * 2 / 5);
  size.room = size.max_width - 2 * size.pad;
  if (size.font < LINE_MIN_PX)
    return NULL;
  line = new_label_text (clean, &size);
  if (line == NULL)
    return NULL;
  taken = MIN (even_up (mcu_text_line_get_width (line) + 2 * size.pad), size.max_width);
  if (style != MCU_LABEL_BAR)
    size.max_width = taken;
  else if (align != MCU_ALIGN_LEFT)
    size.marks = (size.max_width - taken) / (align == MCU_ALIGN_CENTRE ? 2 : 1);
  return draw_line (line, style, &size, size.max_width);
}

McuOverlay *
mcu_decor_dot (int size)
{
  int side = mcu_even_down (size);
  cairo_surface_t *surface;
  cairo_t *cr;

  if (side < DOT_MIN_PX)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, side, side);
  cr = cairo_create (surface);
  cairo_arc (cr, side / 2.0, side / 2.0, side * 0.46, 0, 2 * G_PI);
  cairo_set_source_rgba (cr, LABEL_BOX_RGB, LABEL_BOX_ALPHA);
  cairo_fill (cr);
  cairo_arc (cr, side / 2.0, side / 2.0, side * 0.30, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, DOT_RGB);
  cairo_fill (cr);
  return finish (cr, surface);
}

void
mcu_decor_warm_up (void)
{
  mcu_elements_warm_up ();
  mcu_text_line_warm_up ();
  TestCpuFlag (kCpuInitialized);
}
