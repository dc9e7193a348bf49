/* mcu/rate.h - so many at once, then so many a second: a token bucket without a clock.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuRate: a plain value. Thread: any, one at a time. */
typedef struct
{
  double tokens;
  double burst;
  double per_second;
  gint64 last_us;
} McuRate;

/** mcu_rate_init: starts full. */
void mcu_rate_init (McuRate *self, double burst, double per_second, gint64 now_us);
/** mcu_rate_take: FALSE when it is too much. */
gboolean mcu_rate_take (McuRate *self, gint64 now_us);
