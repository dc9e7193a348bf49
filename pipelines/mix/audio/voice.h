/* pipelines/mix/audio/voice.h - level and voice of decoded sound, on arrival.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MCU_LEVEL_SILENCE_DBOV (-127)

/**
 * McuVoice: level and voice detector of one stream.
 *
 * Opus can't be judged without decoding, so packets are decoded as they arrive and heard here
 * before their turn to play: speech is marked from VOICE_RUN_IN before the sound that gave it away
 * (as far as it has not been played yet) until a hold after its last one.
 *
 * Energy against a floor that follows the quietest sound: cheap, and steady tones and music count
 * as voice, because the floor never rises above -51 dBov.
 */
typedef struct
{
  gint64 energy; /* of the step under way */
  guint n;       /* samples in it */
  float floor_db;
  guint loud_steps; /* in a row */
  gint64 from, to;  /* positions: the newest stretch of speech, run-in and hold included */
  int level_dbov;   /* of the last step */
  gboolean speaking;
} McuVoice;

/** mcu_voice_init: forgets everything.  Thread (of all): any, one at a time. */
void mcu_voice_init (McuVoice *self);

/**
 * mcu_voice_feed:
 * @pcm: n samples, 48 kHz, mono
 * @position: of the first, in samples
 * @played: position up to which sound has been played: older speech is not kept
 */
void mcu_voice_feed (McuVoice *self, const gint16 *pcm, guint n, gint64 position, gint64 played);

/** mcu_voice_covers: whether any of [from, to) is speech. */
gboolean mcu_voice_covers (const McuVoice *self, gint64 from, gint64 to);

/** mcu_level_dbov: RMS against a full-scale square wave, -127..0 (RFC 6464).  Pure. */
int mcu_level_dbov (const gint16 *pcm, guint n);

G_END_DECLS
