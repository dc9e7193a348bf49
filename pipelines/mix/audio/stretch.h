/* pipelines/mix/audio/stretch.h - 20 ms made of a little more, or a little less, sound.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MCU_STRETCH_MIN_LAG 96     /* 2 ms: the shortest period (500 Hz) */
#define MCU_STRETCH_MAX_CUT 720    /* 15 ms */
#define MCU_STRETCH_MAX_INSERT 480 /* 10 ms */
#define MCU_STRETCH_OVERLAP 480    /* 10 ms: what is compared, and cross-faded */

/**
 * mcu_stretch_find_lag:
 * @pcm: at least @max_lag + MCU_STRETCH_OVERLAP samples
 * @max_lag: MCU_STRETCH_MIN_LAG or more
 * @likeness: (out): normalised correlation at the lag found, -1..1; 1 for silence
 *
 * The shift at which the sound is most like itself: a multiple of the pitch.
 *
 * Pure.  Returns: the lag in samples.
 */
guint mcu_stretch_find_lag (const gint16 *pcm, guint max_lag, float *likeness);

/**
 * mcu_stretch_cut:
 * @in: n + @lag samples;  @out: n samples, n >= MCU_STRETCH_OVERLAP
 *
 * Leaves out @lag samples, fading from before to after the cut.  Pure.
 */
void mcu_stretch_cut (const gint16 *in, guint lag, gint16 *out, guint n);

/**
 * mcu_stretch_insert:
 * @in: n samples, of which n - @lag are used up;  @out: n samples
 * @lag: at most n - MCU_STRETCH_OVERLAP
 *
 * Plays the first @lag samples twice.  Pure.
 */
void mcu_stretch_insert (const gint16 *in, guint lag, gint16 *out, guint n);

G_END_DECLS
