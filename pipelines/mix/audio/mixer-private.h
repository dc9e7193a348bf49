/* pipelines/mix/audio/mixer-private.h - what the parts of the mixer share: mixer.c (who is in it;
 * main loop), mixer-tick.c (the sound; mixing thread), mixer-tap.c (for what records).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>

#include "pipelines/mix/audio/encoder.h"
#include "pipelines/mix/audio/limiter.h"
#include "pipelines/mix/audio/mixer.h"

G_BEGIN_DECLS

#define MIXER_HISTORY 5 /* frames: 100 ms, what an encoder that takes over is fed */
#define MIXER_CODECS 3  /* Opus, PCMU, PCMA */

/** One mix on its way out: its limiter, and one encode per codec however many listen. */
typedef struct
{
  McuLimiter limiter;
  gint16 pcm[MCU_AUDIO_FRAME];
  struct
  {
    McuAudioEncoder *encoder; /* (nullable) owned */
    guint64 used_tick;        /* the last it encoded; 0: never */
    gsize n_payload;
    guint8 payload[MCU_AUDIO_MAX_PAYLOAD];
  } out[MIXER_CODECS];
} MixerMix;

/** A participant: everything that is its own. Reference counted by its ports. */
typedef struct
{
  char *id;     /* set once */
  guint refs;   /* mixer's lock */
  gint muted;   /* atomic */
  gint loudest; /* atomic: dbov since the last report */
  gint voice;   /* atomic: since the last report */

  /* Mixing thread only. */
  guint64 seen_tick;
  guint64 talk_tick; /* the last in which it was in the sum */
  guint64 mix_tick;  /* the last for which its own mix was made */
  gint32 sum[MCU_AUDIO_FRAME];
  MixerMix mix; /* everybody else; used while it talks */
} MixerPerson;

/** A port. Reference counted: the list's reference and the mixing thread's. */
typedef struct
{
  guint id;   /* set once, as all until the lock */
  guint refs; /* mixer's lock */
  MixerPerson *person;
  McuPlayout *playout; /* (nullable) owned */
  McuCodec codec;
  McuAudioSendFunc send;
  gpointer user_data;
  GDestroyNotify destroy;

  pthread_mutex_t lock; /* held during send; guards: */
  gboolean removed;
  McuPlayoutInfo info;

  /* Mixing thread only. */
  float gain; /* 0: gated, 1: open */
  gboolean has_sent;
  guint32 first_timestamp;
  guint64 first_frame;
} MixerPort;

/** A mix of its own for what records: mixer-tap.c. */
typedef struct _MixerTap MixerTap;

/* Lock order: lock, then nothing; a port's or the tap's lock is taken alone. */
struct _McuAudioMixer
{
  pthread_mutex_t lock; /* guards ports, all refs, generation, stats; written by main and mixing */
  GPtrArray *ports;     /* (element-type MixerPort) main loop writes, mixing thread copies */
  guint generation;     /* changes with ports */
  guint last_id;        /* main loop only */
  McuAudioMixerStats stats;

  pthread_mutex_t tap_lock; /* held during the tap */
  McuAudioTapFunc tap;      /* (nullable) */
  gpointer tap_data;
  GDestroyNotify tap_destroy;
  GPtrArray *taps; /* (nullable) owned, (element-type MixerTap): made by the main loop alone */

  gint notice_wanted; /* atomic */

  /* Mixing thread only. */
  MixerPort **active; /* owned, each with a reference: a copy of ports */
  guint n_active, active_generation;
  guint64 tick;  /* calls, from 1 */
  guint64 frame; /* 20 ms of time, skipped ones too */
  gint64 last_us;
  guint n_primed; /* in this tick */
  gboolean after_hole;
  gint32 sum[MCU_AUDIO_FRAME];
  guint notice_at;                                 /* of its samples; MCU_NOTICE_SAMPLES: over */
  McuLimiter shared_before;                        /* the shared one's before this tick */
  MixerMix shared;                                 /* everybody; what all who are silent hear */
  gint16 history[MIXER_HISTORY * MCU_AUDIO_FRAME]; /* of shared, without this tick's */
  McuAudioMixerStats now;                          /* copied to stats at the end of a tick */
};

/* Gives up one reference. Thread: any; takes the mixer's lock. */
void mixer_port_unref (McuAudioMixer *self, MixerPort *port);

void mixer_mix_clear (MixerMix *mix);

/* mixer-tap.c; mixing thread: @self->sum is the room's, not yet or already limited. */
void mixer_add_notice (McuAudioMixer *self);
void mixer_tap_all (McuAudioMixer *self, gint64 now_us);

G_END_DECLS
