/* tests/bench/report.h - a run's result as one line of JSON, and whether it is good.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/run.h"

/** mcu_report_print: one JSON object on one line of standard output, `event`: `measured`. */
void mcu_report_print (const McuRunResult *result, const McuLoadOptions *options);
/** mcu_report_check: TRUE when everybody sent and received without damage; says on standard error
 * what did not hold. Conditions only: no times, for a test's machine may be busy. */
gboolean mcu_report_check (const McuRunResult *result, const McuLoadOptions *options);
