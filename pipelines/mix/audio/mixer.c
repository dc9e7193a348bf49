/* pipelines/mix/audio/mixer.c - who is in the mix.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/mixer.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/mix/audio/mixer-private.h"
#include "pipelines/mix/audio/notice.h"
#include "pipelines/mix/audio/voice.h"

McuAudioMixer *
mcu_audio_mixer_new (void)
{
  McuAudioMixer *self = g_new0 (McuAudioMixer, 1);

  pthread_mutex_init (&self->lock, NULL);
  pthread_mutex_init (&self->tap_lock, NULL);
  self->ports = g_ptr_array_new ();
  self->shared.limiter = (McuLimiter) MCU_LIMITER_INIT;
  self->notice_at = MCU_NOTICE_SAMPLES;
  return self;
}

void
mixer_mix_clear (MixerMix *mix)
{
  for (guint i = 0; i < MIXER_CODECS; i++)
    mcu_audio_encoder_free (mix->out[i].encoder);
}

static void
free_person (MixerPerson *person)
{
  mixer_mix_clear (&person->mix);
  g_free (person->id);
  g_free (person);
}

void
mixer_port_unref (McuAudioMixer *self, MixerPort *port)
{
  pthread_mutex_lock (&self->lock);
  gboolean port_gone = --port->refs == 0;
  gboolean person_gone = port_gone && --port->person->refs == 0;
  pthread_mutex_unlock (&self->lock);

  if (person_gone)
    free_person (port->person);
  if (!port_gone)
    return;
  g_clear_pointer (&port->playout, mcu_playout_unref);
  pthread_mutex_destroy (&port->lock);
  g_free (port);
}

/* After this its send is not running and never runs again. */
static void
close_port (MixerPort *port)
{
  pthread_mutex_lock (&port->lock);
  port->removed = TRUE;
  pthread_mutex_unlock (&port->lock);
  if (port->destroy != NULL)
    port->destroy (port->user_data);
}

void
mcu_audio_mixer_free (McuAudioMixer *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_active; i++)
    mixer_port_unref (self, self->active[i]);
  g_free (self->active);
  for (guint i = 0; i < self->ports->len; i++) {
    close_port (self->ports->pdata[i]);
    mixer_port_unref (self, self->ports->pdata[i]);
  }
  g_ptr_array_free (self->ports, TRUE);
  mcu_audio_mixer_set_tap (self, NULL, NULL, NULL);
  g_clear_pointer (&self->taps, g_ptr_array_unref);
  mixer_mix_clear (&self->shared);
  pthread_mutex_destroy (&self->tap_lock);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/* ---- main loop: it alone changes the list, so it may read it without the lock ---- */

static MixerPerson *
find_person (McuAudioMixer *self, const char *id)
{
  for (guint i = 0; i < self->ports->len; i++) {
    MixerPort *port = self->ports->pdata[i];

    if (g_strcmp0 (port->person->id, id) == 0)
      return port->person;
  }
  return NULL;
}

static MixerPerson *
new_person (const char *id)
{
  MixerPerson *person = g_new0 (MixerPerson, 1);

  person->id = g_strdup (id);
  person->loudest = MCU_LEVEL_SILENCE_DBOV;
  person->mix.limiter = (McuLimiter) MCU_LIMITER_INIT;
  return person;
}

static MixerPort *
new_port (McuAudioMixer *self, const McuAudioPort *from)
{
  MixerPort *port = g_new0 (MixerPort, 1);
  MixerPerson *person = find_person (self, from->participant);

  port->id = ++self->last_id;
  port->refs = 1;
  port->person = person != NULL ? person : new_person (from->participant);
  port->playout = from->playout != NULL ? mcu_playout_ref (from->playout) : NULL;
  port->codec = from->codec;
  port->send = from->send;
  port->user_data = from->user_data;
  port->destroy = from->destroy;
  port->first_timestamp = g_random_int ();
  pthread_mutex_init (&port->lock, NULL);
  return port;
}

