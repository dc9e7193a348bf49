/* pipelines/mix/audio/mixer-tap.c - mixes for what records: the room's without some people, and the
 * notice that all hear.  SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "pipelines/mix/audio/mixer-private.h"
#include "pipelines/mix/audio/notice.h"

#define FRAME MCU_AUDIO_FRAME

/* Somebody who is not in a mix: their voice fades out and in within a tick, so nothing clicks. */
typedef struct
{
  char *participant; /* owned */
  gboolean is_in;    /* is to be heard again */
  float share;       /* of their sound that is taken away: 0 to 1 */
} Absent;

/* Guarded by the mixer's tap_lock. */
struct _MixerTap
{
  guint id;
  McuAudioTapFunc func;
  gpointer user_data;
  GArray *absent; /* owned, (element-type Absent) */
  McuLimiter limiter;
  gboolean is_own; /* its limiter went its own way at the last tick */
};

static void
clear_absent (gpointer data)
{
  g_free (((Absent *) data)->participant);
}

static void
free_tap (gpointer data)
{
  MixerTap *tap = data;

  g_array_unref (tap->absent);
  g_free (tap);
}

/* ---- mixing thread ---- */

static const MixerPerson *
find_talker (McuAudioMixer *self, const char *participant)
{
  for (guint i = 0; i < self->n_active; i++) {
    const MixerPerson *person = self->active[i]->person;

    if (person->talk_tick == self->tick && g_str_equal (person->id, participant))
      return person;
  }
  return NULL;
}

static void
take_away (gint32 *sum, const gint32 *own, float from, float to)
{
  if (from == 1.0f && to == 1.0f) {
    for (guint i = 0; i < FRAME; i++)
      sum[i] -= own[i];
    return;
  }
  for (guint i = 0; i < FRAME; i++)
    sum[i] -= (gint32) (own[i] * (from + (to - from) * (i + 1) / FRAME));
}

/* Returns: whether @sum is another than the room's. */
static gboolean
take_absent_away (McuAudioMixer *self, MixerTap *tap, gint32 *sum)
{
  gboolean is_other = FALSE;

  for (guint i = 0; i < tap->absent->len;) {
    Absent *absent = &g_array_index (tap->absent, Absent, i);
    const MixerPerson *person = find_talker (self, absent->participant);
    float to = absent->is_in ? 0.0f : 1.0f;

    if (person != NULL)
      take_away (sum, person->sum, absent->share, to);
    is_other |= person != NULL;
    absent->share = to;
    if (absent->is_in)
      g_array_remove_index_fast (tap->absent, i);
    else
      i++;
  }
  return is_other;
}

static void
mix_for_tap (McuAudioMixer *self, MixerTap *tap, gint64 now_us)
{
  gint32 sum[FRAME];
  gint16 pcm[FRAME];
  gboolean is_other;

  memcpy (sum, self->sum, sizeof sum);
  is_other = take_absent_away (self, tap, sum);
  if (!is_other) {
    tap->is_own = FALSE;
    tap->func (tap->user_data, self->shared.pcm, now_us);
    return;
  }
  if (!tap->is_own)
    tap->limiter = self->shared_before;
  tap->is_own = TRUE;
  mcu_limiter_process (&tap->limiter, sum, pcm, FRAME);
  tap->func (tap->user_data, pcm, now_us);
}

void
mixer_tap_all (McuAudioMixer *self, gint64 now_us)
{
  pthread_mutex_lock (&self->tap_lock);
  for (guint i = 0; self->taps != NULL && i < self->taps->len; i++)
    mix_for_tap (self, self->taps->pdata[i], now_us);
  pthread_mutex_unlock (&self->tap_lock);
}

void
mixer_add_notice (McuAudioMixer *self)
{
  if (g_atomic_int_compare_and_exchange (&self->notice_wanted, 1, 0) &&
      self->notice_at >= MCU_NOTICE_SAMPLES)
    self->notice_at = 0;
  if (self->notice_at >= MCU_NOTICE_SAMPLES)
    return;
  mcu_notice_add (self->sum, self->notice_at, FRAME);
  self->notice_at += FRAME;
}

/* ---- main loop ---- */

void
mcu_audio_mixer_give_notice (McuAudioMixer *self)
{
  g_atomic_int_set (&self->notice_wanted, 1);
}

static MixerTap *
find_tap (McuAudioMixer *self, guint tap_id)
{
  for (guint i = 0; i < self->taps->len; i++)
    if (((MixerTap *) self->taps->pdata[i])->id == tap_id)
      return self->taps->pdata[i];
  return NULL;
}

static gboolean
is_named (const char *const *names, const char *name)
{
  return names != NULL && g_strv_contains (names, name);
}

/* @share: of who is new in it: 1 from the beginning of a tap, 0 in the middle: then it fades. */
static void
set_absent (MixerTap *tap, const char *const *without, float share)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < tap->absent->len; i++) {
    Absent *absent = &g_array_index (tap->absent, Absent, i);

    absent->is_in = !is_named (without, absent->participant);
    g_ptr_array_add (known, absent->participant);
  }
  g_ptr_array_add (known, NULL);
  for (guint i = 0; without != NULL && without[i] != NULL; i++)
    if (!is_named ((const char *const *) known->pdata, without[i])) {
      Absent absent = {g_strdup (without[i]), FALSE, share};

      g_array_append_val (tap->absent, absent);
    }
}

guint
mcu_audio_mixer_add_tap (McuAudioMixer *self, const char *const *without, McuAudioTapFunc func,
                         gpointer user_data)
{
  MixerTap *tap = g_new0 (MixerTap, 1);

  tap->id = ++self->last_id;
  tap->func = func;
  tap->user_data = user_data;
  tap->absent = g_array_new (FALSE, FALSE, sizeof (Absent));
  g_array_set_clear_func (tap->absent, clear_absent);
  set_absent (tap, without, 1.0f);
  pthread_mutex_lock (&self->tap_lock);
  if (self->taps == NULL)
    self->taps = g_ptr_array_new_with_free_func (free_tap);
  g_ptr_array_add (self->taps, tap);
  pthread_mutex_unlock (&self->tap_lock);
  return tap->id;
}

void
mcu_audio_mixer_set_tap_without (McuAudioMixer *self, guint tap_id, const char *const *without)
{
  MixerTap *tap;

  if (self->taps == NULL)
    return;
  pthread_mutex_lock (&self->tap_lock);
  tap = find_tap (self, tap_id);
  if (tap != NULL)
    set_absent (tap, without, 0.0f);
  pthread_mutex_unlock (&self->tap_lock);
}

void
mcu_audio_mixer_remove_tap (McuAudioMixer *self, guint tap_id)
{
  MixerTap *tap;

  if (self->taps == NULL)
    return;
  pthread_mutex_lock (&self->tap_lock);
  tap = find_tap (self, tap_id);
  if (tap != NULL)
    g_ptr_array_remove (self->taps, tap);
  pthread_mutex_unlock (&self->tap_lock);
}
