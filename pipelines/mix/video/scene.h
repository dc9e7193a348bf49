/* pipelines/mix/video/scene.h - a placement made ready to be drawn: all text rendered, all sizes in
 * use.  From: the canvas's main-loop side.  To: its ticker side.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/canvas.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/scene-tile.h"

/**
 * McuScene:
 *
 * Does not change once it is made, but for what belongs to the ticker, so handing over a pointer
 * moves all tiles at once.
 */
typedef struct
{
  gatomicrefcount refs;
  McuPlace how;       /* elements owned */
  guint64 generation; /* counts placements; the same for one with another decor */
  McuYuv background;
  guint n_tiles;
  McuSceneTile *tiles[MCU_PLACEMENT_MAX_TILES]; /* owned; back to front */
  GArray *gaps; /* (element-type McuRect): what no tile covers for certain */
} McuScene;

/**
 * mcu_scene_new:
 * @generation: greater than that of the one before
 * @tiles: (array length=n): checked by the caller; at most MCU_PLACEMENT_MAX_TILES
 *
 * Renders text and makes scaled copies of what is new.
 *
 * Thread: main loop.  Returns: (transfer full)
 */
McuScene *mcu_scene_new (const McuPlace *how, guint64 generation, const McuTile *tiles, gsize n,
                         int width, int height);

/** mcu_scene_has_decor: Thread: any.  Returns: FALSE when no such tile has that decor already. */
gboolean mcu_scene_has_decor (const McuScene *self, const char *participant, McuVideo stream,
                              const McuDecor *decor);

/**
 * mcu_scene_new_with_decor:
 *
 * Shares all other tiles with @self.
 *
 * Thread: main loop.  Returns: (transfer full) (nullable): @self with another decor on one tile;
 * NULL when it has no such tile.
 */
McuScene *mcu_scene_new_with_decor (McuScene *self, const char *participant, McuVideo stream,
                                    const McuDecor *decor, int width, int height);

/**
 * mcu_scene_new_with_elements:
 * @elements: (nullable) (transfer none)
 *
 * Shares all tiles with @self.
 *
 * Thread: main loop.  Returns: (transfer full)
 */
McuScene *mcu_scene_new_with_elements (McuScene *self, McuElements *elements, int width,
                                       int height);

/** mcu_scene_ref: Thread: any.  Returns: (transfer full): @self. */
McuScene *mcu_scene_ref (McuScene *self);
/** mcu_scene_unref: Thread: any. The last one ends the use of the sizes. */
void mcu_scene_unref (McuScene *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuScene, mcu_scene_unref)
