/* pipelines/output/latency.h - how long frames take through us: a histogram.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Upper bounds of the buckets, ms; the last is infinite. Around the bars of docs/performance.md. */
#define MCU_LATENCY_N_BUCKETS 12
extern const guint mcu_latency_bounds_ms[MCU_LATENCY_N_BUCKETS - 1];

/** McuLatency: zero-initialised is empty. Guarded by its owner's lock. */
typedef struct
{
  guint64 buckets[MCU_LATENCY_N_BUCKETS]; /* not cumulative */
  guint64 count;
  double sum_ms;
} McuLatency;

/** mcu_latency_add: counts one frame. */
void mcu_latency_add (McuLatency *self, double ms);
/** mcu_latency_merge: counts all of @other's. */
void mcu_latency_merge (McuLatency *self, const McuLatency *other);
