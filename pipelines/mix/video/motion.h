/* pipelines/mix/video/motion.h - the way from one scene to the next, a little at a time.
 * From: mix/video/scene, layouts/transition.  To: mix/video/canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/transition.h"
#include "pipelines/mix/video/scene.h"

/** McuMotion: the ticker's. Zero is at rest. */
typedef struct
{
  gboolean is_on;
  gint64 started_us;
  McuTransition transition;
  McuYuv from_background;
  McuSceneTile *leaving[MCU_PLACEMENT_MAX_TILES]; /* owned; by index in transition.from, NULL for
                                                     those that stay */
} McuMotion;

/** McuMotionTile: one tile on the way. */
typedef struct
{
  McuSceneTile *tile; /* unowned */
  McuPlacement at;    /* where and how now; radius and border fit */
} McuMotionTile;

/* Thread: the ticker. */

/**
 * mcu_motion_start:
 * @from: (nullable): the scene that is shown, or was moved to
 * @to: the next one
 *
 * From where everything is at @now_us. At rest afterwards when there is nothing to move.
 */
void mcu_motion_start (McuMotion *self, const McuScene *from, const McuScene *to, gint64 now_us);

/** mcu_motion_stop: at rest; what left is let go. */
void mcu_motion_stop (McuMotion *self);

/** mcu_motion_is_done: TRUE at rest and at the end of the way: the scene is shown as it is. */
gboolean mcu_motion_is_done (const McuMotion *self, gint64 now_us);

/**
 * mcu_motion_at:
 * @to: the scene that is moved to, with whatever decor
 * @out: (out caller-allocates) (array length=MCU_PLACEMENT_MAX_TILES): back to front
 * @background: (out): the colour behind all
 *
 * Returns: how many of @out are set.
 */
guint mcu_motion_at (const McuMotion *self, const McuScene *to, gint64 now_us, McuMotionTile *out,
                     McuYuv *background);

/** mcu_motion_take_over: as mcu_scene_tile_take_over(), from all that leave. */
void mcu_motion_take_over (const McuMotion *self, McuSceneTile *tile);
