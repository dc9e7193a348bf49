/* Tests pipelines/mix/tick.c. Times are judged by the schedule, which is exact, and only counted
 * where the machine has a say.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/tick.h"

#include <pthread.h>
#include <time.h>

#include "mcu/base/error.h"

#define MAX_CALLS 400
#define WATCHDOG_NS G_GINT64_CONSTANT (20000000000)

typedef struct
{
  pthread_mutex_t lock;
  pthread_cond_t changed;
  guint n;
  guint64 index[MAX_CALLS];
  gint64 scheduled_ns[MAX_CALLS], now_ns[MAX_CALLS];
  guint block_at; /* this call, from 1, takes block_ns */
  gint64 block_ns;
} Log;

static gint64
clock_ns (void)
{
  return g_get_monotonic_time () * 1000;
}

static void
on_tick (gpointer user_data, guint64 tick_index, gint64 scheduled_ns, gint64 now_ns)
{
  Log *log = user_data;

  pthread_mutex_lock (&log->lock);
  if (log->n < MAX_CALLS) {
    log->index[log->n] = tick_index;
    log->scheduled_ns[log->n] = scheduled_ns;
    log->now_ns[log->n++] = now_ns;
  }
  gboolean block = log->n == log->block_at;
  pthread_cond_signal (&log->changed);
  pthread_mutex_unlock (&log->lock);
  for (gint64 end = clock_ns () + log->block_ns; block && clock_ns () < end;)
    ; /* busy: this is the load */
}

static void
wait_for (Log *log, guint n)
{
  struct timespec until;

  clock_gettime (CLOCK_REALTIME, &until);
  until.tv_sec += 20;
  pthread_mutex_lock (&log->lock);
  while (log->n < n)
    g_assert_cmpint (pthread_cond_timedwait (&log->changed, &log->lock, &until), ==, 0);
  pthread_mutex_unlock (&log->lock);
}

static McuTick *
start (Log *log, guint num, guint den, gint64 start_ns, guint catch_up_ms)
{
  g_autoptr (GError) error = NULL;
  McuTick *tick = mcu_tick_new (
      &(McuTickConfig){"tick-test-long-name", num, den, start_ns, catch_up_ms, on_tick, log},
      &error);

  g_assert_no_error (error);
  return tick;
}

#define LOG_INIT                                                                                   \
  {                                                                                                \
    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                         \
  }

static void
test_tick__keeps_a_rational_schedule (void)
{
  Log log = LOG_INIT;
  gint64 begin_ns = clock_ns () + 5000000;
  g_autoptr (McuTick) tick = start (&log, 30000, 101, begin_ns, 100);

  wait_for (&log, 100);
  mcu_tick_stop (tick);
  for (guint i = 0; i < log.n; i++) {
    gint64 due = begin_ns + (gint64) ((__int128) log.index[i] * 101 * 1000000000 / 30000);

    g_assert_cmpint (log.scheduled_ns[i], ==, due);
    g_assert_cmpint (log.now_ns[i], >=, due);
    if (i > 0)
      g_assert_cmpuint (log.index[i], >, log.index[i - 1]);
  }
}

static void
test_tick__catches_up_what_is_a_little_late (void)
{
  Log log = LOG_INIT;
  McuTickStats stats;

  log.block_at = 5;
  log.block_ns = 40000000;
  g_autoptr (McuTick) tick = start (&log, 100, 1, 0, 100);
  wait_for (&log, 15);
  mcu_tick_stop (tick);
  mcu_tick_stats (tick, &stats);
  if (stats.skipped > 0) { /* the machine itself stood still for 100 ms */
    g_test_skip ("machine too busy");
    return;
  }
  for (guint i = 0; i < log.n; i++)
    g_assert_cmpuint (log.index[i], ==, i);
  g_assert_cmpuint (stats.late, >=, 3);
  g_assert_cmpint (stats.worst_late_ns, >=, 29000000);
  g_assert_cmpuint (stats.ticks, ==, log.n);
}

