/* layouts/fraction.h - parts of a canvas, exact: three thirds are one, on any canvas.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* What a file's numbers are rounded to: a millionth of the largest canvas is 0.004 px. */
#define MCU_FRACTION_RESOLUTION 1000000

/**
 * McuFraction: @num / @den, >= 0; @den > 0.
 *
 * The numbers in "1/3" have at most four digits, so that sums of two, and what they are compared
 * with, stay far inside 64 bits.
 */
typedef struct
{
  gint64 num;
  gint64 den;
} McuFraction;

/* All pure. Thread: any. */

/** mcu_fraction_from_string: FALSE when @text is not as "1/3" is, or divides by 0. */
gboolean mcu_fraction_from_string (const char *text, McuFraction *out);
/** mcu_fraction_from_double: FALSE when @number is not within 0..1. */
gboolean mcu_fraction_from_double (double number, McuFraction *out);
/** mcu_fraction_add: the exact sum of two that were read. */
McuFraction mcu_fraction_add (const McuFraction *a, const McuFraction *b);
/** mcu_fraction_compare: < 0, 0, > 0. One of both may be a sum. */
int mcu_fraction_compare (const McuFraction *a, const McuFraction *b);
/** mcu_fraction_of_even: the even number nearest to @self of @length; @length 0..32767. */
int mcu_fraction_of_even (const McuFraction *self, int length);
