/* pipelines/mix/video/canvas.c - newest pictures in, one composed picture out.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/canvas.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/motion.h"
#include "pipelines/mix/video/paint.h"
#include "pipelines/mix/video/scene.h"
#include "pipelines/mix/video/tile-drawing.h"

#define MIN_SIDE_PX 32
#define MAX_SIDE_PX 4096
/* One being composed, one in each of a few encoders. */
#define IDLE_PICTURES 6

struct _McuCanvas
{
  gatomicrefcount refs;

  /* Set once in new(), then read by any thread. */
  int width;
  int height;
  McuPicturePool *pool;

  /* Main loop only. */
  McuScene *latest;   /* (nullable): owned; what was placed last, seen or not */
  guint64 generation; /* of it */

  /* Main loop writes, the ticker takes: hold lock, for the pointer only. */
  GMutex lock;
  McuScene *pending; /* (nullable): owned */

  /* The ticker only. */
  McuScene *current; /* (nullable): owned */
  gboolean composed; /* at least once */
  McuMotion motion;  /* to current */
};

static void
note_first_shown (McuComposeInfo *info, gint64 arrival_us)
{
  info->arrival_us[info->n_first_shown++] = arrival_us;
  if (arrival_us == 0)
    return;
  info->newest_arrival_us = MAX (info->newest_arrival_us, arrival_us);
  if (info->oldest_arrival_us == 0 || arrival_us < info->oldest_arrival_us)
    info->oldest_arrival_us = arrival_us;
}

/* What is to be shown on @tile at @rect now; picture owned, NULL for the placeholder. */
static McuSourceFrame
take_frame (McuSceneTile *tile, const McuRect *rect, McuComposeInfo *info)
{
  McuSourceFrame frame = {0};
  gboolean is_behind = FALSE;

  if (tile->source == NULL || !tile->show_video)
    return frame;

  if (rect->width == tile->size.width && rect->height == tile->size.height)
    mcu_source_get (tile->source, &tile->size, &frame);
  else
    is_behind = TRUE;
  /* After a transition the scaled copy may be a frame behind what was seen on the way. */
  if (is_behind || frame.serial < tile->shown_serial) {
    g_clear_pointer (&frame.picture, mcu_picture_unref);
    mcu_source_get_newest (tile->source, &frame);
  }
  if (frame.serial != tile->shown_serial) {
    info->changed = TRUE;
    /* What waited for a placement, not for us, says nothing about our delay. */
    if (frame.picture != NULL && tile->was_shown)
      note_first_shown (info, frame.arrival_us);
  }
  tile->shown_serial = frame.serial;
  tile->was_shown = TRUE;
  return frame;
}

static void
draw_tile (McuTileDrawing *drawing, McuSceneTile *tile, const McuPlacement *at,
           McuComposeInfo *info)
{
  McuSourceFrame frame = take_frame (tile, &at->rect, info);

  mcu_tile_draw (drawing, tile, at, &frame);
  g_clear_pointer (&frame.picture, mcu_picture_unref);
}

/* A frame that was seen in the old scene is not seen for the first time in the new one. */
static void
take_over_serials (McuCanvas *self, McuScene *scene)
{
  for (guint i = 0; i < scene->n_tiles; i++) {
    for (guint j = 0; j < self->current->n_tiles; j++)
      mcu_scene_tile_take_over (scene->tiles[i], self->current->tiles[j]);
    mcu_motion_take_over (&self->motion, scene->tiles[i]);
  }
}

static void
take_pending (McuCanvas *self, gint64 now_us, McuComposeInfo *info)
{
  g_autoptr (McuScene) scene = NULL;

  g_mutex_lock (&self->lock);
  scene = g_steal_pointer (&self->pending);
  g_mutex_unlock (&self->lock);
  if (scene == NULL)
    return;

  info->changed = TRUE;
  info->placed = self->current == NULL || self->current->how.seq != scene->how.seq;
  if (self->current != NULL)
    take_over_serials (self, scene);
  /* Another decor moves nothing. */
  if (self->current == NULL || self->current->generation != scene->generation)
    mcu_motion_start (&self->motion, self->current, scene, now_us);
  g_clear_pointer (&self->current, mcu_scene_unref);
  self->current = g_steal_pointer (&scene);
}

static void
draw_at_rest (McuCanvas *self, McuTileDrawing *drawing, McuComposeInfo *info)
{
  McuScene *scene = self->current;
  McuRect all = {0, 0, self->width, self->height};

  drawing->background = scene->background;
  for (guint i = 0; i < scene->gaps->len; i++) {
    const McuRect *gap = &g_array_index (scene->gaps, McuRect, i);

    mcu_paint_fill (drawing->out, gap, scene->background);
    mcu_elements_blend (scene->how.elements, FALSE, drawing->out, gap);
  }
  for (guint i = 0; i < scene->n_tiles; i++)
    draw_tile (drawing, scene->tiles[i], &scene->tiles[i]->placement, info);
  mcu_elements_blend (scene->how.elements, TRUE, drawing->out, &all);
}

static void
draw_in_motion (McuCanvas *self, gint64 now_us, McuTileDrawing *drawing, McuComposeInfo *info)
{
  McuMotionTile tiles[MCU_PLACEMENT_MAX_TILES];
  guint n = mcu_motion_at (&self->motion, self->current, now_us, tiles, &drawing->background);
  const McuElements *elements = self->current->how.elements;
  McuRect all = {0, 0, self->width, self->height};

  mcu_picture_fill (drawing->out, drawing->background.y, drawing->background.u,
                    drawing->background.v);
  mcu_elements_blend (elements, FALSE, drawing->out, &all);
  for (guint i = 0; i < n; i++)
    draw_tile (drawing, tiles[i].tile, &tiles[i].at, info);
  mcu_elements_blend (elements, TRUE, drawing->out, &all);
}

