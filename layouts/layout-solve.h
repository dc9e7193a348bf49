/* layouts/layout-solve.h - a layout and the people of a room: who is where in the picture.
 * From: layouts/layout, layouts/seats.  To: layouts/placement.  SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "layouts/layout.h"
#include "layouts/placement.h"
#include "layouts/seats.h"

/* Canvas sides, px: from the canvas's own limits. */
#define MCU_LAYOUT_MIN_SIDE 32
#define MCU_LAYOUT_MAX_SIDE 4096

/**
 * mcu_layout_solve:
 * @layout: what the picture is to look like
 * @canvas_width: px, MCU_LAYOUT_MIN_SIDE..MAX_SIDE; an odd last column stays empty
 * @canvas_height: px, the same; higher than wide is a portrait canvas
 * @people: (array length=n_people): in no matter what order; at most MCU_SEATING_MAX_PEOPLE are
 * seen
 * @now_ms: > 0, the clock of the people's last_spoke_ms
 * @seating: (inout): what the solve before left; all zero at first. It belongs to one canvas, and
 *   may be kept when the layout is changed: people then keep their order
 * @out: (array length=MCU_PLACEMENT_MAX_TILES): in the order of slots; all even, inside the canvas,
 *   and overlapping only where their z differs
 *
 * The same arguments give the same result. Solve again whenever anything in @people changed, and
 * at @seating->again_ms if that is not 0.
 *
 * With hide_without_video, people without video are left out, unless nobody has any. When an
 * arrangement has no slot for screens, shared screens take cells of its grids, before people.
 * Slots that come out smaller than 2 x 2 px are left out.
 *
 * Thread: any, pure.  Returns: how many of @out are set.
 */
guint mcu_layout_solve (const McuLayout *layout, int canvas_width, int canvas_height,
                        const McuLayoutPerson *people, guint n_people, gint64 now_ms,
                        McuSeating *seating, McuPlacement *out);
