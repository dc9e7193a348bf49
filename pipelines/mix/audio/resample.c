/* pipelines/mix/audio/resample.c - 8 kHz to 48 kHz and back, by a polyphase FIR.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/resample.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#define FACTOR MCU_RESAMPLE_FACTOR
#define TAPS MCU_RESAMPLE_TAPS
#define PHASE_TAPS (TAPS / FACTOR)
#define CUTOFF_HZ 3850.0 /* half way down: between 3.2 kHz (speech) and 4.5 kHz (its mirror) */
#define KAISER_BETA 5.65 /* 60 dB (Kaiser's formula: 0.1102 (60 - 8.7)) */

static float taps[TAPS]; /* sum 1; written once */
static pthread_once_t taps_once = PTHREAD_ONCE_INIT;

static double
bessel_i0 (double x)
{
  double sum = 1, term = 1;

  for (int k = 1; k < 30; k++) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

static void
design_taps (void)
{
  double sum = 0;

  for (int i = 0; i < TAPS; i++) {
    double t = i - (TAPS - 1) / 2.0;
    double r = 2 * t / (TAPS - 1);
    double sinc = sin (2 * M_PI * CUTOFF_HZ / 48000 * t) / (M_PI * t); /* t is never 0: TAPS even */

    taps[i] = sinc * bessel_i0 (KAISER_BETA * sqrt (1 - r * r));
    sum += taps[i];
  }
  for (int i = 0; i < TAPS; i++)
    taps[i] /= sum;
}

static gint16
to_sample (float value)
{
  return lrintf (CLAMP (value, -32768.0f, 32767.0f));
}

void
mcu_resample_up (McuResampler *self, const gint16 *in, guint n, gint16 *out)
{
  float *past = self->past; /* only the first PHASE_TAPS are in use */

  pthread_once (&taps_once, design_taps);
  for (guint i = 0; i < n; i++) {
    memmove (past, past + 1, (PHASE_TAPS - 1) * sizeof *past);
    past[PHASE_TAPS - 1] = in[i];
    for (guint phase = 0; phase < FACTOR; phase++) {
      float sum = 0;

      for (guint k = 0; k < PHASE_TAPS; k++)
        sum += taps[phase + k * FACTOR] * past[PHASE_TAPS - 1 - k];
      out[i * FACTOR + phase] = to_sample (sum * FACTOR);
    }
  }
}

void
mcu_resample_down (McuResampler *self, const gint16 *in, guint n, gint16 *out)
{
  float *past = self->past;

  pthread_once (&taps_once, design_taps);
  for (guint i = 0; i < n; i++) {
    float sum = 0;

    memmove (past, past + FACTOR, (TAPS - FACTOR) * sizeof *past);
    for (guint k = 0; k < FACTOR; k++)
      past[TAPS - FACTOR + k] = in[i * FACTOR + k];
    for (guint k = 0; k < TAPS; k++) /* the filter is symmetric */
      sum += taps[k] * past[k];
    out[i] = to_sample (sum);
  }
}
