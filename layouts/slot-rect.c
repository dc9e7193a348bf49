/* layouts/slot-rect.c - a slot's fractions as pixels.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/slot-rect.h"

#include "layouts/grid.h"

#define MIN_TILE_PX 2

void
mcu_slot_frame_init (McuSlotFrame *self, const McuLayout *layout, int canvas_width,
                     int canvas_height)
{
  int width = mcu_even_down (canvas_width), height = mcu_even_down (canvas_height);
  int margin;

  self->shorter = MIN (width, height);
  margin = mcu_fraction_of_even (&layout->margin, self->shorter);
  if (2 * margin > self->shorter - MIN_TILE_PX)
    margin = 0;
  self->inner = (McuRect){margin, margin, width - 2 * margin, height - 2 * margin};
  self->gap = mcu_fraction_of_even (&layout->gap, self->shorter);
}

/* Equal fractions give equal edges, so slots that touch neither overlap nor leave a line. Half the
 * gap is taken from either side of an inner edge. */
static gboolean
span (const McuFraction *start, const McuFraction *size, int length, int gap, int *out_start,
      int *out_size)
{
  McuFraction end = mcu_fraction_add (start, size);
  int before = mcu_even_down (gap / 2);
  int from = mcu_fraction_of_even (start, length);
  int to = mcu_fraction_of_even (&end, length);

  if (start->num > 0)
    from += gap - before;
  if (end.num < end.den)
    to -= before;
  *out_start = from;
  *out_size = to - from;
  return to - from >= MIN_TILE_PX;
}

gboolean
mcu_slot_rect (const McuSlotFrame *frame, const McuSlot *slot, McuRect *out)
{
  const McuRect *inner = &frame->inner;

  if (!span (&slot->x, &slot->width, inner->width, frame->gap, &out->x, &out->width) ||
      !span (&slot->y, &slot->height, inner->height, frame->gap, &out->y, &out->height))
    return FALSE;
  out->x += inner->x;
  out->y += inner->y;
  return TRUE;
}

guint
mcu_slot_cells (const McuSlotFrame *frame, const McuSlot *slot, guint n, gboolean alone,
                McuRect *out)
{
  McuRect area;

  if (n == 0 || !mcu_slot_rect (frame, slot, &area))
    return 0;
  if (n == 1 && alone) {
    out[0] = area;
    return 1;
  }
  return mcu_grid_place_in (n, &area, frame->gap, slot->aspect_num, slot->aspect_den, out);
}

guint
mcu_slot_capacity (const McuSlotFrame *frame, const McuSlot *slot)
{
  McuRect cells[MCU_PLACEMENT_MAX_TILES];
  guint n = slot->max_tiles;

  while (n > 0 && mcu_slot_cells (frame, slot, n, FALSE, cells) == 0)
    n--;
  return n;
}
