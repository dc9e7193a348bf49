/* pipelines/mix/video/two-thirds.h - scaling to exactly 2/3: three columns of a 16:9 canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/picture.h"

/**
 * mcu_two_thirds_fits:
 *
 * Thread: any, pure.  Returns: TRUE when @width x @height is 2/3 of @from, up to the two columns
 * and rows that even sizes leave over (640x360 to 426x240).
 */
gboolean mcu_two_thirds_fits (const McuPicture *from, int width, int height);

/**
 * mcu_two_thirds_scale:
 * @from: what is scaled
 * @to: of a size that fits; all of it is written
 *
 * Each two pixels are the weighted means of three, both ways.
 *
 * Thread: any.
 */
void mcu_two_thirds_scale (const McuPicture *from, McuPicture *to);