guint
mcu_audio_mixer_add (McuAudioMixer *self, const McuAudioPort *port, GError **error)
{
  if (port->participant == NULL || (port->codec != MCU_CODEC_NONE && port->send == NULL)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "port without participant or send");
    return 0;
  }
  if (port->codec > MCU_CODEC_PCMA) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC, "%s is not a codec for sound",
                 mcu_codec_to_string (port->codec));
    return 0;
  }
  if (self->ports->len >= MCU_AUDIO_MIXER_MAX_PORTS) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_ROOM_FULL, "the mix has %u ports",
                 MCU_AUDIO_MIXER_MAX_PORTS);
    return 0;
  }

  MixerPort *added = new_port (self, port);

  pthread_mutex_lock (&self->lock);
  added->person->refs++;
  g_ptr_array_add (self->ports, added);
  self->generation++;
  pthread_mutex_unlock (&self->lock);
  return added->id;
}

static MixerPort *
find_port (McuAudioMixer *self, guint port_id)
{
  for (guint i = 0; i < self->ports->len; i++) {
    MixerPort *port = self->ports->pdata[i];

    if (port->id == port_id)
      return port;
  }
  return NULL;
}

void
mcu_audio_mixer_remove (McuAudioMixer *self, guint port_id)
{
  MixerPort *port = find_port (self, port_id);

  if (port == NULL)
    return;
  pthread_mutex_lock (&self->lock);
  g_ptr_array_remove (self->ports, port);
  self->generation++;
  pthread_mutex_unlock (&self->lock);
  close_port (port);
  mixer_port_unref (self, port);
}

void
mcu_audio_mixer_set_muted (McuAudioMixer *self, const char *participant, gboolean muted)
{
  MixerPerson *person = find_person (self, participant);

  if (person != NULL)
    g_atomic_int_set (&person->muted, muted);
}

void
mcu_audio_mixer_levels (McuAudioMixer *self, McuAudioLevelFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new (); /* a participant can have two ports */

  for (guint i = 0; i < self->ports->len; i++) {
    MixerPort *port = self->ports->pdata[i];
    MixerPerson *person = port->person;

    if (port->playout == NULL || g_ptr_array_find (told, person, NULL))
      continue;
    g_ptr_array_add (told, person);
    int level = __atomic_exchange_n (&person->loudest, MCU_LEVEL_SILENCE_DBOV, __ATOMIC_RELAXED);
    gboolean voice = __atomic_exchange_n (&person->voice, 0, __ATOMIC_RELAXED);
    func (user_data, person->id, level, voice);
  }
}

void
mcu_audio_mixer_set_tap (McuAudioMixer *self, McuAudioTapFunc func, gpointer user_data,
                         GDestroyNotify destroy)
{
  pthread_mutex_lock (&self->tap_lock);
  GDestroyNotify old_destroy = self->tap_destroy;
  gpointer old_data = self->tap_data;
  self->tap = func;
  self->tap_data = user_data;
  self->tap_destroy = destroy;
  pthread_mutex_unlock (&self->tap_lock);
  if (old_destroy != NULL)
    old_destroy (old_data);
}

void
mcu_audio_mixer_stats (McuAudioMixer *self, McuAudioMixerStats *stats)
{
  pthread_mutex_lock (&self->lock);
  *stats = self->stats;
  stats->ports = self->ports->len;
  pthread_mutex_unlock (&self->lock);
}

gboolean
mcu_audio_mixer_port_info (McuAudioMixer *self, guint port_id, McuPlayoutInfo *info)
{
  MixerPort *port = find_port (self, port_id);

  if (port == NULL || port->playout == NULL)
    return FALSE;
  pthread_mutex_lock (&port->lock);
  *info = port->info;
  pthread_mutex_unlock (&port->lock);
  return TRUE;
}
