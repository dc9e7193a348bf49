/* layouts/transition.h - from one placement to the next, a little at a time.
 * From: layouts/placement.  To: the canvas.  SPDX-License-Identifier: Apache-2.0
 *
 * Tiles that are in both glide, slow at both ends; those that come fade in where they will be,
 * those that go fade out where they were. Rectangles are even at all times and inside whatever
 * holds both placements. */
#pragma once

#include "layouts/placement.h"

/** McuTransition: a plain value: copy it with =, nothing to free. */
typedef struct
{
  gint64 duration_ms;
  guint n_from;
  guint n_to;
  McuPlacement from[MCU_PLACEMENT_MAX_TILES];
  McuPlacement to[MCU_PLACEMENT_MAX_TILES];
  int from_of[MCU_PLACEMENT_MAX_TILES];    /* index in @from of each of @to; -1: arrives */
  gboolean stays[MCU_PLACEMENT_MAX_TILES]; /* whether each of @from is in @to */
} McuTransition;

/**
 * mcu_transition_init:
 * @self: (out):
 * @from: (array length=n_from): what is seen now; may come from mcu_transition_at() of one that is
 *   not done
 * @to: (array length=n_to): what is to be seen
 * @duration_ms: 0 or less is a cut
 *
 * More than MCU_PLACEMENT_MAX_TILES are not looked at. The time is that of the layout that is
 * changed to (its transition_ms).
 *
 * Thread: any, pure.
 */
void mcu_transition_init (McuTransition *self, const McuPlacement *from, guint n_from,
                          const McuPlacement *to, guint n_to, gint64 duration_ms);

/**
 * mcu_transition_at:
 * @elapsed_ms: since it began; below 0 is 0
 * @out: (array length=MCU_PLACEMENT_MAX_TILES): those that go come first, at the same z behind all
 *   others. When there is no room for all, those that go are left out, the last first
 *
 * From @duration_ms on, @out is @to, exactly. Before, nothing but rectangle, radius, border and
 * alpha is on its way; everything else is that of @to.
 *
 * Thread: any, pure.  Returns: how many of @out are set.
 */
guint mcu_transition_at (const McuTransition *self, gint64 elapsed_ms, McuPlacement *out);

/** mcu_transition_is_done: TRUE when nothing changes any more. Thread: any, pure. */
gboolean mcu_transition_is_done (const McuTransition *self, gint64 elapsed_ms);
