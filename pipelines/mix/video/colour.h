/* pipelines/mix/video/colour.h - the canvas's own colours.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuRgb: 8 bits each, as on a screen. */
typedef struct
{
  guint8 r, g, b;
} McuRgb;

/** McuYuv: BT.601 limited range, as in McuPicture. */
typedef struct
{
  guint8 y, u, v;
} McuYuv;

/* Near-black, not black: a screen that is on. */
#define MCU_COLOUR_BACKGROUND ((McuRgb){18, 19, 22})
/* Behind initials: apart from the background, darker than any camera. */
#define MCU_COLOUR_PLACEHOLDER ((McuRgb){40, 43, 50})

/**
 * mcu_colour_to_yuv:
 *
 * Source: ITU-R BT.601-7, 2.5.1 and 2.5.3, in 1/65536.
 *
 * Thread: any, pure.
 */
McuYuv mcu_colour_to_yuv (McuRgb rgb);

/** mcu_colour_from_rgba: of 0xRRGGBBAA, without its alpha. Thread: any, pure. */
McuYuv mcu_colour_from_rgba (guint32 rgba);

/**
 * mcu_colour_for_id:
 * @id: a participant's id
 *
 * Thread: any, pure.  Returns: one of twelve colours that white letters are readable on; always the
 * same for the same id.
 */
McuRgb mcu_colour_for_id (const char *id);
