/* tests/bench/clock.h - the one clock of the load client.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <time.h>

#define MCU_LOAD_MS G_GINT64_CONSTANT (1000000)
#define MCU_LOAD_S G_GINT64_CONSTANT (1000000000)

/**
 * mcu_load_now_ns:
 *
 * Wall time, because the kernel stamps received datagrams with it (SO_TIMESTAMPNS); a run is short.
 *
 * Thread: any.  Returns: ns since the epoch.
 */
static inline gint64
mcu_load_now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return (gint64) now.tv_sec * MCU_LOAD_S + now.tv_nsec;
}
