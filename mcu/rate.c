/* mcu/rate.c - so many at once, then so many a second: a token bucket without a clock.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/rate.h"

void
mcu_rate_init (McuRate *self, double burst, double per_second, gint64 now_us)
{
  *self = (McuRate){.tokens = burst, .burst = burst, .per_second = per_second, .last_us = now_us};
}

gboolean
mcu_rate_take (McuRate *self, gint64 now_us)
{
  double passed_s = MAX (0, now_us - self->last_us) / 1e6;

  self->last_us = now_us;
  self->tokens = MIN (self->burst, self->tokens + passed_s * self->per_second);
  if (self->tokens < 1)
    return FALSE;
  self->tokens -= 1;
  return TRUE;
}
