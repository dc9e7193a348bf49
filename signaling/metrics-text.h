/* signaling/metrics-text.h - Prometheus' text format. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

typedef enum
{
  MCU_METRICS_TEXT_COUNTER,
  MCU_METRICS_TEXT_GAUGE,
  MCU_METRICS_TEXT_HISTOGRAM
} McuMetricsTextType;

/** McuMetricsText: a page of samples being written. */
typedef struct _McuMetricsText McuMetricsText;

McuMetricsText *mcu_metrics_text_new (void);

/**
 * mcu_metrics_text_add:
 * @name: the family; samples of one family come one after another, and get one HELP and TYPE
 * @suffix: "" or, of histograms, "_bucket", "_sum", "_count"
 * @labels: "" or what stands between the braces
 */
void mcu_metrics_text_add (McuMetricsText *self, const char *name, McuMetricsTextType type,
                           const char *help, const char *suffix, const char *labels, double value);

/** mcu_metrics_text_finish: (transfer full): frees @self and returns its text. */
char *mcu_metrics_text_finish (McuMetricsText *self);
