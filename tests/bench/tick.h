/* tests/bench/tick.h - ticks in the sound whose sending is known to the sample.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_TICK_RATE_HZ 48000
/* A tick every 250 ms; eight pitches in turn, so that delays up to 2 s are not ambiguous. */
#define MCU_TICK_EVERY_MS 250
#define MCU_TICK_FIRST_MS 105
#define MCU_TICK_N_PITCHES 8

/** mcu_tick_add: adds the sound of all ticks that touch @n samples from position @from_sample. */
void mcu_tick_add (gint16 *samples, gsize n, gsize from_sample);

typedef struct _McuTickDetector McuTickDetector;

/**
 * McuTickFunc:
 * @pitch: 0..MCU_TICK_N_PITCHES-1
 * @at: where it began: samples since the detector's first one. It is where the sound reaches half
 * of the tick's own peak: what codecs smear before a sharp onset, twice when it is coded twice, is
 * below.
 */
typedef void (*McuTickFunc) (guint pitch, gint64 at, gpointer user_data);

/** mcu_tick_detector_new: (transfer full): free with mcu_tick_detector_free(). */
McuTickDetector *mcu_tick_detector_new (McuTickFunc func, gpointer user_data);
void mcu_tick_detector_free (McuTickDetector *self);
/** mcu_tick_detector_feed: mono at 48 kHz, contiguous, at most 5760 samples at a time. */
void mcu_tick_detector_feed (McuTickDetector *self, const gint16 *samples, gsize n);
