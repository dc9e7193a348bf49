/* layouts/slot-rect.h - a slot's fractions as pixels. Used by layout-solve only.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/layout.h"
#include "layouts/rect.h"

/** McuSlotFrame: what fractions are of, px, all even. */
typedef struct
{
  McuRect inner; /* the canvas without its margin */
  int gap;
  int shorter; /* side of the canvas */
} McuSlotFrame;

/* All pure. Thread: any. */

/** mcu_slot_frame_init: of a canvas; what is too small for a margin has none. */
void mcu_slot_frame_init (McuSlotFrame *self, const McuLayout *layout, int canvas_width,
                          int canvas_height);

/**
 * mcu_slot_rect:
 * @out: (out): even; between slots that touch there is the gap, at the frame's edge there is none
 *
 * Returns: FALSE when nothing is left of it.
 */
gboolean mcu_slot_rect (const McuSlotFrame *frame, const McuSlot *slot, McuRect *out);

/**
 * mcu_slot_cells:
 * @n: how many tiles the area shows
 * @alone: somebody alone fills the area
 * @out: (array length=n): their places
 *
 * Returns: how many fit: @n, or 0.
 */
guint mcu_slot_cells (const McuSlotFrame *frame, const McuSlot *slot, guint n, gboolean alone,
                      McuRect *out);

/** mcu_slot_capacity: how many tiles fit, at most its max_tiles; 0 when it is too small for any. */
guint mcu_slot_capacity (const McuSlotFrame *frame, const McuSlot *slot);
