/* layouts/rect.h - rectangles on a canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * McuRect: pixels, origin top left.
 *
 * What is placed on a canvas has even members only.
 * Source: 4:2:0 chroma is halved both ways (ITU-T H.264, table 6-1).
 */
typedef struct
{
  int x;
  int y;
  int width;
  int height;
} McuRect;

/* All pure. Thread: any. */

/** mcu_even_down: the next even number at or below @n (@n >= 0). */
int mcu_even_down (int n);
/** mcu_rect_is_even: TRUE when all four members are even. */
gboolean mcu_rect_is_even (const McuRect *self);
/** mcu_rect_is_inside: TRUE when it is not empty and within 0,0 .. @width,@height. */
gboolean mcu_rect_is_inside (const McuRect *self, int width, int height);
/** mcu_rect_overlap: TRUE when they share a pixel. */
gboolean mcu_rect_overlap (const McuRect *a, const McuRect *b);
/** mcu_rect_equal: TRUE when all four members are the same. */
gboolean mcu_rect_equal (const McuRect *a, const McuRect *b);

/**
 * mcu_rects_subtract:
 * @rects: (inout) (element-type McuRect): that do not overlap one another
 * @hole: what is cut out of all of them
 *
 * Leaves in @rects what @hole does not cover, in at most four pieces for each that it cuts.
 */
void mcu_rects_subtract (GArray *rects, const McuRect *hole);
