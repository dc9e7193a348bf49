/* pipelines/mix/video/paint.c - rectangles of a picture.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/paint.h"

#include <libyuv.h>

#include "pipelines/mix/video/blend.h"

static gsize
offset (const McuPicture *picture, int plane, int x, int y)
{
  int shift = plane == 0 ? 0 : 1;

  return (gsize) (y >> shift) * picture->stride[plane] + (x >> shift);
}

void
mcu_paint_fill (McuPicture *out, const McuRect *rect, McuYuv colour)
{
  if (rect->width <= 0 || rect->height <= 0)
    return;
  I420Rect (out->data[0], out->stride[0], out->data[1], out->stride[1], out->data[2],
            out->stride[2], rect->x, rect->y, rect->width, rect->height, colour.y, colour.u,
            colour.v);
}

void
mcu_paint_tint (McuPicture *out, const McuRect *rect, McuYuv colour, guint8 alpha)
{
  const guint8 values[3] = {colour.y, colour.u, colour.v};

  if (alpha == 255) {
    mcu_paint_fill (out, rect, colour);
    return;
  }
  if (rect->width <= 0)
    return;
  for (int i = 0; i < 3; i++) {
    guint8 *row = out->data[i] + offset (out, i, rect->x, rect->y);

    for (int y = 0; y < rect->height >> (i != 0); y++, row += out->stride[i])
      mcu_blend_wash_row (row, values[i], alpha, (gsize) (rect->width >> (i != 0)));
  }
}

void
mcu_paint_copy (McuPicture *out, const McuPicture *from, int x, int y)
{
  gsize chroma = offset (out, 1, x, y);

  I420Copy (from->data[0], from->stride[0], from->data[1], from->stride[1], from->data[2],
            from->stride[2], out->data[0] + offset (out, 0, x, y), out->stride[0],
            out->data[1] + chroma, out->stride[1], out->data[2] + chroma, out->stride[2],
            from->width, from->height);
}

void
mcu_paint_copy_rect (McuPicture *out, const McuPicture *from, const McuRect *rect)
{
  if (rect->width <= 0 || rect->height <= 0)
    return;
  for (int i = 0; i < 3; i++)
    CopyPlane (from->data[i] + offset (from, i, rect->x, rect->y), from->stride[i],
               out->data[i] + offset (out, i, rect->x, rect->y), out->stride[i],
               rect->width >> (i != 0), rect->height >> (i != 0));
}

void
mcu_paint_fade (McuPicture *out, const McuPicture *from, const McuRect *rect, guint8 keep)
{
  for (int i = 0; i < 3; i++) {
    guint8 *row = out->data[i] + offset (out, i, rect->x, rect->y);
    const guint8 *other = from->data[i] + offset (from, i, rect->x, rect->y);

    for (int y = 0; y < rect->height >> (i != 0); y++) {
      mcu_blend_fade_row (row, other, keep, (gsize) (rect->width >> (i != 0)));
      row += out->stride[i];
      other += from->stride[i];
    }
  }
}
