/* pipelines/mix/video/motion.c - the way from one scene to the next, a little at a time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/motion.h"

#include <string.h>

static gint64
elapsed_ms (const McuMotion *self, gint64 now_us)
{
  return (now_us - self->started_us) / 1000;
}

/* What is seen of @scene at rest. */
static guint
list_at_rest (const McuScene *scene, McuMotionTile *out)
{
  for (guint i = 0; i < scene->n_tiles; i++)
    out[i] = (McuMotionTile){scene->tiles[i], scene->tiles[i]->placement};
  return scene->n_tiles;
}

static gboolean
is_seen_already (const McuMotionTile *seen, guint n, const McuScene *to)
{
  if (n != to->n_tiles)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!mcu_placement_equal (&seen[i].at, &to->tiles[i]->placement))
      return FALSE;
  return TRUE;
}

static void
begin (McuMotion *self, const McuMotionTile *seen, guint n, const McuScene *to)
{
  McuPlacement from[MCU_PLACEMENT_MAX_TILES], target[MCU_PLACEMENT_MAX_TILES];

  for (guint i = 0; i < n; i++)
    from[i] = seen[i].at;
  for (guint i = 0; i < to->n_tiles; i++)
    target[i] = to->tiles[i]->placement;
  mcu_transition_init (&self->transition, from, n, target, to->n_tiles, to->how.transition_ms);
  self->is_on = TRUE;
  for (guint i = 0; i < n; i++)
    if (!self->transition.stays[i])
      self->leaving[i] = mcu_scene_tile_ref (seen[i].tile);
}

void
mcu_motion_start (McuMotion *self, const McuScene *from, const McuScene *to, gint64 now_us)
{
  McuMotionTile seen[MCU_PLACEMENT_MAX_TILES];
  McuMotion before = *self; /* holds on to what left until it is seen whether it leaves again */
  McuYuv background = from != NULL ? from->background : to->background;
  guint n = 0;

  if (from != NULL && !mcu_motion_is_done (self, now_us))
    n = mcu_motion_at (self, from, now_us, seen, &background);
  else if (from != NULL)
    n = list_at_rest (from, seen);

  memset (self, 0, sizeof *self);
  self->started_us = now_us;
  self->from_background = background;
  if (from != NULL && to->how.transition_ms > 0 &&
      (!is_seen_already (seen, n, to) ||
       memcmp (&background, &to->background, sizeof background) != 0))
    begin (self, seen, n, to);
  mcu_motion_stop (&before);
}

void
mcu_motion_stop (McuMotion *self)
{
  for (guint i = 0; self->is_on && i < self->transition.n_from; i++)
    g_clear_pointer (&self->leaving[i], mcu_scene_tile_unref);
  self->is_on = FALSE;
}

gboolean
mcu_motion_is_done (const McuMotion *self, gint64 now_us)
{
  return !self->is_on || mcu_transition_is_done (&self->transition, elapsed_ms (self, now_us));
}

/* Any of those that leave and show that picture: they differ in their place only. */
static McuSceneTile *
find_leaving (const McuMotion *self, const McuPlacement *at)
{
  for (guint i = 0; i < self->transition.n_from; i++)
    if (self->leaving[i] != NULL && mcu_placement_is_of (&self->leaving[i]->placement, at))
      return self->leaving[i];
  g_assert_not_reached ();
}

/* Stable: those that leave stay behind those at the same height. */
static void
sort_by_z (McuMotionTile *tiles, guint n)
{
  for (guint i = 1; i < n; i++) {
    McuMotionTile tile = tiles[i];
    guint at = i;

    if (tiles[i - 1].at.z <= tile.at.z)
      continue;
    for (; at > 0 && tiles[at - 1].at.z > tile.at.z; at--)
      tiles[at] = tiles[at - 1];
    tiles[at] = tile;
  }
}

static guint8
between (int from, int to, gint64 at, gint64 end)
{
  return (guint8) (from + (to - from) * CLAMP (at, 0, end) / MAX (end, 1));
}

guint
mcu_motion_at (const McuMotion *self, const McuScene *to, gint64 now_us, McuMotionTile *out,
               McuYuv *background)
{
  McuPlacement at[MCU_PLACEMENT_MAX_TILES];
  gint64 ms = elapsed_ms (self, now_us), end = self->transition.duration_ms;
  guint n = mcu_transition_at (&self->transition, ms, at);
  guint n_leaving = n - to->n_tiles;
  const McuYuv *was = &self->from_background, *is = &to->background;

  for (guint i = 0; i < n; i++) {
    out[i].tile = i < n_leaving ? find_leaving (self, &at[i]) : to->tiles[i - n_leaving];
    out[i].at = at[i];
    mcu_scene_tile_fit (&out[i].at);
  }
  sort_by_z (out, n);
  *background = (McuYuv){between (was->y, is->y, ms, end), between (was->u, is->u, ms, end),
                         between (was->v, is->v, ms, end)};
  return n;
}

void
mcu_motion_take_over (const McuMotion *self, McuSceneTile *tile)
{
  for (guint i = 0; self->is_on && i < self->transition.n_from; i++)
    if (self->leaving[i] != NULL)
      mcu_scene_tile_take_over (tile, self->leaving[i]);
}
