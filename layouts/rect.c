/* layouts/rect.c - rectangles on a canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/rect.h"

int
mcu_even_down (int n)
{
  return n & ~1;
}

gboolean
mcu_rect_is_even (const McuRect *self)
{
  return ((self->x | self->y | self->width | self->height) & 1) == 0;
}

gboolean
mcu_rect_is_inside (const McuRect *self, int width, int height)
{
  /* Compared without adding: the members may come from a message and be as large as an int gets. */
  return self->x >= 0 && self->y >= 0 && self->width > 0 && self->height > 0 &&
         self->width <= width && self->height <= height && self->x <= width - self->width &&
         self->y <= height - self->height;
}

gboolean
mcu_rect_overlap (const McuRect *a, const McuRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

gboolean
mcu_rect_equal (const McuRect *a, const McuRect *b)
{
  return a->x == b->x && a->y == b->y && a->width == b->width && a->height == b->height;
}

static void
append_piece (GArray *pieces, int x0, int y0, int x1, int y1)
{
  McuRect piece = {x0, y0, x1 - x0, y1 - y0};

  if (piece.width > 0 && piece.height > 0)
    g_array_append_val (pieces, piece);
}

/* Full-width strips above and below the hole: long rows are the cheapest to fill. */
static void
cut (const McuRect *rect, const McuRect *hole, GArray *pieces)
{
  int right = rect->x + rect->width;
  int bottom = rect->y + rect->height;
  int hole_top = MAX (rect->y, hole->y);
  int hole_bottom = MIN (bottom, hole->y + hole->height);

  append_piece (pieces, rect->x, rect->y, right, hole_top);
  append_piece (pieces, rect->x, hole_top, MAX (rect->x, hole->x), hole_bottom);
  append_piece (pieces, MIN (right, hole->x + hole->width), hole_top, right, hole_bottom);
  append_piece (pieces, rect->x, hole_bottom, right, bottom);
}

void
mcu_rects_subtract (GArray *rects, const McuRect *hole)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (McuRect));

  for (guint i = 0; i < rects->len;) {
    McuRect rect = g_array_index (rects, McuRect, i);

    if (!mcu_rect_overlap (&rect, hole)) {
      i++;
      continue;
    }
    g_array_remove_index_fast (rects, i);
    cut (&rect, hole, pieces);
  }
  g_array_append_vals (rects, pieces->data, pieces->len);
}
