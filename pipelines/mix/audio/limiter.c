/* pipelines/mix/audio/limiter.c - from the 32-bit sum to 16 bits, without clipping.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/limiter.h"

#include <math.h>

#define STEP 48             /* 1 ms: how often the gain is chosen */
#define RELEASE 0.01f       /* of the way back per step: about 100 ms */
#define TRANSPARENT 0.9995f /* from here on the gain is 1 */
#define HEADROOM (32767 - MCU_LIMITER_THRESHOLD)
/* Where the gain puts a peak: half way into the curve, so that a steady loud sum is turned down
 * rather than bent. */
#define WANTED_PEAK (MCU_LIMITER_THRESHOLD + HEADROOM / 2)

static gint32
peak_of (const gint32 *sum)
{
  gint32 peak = 0;

  for (guint i = 0; i < STEP; i++)
    peak = MAX (peak, ABS (sum[i]));
  return peak;
}

/* Straight up to the threshold, then towards full scale without reaching it. */
static gint16
bend (float value)
{
  float size = fabsf (value);

  if (size <= MCU_LIMITER_THRESHOLD)
    return lrintf (value);
  size = MCU_LIMITER_THRESHOLD + HEADROOM * tanhf ((size - MCU_LIMITER_THRESHOLD) / HEADROOM);
  return value < 0 ? -(gint16) size : (gint16) size;
}

static float
next_gain (float gain, gint32 peak)
{
  float wanted = peak > WANTED_PEAK ? (float) WANTED_PEAK / peak : 1.0f;

  if (wanted < gain)
    return wanted;
  gain += (wanted - gain) * RELEASE;
  return gain > TRANSPARENT ? 1.0f : gain;
}

gboolean
mcu_limiter_process (McuLimiter *self, const gint32 *sum, gint16 *out, guint n)
{
  gboolean changed = FALSE;

  for (guint at = 0; at + STEP <= n; at += STEP) {
    gint32 peak = peak_of (sum + at);
    float from = self->gain;
    float to = next_gain (from, peak);

    if (from >= 1.0f && to >= 1.0f && peak <= MCU_LIMITER_THRESHOLD) {
      for (guint i = at; i < at + STEP; i++)
        out[i] = sum[i];
      continue;
    }
    changed = TRUE;
    for (guint i = 0; i < STEP; i++)
      out[at + i] = bend (sum[at + i] * (from + (to - from) * (i + 1) / STEP));
    self->gain = to;
  }
  return changed;
}
