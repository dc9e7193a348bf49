/* tests/bench/timecode.h - a frame number as a strip of black and white blocks in the picture.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* 10 bits of counter; 16 blocks in all: white, black, the counter, 4 bits of checksum. */
#define MCU_TIMECODE_N_CODES 1024

/** McuLoadRect: px, in the picture that is looked at. */
typedef struct
{
  int x, y, width, height;
} McuLoadRect;

/**
 * mcu_timecode_draw:
 * @luma: the Y plane, changed
 * @code: 0..MCU_TIMECODE_N_CODES-1
 *
 * Blocks are 1/16 of the width and 1/6 of the height, in the middle: big enough to survive being
 * scaled to a seventh and coded twice, and away from where names are drawn.
 */
void mcu_timecode_draw (guint8 *luma, int stride, int width, int height, guint code);

/**
 * mcu_timecode_read:
 * @tile: where the coded picture is; must lie inside the plane
 *
 * Returns: the code, or -1 when contrast, the first two blocks or the checksum are wrong.
 */
int mcu_timecode_read (const guint8 *luma, int stride, const McuLoadRect *tile);
