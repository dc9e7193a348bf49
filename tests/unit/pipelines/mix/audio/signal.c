/* tests/unit/pipelines/mix/audio/signal.c - sounds to test with, and what is in a sound.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signal.h"

#include <math.h>
#include <time.h>

#define RATE 48000

void
signal_add_tone (gint16 *pcm, guint n, guint64 from, double hz, double amplitude)
{
  for (guint i = 0; i < n; i++)
    pcm[i] += lrint (amplitude * sin (2 * M_PI * hz * ((from + i) % RATE) / RATE));
}

void
signal_speech (gint16 *pcm, guint n, guint64 from)
{
  for (guint i = 0; i < n; i++) {
    double t = (double) ((from + i) % (2 * RATE)) / RATE;
    double envelope = t < 1.5 ? sin (M_PI * t / 1.5) : 0;
    double phase = 2 * M_PI * (140 * t + 2 * sin (2 * M_PI * 1.5 * t));
    double value = 0;

    for (int k = 1; k <= 12; k++)
      value += sin (k * phase) / k;
    pcm[i] = lrint (6000 * envelope * value);
  }
}

double
signal_amplitude (const gint16 *pcm, guint n, double rate_hz, double hz)
{
  double w = 2 * M_PI * hz / rate_hz, c = 2 * cos (w), s0, s1 = 0, s2 = 0;

  for (guint i = 0; i < n; i++) {
    s0 = pcm[i] + c * s1 - s2;
    s2 = s1;
    s1 = s0;
  }
  return 2 * sqrt (s1 * s1 + s2 * s2 - c * s1 * s2) / n;
}

guint
signal_greatest_step (const gint16 *pcm, guint n)
{
  guint greatest = 0;

  for (guint i = 1; i < n; i++)
    greatest = MAX (greatest, (guint) ABS (pcm[i] - pcm[i - 1]));
  return greatest;
}

double
signal_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}
