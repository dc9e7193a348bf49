/* pipelines/mix/audio/mixer-tick.c - 20 ms of the room's sound. All of it: mixing thread.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "pipelines/mix/audio/mixer-private.h"
#include "pipelines/mix/audio/voice.h"

#define FRAME MCU_AUDIO_FRAME
/* Encoders warmed in full in one tick: five encodes each, which must fit into the tick. The others
 * hear one frame. */
#define MAX_PRIMES 4

/* ---- who is here ---- */

static void
copy_ports (McuAudioMixer *self)
{
  MixerPort **old = self->active;
  guint n_old = self->n_active;

  pthread_mutex_lock (&self->lock);
  if (self->generation == self->active_generation) {
    pthread_mutex_unlock (&self->lock);
    return;
  }
  self->n_active = self->ports->len;
  self->active = g_new (MixerPort *, self->n_active);
  for (guint i = 0; i < self->n_active; i++) {
    self->active[i] = self->ports->pdata[i];
    self->active[i]->refs++;
  }
  self->active_generation = self->generation;
  pthread_mutex_unlock (&self->lock);

  for (guint i = 0; i < n_old; i++)
    mixer_port_unref (self, old[i]);
  g_free (old);
}

/* ---- in ---- */

static void
note_level (MixerPerson *person, const McuPlayoutInfo *info)
{
  gint loudest = __atomic_load_n (&person->loudest, __ATOMIC_RELAXED);

  while (info->level_dbov > loudest &&
         !__atomic_compare_exchange_n (&person->loudest, &loudest, info->level_dbov, TRUE,
                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    ;
  if (info->speaking)
    __atomic_store_n (&person->voice, 1, __ATOMIC_RELAXED);
}

/* Opens and closes within one frame, evenly: no click, and then exactly nothing or everything. */
static void
add_gated (gint32 *sum, const gint16 *pcm, float from, float to)
{
  if (from == 1.0f && to == 1.0f) {
    for (guint i = 0; i < FRAME; i++)
      sum[i] += pcm[i];
    return;
  }
  for (guint i = 0; i < FRAME; i++)
    sum[i] += (gint32) (pcm[i] * (from + (to - from) * (i + 1) / FRAME));
}

static void
take_in (McuAudioMixer *self, MixerPort *port, gint64 now_us)
{
  MixerPerson *person = port->person;
  gint16 pcm[FRAME];
  McuPlayoutInfo info;

  mcu_playout_pull (port->playout, now_us, pcm, &info);
  self->now.concealed_ms += info.concealed_ms - port->info.concealed_ms;
  pthread_mutex_lock (&port->lock);
  port->info = info;
  pthread_mutex_unlock (&port->lock);

  gboolean muted = g_atomic_int_get (&person->muted);
  float gain = info.voice && !muted ? 1.0f : 0.0f;

  if (!muted)
    note_level (person, &info);
  if (gain > 0 || port->gain > 0) {
    add_gated (person->sum, pcm, port->gain, gain);
    person->talk_tick = self->tick;
  }
  port->gain = gain;
}

static void
take_all_in (McuAudioMixer *self, gint64 now_us)
{
  for (guint i = 0; i < self->n_active; i++) {
    MixerPort *port = self->active[i];

    if (port->playout == NULL)
      continue;
    if (port->person->seen_tick != self->tick) {
      port->person->seen_tick = self->tick;
      memset (port->person->sum, 0, sizeof port->person->sum);
    }
    take_in (self, port, now_us);
  }
}

/* ---- mix ---- */

static void
add_up (McuAudioMixer *self)
{
  memset (self->sum, 0, sizeof self->sum);
  self->now.talkers = 0;
  for (guint i = 0; i < self->n_active; i++) {
    MixerPerson *person = self->active[i]->person;

    if (person->talk_tick != self->tick || person->seen_tick != self->tick)
      continue;
    person->seen_tick = 0; /* once, however many ports it has */
    self->now.talkers++;
    for (guint k = 0; k < FRAME; k++)
      self->sum[k] += person->sum[k];
  }
}

static void
mix_shared (McuAudioMixer *self)
{
  memmove (self->history, self->history + FRAME,
           (MIXER_HISTORY - 1) * FRAME * sizeof self->history[0]);
  memcpy (self->history + (MIXER_HISTORY - 1) * FRAME, self->shared.pcm, sizeof self->shared.pcm);
  self->shared_before = self->shared.limiter;
  if (mcu_limiter_process (&self->shared.limiter, self->sum, self->shared.pcm, FRAME))
    self->now.limited++;
}

/* All but their own, for those who are in the sum. */
static void
mix_for_talkers (McuAudioMixer *self)
{
  gint32 others[FRAME];

  for (guint i = 0; i < self->n_active; i++) {
    MixerPerson *person = self->active[i]->person;

    if (person->talk_tick != self->tick || person->seen_tick == self->tick)
      continue;
    person->seen_tick = self->tick;
    if (person->mix_tick + 1 != self->tick) /* until now it heard the shared one */
      person->mix.limiter = self->shared.limiter;
    person->mix_tick = self->tick;
    for (guint k = 0; k < FRAME; k++)
      others[k] = self->sum[k] - person->sum[k];
    mcu_limiter_process (&person->mix.limiter, others, person->mix.pcm, FRAME);
  }
}

/* ---- out ---- */

/* The encoder of a mix that was not encoded at the last tick: whoever hears it now heard another
 * until now, and until now both were the shared one, or all but. */
static void
prime (McuAudioMixer *self, McuAudioEncoder *encoder)
{
  guint n = self->n_primed < MAX_PRIMES ? MIXER_HISTORY : 1;

  self->n_primed++;
  self->now.primes += n;
  mcu_audio_encoder_prime (encoder, self->history + (MIXER_HISTORY - n) * FRAME, n);
}

static void
encode (McuAudioMixer *self, MixerMix *mix, guint codec)
{
  if (mix->out[codec].used_tick == self->tick)
    return;
  if (mix->out[codec].encoder == NULL)
    mix->out[codec].encoder = mcu_audio_encoder_new (codec + MCU_CODEC_OPUS);
  if (mix->out[codec].used_tick + 1 != self->tick)
    prime (self, mix->out[codec].encoder);
  mix->out[codec].used_tick = self->tick;
  mix->out[codec].n_payload = mcu_audio_encoder_encode (mix->out[codec].encoder, mix->pcm,
                                                        mix->out[codec].payload);
  self->now.encodes++;
}

static void
send_to (McuAudioMixer *self, MixerPort *port, gint64 now_us)
{
  guint codec = port->codec - MCU_CODEC_OPUS;
  MixerMix *mix = port->person->talk_tick == self->tick ? &port->person->mix : &self->shared;

  encode (self, mix, codec);
  if (mix->out[codec].n_payload == 0)
    return;

  gboolean marker = !port->has_sent || self->after_hole;
  guint step = port->codec == MCU_CODEC_OPUS ? FRAME : FRAME / 6;

  if (!port->has_sent)
    port->first_frame = self->frame;
  port->has_sent = TRUE;
  guint32 timestamp = port->first_timestamp + (guint32) (self->frame - port->first_frame) * step;

  pthread_mutex_lock (&port->lock);
  if (!port->removed)
    port->send (port->user_data, mix->out[codec].payload, mix->out[codec].n_payload, timestamp,
                marker, now_us);
  pthread_mutex_unlock (&port->lock);
  self->now.packets++;
}

static void
tap (McuAudioMixer *self, gint64 now_us)
{
  pthread_mutex_lock (&self->tap_lock);
  if (self->tap != NULL)
    self->tap (self->tap_data, self->shared.pcm, now_us);
  pthread_mutex_unlock (&self->tap_lock);
}

static void
count_time (McuAudioMixer *self, gint64 now_us)
{
  gint64 passed = (now_us - self->last_us + MCU_AUDIO_TICK_US / 2) / MCU_AUDIO_TICK_US;

  if (self->tick == 0 || passed < 1)
    passed = 1;
  self->after_hole = passed > 1;
  self->tick++;
  self->frame += passed;
  self->last_us = now_us;
  self->n_primed = 0;
}

void
mcu_audio_mixer_tick (McuAudioMixer *self, gint64 now_us)
{
  count_time (self, now_us);
  copy_ports (self);
  take_all_in (self, now_us);
  add_up (self);
  mixer_add_notice (self);
  mix_shared (self);
  tap (self, now_us);
  mixer_tap_all (self, now_us);
  mix_for_talkers (self);
  for (guint i = 0; i < self->n_active; i++)
    if (self->active[i]->codec != MCU_CODEC_NONE)
      send_to (self, self->active[i], now_us);

  self->now.ticks++;
  pthread_mutex_lock (&self->lock);
  self->stats = self->now;
  pthread_mutex_unlock (&self->lock);
}
