/* pipelines/mix/video/scale.c - one picture to one tile's size, the cheapest way that looks right.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/scale.h"

#include <libyuv.h>

#include "pipelines/mix/video/two-thirds.h"

/* Measured (docs/canvas.md): libyuv has short ways for exact 3/4, 1/2, 3/8 and 1/4 with its box
 * filter (0.003 to 0.012 ms for 640x360). At other ratios its box filter below 1/2 costs two to
 * three times its bilinear one, which below 1/2 skips pixels and shimmers. So what is more than
 * halved is halved exactly first, and the rest is bilinear: cheap, and no pixel is skipped. */

static McuPicture *
scale (McuPicture *from, int width, int height, McuPicturePool *pool)
{
  McuPicture *to = mcu_picture_pool_take (pool, width, height);

  if (mcu_two_thirds_fits (from, width, height)) {
    mcu_two_thirds_scale (from, to);
    return to;
  }
  I420Scale (from->data[0], from->stride[0], from->data[1], from->stride[1], from->data[2],
             from->stride[2], from->width, from->height, to->data[0], to->stride[0], to->data[1],
             to->stride[1], to->data[2], to->stride[2], width, height, kFilterBox);
  return to;
}

/* The chroma planes must halve exactly too, for the short way. */
static gboolean
can_halve (const McuPicture *from, int width, int height)
{
  return from->width % 4 == 0 && from->height % 4 == 0 && from->width / 2 > width &&
         from->height / 2 > height;
}

/* An exact 3/8 or 1/4 goes faster in one step. */
static gboolean
is_exact (const McuPicture *from, int width, int height)
{
  return (from->width == 4 * width && from->height == 4 * height) ||
         (3 * from->width == 8 * width && 3 * from->height == 8 * height);
}

McuPicture *
mcu_scale_to_tile (McuPicture *picture, int width, int height, McuFit fit, McuPicturePool *pool)
{
  g_autoptr (McuPicture) from = NULL;
  McuRect crop, inner;

  mcu_fit_place (fit, picture->width, picture->height, width, height, &crop, &inner);
  if (crop.width == picture->width && crop.height == picture->height)
    from = mcu_picture_ref (picture);
  else
    from = mcu_picture_new_view (picture, crop.x, crop.y, crop.width, crop.height);

  while (can_halve (from, inner.width, inner.height) &&
         !is_exact (from, inner.width, inner.height)) {
    McuPicture *half = scale (from, from->width / 2, from->height / 2, pool);

    mcu_picture_unref (from);
    from = half;
  }
  if (from->width == inner.width && from->height == inner.height)
    return g_steal_pointer (&from);

  return scale (from, inner.width, inner.height, pool);
}

McuRect
mcu_scale_into (const McuPicture *picture, McuFit fit, McuPicture *out, const McuRect *rect)
{
  McuRect crop, inner;
  gsize from[2], to[2];

  mcu_fit_place (fit, picture->width, picture->height, rect->width, rect->height, &crop, &inner);
  inner.x += rect->x;
  inner.y += rect->y;
  for (int i = 0; i < 2; i++) {
    from[i] = (gsize) (crop.y >> i) * picture->stride[i] + (crop.x >> i);
    to[i] = (gsize) (inner.y >> i) * out->stride[i] + (inner.x >> i);
  }
  I420Scale (picture->data[0] + from[0], picture->stride[0], picture->data[1] + from[1],
             picture->stride[1], picture->data[2] + from[1], picture->stride[2], crop.width,
             crop.height, out->data[0] + to[0], out->stride[0], out->data[1] + to[1],
             out->stride[1], out->data[2] + to[1], out->stride[2], inner.width, inner.height,
             kFilterBilinear);
  return inner;
}
