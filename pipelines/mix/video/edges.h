/* pipelines/mix/video/edges.h - a tile's border and its round corners.
 * From: mix/video/corners.  To: mix/video/tile-drawing.  SPDX-License-Identifier: Apache-2.0
 *
 * A tile is drawn as if it were square; then its border is drawn over it, and what was behind is
 * put back in its corners. So whatever has neither costs nothing, and what is round costs its
 * corners only. */
#pragma once

#include "layouts/rect.h"
#include "pipelines/mix/video/corners.h"
#include "pipelines/mix/video/picture.h"

/* Rectangles are even and inside the pictures. Thread: the one that fills @out. */

/**
 * mcu_edges_save:
 * @behind: of the size of @out; gets what is in @out in the four corners of @rect
 */
void mcu_edges_save (McuPicture *behind, const McuPicture *out, const McuRect *rect,
                     const McuCorners *corners);

/** mcu_edges_round: puts back what mcu_edges_save() kept, outside of the round corners. */
void mcu_edges_round (McuPicture *out, const McuPicture *behind, const McuRect *rect,
                      const McuCorners *corners);

/**
 * mcu_edges_border:
 * @border_px: even, at most half of the shorter side of @rect
 * @inner: (nullable): of its inner edge
 * @rgba: 0xRRGGBBAA
 *
 * Its outer edge is square; mcu_edges_round() makes it round.
 */
void mcu_edges_border (McuPicture *out, const McuRect *rect, int border_px, const McuCorners *inner,
                       guint32 rgba);
