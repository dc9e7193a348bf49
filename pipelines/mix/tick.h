/* pipelines/mix/tick.h - a thread that calls a function on an absolute schedule.
 * Used by: the canvas (frames) and the sound (20 ms).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** McuTick: one thread, one schedule. Opaque; not reference counted, its maker owns it. */
typedef struct _McuTick McuTick;

/**
 * McuTickFunc:
 * @user_data: as given
 * @tick_index: 0 for the first; counts the schedule, so a skipped tick leaves a hole
 * @scheduled_ns: CLOCK_MONOTONIC time this tick was due: use it as the frame's time
 * @now_ns: CLOCK_MONOTONIC time of the call, never before @scheduled_ns
 *
 * Thread: the tick's own. Must not call mcu_tick_stop () or mcu_tick_free ().
 */
typedef void (*McuTickFunc) (gpointer user_data, guint64 tick_index, gint64 scheduled_ns,
                             gint64 now_ns);

/* The most that a tick catches up; beyond that, what it would make is too old to be of use. */
#define MCU_TICK_MAX_CATCH_UP_MS 100

/** McuTickConfig: what a tick is made of; copied by mcu_tick_new (). */
typedef struct
{
  const char *name;  /* of the thread, as `top -H` shows it; the first 15 bytes are kept */
  guint rate_num;    /* ticks per ... */
  guint rate_den;    /* ... so many seconds: 30/1, 50/1, 30000/1001; 1/100 s to 1000/s */
  gint64 start_ns;   /* CLOCK_MONOTONIC time of tick 0; 0: now. One start for all = one phase */
  guint catch_up_ms; /* 0..MCU_TICK_MAX_CATCH_UP_MS: ticks missed by up to so much are called
                      * at once, one after another; when later than that, all missed ones are
                      * skipped. 0 (video): only the newest due tick is called. */
  McuTickFunc func;
  gpointer user_data; /* unowned: outlives the tick */
} McuTickConfig;

/** McuTickStats: what a tick did. */
typedef struct
{
  guint64 ticks;        /* calls, ever */
  guint64 late;         /* of them, begun more than half an interval late */
  guint64 skipped;      /* ticks never called, ever */
  gint64 worst_late_ns; /* greatest lateness since the last read */
  double busy;          /* 0..1: share of the time since the last read spent in @func */
} McuTickStats;

/**
 * mcu_tick_new:
 * @config: copied
 * @error: MCU_ERROR_BAD_REQUEST for a rate or catch-up out of range, MCU_ERROR_OVERLOADED when no
 *     thread can be made
 *
 * Starts the thread. Tick n is due at start + n * den / num seconds, computed from n and not from
 * the tick before: 30/1 does not drift.
 *
 * Thread: any.  Returns: (transfer full): free with mcu_tick_free ().
 */
McuTick *mcu_tick_new (const McuTickConfig *config, GError **error);

/**
 * mcu_tick_set_rate:
 *
 * The next tick already scheduled stays; those after it follow at the new rate. Out of range:
 * ignored.
 *
 * Thread: any, also from within the function.
 */
void mcu_tick_set_rate (McuTick *self, guint rate_num, guint rate_den);

/**
 * mcu_tick_stats:
 * @stats: (out)
 *
 * Reads, and begins a new period for @worst_late_ns and @busy: have one reader.
 *
 * Thread: any.
 */
void mcu_tick_stats (McuTick *self, McuTickStats *stats);

/**
 * mcu_tick_stop:
 *
 * Ends the thread and joins it; waits for a call under way, not for the next tick. After it the
 * function is not called any more. A second call does nothing.
 *
 * Thread: any but the tick's own.
 */
void mcu_tick_stop (McuTick *self);

/** mcu_tick_free: stops, then frees. @self: (nullable) (transfer full). */
void mcu_tick_free (McuTick *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuTick, mcu_tick_free)

G_END_DECLS