static void
test_tick__skips_what_is_too_late (void)
{
  Log log = LOG_INIT;
  McuTickStats stats;

  log.block_at = 5;
  log.block_ns = 250000000;
  g_autoptr (McuTick) tick = start (&log, 100, 1, 0, 100);
  wait_for (&log, 10);
  mcu_tick_stop (tick);
  mcu_tick_stats (tick, &stats);
  g_assert_cmpuint (stats.skipped, >=, 24);
  g_assert_cmpuint (log.index[5], >=, log.index[4] + 25);
  g_assert_cmpuint (log.index[log.n - 1] + 1, ==, stats.ticks + stats.skipped);
  /* It goes on with the newest tick that was due. */
  g_assert_cmpint (log.now_ns[5] - log.scheduled_ns[5], <, 10000000);
  mcu_tick_stats (tick, &stats);
  g_assert_cmpint (stats.worst_late_ns, ==, 0);
}

static void
test_tick__without_catch_up_only_the_newest (void)
{
  Log log = LOG_INIT;

  log.block_at = 3;
  log.block_ns = 35000000;
  g_autoptr (McuTick) tick = start (&log, 100, 1, 0, 0);
  wait_for (&log, 6);
  mcu_tick_stop (tick);
  g_assert_cmpuint (log.index[3], >=, log.index[2] + 3);
}

static void
test_tick__changes_its_rate (void)
{
  Log log = LOG_INIT;
  g_autoptr (McuTick) tick = start (&log, 100, 1, 0, 100);

  wait_for (&log, 5);
  mcu_tick_set_rate (tick, 200, 1);
  mcu_tick_set_rate (tick, 0, 1); /* ignored */
  pthread_mutex_lock (&log.lock);
  guint at = log.n;
  pthread_mutex_unlock (&log.lock);
  wait_for (&log, at + 20);
  mcu_tick_stop (tick);
  for (guint i = at + 2; i < at + 20; i++)
    g_assert_cmpint (log.scheduled_ns[i] - log.scheduled_ns[i - 1], ==,
                     (gint64) (log.index[i] - log.index[i - 1]) * 5000000);
}

static void
test_tick__stops_at_once (void)
{
  Log log = LOG_INIT;
  gint64 begin_ns = clock_ns ();
  g_autoptr (McuTick) tick = start (&log, 1, 90, 0, 0); /* the next is due in 90 s */

  wait_for (&log, 1);
  mcu_tick_stop (tick);
  mcu_tick_stop (tick);
  g_assert_cmpint (clock_ns () - begin_ns, <, WATCHDOG_NS);
  g_assert_cmpuint (log.n, ==, 1);
}

static void
test_tick__knows_its_load (void)
{
  Log log = LOG_INIT;
  McuTickStats stats;

  log.block_at = 2;
  log.block_ns = 100000000;
  g_autoptr (McuTick) tick = start (&log, 100, 1, 0, 0);
  wait_for (&log, 3);
  mcu_tick_stats (tick, &stats);
  g_assert_cmpfloat (stats.busy, >, .05);
  g_assert_cmpfloat (stats.busy, <=, 1);
}

static void
test_tick__refuses_bad_rates (void)
{
  static const guint rates[][2] = {{0, 1}, {1, 0}, {2000, 1}, {1, 101}, {0, 0}};

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (GError) error = NULL;
    McuTickConfig config = {"t", rates[i][0], rates[i][1], 0, 0, on_tick, NULL};

    g_assert_null (mcu_tick_new (&config, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/tick/" #name, test_tick__##name)
  ADD (keeps_a_rational_schedule);
  ADD (catches_up_what_is_a_little_late);
  ADD (skips_what_is_too_late);
  ADD (without_catch_up_only_the_newest);
  ADD (changes_its_rate);
  ADD (stops_at_once);
  ADD (knows_its_load);
  ADD (refuses_bad_rates);
  return g_test_run ();
}
