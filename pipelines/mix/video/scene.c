/* pipelines/mix/video/scene.c - a placement made ready to be drawn.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/scene.h"

#include <string.h>

#include "pipelines/mix/video/decor.h"

static void
prepare_tile (McuSceneTile *self, const McuTile *tile)
{
  const McuPlacement *placement = &tile->placement;
  const McuDecor *decor = &tile->decor;
  int width = placement->rect.width, height = placement->rect.height;

  self->placement = *placement;
  self->size = (McuSourceSize){width, height, placement->fit};
  self->show_video = decor->show_video;
  self->label_text = g_strdup (decor->label);
  self->muted = decor->muted;
  self->label = mcu_decor_label (decor->label, decor->muted, width, height);
  /* Also while there is video: when it ends there is no time to draw. */
  self->initials = mcu_decor_initials (placement->participant, decor->label, width, height);
  if (tile->source != NULL) {
    self->source = mcu_source_ref (tile->source);
    mcu_source_use (self->source, &self->size);
  }
}

static void
finish_tile (McuSceneTile *self)
{
  if (self->source != NULL) {
    mcu_source_unuse (self->source, &self->size);
    mcu_source_unref (self->source);
  }
  g_clear_pointer (&self->label, mcu_overlay_unref);
  g_clear_pointer (&self->initials, mcu_overlay_unref);
  g_free (self->label_text);
}

/* Stable: tiles at one height stay in the order given. */
static void
sort_by_z (const McuTile **order, gsize n)
{
  for (gsize i = 1; i < n; i++) {
    const McuTile *tile = order[i];
    gsize at = i;

    for (; at > 0 && order[at - 1]->placement.z > tile->placement.z; at--)
      order[at] = order[at - 1];
    order[at] = tile;
  }
}

static GArray *
find_gaps (const McuScene *self, int width, int height)
{
  GArray *gaps = g_array_new (FALSE, FALSE, sizeof (McuRect));
  McuRect all = {0, 0, width, height};

  g_array_append_val (gaps, all);
  for (guint i = 0; i < self->n_tiles; i++)
    mcu_rects_subtract (gaps, &self->tiles[i].placement.rect);
  return gaps;
}

McuScene *
mcu_scene_new (guint64 seq, const McuTile *tiles, gsize n, int width, int height)
{
  const McuTile *order[MCU_PLACEMENT_MAX_TILES];
  McuScene *self = g_new0 (McuScene, 1);

  g_assert (n <= MCU_PLACEMENT_MAX_TILES);
  g_atomic_ref_count_init (&self->refs);
  self->seq = seq;
  self->n_tiles = (guint) n;
  for (gsize i = 0; i < n; i++)
    order[i] = &tiles[i];
  sort_by_z (order, n);
  for (gsize i = 0; i < n; i++)
    prepare_tile (&self->tiles[i], order[i]);
  self->gaps = find_gaps (self, width, height);
  return self;
}

McuScene *
mcu_scene_new_with_decor (McuScene *self, const char *participant, McuVideo stream,
                          const McuDecor *decor, int width, int height)
{
  McuTile tiles[MCU_PLACEMENT_MAX_TILES];
  gboolean found = FALSE;

  for (guint i = 0; i < self->n_tiles; i++) {
    const McuSceneTile *tile = &self->tiles[i];
    McuDecor same = {tile->label_text, tile->muted, tile->show_video};
    gboolean is_it = tile->placement.stream == stream &&
                     strcmp (tile->placement.participant, participant) == 0;

    tiles[i] = (McuTile){tile->source, tile->placement, is_it ? *decor : same};
    found = found || is_it;
  }

  return found ? mcu_scene_new (self->seq, tiles, self->n_tiles, width, height) : NULL;
}

McuScene *
mcu_scene_ref (McuScene *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_scene_unref (McuScene *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  for (guint i = 0; i < self->n_tiles; i++)
    finish_tile (&self->tiles[i]);
  g_array_unref (self->gaps);
  g_free (self);
}
