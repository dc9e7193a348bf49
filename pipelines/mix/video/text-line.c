/* pipelines/mix/video/text-line.c - one line of text in any script.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/text-line.h"

#include <pango/pangocairo.h>

/* All text is laid out at this one size and scaled when it is drawn. For each size that Pango has
 * not seen it starts two threads that look through all fonts and at their files, which takes
 * milliseconds, and which a sandbox would not let it do. */
#define LAYOUT_PX 32

/* Fonts for what this one lacks are found by fontconfig. */
#define FONT_FAMILY "Noto Sans"

struct _McuTextLine
{
  PangoLayout *layout; /* owned; at LAYOUT_PX */
  double scale;        /* of what is drawn to that */
};

static PangoContext *
new_context (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  /* Whole pixels at LAYOUT_PX would be uneven at the size drawn. */
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
  return context;
}

static PangoLayout *
new_layout (const char *text)
{
  PangoContext *context = new_context ();
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_from_string (FONT_FAMILY);

  pango_font_description_set_weight (font, PANGO_WEIGHT_MEDIUM);
  pango_font_description_set_absolute_size (font, LAYOUT_PX * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);
  g_object_unref (context);
  return layout;
}

/* Draws the layout with its own origin at @x,@y px. */
static void
show (McuTextLine *self, cairo_t *cr, double x, double y, double scale)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, scale, scale);
  cairo_move_to (cr, 0, 0);
  pango_cairo_show_layout (cr, self->layout);
  cairo_restore (cr);
}

McuTextLine *
mcu_text_line_new (const char *text, double size_px)
{
  McuTextLine *self = g_new0 (McuTextLine, 1);

  self->layout = new_layout (text);
  self->scale = size_px / LAYOUT_PX;
  return self;
}

void
mcu_text_line_free (McuTextLine *self)
{
  g_object_unref (self->layout);
  g_free (self);
}

void
mcu_text_line_shorten (McuTextLine *self, double max_px)
{
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (self->layout, (int) (max_px / self->scale * PANGO_SCALE));
}

double
mcu_text_line_get_width (McuTextLine *self)
{
  int width;

  pango_layout_get_size (self->layout, &width, NULL);
  return width * self->scale / PANGO_SCALE;
}

int
mcu_text_line_count_missing (McuTextLine *self)
{
  return pango_layout_get_unknown_glyphs_count (self->layout);
}

void
mcu_text_line_draw (McuTextLine *self, cairo_t *cr, double left, double middle)
{
  PangoRectangle logical;

  pango_layout_get_extents (self->layout, NULL, &logical);
  show (self, cr, left - logical.x * self->scale / PANGO_SCALE,
        middle - (logical.y + logical.height / 2.0) * self->scale / PANGO_SCALE, self->scale);
}

void
mcu_text_line_draw_centred (McuTextLine *self, cairo_t *cr, double x, double y, double max_px)
{
  PangoRectangle ink;

  pango_layout_get_extents (self->layout, &ink, NULL);
  double width_px = ink.width * self->scale / PANGO_SCALE;
  double scale = width_px > max_px ? self->scale * max_px / width_px : self->scale;
  show (self, cr, x - (ink.x + ink.width / 2.0) * scale / PANGO_SCALE,
        y - (ink.y + ink.height / 2.0) * scale / PANGO_SCALE, scale);
}

/* Also draws: only then does Cairo open a font's file. */
static PangoLayout *
open_fonts_of (const char *text)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 64, 64);
  cairo_t *cr = cairo_create (surface);
  PangoLayout *layout = new_layout (text);

  pango_cairo_show_layout (cr, layout);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return layout;
}

void
mcu_text_line_warm_up (void)
{
  /* Kept: Cairo closes the files of fonts that nobody holds, and of more than ten (its
   * MAX_OPEN_FACES), so there are no more than that here. Each ends with what is in names of every
   * script: a blank, a digit, the ellipsis. */
  static const char *const samples[] = {
      "AgéЖΩ 0…", "한글 0…", "漢字 0…",
      "かな 0…",  "عربى 0…", "של 0…",
      "नम 0…",    "ไท 0…",   "😀👩‍👩‍👧🇰🇷 0…",
  };
  static PangoLayout *kept[G_N_ELEMENTS (samples)];

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    if (kept[i] == NULL)
      kept[i] = open_fonts_of (samples[i]);
}
