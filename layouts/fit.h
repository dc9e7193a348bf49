/* layouts/fit.h - how a picture of one shape goes into a tile of another.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/rect.h"

/** McuFit: what gives way when the shapes differ. */
typedef enum
{
  MCU_FIT_COVER,  /* the tile is full; the picture's edges are cut, its middle stays */
  MCU_FIT_CONTAIN /* the whole picture is seen; bars fill the rest of the tile */
} McuFit;

/** mcu_fit_to_string: (transfer none): "cover" or "contain". */
const char *mcu_fit_to_string (McuFit fit);
/** mcu_fit_from_string: FALSE when @name is neither. */
gboolean mcu_fit_from_string (const char *name, McuFit *fit);

/**
 * mcu_fit_place:
 * @fit: what gives way
 * @picture_width: px, at least 2
 * @picture_height: px, at least 2
 * @tile_width: px, even, at least 2
 * @tile_height: px, even, at least 2
 * @crop: (out): the part of the picture that is shown, with even x and y
 * @inner: (out): where in the tile it goes, all even, relative to the tile
 *
 * Shapes that differ by at most 1 % are taken for the same (426x240 and 640x360: nobody sees the
 * stretch, and half a pixel of crop would cost a copy).
 *
 * Thread: any, pure.
 */
void mcu_fit_place (McuFit fit, int picture_width, int picture_height, int tile_width,
                    int tile_height, McuRect *crop, McuRect *inner);
