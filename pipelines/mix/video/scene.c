/* pipelines/mix/video/scene.c - a placement made ready to be drawn.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/scene.h"

#include <string.h>

/* Stable: tiles at one height stay in the order given. */
static void
sort_by_z (McuSceneTile **tiles, guint n)
{
  for (guint i = 1; i < n; i++) {
    McuSceneTile *tile = tiles[i];
    guint at = i;

    for (; at > 0 && tiles[at - 1]->placement.z > tile->placement.z; at--)
      tiles[at] = tiles[at - 1];
    tiles[at] = tile;
  }
}

/* What is behind @tile is seen in its corners, and through all of it when it is not opaque. */
static void
subtract_tile (GArray *gaps, const McuSceneTile *tile)
{
  const McuRect *rect = &tile->placement.rect;
  int side = tile->corners != NULL ? tile->corners->side_px : 0;
  McuRect wide = {rect->x, rect->y + side, rect->width, rect->height - 2 * side};
  McuRect high = {rect->x + side, rect->y, rect->width - 2 * side, rect->height};

  if (tile->placement.alpha < 255)
    return;
  if (wide.height > 0)
    mcu_rects_subtract (gaps, &wide);
  if (high.width > 0)
    mcu_rects_subtract (gaps, &high);
}

static GArray *
find_gaps (const McuScene *self, int width, int height)
{
  GArray *gaps = g_array_new (FALSE, FALSE, sizeof (McuRect));
  McuRect all = {0, 0, width, height};

  g_array_append_val (gaps, all);
  for (guint i = 0; i < self->n_tiles; i++)
    subtract_tile (gaps, self->tiles[i]);
  return gaps;
}

static McuScene *
new_scene (const McuPlace *how, guint64 generation)
{
  McuScene *self = g_new0 (McuScene, 1);

  g_atomic_ref_count_init (&self->refs);
  self->how = *how;
  if (how->elements != NULL)
    mcu_elements_ref (how->elements);
  self->how.transition_ms = MIN (how->transition_ms, MCU_CANVAS_MAX_TRANSITION_MS);
  self->generation = generation;
  self->background = (how->background_rgba & 255) != 0 ? mcu_colour_from_rgba (how->background_rgba)
                                                       : mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND);
  return self;
}

McuScene *
mcu_scene_new (const McuPlace *how, guint64 generation, const McuTile *tiles, gsize n, int width,
               int height)
{
  McuScene *self = new_scene (how, generation);

  g_assert (n <= MCU_PLACEMENT_MAX_TILES);
  self->n_tiles = (guint) n;
  for (guint i = 0; i < self->n_tiles; i++)
    self->tiles[i] = mcu_scene_tile_new (&tiles[i]);
  sort_by_z (self->tiles, self->n_tiles);
  self->gaps = find_gaps (self, width, height);
  return self;
}

static gboolean
same_decor (const McuDecor *a, const McuDecor *b)
{
  return g_strcmp0 (a->label, b->label) == 0 && !a->muted == !b->muted &&
         !a->show_video == !b->show_video && !a->speaking == !b->speaking &&
         !a->hand_raised == !b->hand_raised && !a->presenter == !b->presenter &&
         !a->bad_link == !b->bad_link && a->avatar == b->avatar;
}

gboolean
mcu_scene_has_decor (const McuScene *self, const char *participant, McuVideo stream,
                     const McuDecor *decor)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->n_tiles; i++) {
    if (!mcu_scene_tile_is_of (self->tiles[i], participant, stream))
      continue;
    if (!same_decor (&self->tiles[i]->decor, decor))
      return FALSE;
    found = TRUE;
  }
  return found;
}

McuScene *
mcu_scene_new_with_decor (McuScene *self, const char *participant, McuVideo stream,
                          const McuDecor *decor, int width, int height)
{
  McuScene *scene = new_scene (&self->how, self->generation);
  gboolean found = FALSE;

  scene->n_tiles = self->n_tiles;
  for (guint i = 0; i < self->n_tiles; i++) {
    McuSceneTile *tile = self->tiles[i];

    if (mcu_scene_tile_is_of (tile, participant, stream)) {
      McuTile changed = {tile->source, tile->placement, *decor};

      scene->tiles[i] = mcu_scene_tile_new (&changed);
      found = TRUE;
    } else {
      scene->tiles[i] = mcu_scene_tile_ref (tile);
    }
  }
  scene->gaps = find_gaps (scene, width, height);
  if (!found)
    g_clear_pointer (&scene, mcu_scene_unref);
  return scene;
}

McuScene *
mcu_scene_new_with_elements (McuScene *self, McuElements *elements, int width, int height)
{
  McuPlace how = self->how;
  McuScene *scene;

  how.elements = elements;
  scene = new_scene (&how, self->generation);
  scene->n_tiles = self->n_tiles;
  for (guint i = 0; i < self->n_tiles; i++)
    scene->tiles[i] = mcu_scene_tile_ref (self->tiles[i]);
  scene->gaps = find_gaps (scene, width, height);
  return scene;
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
    mcu_scene_tile_unref (self->tiles[i]);
  g_clear_pointer (&self->how.elements, mcu_elements_unref);
  g_array_unref (self->gaps);
  g_free (self);
}
