/* pipelines/mix/video/marks.h - the small signs beside a name.
 * To: mix/video/decor.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>
#include <glib.h>

/** McuMarks: any of them, drawn in this order. */
typedef enum
{
  MCU_MARK_MUTED = 1 << 0,     /* a crossed-out microphone */
  MCU_MARK_HAND = 1 << 1,      /* a raised hand */
  MCU_MARK_PRESENTER = 1 << 2, /* a screen */
  MCU_MARK_BAD_LINK = 1 << 3   /* bars, one of them full */
} McuMarks;

/** mcu_marks_count: how many squares mcu_marks_draw() takes. */
int mcu_marks_count (McuMarks marks);

/**
 * mcu_marks_draw:
 * @left: px, of the first
 * @top: px
 * @size: px, of each square
 * @step: px, from one's left to the next one's
 */
void mcu_marks_draw (McuMarks marks, cairo_t *cr, double left, double top, double size,
                     double step);
