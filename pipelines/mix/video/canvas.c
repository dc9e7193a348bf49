/* pipelines/mix/video/canvas.c - newest pictures in, one composed picture out.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/canvas.h"

#include <libyuv.h>
#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/scene.h"

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
  McuYuv background;
  McuYuv placeholder;

  /* Main loop only. */
  McuScene *latest; /* (nullable): owned; what was placed last, seen or not */

  /* Main loop writes, the ticker takes: hold lock, for the pointer only. */
  GMutex lock;
  McuScene *pending; /* (nullable): owned */

  /* The ticker only. */
  McuScene *current; /* (nullable): owned */
  gboolean composed; /* at least once */
};

static void
fill (McuPicture *out, const McuRect *rect, McuYuv colour)
{
  I420Rect (out->data[0], out->stride[0], out->data[1], out->stride[1], out->data[2],
            out->stride[2], rect->x, rect->y, rect->width, rect->height, colour.y, colour.u,
            colour.v);
}

static void
copy (McuPicture *out, const McuPicture *from, int x, int y)
{
  gsize chroma = (gsize) (y / 2) * out->stride[1] + x / 2;

  I420Copy (from->data[0], from->stride[0], from->data[1], from->stride[1], from->data[2],
            from->stride[2], out->data[0] + (gsize) y * out->stride[0] + x, out->stride[0],
            out->data[1] + chroma, out->stride[1], out->data[2] + chroma, out->stride[2],
            from->width, from->height);
}

static void
draw_video (McuCanvas *self, McuPicture *out, const McuRect *rect, const McuPicture *from)
{
  int left = mcu_even_down ((rect->width - from->width) / 2);
  int top = mcu_even_down ((rect->height - from->height) / 2);

  g_assert (left >= 0 && top >= 0);
  if (left > 0 || top > 0 || from->width < rect->width || from->height < rect->height)
    fill (out, rect, self->background);
  copy (out, from, rect->x + left, rect->y + top);
}

static void
draw_placeholder (McuCanvas *self, McuPicture *out, const McuSceneTile *tile)
{
  const McuRect *rect = &tile->placement.rect;

  fill (out, rect, self->placeholder);
  if (tile->initials != NULL) {
    int size = mcu_overlay_get_width (tile->initials);

    mcu_overlay_blend (tile->initials, out, rect->x + mcu_even_down ((rect->width - size) / 2),
                       rect->y + mcu_even_down ((rect->height - size) / 2));
  }
}

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

/* What is to be shown on @tile now; picture owned, NULL for the placeholder. */
static McuSourceFrame
take_frame (McuSceneTile *tile, McuComposeInfo *info)
{
  McuSourceFrame frame = {0};

  if (tile->source == NULL || !tile->show_video)
    return frame;

  mcu_source_get (tile->source, &tile->size, &frame);
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
draw_tile (McuCanvas *self, McuPicture *out, McuSceneTile *tile, McuComposeInfo *info)
{
  const McuRect *rect = &tile->placement.rect;
  McuSourceFrame frame = take_frame (tile, info);

  if (frame.picture != NULL)
    draw_video (self, out, rect, frame.picture);
  else
    draw_placeholder (self, out, tile);
  if (tile->label != NULL)
    mcu_overlay_blend (tile->label, out, rect->x,
                       rect->y + rect->height - mcu_overlay_get_height (tile->label));
  g_clear_pointer (&frame.picture, mcu_picture_unref);
}

/* A frame that was seen in the old scene is not seen for the first time in the new one. */
static void
take_over_serials (McuScene *scene, const McuScene *old)
{
  for (guint i = 0; i < scene->n_tiles; i++)
    for (guint j = 0; j < old->n_tiles; j++)
      if (scene->tiles[i].source != NULL && scene->tiles[i].source == old->tiles[j].source) {
        scene->tiles[i].shown_serial = old->tiles[j].shown_serial;
        scene->tiles[i].was_shown = old->tiles[j].was_shown && old->tiles[j].show_video;
      }
}

static void
take_pending (McuCanvas *self, McuComposeInfo *info)
{
  g_autoptr (McuScene) scene = NULL;

  g_mutex_lock (&self->lock);
  scene = g_steal_pointer (&self->pending);
  g_mutex_unlock (&self->lock);
  if (scene == NULL)
    return;

  info->changed = TRUE;
  info->placed = self->current == NULL || self->current->seq != scene->seq;
  if (self->current != NULL)
    take_over_serials (scene, self->current);
  g_clear_pointer (&self->current, mcu_scene_unref);
  self->current = g_steal_pointer (&scene);
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
  self->background = mcu_colour_to_yuv (MCU_COLOUR_BACKGROUND);
  self->placeholder = mcu_colour_to_yuv (MCU_COLOUR_PLACEHOLDER);
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
mcu_canvas_place (McuCanvas *self, guint64 seq, const McuTile *tiles, gsize n, GError **error)
{
  if (n > MCU_PLACEMENT_MAX_TILES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                 "%" G_GSIZE_FORMAT " tiles are more than %d", n, MCU_PLACEMENT_MAX_TILES);
    return FALSE;
  }
  for (gsize i = 0; i < n; i++)
    if (!check_tile (self, &tiles[i], i, error))
      return FALSE;

  hand_over (self, mcu_scene_new (seq, tiles, n, self->width, self->height));
  return TRUE;
}

gboolean
mcu_canvas_set_decor (McuCanvas *self, const char *participant, McuVideo stream,
                      const McuDecor *decor)
{
  McuScene *scene;

  if (self->latest == NULL)
    return FALSE;
  scene = mcu_scene_new_with_decor (self->latest, participant, stream, decor, self->width,
                                    self->height);
  if (scene == NULL)
    return FALSE;

  hand_over (self, scene);
  return TRUE;
}

gboolean
mcu_canvas_has_news (McuCanvas *self)
{
  gboolean pending;

  g_mutex_lock (&self->lock);
  pending = self->pending != NULL;
  g_mutex_unlock (&self->lock);
  if (pending || !self->composed)
    return TRUE;

  for (guint i = 0; self->current != NULL && i < self->current->n_tiles; i++) {
    const McuSceneTile *tile = &self->current->tiles[i];

    if (tile->source != NULL && tile->show_video &&
        mcu_source_get_serial (tile->source, &tile->size) != tile->shown_serial)
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
mcu_canvas_compose (McuCanvas *self, McuPicture *out, McuComposeInfo *info)
{
  g_return_if_fail (out->width == self->width && out->height == self->height);

  memset (info, 0, sizeof *info);
  info->changed = !self->composed;
  self->composed = TRUE;
  take_pending (self, info);
  if (self->current == NULL) {
    mcu_picture_fill (out, self->background.y, self->background.u, self->background.v);
    return;
  }

  info->seq = self->current->seq;
  for (guint i = 0; i < self->current->gaps->len; i++)
    fill (out, &g_array_index (self->current->gaps, McuRect, i), self->background);
  for (guint i = 0; i < self->current->n_tiles; i++)
    draw_tile (self, out, &self->current->tiles[i], info);
}
