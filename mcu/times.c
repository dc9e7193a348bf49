/* mcu/times.c - waiting times, which tests may shorten.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/times.h"

static guint times_divisor = 1;

guint
mcu_times_ms (guint ms)
{
  return MAX (1, ms / times_divisor);
}

gint64
mcu_times_us (guint ms)
{
  return (gint64) ms * 1000 / times_divisor;
}

void
mcu_times_set_divisor_for_tests (guint divisor)
{
  times_divisor = MAX (1, divisor);
}
