/* pipelines/mix/video/tile-drawing.c - one tile onto the canvas, where and as it is now.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/tile-drawing.h"

#include "pipelines/mix/video/decor.h"
#include "pipelines/mix/video/edges.h"
#include "pipelines/mix/video/paint.h"
#include "pipelines/mix/video/scale.h"

static gboolean
is_smaller (const McuRect *inner, const McuRect *outer)
{
  return inner->width < outer->width || inner->height < outer->height;
}

static void
draw_copy (McuTileDrawing *self, const McuRect *rect, const McuPicture *from)
{
  McuRect inner = {rect->x + mcu_even_down ((rect->width - from->width) / 2),
                   rect->y + mcu_even_down ((rect->height - from->height) / 2), from->width,
                   from->height};

  g_assert (inner.x >= rect->x && inner.y >= rect->y);
  if (is_smaller (&inner, rect))
    mcu_paint_fill (self->out, rect, self->background);
  mcu_paint_copy (self->out, from, inner.x, inner.y);
}

/* The strips that a contained picture leaves, after it was drawn. */
static void
fill_around (McuTileDrawing *self, const McuRect *rect, const McuRect *inner)
{
  int right = rect->x + rect->width, bottom = rect->y + rect->height;
  int inner_right = inner->x + inner->width, inner_bottom = inner->y + inner->height;
  const McuRect strips[] = {{rect->x, rect->y, rect->width, inner->y - rect->y},
                            {rect->x, inner_bottom, rect->width, bottom - inner_bottom},
                            {rect->x, inner->y, inner->x - rect->x, inner->height},
                            {inner_right, inner->y, right - inner_right, inner->height}};

  for (gsize i = 0; i < G_N_ELEMENTS (strips); i++)
    mcu_paint_fill (self->out, &strips[i], self->background);
}

static void
draw_scaled (McuTileDrawing *self, const McuPlacement *at, const McuPicture *from)
{
  McuRect inner = mcu_scale_into (from, at->fit, self->out, &at->rect);

  fill_around (self, &at->rect, &inner);
}

static void
draw_placeholder (McuTileDrawing *self, const McuSceneTile *tile, const McuRect *rect)
{
  int size = mcu_even_down (MIN (rect->width, rect->height) / 2);
  McuRect mark = {rect->x + mcu_even_down ((rect->width - size) / 2),
                  rect->y + mcu_even_down ((rect->height - size) / 2), size, size};

  mcu_paint_fill (self->out, rect, self->placeholder);
  if (tile->initials == NULL || size == 0)
    return;
  if (size == mcu_overlay_get_width (tile->initials))
    mcu_overlay_blend (tile->initials, self->out, mark.x, mark.y);
  else
    mcu_overlay_blend_sized (tile->initials, self->out, &mark);
}

static gboolean
is_at_top (McuLabelPosition position)
{
  return position == MCU_LABEL_TOP_LEFT || position == MCU_LABEL_TOP ||
         position == MCU_LABEL_TOP_RIGHT;
}

static int
label_x (const McuPlacement *at, int width, int margin)
{
  int inset = mcu_scene_tile_label_inset (at) + margin;
  int left = at->rect.x + inset, right = at->rect.x + at->rect.width - inset - width;

  if (at->label == MCU_LABEL_TOP || at->label == MCU_LABEL_BOTTOM)
    return at->rect.x + 2 * ((at->rect.width - width) / 4);
  return at->label == MCU_LABEL_TOP_RIGHT || at->label == MCU_LABEL_BOTTOM_RIGHT ? right : left;
}

static void
draw_label (McuTileDrawing *self, const McuSceneTile *tile, const McuPlacement *at)
{
  int height = mcu_overlay_get_height (tile->label);
  int margin = mcu_decor_label_margin (at->label_style, height);
  gboolean is_bar = at->label_style == MCU_LABEL_BAR;
  int inset = (is_bar ? at->border_px : mcu_scene_tile_label_inset (at)) + margin;
  int x = label_x (at, mcu_overlay_get_width (tile->label), margin);
  int y = is_at_top (at->label) ? at->rect.y + inset
                                : at->rect.y + at->rect.height - inset - height;
  McuRect bar = {at->rect.x + at->border_px, y, at->rect.width - 2 * at->border_px, height};

  if (is_bar && y >= at->rect.y && y + height <= at->rect.y + at->rect.height)
    mcu_paint_tint (self->out, &bar, mcu_colour_to_yuv (MCU_DECOR_BAR_RGB), MCU_DECOR_BAR_ALPHA);
  mcu_overlay_blend_within (tile->label, self->out, x, y, &at->rect);
}

static McuPicture *
get_behind (McuTileDrawing *self)
{
  if (self->behind == NULL)
    self->behind = mcu_picture_pool_take (self->pool, self->out->width, self->out->height);
  return self->behind;
}

/* (transfer full) (nullable): those that the tile has in the end, or new ones on the way. */
static McuCorners *
get_corners (McuCorners *final, int radius_px)
{
  if (final != NULL && final->radius_px == radius_px)
    return mcu_corners_ref (final);
  return mcu_corners_new (radius_px);
}

static void
draw_content (McuTileDrawing *self, const McuSceneTile *tile, const McuPlacement *at,
              const McuSourceFrame *frame)
{
  if (frame->picture == NULL)
    draw_placeholder (self, tile, &at->rect);
  else if (frame->is_scaled)
    draw_copy (self, &at->rect, frame->picture);
  else
    draw_scaled (self, at, frame->picture);
  if (tile->label != NULL)
    draw_label (self, tile, at);
}

static void
draw_border (McuTileDrawing *self, const McuSceneTile *tile, const McuPlacement *at)
{
  g_autoptr (McuCorners) inner = get_corners (tile->inner, at->radius_px - at->border_px);

  mcu_edges_border (self->out, &at->rect, at->border_px, inner, tile->border_rgba);
}

void
mcu_tile_draw (McuTileDrawing *self, const McuSceneTile *tile, const McuPlacement *at,
               const McuSourceFrame *frame)
{
  g_autoptr (McuCorners) corners = get_corners (tile->corners, at->radius_px);

  if (at->alpha == 0)
    return;
  if (at->alpha < 255)
    mcu_paint_copy_rect (get_behind (self), self->out, &at->rect);
  else if (corners != NULL)
    mcu_edges_save (get_behind (self), self->out, &at->rect, corners);

  draw_content (self, tile, at, frame);
  if (at->border_px > 0 && (tile->border_rgba & 255) != 0)
    draw_border (self, tile, at);
  if (corners != NULL)
    mcu_edges_round (self->out, self->behind, &at->rect, corners);
  if (at->alpha < 255)
    mcu_paint_fade (self->out, self->behind, &at->rect, at->alpha);
}

void
mcu_tile_drawing_clear (McuTileDrawing *self)
{
  g_clear_pointer (&self->behind, mcu_picture_unref);
}