/* Takes @scene. The ticker sees it as a whole at its next compose. */
static void
hand_over (McuCanvas *self, McuScene *scene)
{
  g_autoptr (McuScene) unseen = NULL;

  g_clear_pointer (&self->latest, mcu_scene_unref);
  self->latest = scene;
  g_mutex_lock (&self->lock);
  unseen = self->pending;
  self->pending = mcu_scene_ref (scene);
  g_mutex_unlock (&self->lock);
}

static gboolean
check_tile (McuCanvas *self, const McuTile *tile, gsize i, GError **error)
{
  const McuRect *rect = &tile->placement.rect;

  if (mcu_rect_is_even (rect) && mcu_rect_is_inside (rect, self->width, self->height))
    return TRUE;

  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
               "tile %" G_GSIZE_FORMAT ": %dx%d at %d,%d is odd or not inside %dx%d", i,
               rect->width, rect->height, rect->x, rect->y, self->width, self->height);
  return FALSE;
}

McuCanvas *
mcu_canvas_new (int width, int height)
{
  McuCanvas *self;

  g_return_val_if_fail (width >= MIN_SIDE_PX && width <= MAX_SIDE_PX && width % 2 == 0, NULL);
  g_return_val_if_fail (height >= MIN_SIDE_PX && height <= MAX_SIDE_PX && height % 2 == 0, NULL);

  self = g_new0 (McuCanvas, 1);
  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->width = width;
  self->height = height;
  self->pool = mcu_picture_pool_new (IDLE_PICTURES);
  return self;
}

McuCanvas *
mcu_canvas_ref (McuCanvas *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_canvas_unref (McuCanvas *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  mcu_motion_stop (&self->motion);
  g_clear_pointer (&self->latest, mcu_scene_unref);
  g_clear_pointer (&self->pending, mcu_scene_unref);
  g_clear_pointer (&self->current, mcu_scene_unref);
  mcu_picture_pool_unref (self->pool);
  g_mutex_clear (&self->lock);
  g_free (self);
}

int
mcu_canvas_get_width (McuCanvas *self)
{
  return self->width;
}

int
mcu_canvas_get_height (McuCanvas *self)
{
  return self->height;
}

gboolean
mcu_canvas_place (McuCanvas *self, const McuPlace *how, const McuTile *tiles, gsize n,
                  GError **error)
{
  if (n > MCU_PLACEMENT_MAX_TILES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                 "%" G_GSIZE_FORMAT " tiles are more than %d", n, MCU_PLACEMENT_MAX_TILES);
    return FALSE;
  }
  for (gsize i = 0; i < n; i++)
    if (!check_tile (self, &tiles[i], i, error))
      return FALSE;

  hand_over (self, mcu_scene_new (how, ++self->generation, tiles, n, self->width, self->height));
  return TRUE;
}

gboolean
mcu_canvas_set_decor (McuCanvas *self, const char *participant, McuVideo stream,
                      const McuDecor *decor)
{
  McuScene *scene;

  if (self->latest == NULL)
    return FALSE;
  if (mcu_scene_has_decor (self->latest, participant, stream, decor))
    return TRUE;
  scene = mcu_scene_new_with_decor (self->latest, participant, stream, decor, self->width,
                                    self->height);
  if (scene == NULL)
    return FALSE;

  hand_over (self, scene);
  return TRUE;
}

void
mcu_canvas_set_elements (McuCanvas *self, McuElements *elements)
{
  if (self->latest != NULL && self->latest->how.elements != elements)
    hand_over (self,
               mcu_scene_new_with_elements (self->latest, elements, self->width, self->height));
}

gboolean
mcu_canvas_has_news (McuCanvas *self)
{
  gboolean pending;

  g_mutex_lock (&self->lock);
  pending = self->pending != NULL;
  g_mutex_unlock (&self->lock);
  if (pending || !self->composed || self->motion.is_on)
    return TRUE;

  for (guint i = 0; self->current != NULL && i < self->current->n_tiles; i++) {
    const McuSceneTile *tile = self->current->tiles[i];

    /* Less: what was seen on the way was newer than the scaled copy. */
    if (tile->source != NULL && tile->show_video &&
        mcu_source_get_serial (tile->source, &tile->size) > tile->shown_serial)
      return TRUE;
  }
  return FALSE;
}

McuPicture *
mcu_canvas_new_picture (McuCanvas *self)
{
  return mcu_picture_pool_take (self->pool, self->width, self->height);
}

void
mcu_canvas_compose (McuCanvas *self, gint64 now_us, McuPicture *out, McuComposeInfo *info)
{
  McuTileDrawing drawing = {.out = out,
                            .pool = self->pool,
                            .background = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND),
                            .placeholder = mcu_colour_to_yuv (MCU_COLOUR_PLACEHOLDER)};

  g_return_if_fail (out->width == self->width && out->height == self->height);

  memset (info, 0, sizeof *info);
  info->changed = !self->composed || self->motion.is_on;
  self->composed = TRUE;
  take_pending (self, now_us, info);
  if (self->current == NULL) {
    mcu_picture_fill (out, drawing.background.y, drawing.background.u, drawing.background.v);
    return;
  }

  info->seq = self->current->how.seq;
  if (mcu_motion_is_done (&self->motion, now_us)) {
    mcu_motion_stop (&self->motion);
    draw_at_rest (self, &drawing, info);
  } else {
    draw_in_motion (self, now_us, &drawing, info);
  }
  mcu_tile_drawing_clear (&drawing);
}
