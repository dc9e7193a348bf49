/* pipelines/mix/video/paint.h - rectangles of a picture: filled, copied, tinted, faded.
 * To: mix/video/edges, mix/video/tile-drawing.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/rect.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/picture.h"

/* All rectangles are even and inside the pictures; nothing is drawn when one is empty.
 * Thread: the one that fills @out. */

/** mcu_paint_fill: one colour. */
void mcu_paint_fill (McuPicture *out, const McuRect *rect, McuYuv colour);
/** mcu_paint_tint: a colour with @alpha over what is there. */
void mcu_paint_tint (McuPicture *out, const McuRect *rect, McuYuv colour, guint8 alpha);
/** mcu_paint_copy: all of @from, its top left corner at @x,@y. */
void mcu_paint_copy (McuPicture *out, const McuPicture *from, int x, int y);
/** mcu_paint_copy_rect: @rect of @from, to the same place in @out. */
void mcu_paint_copy_rect (McuPicture *out, const McuPicture *from, const McuRect *rect);
/** mcu_paint_fade: what is there stays with weight @keep, of 255; the rest is that of @from. */
void mcu_paint_fade (McuPicture *out, const McuPicture *from, const McuRect *rect, guint8 keep);
