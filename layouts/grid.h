/* layouts/grid.h - the automatic layout: everybody the same size, as large as possible.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/placement.h"

/* Canvas sides, px, that a grid of MCU_PLACEMENT_MAX_TILES still fits in. */
#define MCU_GRID_MIN_SIDE 32

/**
 * mcu_grid_place:
 * @n: how many people; more than MCU_PLACEMENT_MAX_TILES: only so many get a tile
 * @canvas_width: px, at least MCU_GRID_MIN_SIDE; an odd last column stays empty
 * @canvas_height: px, the same
 * @out: (array length=n): the tile of the i-th person
 *
 * 16:9 tiles in rows, the last row centred; one person has the whole canvas. Of all numbers of
 * columns the one with the largest tiles; among equals the one with fewer empty places, then the
 * one that follows the canvas's own shape. Tiles are made up to 15 % smaller in area when that
 * brings them to an exact ratio of a usual camera's size (see grid.c).
 *
 * The same arguments give the same result, and tile i is always person i's: seats are as stable as
 * the caller's order.
 *
 * Thread: any, pure.  Returns: how many of @out are set.
 */
guint mcu_grid_place (guint n, int canvas_width, int canvas_height, McuRect *out);

/**
 * mcu_grid_place_aspect:
 * @aspect_num: width of a tile's shape, 1..64
 * @aspect_den: height of a tile's shape, 1..64
 *
 * The same for people who are not 16:9 (4:3 cameras; 9:16 for a room of phones).
 */
guint mcu_grid_place_aspect (guint n, int canvas_width, int canvas_height, guint aspect_num,
                             guint aspect_den, McuRect *out);

/**
 * mcu_grid_place_in:
 * @rect: px, even
 * @gap: px between tiles, even, >= 0
 *
 * The same inside a part of the canvas; but one person keeps the shape too, so that somebody alone
 * in a narrow strip is not cut to a narrow strip.
 *
 * Returns: how many of @out are set: MIN (@n, MCU_PLACEMENT_MAX_TILES), or 0 when so many do not
 * fit at 2 x 2 px.
 */
guint mcu_grid_place_in (guint n, const McuRect *rect, int gap, guint aspect_num, guint aspect_den,
                         McuRect *out);
