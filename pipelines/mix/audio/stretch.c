/* pipelines/mix/audio/stretch.c - 20 ms made of a little more, or a little less, sound.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/stretch.h"

#include <math.h>

#define COARSE 4 /* every 4th lag of every 4th sample first: 12 kHz is enough to find a pitch */

static float
likeness_at (const gint16 *pcm, guint lag, guint step)
{
  float product = 0, here = 0, there = 0;

  for (guint i = 0; i < MCU_STRETCH_OVERLAP; i += step) {
    float a = pcm[i], b = pcm[i + lag];

    product += a * b;
    here += a * a;
    there += b * b;
  }
  /* One count of noise per sample: silence is like any silence. */
  float noise = MCU_STRETCH_OVERLAP / step;

  return (product + noise) / sqrtf ((here + noise) * (there + noise));
}

guint
mcu_stretch_find_lag (const gint16 *pcm, guint max_lag, float *likeness)
{
  guint best = MCU_STRETCH_MIN_LAG;
  float best_likeness = -2;

  for (guint lag = MCU_STRETCH_MIN_LAG; lag <= max_lag; lag += COARSE) {
    float now = likeness_at (pcm, lag, COARSE);

    if (now > best_likeness) {
      best_likeness = now;
      best = lag;
    }
  }

  guint centre = best;

  best_likeness = -2;
  for (guint lag = MAX (centre - COARSE + 1, MCU_STRETCH_MIN_LAG);
       lag < centre + COARSE && lag <= max_lag; lag++) {
    float now = likeness_at (pcm, lag, 1);

    if (now > best_likeness) {
      best_likeness = now;
      best = lag;
    }
  }
  *likeness = best_likeness;
  return best;
}

static gint16
fade (gint16 from, gint16 to, guint i)
{
  return from + (gint32) (to - from) * (gint32) (i + 1) / (MCU_STRETCH_OVERLAP + 1);
}

void
mcu_stretch_cut (const gint16 *in, guint lag, gint16 *out, guint n)
{
  for (guint i = 0; i < MCU_STRETCH_OVERLAP; i++)
    out[i] = fade (in[i], in[i + lag], i);
  for (guint i = MCU_STRETCH_OVERLAP; i < n; i++)
    out[i] = in[i + lag];
}

void
mcu_stretch_insert (const gint16 *in, guint lag, gint16 *out, guint n)
{
  for (guint i = 0; i < lag; i++)
    out[i] = in[i];
  for (guint i = 0; i < MCU_STRETCH_OVERLAP; i++)
    out[lag + i] = fade (in[lag + i], in[i], i);
  for (guint i = lag + MCU_STRETCH_OVERLAP; i < n; i++)
    out[i] = in[i - lag];
}
