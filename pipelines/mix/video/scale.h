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
