/* pipelines/mix/audio/resample.h - 8 kHz to 48 kHz and back, by a polyphase FIR.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MCU_RESAMPLE_FACTOR 6
/* Length of the filter at 48 kHz. 144 taps under a Kaiser window: flat to 3.2 kHz, -60 dB from
 * 4.5 kHz on, and 1.5 ms of delay. */
#define MCU_RESAMPLE_TAPS 144

/** McuResampler: one direction of one stream. All zeros is its initial state. */
typedef struct
{
  float past[MCU_RESAMPLE_TAPS]; /* newest last: of the input's rate */
} McuResampler;

/**
 * mcu_resample_up:
 * @in: n samples at 8 kHz;  @out: 6 n samples at 48 kHz
 *
 * Thread: any, one at a time for a resampler.
 */
void mcu_resample_up (McuResampler *self, const gint16 *in, guint n, gint16 *out);

/** mcu_resample_down: @in: 6 n samples at 48 kHz;  @out: n samples at 8 kHz. */
void mcu_resample_down (McuResampler *self, const gint16 *in, guint n, gint16 *out);

G_END_DECLS
