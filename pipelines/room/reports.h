/* pipelines/room/reports.h - what the room notices by itself, and what it says when asked.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/room/room.h"

/* Source: docs/media-link.md, `levels`. */
#define MCU_REPORTS_INTERVAL_MS 100
/* A peer whose packets stop is noticed in 10 s. */
#define MCU_PEER_SILENT_US 10000000
/* As long as control gives one that is silent: 10 s and 20 s. */
#define MCU_PEER_CONNECT_US 30000000

/** McuReports: main loop only. */
typedef struct _McuReports McuReports;

/** mcu_reports_new: @room: (unowned): outlives it. Starts its timer. */
McuReports *mcu_reports_new (McuRoom *room);
void mcu_reports_free (McuReports *self);

/** mcu_reports_ping: (transfer full): members of the reply to `ping`; begins a new period. */
JsonObject *mcu_reports_ping (McuReports *self);
/** mcu_reports_stats: (transfer full): members of the reply to `stats`. */
JsonObject *mcu_reports_stats (McuReports *self);
