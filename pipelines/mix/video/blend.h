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

/**
 * mcu_blend_mix_row:
 * @row: (inout) (array length=n): what is drawn over
 * @other: (array length=n): what takes its place
 * @keep: (array length=n): how much of @row stays, of 255
 *
 * row = (row * keep + other * (255 - keep)) / 255, to the nearest.
 *
 * Thread: any, pure.
 */
void mcu_blend_mix_row (guint8 *row, const guint8 *other, const guint8 *keep, gsize n);

/** mcu_blend_fade_row: as mcu_blend_mix_row(), with one @keep for all. Thread: any, pure. */
void mcu_blend_fade_row (guint8 *row, const guint8 *other, guint8 keep, gsize n);

/**
 * mcu_blend_tint_row:
 * @value: what takes the place of all of @row
 * @keep: (array length=n): where, as in mcu_blend_mix_row()
 * @alpha: of @value, where @keep is 0
 *
 * Thread: any, pure.
 */
void mcu_blend_tint_row (guint8 *row, guint8 value, const guint8 *keep, guint8 alpha, gsize n);

/** mcu_blend_wash_row: row = (row * (255 - alpha) + value * alpha) / 255. Thread: any, pure. */
void mcu_blend_wash_row (guint8 *row, guint8 value, guint8 alpha, gsize n);
