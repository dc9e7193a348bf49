/* pipelines/mix/video/blend.h - the inner loop of drawing over a picture.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_blend_row:
 * @row: (inout) (array length=n): what is drawn over
 * @over: (array length=n): premultiplied
 * @keep: (array length=n): 255 - alpha: how much of @row stays
 *
 * row = over + row * keep / 255, to the nearest. Never overflows when over <= 255 - keep.
 *
 * Thread: any, pure.
 */
void mcu_blend_row (guint8 *row, const guint8 *over, const guint8 *keep, gsize n);
