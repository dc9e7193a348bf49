/* pipelines/mix/video/scene.h - a placement made ready to be drawn: all text rendered, all sizes in
 * use.  From: the canvas's main-loop side.  To: its ticker side.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/overlay.h"

/** McuSceneTile: one tile, ready. */
typedef struct
{
  McuSource *source; /* (nullable): owned; its @size is in use as long as the scene lives */
  McuSourceSize size;
  McuPlacement placement;
  gboolean show_video;
  char *label_text; /* (nullable): as given */
  gboolean muted;
  McuOverlay *label;    /* (nullable): owned */
  McuOverlay *initials; /* (nullable): owned */

  /* The ticker only. */
  guint64 shown_serial; /* of the source's frame that was drawn last */
  gboolean was_shown;   /* the compose before drew this source's video, if it had any */
} McuSceneTile;

/**
 * McuScene:
 *
 * Does not change once it is made, but for what belongs to the ticker, so handing over a pointer
 * moves all tiles at once.
 */
typedef struct
{
  gatomicrefcount refs;
  guint64 seq;
  guint n_tiles;
  McuSceneTile tiles[MCU_PLACEMENT_MAX_TILES]; /* back to front */
  GArray *gaps;                                /* (element-type McuRect): what no tile covers */
} McuScene;

/**
 * mcu_scene_new:
 * @tiles: (array length=n): checked by the caller; at most MCU_PLACEMENT_MAX_TILES
 *
 * Renders text and makes scaled copies of what is new.
 *
 * Thread: main loop.  Returns: (transfer full)
 */
McuScene *mcu_scene_new (guint64 seq, const McuTile *tiles, gsize n, int width, int height);

/**
 * mcu_scene_new_with_decor:
 *
 * Thread: main loop.  Returns: (transfer full) (nullable): @self with another decor on one tile;
 * NULL when it has no such tile.
 */
McuScene *mcu_scene_new_with_decor (McuScene *self, const char *participant, McuVideo stream,
                                    const McuDecor *decor, int width, int height);

/** mcu_scene_ref: Thread: any.  Returns: (transfer full): @self. */
McuScene *mcu_scene_ref (McuScene *self);
/** mcu_scene_unref: Thread: any. The last one ends the use of the sizes. */
void mcu_scene_unref (McuScene *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuScene, mcu_scene_unref)
