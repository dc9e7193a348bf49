/* pipelines/mix/video/scene-tile.c - one tile made ready to be drawn.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/scene-tile.h"

#include <string.h>

#include "pipelines/mix/video/decor.h"

/* 1 - 1 / sqrt (2): where a round corner's middle is, in parts of its radius. */
#define ROUND_INSET(radius) ((radius) *3 / 10)

void
mcu_scene_tile_fit (McuPlacement *at)
{
  int half = MIN (at->rect.width, at->rect.height) / 2;

  at->radius_px = CLAMP (at->radius_px, 0, half);
  at->border_px = mcu_even_down (CLAMP (at->border_px, 0, half));
}

int
mcu_scene_tile_label_inset (const McuPlacement *at)
{
  return at->border_px + mcu_even_down (ROUND_INSET (at->radius_px));
}

static McuMarks
get_marks (const McuDecor *decor)
{
  return (decor->muted ? MCU_MARK_MUTED : 0) | (decor->hand_raised ? MCU_MARK_HAND : 0) |
         (decor->presenter ? MCU_MARK_PRESENTER : 0) | (decor->bad_link ? MCU_MARK_BAD_LINK : 0);
}

static void
draw_texts (McuSceneTile *self)
{
  const McuPlacement *at = &self->placement;
  int inset = mcu_scene_tile_label_inset (at);

  if (at->label != MCU_LABEL_NONE)
    self->label = mcu_decor_label (self->decor.label, get_marks (&self->decor), at->label_style,
                                   at->rect.width - 2 * inset, at->rect.height - 2 * inset);
  /* Also while there is video: when it ends there is no time to draw. */
  self->initials = mcu_decor_initials (at->participant, self->decor.label, self->decor.avatar,
                                       at->rect.width, at->rect.height);
}

static void
make_edges (McuSceneTile *self)
{
  const McuPlacement *at = &self->placement;

  self->border_rgba = self->decor.speaking ? at->speaking_rgba : at->border_rgba;
  self->corners = mcu_corners_new (at->radius_px);
  if (at->border_px > 0 && (self->border_rgba & 255) != 0)
    self->inner = mcu_corners_new (at->radius_px - at->border_px);
}

McuSceneTile *
mcu_scene_tile_new (const McuTile *tile)
{
  McuSceneTile *self = g_new0 (McuSceneTile, 1);

  g_atomic_ref_count_init (&self->refs);
  self->placement = tile->placement;
  mcu_scene_tile_fit (&self->placement);
  self->size = (McuSourceSize){tile->placement.rect.width, tile->placement.rect.height,
                               tile->placement.fit};
  self->decor = tile->decor;
  self->decor.label = g_strdup (tile->decor.label);
  if (self->decor.avatar != NULL)
    mcu_image_ref (self->decor.avatar);
  self->show_video = tile->decor.show_video && !tile->placement.placeholder;
  draw_texts (self);
  make_edges (self);
  if (tile->source != NULL) {
    self->source = mcu_source_ref (tile->source);
    mcu_source_use (self->source, &self->size);
  }
  return self;
}

McuSceneTile *
mcu_scene_tile_ref (McuSceneTile *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_scene_tile_unref (McuSceneTile *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  if (self->source != NULL) {
    mcu_source_unuse (self->source, &self->size);
    mcu_source_unref (self->source);
  }
  g_clear_pointer (&self->label, mcu_overlay_unref);
  g_clear_pointer (&self->initials, mcu_overlay_unref);
  g_clear_pointer (&self->corners, mcu_corners_unref);
  g_clear_pointer (&self->inner, mcu_corners_unref);
  g_free ((char *) self->decor.label);
  g_clear_pointer (&self->decor.avatar, mcu_image_unref);
  g_free (self);
}

gboolean
mcu_scene_tile_is_of (const McuSceneTile *self, const char *participant, McuVideo stream)
{
  return self->placement.stream == stream && strcmp (self->placement.participant, participant) == 0;
}

void
mcu_scene_tile_take_over (McuSceneTile *self, const McuSceneTile *old)
{
  if (self == old || self->source == NULL || self->source != old->source)
    return;
  self->shown_serial = old->shown_serial;
  self->was_shown = old->was_shown && old->show_video;
}
