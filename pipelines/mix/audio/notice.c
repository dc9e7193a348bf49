/* pipelines/mix/audio/notice.c - the tone that tells everybody that a recording begins; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/notice.h"

#include <math.h>

#define RATE_HZ 48000
/* A rising fourth; inside what narrow-band telephones pass on. */
#define FIRST_HZ 660
#define SECOND_HZ 880
#define FADE_SAMPLES 1920 /* 40 ms: no click */

static double
envelope (guint at)
{
  guint from_end = MIN (at, MCU_NOTICE_BEEP_SAMPLES - 1 - at);

  return from_end >= FADE_SAMPLES ? 1 : 0.5 - 0.5 * cos (G_PI * from_end / FADE_SAMPLES);
}

static gint32
sample_at (guint at)
{
  const guint second = MCU_NOTICE_BEEP_SAMPLES + MCU_NOTICE_GAP_SAMPLES;
  guint inside = at < second ? at : at - second;

  if (at >= MCU_NOTICE_SAMPLES || inside >= MCU_NOTICE_BEEP_SAMPLES)
    return 0;
  return lround (MCU_NOTICE_PEAK * envelope (inside) *
                 sin (2 * G_PI * (at < second ? FIRST_HZ : SECOND_HZ) * inside / RATE_HZ));
}

void
mcu_notice_add (gint32 *sum, guint from, guint n)
{
  for (guint i = 0; i < n; i++)
    sum[i] += sample_at (from + i);
}
