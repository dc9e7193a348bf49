/* pipelines/mix/video/scene-tile.h - one tile made ready to be drawn.
 * From: mix/video/scene.  To: mix/video/tile-drawing.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/corners.h"
#include "pipelines/mix/video/overlay.h"

/** McuSceneTile: what is drawn where, at the size it has in the end. */
typedef struct
{
  gatomicrefcount refs;
  McuSource *source; /* (nullable): owned; its @size is in use as long as the tile lives */
  McuSourceSize size;
  McuPlacement placement; /* radius and border fit the rectangle */
  gboolean show_video;
  McuDecor decor;       /* label and avatar owned */
  guint32 border_rgba;  /* of the two, the one that is shown; alpha 0: none */
  McuOverlay *label;    /* (nullable): owned */
  McuOverlay *initials; /* (nullable): owned */
  McuCorners *corners;  /* (nullable): owned; of the tile */
  McuCorners *inner;    /* (nullable): owned; of what the border is around */

  /* The ticker only. */
  guint64 shown_serial; /* of the source's frame that was drawn last */
  gboolean was_shown;   /* the compose before drew this source's video, if it had any */
} McuSceneTile;

/** mcu_scene_tile_new: Thread: main loop.  Returns: (transfer full) */
McuSceneTile *mcu_scene_tile_new (const McuTile *tile);
/** mcu_scene_tile_ref: Thread: any.  Returns: (transfer full): @self. */
McuSceneTile *mcu_scene_tile_ref (McuSceneTile *self);
/** mcu_scene_tile_unref: Thread: any. The last one ends the use of the size. */
void mcu_scene_tile_unref (McuSceneTile *self);

/** mcu_scene_tile_is_of: Thread: any.  Returns: TRUE when it shows that. */
gboolean mcu_scene_tile_is_of (const McuSceneTile *self, const char *participant, McuVideo stream);

/**
 * mcu_scene_tile_take_over:
 *
 * A frame that was seen in @old is not seen for the first time in @self.
 *
 * Thread: the ticker.
 */
void mcu_scene_tile_take_over (McuSceneTile *self, const McuSceneTile *old);

/** mcu_scene_tile_fit: makes radius and border of @at fit its rectangle. Thread: any, pure. */
void mcu_scene_tile_fit (McuPlacement *at);

/** mcu_scene_tile_label_inset: px, even: how far a label stays from the edges beside its margin,
 * for border and round corners. Thread: any, pure. */
int mcu_scene_tile_label_inset (const McuPlacement *at);
