/* pipelines/output/latency.c - how long frames take through us: a histogram.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/latency.h"

const guint mcu_latency_bounds_ms[MCU_LATENCY_N_BUCKETS - 1] = {5,  10, 15, 20,  25, 35,
                                                                45, 60, 80, 150, 500};

void
mcu_latency_add (McuLatency *self, double ms)
{
  guint i = 0;

  while (i < MCU_LATENCY_N_BUCKETS - 1 && ms > mcu_latency_bounds_ms[i])
    i++;
  self->buckets[i]++;
  self->count++;
  self->sum_ms += ms;
}

void
mcu_latency_merge (McuLatency *self, const McuLatency *other)
{
  for (guint i = 0; i < MCU_LATENCY_N_BUCKETS; i++)
    self->buckets[i] += other->buckets[i];
  self->count += other->count;
  self->sum_ms += other->sum_ms;
}
