/* pipelines/mix/audio/notice.h - the tone that tells everybody that a recording begins; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Two beeps of 200 ms with 120 ms between them, at the mixer's 48 kHz. */
#define MCU_NOTICE_BEEP_SAMPLES 9600
#define MCU_NOTICE_GAP_SAMPLES 5760
#define MCU_NOTICE_SAMPLES (2 * MCU_NOTICE_BEEP_SAMPLES + MCU_NOTICE_GAP_SAMPLES)
/* Softer than a voice (-26 dBov each), and never what makes the limiter work. */
#define MCU_NOTICE_PEAK 1640

/**
 * mcu_notice_add:
 * @from: the first of its samples that is added
 *
 * Adds to @n samples of @sum what the notice has for them.
 */
void mcu_notice_add (gint32 *sum, guint from, guint n);
