/* tests/bench/tick.c - see tick.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/tick.h"

#include <math.h>
#include <string.h>

#define TICK_SAMPLES (MCU_TICK_RATE_HZ / 50)
#define EDGE_SAMPLES 48
#define AMPLITUDE 8000.0
/* Above what speech has much of (the material is low-passed), below where codecs cut. */
#define LOWEST_HZ 4000
#define PITCH_STEP_HZ 500

#define WINDOW (MCU_TICK_RATE_HZ / 200)
#define HOP (WINDOW / 4)
#define THRESHOLD (AMPLITUDE / 5)
#define REFRACTORY (MCU_TICK_RATE_HZ / 10)

/* Hops that are looked at after the first sign of a tick: its whole rise. */
#define N_RISE 16

struct _McuTickDetector
{
  McuTickFunc func;
  gpointer user_data;
  float window[WINDOW]; /* the last samples, oldest first */
  gsize until_hop;
  gsize quiet_for;
  gint64 fed;   /* samples */
  guint pitch;  /* of the tick that is rising */
  guint n_rise; /* 0: none is */
  double rise[N_RISE];
  gint64 rise_at; /* where the window of rise[0] began */
};

static double
pitch_hz (guint pitch)
{
  return LOWEST_HZ + PITCH_STEP_HZ * (double) pitch;
}

static double
edge_gain (gsize at)
{
  gsize from_end = TICK_SAMPLES - 1 - at;
  gsize nearest = MIN (at, from_end);

  return nearest >= EDGE_SAMPLES ? 1.0 : (double) nearest / EDGE_SAMPLES;
}

void
mcu_tick_add (gint16 *samples, gsize n, gsize from_sample)
{
  const gsize every = MCU_TICK_RATE_HZ / 1000 * MCU_TICK_EVERY_MS;
  const gsize first = MCU_TICK_RATE_HZ / 1000 * MCU_TICK_FIRST_MS;

  for (gsize i = 0; i < n; i++) {
    gsize at = from_sample + i;

    if (at < first || (at - first) % every >= TICK_SAMPLES)
      continue;
    gsize inside = (at - first) % every;
    double hz = pitch_hz ((at - first) / every % MCU_TICK_N_PITCHES);
    double wave = AMPLITUDE * edge_gain (inside) * sin (2 * G_PI * hz * inside / MCU_TICK_RATE_HZ);
    samples[i] = (gint16) CLAMP (samples[i] + wave, -32768, 32767);
  }
}

/* Goertzel: the amplitude of one frequency in the window. */
static double
amplitude_of (const float *window, double hz)
{
  double w = 2 * cos (2 * G_PI * hz / MCU_TICK_RATE_HZ), s1 = 0, s2 = 0;

  for (int i = 0; i < WINDOW; i++) {
    double s = window[i] + w * s1 - s2;

    s2 = s1;
    s1 = s;
  }
  return 2.0 / WINDOW * sqrt (MAX (0, s1 * s1 + s2 * s2 - w * s1 * s2));
}

static void
report (McuTickDetector *self)
{
  double peak = 0;
  gint64 first = 0;

  for (guint i = 0; i < N_RISE; i++)
    peak = MAX (peak, self->rise[i]);
  while (self->rise[first] < peak / 2)
    first++;
  self->n_rise = 0;
  self->func (self->pitch, self->rise_at + first * HOP, self->user_data);
}

static void
begin_rise (McuTickDetector *self)
{
  double best = 0;

  for (guint p = 0; p < MCU_TICK_N_PITCHES; p++) {
    double a = amplitude_of (self->window, pitch_hz (p));

    if (a > best) {
      best = a;
      self->pitch = p;
    }
  }
  if (best < THRESHOLD)
    return;
  self->quiet_for = 0;
  self->rise[0] = best;
  self->n_rise = 1;
  self->rise_at = self->fed - WINDOW;
}

static void
look (McuTickDetector *self)
{
  if (self->n_rise > 0) {
    self->rise[self->n_rise++] = amplitude_of (self->window, pitch_hz (self->pitch));
    if (self->n_rise == N_RISE)
      report (self);
  } else if (self->quiet_for >= REFRACTORY) {
    begin_rise (self);
  }
}

McuTickDetector *
mcu_tick_detector_new (McuTickFunc func, gpointer user_data)
{
  McuTickDetector *self = g_new0 (McuTickDetector, 1);

  self->func = func;
  self->user_data = user_data;
  self->until_hop = HOP;
  self->quiet_for = REFRACTORY;
  return self;
}

void
mcu_tick_detector_free (McuTickDetector *self)
{
  g_free (self);
}

void
mcu_tick_detector_feed (McuTickDetector *self, const gint16 *samples, gsize n)
{
  for (gsize done = 0; done < n;) {
    gsize now = MIN (self->until_hop, n - done);

    memmove (self->window, self->window + now, (WINDOW - now) * sizeof (float));
    for (gsize i = 0; i < now; i++)
      self->window[WINDOW - now + i] = samples[done + i];
    done += now;
    self->until_hop -= now;
    self->quiet_for += now;
    self->fed += (gint64) now;
    if (self->until_hop > 0)
      continue;
    self->until_hop = HOP;
    look (self);
  }
}
