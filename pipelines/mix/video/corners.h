/* pipelines/mix/video/corners.h - the masks of round corners, by radius.
 * To: mix/video/edges.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuCorners: how much of each pixel in the four corners is inside. Never changes. */
typedef struct
{
  gatomicrefcount refs;
  int radius_px;
  int side_px; /* of the square that a corner lies in: the radius, made even */
  /* By plane (0 luma, 1 chroma, half as large both ways) and side (0 left, 1 right): 0..255, rows
   * from the tile's upper or lower edge inwards. */
  guint8 *masks[2][2];
} McuCorners;

/**
 * mcu_corners_new:
 * @radius_px: 0..4096
 *
 * Costs about the writing of its pixels: a root is taken only where the edge is.
 *
 * Thread: any.  Returns: (transfer full) (nullable): NULL for 0.
 */
McuCorners *mcu_corners_new (int radius_px);
/** mcu_corners_ref: Thread: any.  Returns: (transfer full): @self. */
McuCorners *mcu_corners_ref (McuCorners *self);
/** mcu_corners_unref: Thread: any. */
void mcu_corners_unref (McuCorners *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuCorners, mcu_corners_unref)
