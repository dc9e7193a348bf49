/* mcu/metrics.h - what is counted, beyond the lives of rooms and their processes.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/server.h"

typedef struct _McuMetrics McuMetrics;

McuMetrics *mcu_metrics_new (void);
void mcu_metrics_free (McuMetrics *self);

/** mcu_metrics_count: adds to a counter. @labels: as in #McuMetricFunc. */
void mcu_metrics_count (McuMetrics *self, const char *name, const char *labels, double value);

/** mcu_metrics_set: sets a gauge. */
void mcu_metrics_set (McuMetrics *self, const char *name, const char *labels, double value);

/** mcu_metrics_join_ms: one more join, so long from its offer to its first mixed frame. */
void mcu_metrics_join_ms (McuMetrics *self, guint join_ms);

/** mcu_metrics_add_report: adds one process's `stats` (docs/media-link.md), all its life's figures.
 */
void mcu_metrics_add_report (McuMetrics *self, JsonObject *stats);

/** mcu_metrics_copy: (transfer full): for adding the living rooms' figures before a visit. */
McuMetrics *mcu_metrics_copy (McuMetrics *self);

/** mcu_metrics_visit: every sample, families in one piece. */
void mcu_metrics_visit (McuMetrics *self, McuMetricFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuMetrics, mcu_metrics_free)
