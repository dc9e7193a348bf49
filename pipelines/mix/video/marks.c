/* pipelines/mix/video/marks.c - the small signs beside a name.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/marks.h"

/* Each is drawn in a square of 16 units, white unless said otherwise. */
#define UNITS 16.0

static void
draw_muted (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.5);
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
}

/* Four fingers, a thumb, a palm; amber, to be found among many tiles. */
static void
draw_hand (cairo_t *cr)
{
  static const double fingers[][2] = {{5, 4}, {7.4, 2.4}, {9.8, 2.8}, {12.2, 4.6}};

  cairo_set_source_rgb (cr, 1.0, 0.76, 0.18);
  cairo_set_line_width (cr, 1.9);
  for (gsize i = 0; i < G_N_ELEMENTS (fingers); i++) {
    cairo_move_to (cr, fingers[i][0], 9);
    cairo_line_to (cr, fingers[i][0], fingers[i][1]);
    cairo_stroke (cr);
  }
  cairo_move_to (cr, 5.6, 12.4);
  cairo_line_to (cr, 2.4, 9);
  cairo_stroke (cr);
  cairo_move_to (cr, 4.05, 8.4);
  cairo_line_to (cr, 13.15, 8.4);
  cairo_curve_to (cr, 13.15, 16.6, 5.4, 16.6, 4.05, 11);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_presenter (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.5);
  cairo_rectangle (cr, 1.8, 2.8, 12.4, 8.4);
  cairo_stroke (cr);
  cairo_move_to (cr, 8, 11.2);
  cairo_line_to (cr, 8, 13.8);
  cairo_move_to (cr, 5, 13.8);
  cairo_line_to (cr, 11, 13.8);
  cairo_stroke (cr);
  cairo_move_to (cr, 6.4, 4.6);
  cairo_line_to (cr, 10.4, 7);
  cairo_line_to (cr, 6.4, 9.4);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_bad_link (cairo_t *cr)
{
  for (int i = 0; i < 4; i++) {
    double height = 3.2 * (i + 1);

    if (i == 0)
      cairo_set_source_rgb (cr, 0.96, 0.33, 0.30);
    else
      cairo_set_source_rgba (cr, 1, 1, 1, 0.4);
    cairo_rectangle (cr, 1.6 + 3.4 * i, 14.4 - height, 2.4, height);
    cairo_fill (cr);
  }
}

static const struct
{
  McuMarks mark;
  void (*draw) (cairo_t *cr);
} all[] = {
    {MCU_MARK_MUTED, draw_muted},
    {MCU_MARK_HAND, draw_hand},
    {MCU_MARK_PRESENTER, draw_presenter},
    {MCU_MARK_BAD_LINK, draw_bad_link},
};

int
mcu_marks_count (McuMarks marks)
{
  int n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    n += (marks & all[i].mark) != 0;
  return n;
}

void
mcu_marks_draw (McuMarks marks, cairo_t *cr, double left, double top, double size, double step)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    if ((marks & all[i].mark) == 0)
      continue;
    cairo_save (cr);
    cairo_new_path (cr); /* text leaves a point that an arc would be joined to */
    cairo_translate (cr, left, top);
    cairo_scale (cr, size / UNITS, size / UNITS);
    cairo_set_source_rgb (cr, 1, 1, 1);
    cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
    all[i].draw (cr);
    cairo_restore (cr);
    left += step;
  }
}
