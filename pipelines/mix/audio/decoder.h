/* pipelines/mix/audio/decoder.h - one stream's payloads to 48 kHz mono.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/types.h"

G_BEGIN_DECLS

#define MCU_AUDIO_MAX_PACKET 5760 /* samples at 48 kHz: 120 ms, the longest of RFC 6716 */

/** McuAudioDecoder: decoder, and what it makes up for what is missing. */
typedef struct _McuAudioDecoder McuAudioDecoder;

/** mcu_audio_decoder_new: (nullable): NULL if @codec is not Opus, PCMU or PCMA. */
McuAudioDecoder *mcu_audio_decoder_new (McuCodec codec);
void mcu_audio_decoder_free (McuAudioDecoder *self);

/** mcu_audio_decoder_scale: 48 kHz samples per count of the codec's RTP clock: 1 or 6. */
guint mcu_audio_decoder_scale (const McuAudioDecoder *self);

/** mcu_audio_decoder_length: samples at 48 kHz in a payload; 0 when it is not valid. */
guint mcu_audio_decoder_length (const McuAudioDecoder *self, const guint8 *payload, gsize n);

/**
 * mcu_audio_decoder_decode:
 * @pcm: (out caller-allocates): MCU_AUDIO_MAX_PACKET samples
 *
 * Stereo becomes mono.  Returns: samples; what can't be decoded is concealed.
 */
guint mcu_audio_decoder_decode (McuAudioDecoder *self, const guint8 *payload, gsize n, gint16 *pcm);

/**
 * mcu_audio_decoder_recover:
 * @next: the payload after the missing sound
 * @n_samples: how much is missing right before it; at most the length of @next
 *
 * From in-band FEC where there is some, else concealed.
 */
void mcu_audio_decoder_recover (McuAudioDecoder *self, const guint8 *next, gsize n, gint16 *pcm,
                                guint n_samples);

/** mcu_audio_decoder_has_fec: whether the codec can carry the packet before in a packet. */
gboolean mcu_audio_decoder_has_fec (const McuAudioDecoder *self);

/**
 * mcu_audio_decoder_conceal:
 * @n_samples: a multiple of 120, at most MCU_AUDIO_MAX_PACKET
 *
 * What might have followed.
 */
void mcu_audio_decoder_conceal (McuAudioDecoder *self, gint16 *pcm, guint n_samples);

/** mcu_audio_decoder_reset: for another stream. */
void mcu_audio_decoder_reset (McuAudioDecoder *self);

G_END_DECLS
