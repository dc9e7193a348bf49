/* pipelines/mix/audio/encoder.c - one mix to one codec's payloads.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/encoder.h"

#include <opus.h>
#include <string.h>

#include "pipelines/mix/audio/g711.h"
#include "pipelines/mix/audio/mixer.h"
#include "pipelines/mix/audio/playout.h"
#include "pipelines/mix/audio/resample.h"

/* Measured: docs/audio.md, "What it costs". */
#define OPUS_COMPLEXITY 5
/* In-band FEC is made only when loss is expected; this is what it is made for. */
#define EXPECTED_LOSS_PERCENT 5
#define NARROW_FRAME (MCU_AUDIO_FRAME / MCU_RESAMPLE_FACTOR)

struct _McuAudioEncoder
{
  McuCodec codec;
  OpusEncoder *opus; /* (nullable) owned */
  McuResampler down; /* G.711 only */
};

static OpusEncoder *
new_opus (void)
{
  OpusEncoder *opus = opus_encoder_create (MCU_AUDIO_RATE, 1, OPUS_APPLICATION_VOIP, NULL);

  g_assert (opus != NULL); /* fails only without memory */
  opus_encoder_ctl (opus, OPUS_SET_BITRATE (MCU_AUDIO_OPUS_BITRATE_BPS));
  opus_encoder_ctl (opus, OPUS_SET_COMPLEXITY (OPUS_COMPLEXITY));
  opus_encoder_ctl (opus, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (opus, OPUS_SET_PACKET_LOSS_PERC (EXPECTED_LOSS_PERCENT));
  opus_encoder_ctl (opus, OPUS_SET_DTX (0));
  return opus;
}

McuAudioEncoder *
mcu_audio_encoder_new (McuCodec codec)
{
  if (codec != MCU_CODEC_OPUS && codec != MCU_CODEC_PCMU && codec != MCU_CODEC_PCMA)
    return NULL;

  McuAudioEncoder *self = g_new0 (McuAudioEncoder, 1);

  self->codec = codec;
  if (codec == MCU_CODEC_OPUS)
    self->opus = new_opus ();
  return self;
}

void
mcu_audio_encoder_free (McuAudioEncoder *self)
{
  if (self == NULL)
    return;
  if (self->opus != NULL)
    opus_encoder_destroy (self->opus);
  g_free (self);
}

gsize
mcu_audio_encoder_encode (McuAudioEncoder *self, const gint16 *pcm, guint8 *payload)
{
  if (self->codec == MCU_CODEC_OPUS) {
    /* Not inside a macro: MAX would encode the frame twice. */
    int bytes = opus_encode (self->opus, pcm, MCU_AUDIO_FRAME, payload, MCU_AUDIO_MAX_PAYLOAD);

    return MAX (bytes, 0);
  }

  gint16 narrow[NARROW_FRAME];

  mcu_resample_down (&self->down, pcm, NARROW_FRAME, narrow);
  for (guint i = 0; i < NARROW_FRAME; i++)
    payload[i] = self->codec == MCU_CODEC_PCMU ? mcu_g711_ulaw_encode (narrow[i])
                                               : mcu_g711_alaw_encode (narrow[i]);
  return NARROW_FRAME;
}

void
mcu_audio_encoder_prime (McuAudioEncoder *self, const gint16 *pcm, guint n_frames)
{
  guint8 unused[MCU_AUDIO_MAX_PAYLOAD];

  if (self->opus != NULL)
    opus_encoder_ctl (self->opus, OPUS_RESET_STATE);
  else if (n_frames > 1) { /* the filter remembers 3 ms */
    pcm += (gsize) (n_frames - 1) * MCU_AUDIO_FRAME;
    n_frames = 1;
  }
  for (guint i = 0; i < n_frames; i++)
    mcu_audio_encoder_encode (self, pcm + (gsize) i * MCU_AUDIO_FRAME, unused);
}
