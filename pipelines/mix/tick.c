/* pipelines/mix/tick.c - a thread that calls a function on an absolute schedule.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/tick.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "mcu/base/error.h"

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define MAX_RATE_PER_S 1000
#define MAX_PERIOD_S 100

/* pthread's own lock and condition, not GLib's: the condition waits by CLOCK_MONOTONIC until an
 * absolute time and can be woken by stop, and thread sanitizers see both. */
struct _McuTick
{
  /* Set once in new(), then read by the tick's thread. */
  char name[16];
  gint64 catch_up_ns;
  McuTickFunc func;
  gpointer user_data; /* unowned */

  /* Owner only. */
  pthread_t thread;
  gboolean joined;

  /* Any thread: hold lock. */
  pthread_mutex_t lock;
  pthread_cond_t wake; /* stopping */
  gboolean stopping;
  guint rate_num, rate_den;
  guint64 next;       /* index of the tick to call next */
  guint64 base_index; /* the schedule: due (base_index) = base_ns */
  gint64 base_ns;
  guint64 ticks, late, skipped;
  gint64 worst_late_ns, busy_ns, period_start_ns;
};

static gint64
clock_now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static gboolean
is_rate_valid (guint num, guint den)
{
  return num > 0 && den > 0 && num <= (guint64) den * MAX_RATE_PER_S &&
         den <= (guint64) num * MAX_PERIOD_S;
}

/* 128 bits: index * den * 1e9 leaves 64 bits after three days at 30000/1001. */
static gint64
due_ns (const McuTick *self, guint64 index)
{
  return self->base_ns + (gint64) ((__int128) (index - self->base_index) * self->rate_den *
                                   NS_PER_S / self->rate_num);
}

/* The newest index whose time has come; only called when next's has. */
static guint64
newest_due (const McuTick *self, gint64 now_ns)
{
  guint64 index = self->base_index + (guint64) ((__int128) (now_ns - self->base_ns) *
                                                self->rate_num / self->rate_den / NS_PER_S);

  while (due_ns (self, index + 1) <= now_ns)
    index++;
  while (index > self->next && due_ns (self, index) > now_ns)
    index--;
  return MAX (index, self->next);
}

/* Waits for the next tick's time, with the lock. FALSE: stop. */
static gboolean
wait_until_due (McuTick *self)
{
  while (!self->stopping) {
    gint64 due = due_ns (self, self->next);
    struct timespec until = {due / NS_PER_S, due % NS_PER_S};

    if (clock_now_ns () >= due)
      return TRUE;
    pthread_cond_timedwait (&self->wake, &self->lock, &until);
  }
  return FALSE;
}

static void
skip_what_is_too_late (McuTick *self, gint64 now_ns)
{
  guint64 newest = newest_due (self, now_ns);

  if (newest == self->next || now_ns - due_ns (self, self->next) <= self->catch_up_ns)
    return;
  self->skipped += newest - self->next;
  self->next = newest;
}

static void
count_call (McuTick *self, gint64 late_ns)
{
  self->ticks++;
  if (late_ns > NS_PER_S * self->rate_den / self->rate_num / 2)
    self->late++;
  self->worst_late_ns = MAX (self->worst_late_ns, late_ns);
}

static void *
run (void *data)
{
  McuTick *self = data;

  pthread_setname_np (pthread_self (), self->name);
  pthread_mutex_lock (&self->lock);
  while (wait_until_due (self)) {
    gint64 now_ns = clock_now_ns ();

    skip_what_is_too_late (self, now_ns);
    guint64 index = self->next++;
    gint64 scheduled_ns = due_ns (self, index);

    count_call (self, now_ns - scheduled_ns);
    pthread_mutex_unlock (&self->lock);
    self->func (self->user_data, index, scheduled_ns, now_ns);
    gint64 end_ns = clock_now_ns ();
    pthread_mutex_lock (&self->lock);
    self->busy_ns += end_ns - now_ns;
  }
  pthread_mutex_unlock (&self->lock);
  return NULL;
}

static void
init_locks (McuTick *self)
{
  pthread_condattr_t attr;

  pthread_mutex_init (&self->lock, NULL);
  pthread_condattr_init (&attr);
  pthread_condattr_setclock (&attr, CLOCK_MONOTONIC);
  pthread_cond_init (&self->wake, &attr);
  pthread_condattr_destroy (&attr);
}

McuTick *
mcu_tick_new (const McuTickConfig *config, GError **error)
{
  g_return_val_if_fail (config != NULL && config->func != NULL, NULL);

  if (!is_rate_valid (config->rate_num, config->rate_den) ||
      config->catch_up_ms > MCU_TICK_MAX_CATCH_UP_MS) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "tick: rate %u/%u, catch-up %u ms",
                 config->rate_num, config->rate_den, config->catch_up_ms);
    return NULL;
  }

  McuTick *self = g_new0 (McuTick, 1);

  g_strlcpy (self->name, config->name != NULL ? config->name : "tick", sizeof self->name);
  self->catch_up_ns = config->catch_up_ms * G_GINT64_CONSTANT (1000000);
  self->func = config->func;
  self->user_data = config->user_data;
  self->rate_num = config->rate_num;
  self->rate_den = config->rate_den;
  self->period_start_ns = clock_now_ns ();
  self->base_ns = config->start_ns != 0 ? config->start_ns : self->period_start_ns;
  init_locks (self);

  int failed = pthread_create (&self->thread, NULL, run, self);

  if (failed != 0) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "tick: no thread: %s",
                 g_strerror (failed));
    self->joined = TRUE;
    mcu_tick_free (self);
    return NULL;
  }
  return self;
}

void
mcu_tick_set_rate (McuTick *self, guint rate_num, guint rate_den)
{
  if (!is_rate_valid (rate_num, rate_den))
    return;
  pthread_mutex_lock (&self->lock);
  self->base_ns = due_ns (self, self->next);
  self->base_index = self->next;
  self->rate_num = rate_num;
  self->rate_den = rate_den;
  pthread_mutex_unlock (&self->lock);
}

void
mcu_tick_stats (McuTick *self, McuTickStats *stats)
{
  pthread_mutex_lock (&self->lock);
  gint64 now_ns = clock_now_ns ();
  gint64 period_ns = MAX (now_ns - self->period_start_ns, 1);

  stats->ticks = self->ticks;
  stats->late = self->late;
  stats->skipped = self->skipped;
  stats->worst_late_ns = self->worst_late_ns;
  stats->busy = MIN ((double) self->busy_ns / period_ns, 1.0);
  self->worst_late_ns = 0;
  self->busy_ns = 0;
  self->period_start_ns = now_ns;
  pthread_mutex_unlock (&self->lock);
}

void
mcu_tick_stop (McuTick *self)
{
  if (self->joined)
    return;
  pthread_mutex_lock (&self->lock);
  self->stopping = TRUE;
  pthread_cond_signal (&self->wake);
  pthread_mutex_unlock (&self->lock);
  pthread_join (self->thread, NULL);
  self->joined = TRUE;
}

void
mcu_tick_free (McuTick *self)
{
  if (self == NULL)
    return;
  mcu_tick_stop (self);
  pthread_cond_destroy (&self->wake);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}
