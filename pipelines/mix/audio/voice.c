/* pipelines/mix/audio/voice.c - level and voice of decoded sound, on arrival.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/voice.h"

#include <math.h>
#include <string.h>

#define STEP 480 /* 10 ms */
#define RUN_IN (48 * 60)
#define HOLD (48 * 500) /* longer than the gaps between words */
#define FLOOR_START_DB (-60.0f)
#define FLOOR_LEAST_DB (-90.0f)
#define FLOOR_MOST_DB (-51.0f) /* so that -42 dBov is voice whatever came before */
#define FLOOR_RISE_DB 0.02f    /* per step: 2 dB/s */
#define FLOOR_FALL 0.2f        /* of the way per step */
#define ABOVE_FLOOR_DB 9.0f
#define LEAST_VOICE_DB (-60.0f)
#define SUDDEN_DB 12.0f /* so much above the bar, one step is enough */

static int
to_dbov (gint64 energy, guint n)
{
  if (energy == 0 || n == 0)
    return MCU_LEVEL_SILENCE_DBOV;
  return CLAMP ((int) lrint (10 * log10 ((double) energy / n / (32767.0 * 32767.0))),
                MCU_LEVEL_SILENCE_DBOV, 0);
}

int
mcu_level_dbov (const gint16 *pcm, guint n)
{
  gint64 energy = 0;

  for (guint i = 0; i < n; i++)
    energy += (gint32) pcm[i] * pcm[i];
  return to_dbov (energy, n);
}

void
mcu_voice_init (McuVoice *self)
{
  memset (self, 0, sizeof *self);
  self->floor_db = FLOOR_START_DB;
  self->level_dbov = MCU_LEVEL_SILENCE_DBOV;
  self->from = self->to = G_MININT64;
}

static void
follow_floor (McuVoice *self, float level)
{
  if (level < self->floor_db)
    self->floor_db += (level - self->floor_db) * FLOOR_FALL;
  else
    self->floor_db += FLOOR_RISE_DB;
  self->floor_db = CLAMP (self->floor_db, FLOOR_LEAST_DB, FLOOR_MOST_DB);
}

static void
mark_speech (McuVoice *self, gint64 step_end, gint64 played)
{
  gint64 begin = step_end - (gint64) self->loud_steps * STEP - RUN_IN;

  /* Speech that still plays is joined with the new one: the stretch stays one. */
  if (self->to <= played || self->to == G_MININT64)
    self->from = begin;
  self->to = step_end + HOLD;
}

static void
judge_step (McuVoice *self, gint64 step_end, gint64 played)
{
  self->level_dbov = to_dbov (self->energy, self->n);
  float bar = MAX (self->floor_db + ABOVE_FLOOR_DB, LEAST_VOICE_DB);

  follow_floor (self, self->level_dbov);
  self->loud_steps = self->level_dbov > bar ? MIN (self->loud_steps + 1, 3) : 0;
  self->speaking = self->loud_steps >= 2 || self->level_dbov > bar + SUDDEN_DB;
  if (self->speaking)
    mark_speech (self, step_end, played);
  self->energy = 0;
  self->n = 0;
}

void
mcu_voice_feed (McuVoice *self, const gint16 *pcm, guint n, gint64 position, gint64 played)
{
  for (guint i = 0; i < n; i++) {
    self->energy += (gint32) pcm[i] * pcm[i];
    if (++self->n == STEP)
      judge_step (self, position + i + 1, played);
  }
}

gboolean
mcu_voice_covers (const McuVoice *self, gint64 from, gint64 to)
{
  return self->to != G_MININT64 && from < self->to && to > self->from;
}
