/* pipelines/mix/audio/encoder.h - one mix to one codec's payloads.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/types.h"

G_BEGIN_DECLS

#define MCU_AUDIO_MAX_PAYLOAD 1275 /* bytes: of one Opus frame (RFC 6716, 3.2.1) */

/** McuAudioEncoder: mixing thread only. */
typedef struct _McuAudioEncoder McuAudioEncoder;

/** mcu_audio_encoder_new: (nullable): NULL if @codec is not Opus, PCMU or PCMA. */
McuAudioEncoder *mcu_audio_encoder_new (McuCodec codec);
void mcu_audio_encoder_free (McuAudioEncoder *self); /* (nullable) */

/**
 * mcu_audio_encoder_encode:
 * @pcm: MCU_AUDIO_FRAME samples
 * @payload: (out caller-allocates): MCU_AUDIO_MAX_PAYLOAD bytes
 *
 * Returns: bytes; 0 on failure.
 */
gsize mcu_audio_encoder_encode (McuAudioEncoder *self, const gint16 *pcm, guint8 *payload);

/**
 * mcu_audio_encoder_prime:
 * @pcm: @n_frames frames, oldest first
 *
 * Forgets what was encoded and hears this instead, so that what is encoded next continues it.
 */
void mcu_audio_encoder_prime (McuAudioEncoder *self, const gint16 *pcm, guint n_frames);

G_END_DECLS
