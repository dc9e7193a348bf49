/* mcu/times.h - waiting times, which tests may shorten.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_times_ms:
 * @ms: as the contract or the design has it
 *
 * Every time-out of this folder passes through here. Thread: main.
 *
 * Returns: @ms, or less in a test; at least 1.
 */
guint mcu_times_ms (guint ms);

/** mcu_times_us: the same for differences of monotonic times. */
gint64 mcu_times_us (guint ms);

/** mcu_times_set_divisor_for_tests: from here on all times are so many times shorter. */
void mcu_times_set_divisor_for_tests (guint divisor);
