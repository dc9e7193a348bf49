/* pipelines/mix/video/edges.c - a tile's border and its round corners.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/edges.h"

#include "pipelines/mix/video/blend.h"
#include "pipelines/mix/video/paint.h"

/* Upper left, upper right, lower left, lower right. */
#define N_CORNERS 4

static gboolean
is_right (int corner)
{
  return corner & 1;
}

static gboolean
is_lower (int corner)
{
  return corner >> 1;
}

static McuRect
corner_box (const McuRect *rect, int corner, int side)
{
  McuRect box = {is_right (corner) ? rect->x + rect->width - side : rect->x,
                 is_lower (corner) ? rect->y + rect->height - side : rect->y, side, side};

  return box;
}

static const guint8 *
mask_row (const McuCorners *self, int corner, int shift, int y)
{
  int side = self->side_px >> shift;
  int line = is_lower (corner) ? side - 1 - y : y;

  return self->masks[shift][is_right (corner)] + (gsize) line * side;
}

void
mcu_edges_save (McuPicture *behind, const McuPicture *out, const McuRect *rect,
                const McuCorners *corners)
{
  for (int corner = 0; corner < N_CORNERS; corner++) {
    McuRect box = corner_box (rect, corner, corners->side_px);

    mcu_paint_copy_rect (behind, out, &box);
  }
}

void
mcu_edges_round (McuPicture *out, const McuPicture *behind, const McuRect *rect,
                 const McuCorners *corners)
{
  for (int corner = 0; corner < N_CORNERS; corner++)
    for (int plane = 0; plane < 3; plane++) {
      int shift = plane == 0 ? 0 : 1;
      McuRect box = corner_box (rect, corner, corners->side_px);

      for (int y = 0; y < box.height >> shift; y++) {
        gsize line = (gsize) ((box.y >> shift) + y);

        mcu_blend_mix_row (out->data[plane] + line * out->stride[plane] + (box.x >> shift),
                           behind->data[plane] + line * behind->stride[plane] + (box.x >> shift),
                           mask_row (corners, corner, shift, y), (gsize) (box.width >> shift));
      }
    }
}

static void
tint_corners (McuPicture *out, const McuRect *rect, const McuCorners *inner, McuYuv colour,
              guint8 alpha)
{
  const guint8 values[3] = {colour.y, colour.u, colour.v};

  for (int corner = 0; corner < N_CORNERS; corner++)
    for (int plane = 0; plane < 3; plane++) {
      int shift = plane == 0 ? 0 : 1;
      McuRect box = corner_box (rect, corner, inner->side_px);

      for (int y = 0; y < box.height >> shift; y++) {
        gsize line = (gsize) ((box.y >> shift) + y);

        mcu_blend_tint_row (out->data[plane] + line * out->stride[plane] + (box.x >> shift),
                            values[plane], mask_row (inner, corner, shift, y), alpha,
                            (gsize) (box.width >> shift));
      }
    }
}

void
mcu_edges_border (McuPicture *out, const McuRect *rect, int border_px, const McuCorners *inner,
                  guint32 rgba)
{
  McuRect hole = {rect->x + border_px, rect->y + border_px, rect->width - 2 * border_px,
                  rect->height - 2 * border_px};
  const McuRect strips[] = {{rect->x, rect->y, rect->width, border_px},
                            {rect->x, hole.y + hole.height, rect->width, border_px},
                            {rect->x, hole.y, border_px, hole.height},
                            {hole.x + hole.width, hole.y, border_px, hole.height}};
  McuYuv colour = mcu_colour_from_rgba (rgba);
  guint8 alpha = (guint8) rgba;

  for (gsize i = 0; i < G_N_ELEMENTS (strips); i++)
    mcu_paint_tint (out, &strips[i], colour, alpha);
  if (inner != NULL)
    tint_corners (out, &hole, inner, colour, alpha);
}
