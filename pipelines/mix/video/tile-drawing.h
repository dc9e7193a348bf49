/* pipelines/mix/video/tile-drawing.h - one tile onto the canvas, where and as it is now.
 * From: mix/video/scene-tile.  To: mix/video/canvas.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/scene-tile.h"

/** McuTileDrawing: what the tiles of one picture share. Thread: the ticker. */
typedef struct
{
  McuPicture *out;      /* (transfer none): what is drawn on */
  McuPicturePool *pool; /* (transfer none) */
  McuPicture *behind;   /* (nullable): owned; of the size of @out: what was there before a tile */
  McuYuv background;    /* beside a picture that is contained */
  McuYuv placeholder;
} McuTileDrawing;

/**
 * mcu_tile_draw:
 * @tile: what is drawn
 * @at: where and how: @tile->placement, or that on its way; its rectangle is inside of the picture
 * @frame: the newest of @tile's size, when @at has that size, else unscaled; picture NULL for the
 *   placeholder
 *
 * A tile without round corners, border and transparency costs its pixels only; the first two cost
 * their own pixels besides, transparency those of the tile twice again.
 */
void mcu_tile_draw (McuTileDrawing *self, const McuSceneTile *tile, const McuPlacement *at,
                    const McuSourceFrame *frame);

/** mcu_tile_drawing_clear: lets go of what it holds. */
void mcu_tile_drawing_clear (McuTileDrawing *self);
