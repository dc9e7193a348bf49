/* mcu/recording-retention.h - which recordings are let go: by age, then by what all take. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/recording-info.h"

typedef struct
{
  gint64 max_age_us; /* since its end; 0: any */
  gint64 max_bytes;  /* of all; 0: any */
  gint64 now_us;     /* real time */
} McuRetention;

/**
 * mcu_recording_retention_choose:
 * @all: (element-type McuRecordingInfo): oldest end first
 * @bytes: one for each: what its folder takes
 *
 * One that is not over is never chosen, but counts.
 *
 * Returns: (transfer container) (element-type McuRecordingInfo): of @all.
 */
GPtrArray *mcu_recording_retention_choose (const McuRetention *limits, const GPtrArray *all,
                                           const gint64 *bytes);
