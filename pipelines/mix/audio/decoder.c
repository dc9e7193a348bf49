/* pipelines/mix/audio/decoder.c - one stream's payloads to 48 kHz mono.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/decoder.h"

#include <opus.h>
#include <string.h>

#include "pipelines/mix/audio/g711.h"
#include "pipelines/mix/audio/resample.h"
#include "pipelines/mix/audio/stretch.h"

#define MAX_G711_PAYLOAD (MCU_AUDIO_MAX_PACKET / MCU_RESAMPLE_FACTOR)
#define MAX_OPUS_PAYLOAD 7657 /* bytes: six frames of 1275 and their lengths (RFC 6716, 3.2.5) */
#define HISTORY (MCU_STRETCH_MAX_CUT + MCU_STRETCH_OVERLAP) /* to find a pitch in */
#define JOIN_SAMPLES 240                                    /* 5 ms */
#define CONCEAL_FADE_SAMPLES (48 * 60) /* G.711's own concealment is silent after 60 ms */

struct _McuAudioDecoder
{
  McuCodec codec;
  OpusDecoder *opus; /* (nullable) owned */

  /* G.711 only. */
  McuResampler up;
  gint16 history[HISTORY]; /* newest last */
  guint period;            /* repeated while concealing; 0: not concealing */
  guint concealed;         /* samples since the last real one */
};

McuAudioDecoder *
mcu_audio_decoder_new (McuCodec codec)
{
  if (codec != MCU_CODEC_OPUS && codec != MCU_CODEC_PCMU && codec != MCU_CODEC_PCMA)
    return NULL;

  McuAudioDecoder *self = g_new0 (McuAudioDecoder, 1);

  self->codec = codec;
  if (codec == MCU_CODEC_OPUS) {
    self->opus = opus_decoder_create (48000, 1, NULL);
    g_assert (self->opus != NULL); /* fails only without memory */
  }
  return self;
}

void
mcu_audio_decoder_free (McuAudioDecoder *self)
{
  if (self->opus != NULL)
    opus_decoder_destroy (self->opus);
  g_free (self);
}

guint
mcu_audio_decoder_scale (const McuAudioDecoder *self)
{
  return self->codec == MCU_CODEC_OPUS ? 1 : MCU_RESAMPLE_FACTOR;
}

gboolean
mcu_audio_decoder_has_fec (const McuAudioDecoder *self)
{
  return self->codec == MCU_CODEC_OPUS;
}

guint
mcu_audio_decoder_length (const McuAudioDecoder *self, const guint8 *payload, gsize n)
{
  if (n == 0 || n > MAX_OPUS_PAYLOAD)
    return 0;
  if (self->codec != MCU_CODEC_OPUS)
    return n <= MAX_G711_PAYLOAD ? n * MCU_RESAMPLE_FACTOR : 0;

  int samples = opus_packet_get_nb_samples (payload, n, 48000);

  return samples > 0 && samples <= MCU_AUDIO_MAX_PACKET ? samples : 0;
}

static void
remember (McuAudioDecoder *self, const gint16 *pcm, guint n)
{
  guint keep = MIN (n, HISTORY);

  memmove (self->history, self->history + keep, (HISTORY - keep) * sizeof (gint16));
  memcpy (self->history + HISTORY - keep, pcm + n - keep, keep * sizeof (gint16));
}

/* The pitch of the newest sound: the search begins at its end. */
static guint
find_period (const McuAudioDecoder *self)
{
  gint16 backwards[HISTORY];
  float likeness;

  for (guint i = 0; i < HISTORY; i++)
    backwards[i] = self->history[HISTORY - 1 - i];
  return mcu_stretch_find_lag (backwards, MCU_STRETCH_MAX_CUT, &likeness);
}

/* The last period again and again, fading. */
static void
conceal_g711 (McuAudioDecoder *self, gint16 *pcm, guint n)
{
  if (self->period == 0)
    self->period = find_period (self);
  for (guint i = 0; i < n; i++, self->concealed++) {
    gint32 from = self->history[HISTORY - self->period + self->concealed % self->period];
    gint32 left = CONCEAL_FADE_SAMPLES - (gint32) MIN (self->concealed, CONCEAL_FADE_SAMPLES);

    pcm[i] = from * left / CONCEAL_FADE_SAMPLES;
  }
}

/* Fades from what was made up into what has come. */
static void
join_g711 (McuAudioDecoder *self, gint16 *pcm, guint n)
{
  gint16 made_up[JOIN_SAMPLES];

  n = MIN (n, JOIN_SAMPLES);
  conceal_g711 (self, made_up, n);
  for (guint i = 0; i < n; i++)
    pcm[i] = made_up[i] + (gint32) (pcm[i] - made_up[i]) * (gint32) (i + 1) / (gint32) (n + 1);
}

static guint
decode_g711 (McuAudioDecoder *self, const guint8 *payload, gsize n, gint16 *pcm)
{
  gint16 narrow[MAX_G711_PAYLOAD];
  guint length = n * MCU_RESAMPLE_FACTOR;

  for (gsize i = 0; i < n; i++)
    narrow[i] = self->codec == MCU_CODEC_PCMU ? mcu_g711_ulaw_decode (payload[i])
                                              : mcu_g711_alaw_decode (payload[i]);
  mcu_resample_up (&self->up, narrow, n, pcm);
  if (self->concealed > 0)
    join_g711 (self, pcm, length);
  remember (self, pcm, length);
  self->period = 0;
  self->concealed = 0;
  return length;
}

guint
mcu_audio_decoder_decode (McuAudioDecoder *self, const guint8 *payload, gsize n, gint16 *pcm)
{
  guint length = mcu_audio_decoder_length (self, payload, n);

  if (length == 0)
    return 0;
  if (self->codec != MCU_CODEC_OPUS)
    return decode_g711 (self, payload, n, pcm);

  int decoded = opus_decode (self->opus, payload, n, pcm, MCU_AUDIO_MAX_PACKET, 0);

  if (decoded > 0)
    return decoded;
  mcu_audio_decoder_conceal (self, pcm, length);
  return length;
}

void
mcu_audio_decoder_recover (McuAudioDecoder *self, const guint8 *next, gsize n, gint16 *pcm,
                           guint n_samples)
{
  if (self->codec == MCU_CODEC_OPUS &&
      opus_decode (self->opus, next, n, pcm, n_samples, 1) == (int) n_samples)
    return;
  mcu_audio_decoder_conceal (self, pcm, n_samples);
}

void
mcu_audio_decoder_conceal (McuAudioDecoder *self, gint16 *pcm, guint n_samples)
{
  if (self->codec != MCU_CODEC_OPUS)
    conceal_g711 (self, pcm, n_samples);
  else if (opus_decode (self->opus, NULL, 0, pcm, n_samples, 0) != (int) n_samples)
    memset (pcm, 0, n_samples * sizeof *pcm);
}

void
mcu_audio_decoder_reset (McuAudioDecoder *self)
{
  if (self->opus != NULL)
    opus_decoder_ctl (self->opus, OPUS_RESET_STATE);
  memset (&self->up, 0, sizeof self->up);
  memset (self->history, 0, sizeof self->history);
  self->period = 0;
  self->concealed = 0;
}
