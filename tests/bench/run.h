/* tests/bench/run.h - one measurement: everybody joins in turn, warm-up, measuring, leaving.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/client.h"
#include "tests/bench/options.h"
#include "tests/bench/probe.h"

typedef struct _McuRun McuRun;

/** McuRunResult: what the report is made of; (transfer none) throughout. */
typedef struct
{
  double seconds;
  double cpu_s, probe_cpu_s; /* whole process, and the probe's thread in it */
  guint n;
  gboolean *is_receiver;       /* [n] */
  McuClientStats *stats;       /* [n]: of the measured time only */
  double *join_ms;             /* [n]: negative when there was no picture */
  const McuProbeResult *probe; /* (nullable) */
  GArray *layout_ms;           /* (nullable) (element-type double) */
  GPtrArray *failures;         /* (element-type utf8) */
} McuRunResult;

/** McuRunFunc: called when measuring begins (@result NULL) and when it has ended. */
typedef void (*McuRunFunc) (const McuRunResult *result, gpointer user_data);

/** mcu_run_new: (transfer full) (nullable): loads the material, making it when it is not there.
 * Free with mcu_run_free(). */
McuRun *mcu_run_new (const McuLoadOptions *options, McuRunFunc func, gpointer user_data,
                     GError **error);
/** mcu_run_run: until everything is over; bounded by the options' times. */
void mcu_run_run (McuRun *self);
void mcu_run_free (McuRun *self);
