/* pipelines/mix/audio/limiter.h - from the 32-bit sum to 16 bits, without clipping.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* -3 dBFS: 32767 * 10^(-3/20). What stays below it leaves bit-exact. */
#define MCU_LIMITER_THRESHOLD 23197

/** McuLimiter: the state of one mix; begin with MCU_LIMITER_INIT. */
typedef struct
{
  float gain; /* at the end of the last frame; 1: transparent */
} McuLimiter;

#define MCU_LIMITER_INIT                                                                           \
  {                                                                                                \
    1.0f                                                                                           \
  }

/**
 * mcu_limiter_process:
 * @sum: n samples, any 32-bit values up to +-2^27
 * @out: n samples
 * @n: a multiple of 48 (1 ms)
 *
 * No look-ahead: the gain falls within the millisecond that is too loud and comes back over about
 * 100 ms; what is louder still while it falls is bent by a smooth curve.
 *
 * Thread: any, one at a time for a limiter.  Returns: TRUE if anything was changed.
 */
gboolean mcu_limiter_process (McuLimiter *self, const gint32 *sum, gint16 *out, guint n);

G_END_DECLS
