/* pipelines/mix/video/scale.h - one picture to one tile's size, the cheapest way that looks right.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/fit.h"
#include "pipelines/mix/video/picture.h"

/**
 * mcu_scale_to_tile:
 * @picture: what is scaled
 * @width: px of the tile, even
 * @height: px of the tile, even
 * @fit: how the picture goes into the tile
 * @pool: where the copy comes from
 *
 * Where no scaling is needed there is no copy: the result is @picture itself, or a view into it.
 *
 * Thread: any, no state.  Returns: (transfer full): with cover of the tile's size; with contain the
 * picture without its bars.
 */
McuPicture *mcu_scale_to_tile (McuPicture *picture, int width, int height, McuFit fit,
                               McuPicturePool *pool);

/**
 * mcu_scale_into:
 * @picture: what is scaled
 * @fit: how it goes into @rect
 * @out: what it is drawn on
 * @rect: inside @out, even
 *
 * For what moves and is seen for one frame: straight into the canvas, bilinear, without a copy.
 * What is more than halved shimmers, which in motion nobody sees.
 *
 * Thread: the one that fills @out.  Returns: the part of @rect that was drawn; with contain the
 * rest is left as it is.
 */
McuRect mcu_scale_into (const McuPicture *picture, McuFit fit, McuPicture *out,
                        const McuRect *rect);
