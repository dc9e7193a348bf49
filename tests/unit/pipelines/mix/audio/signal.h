/* tests/unit/pipelines/mix/audio/signal.h - sounds to test with, and what is in a sound.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* n samples of a tone at 48 kHz that begins at sample @from of it; added to what is there. */
void signal_add_tone (gint16 *pcm, guint n, guint64 from, double hz, double amplitude);

/* Speech-like: 1.5 s of a buzz that wanders about 140 Hz, then 0.5 s of nothing, and so on. */
void signal_speech (gint16 *pcm, guint n, guint64 from);

/* Amplitude of the tone @hz in @pcm (Goertzel). */
double signal_amplitude (const gint16 *pcm, guint n, double rate_hz, double hz);

/* The greatest step between neighbours: a click is one that the sound itself does not make. */
guint signal_greatest_step (const gint16 *pcm, guint n);

/* CPU time of this thread in us: what a piece costs, whatever else runs. */
double signal_cpu_us (void);
