/* pipelines/mix/audio/playout-private.h - what the two halves of playout share: playout-receive.c
 * (packets to samples) and playout.c (samples to ticks).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>

#include "pipelines/mix/audio/decoder.h"
#include "pipelines/mix/audio/jitter.h"
#include "pipelines/mix/audio/playout.h"
#include "pipelines/mix/audio/rtp-header.h"
#include "pipelines/mix/audio/voice.h"

G_BEGIN_DECLS

#define PLAYOUT_RING 65536   /* samples: 1 s and what one tick may write beyond */
#define PLAYOUT_MOST 48000   /* samples waiting: 1 s */
#define PLAYOUT_GIVE_UP 4800 /* samples made up without anything coming: then it has stopped */
#define PLAYOUT_SLOTS 64     /* packets waiting behind a gap: 1.28 s of 20 ms */

/** A packet that came before its turn. */
typedef struct
{
  guint8 *payload; /* (nullable) owned: NULL: empty */
  gsize n;
  gint64 position;
  guint length; /* samples */
} McuPlayoutSlot;

/* "Position" is the RTP timestamp, extended to 64 bits, in samples at 48 kHz. */
struct _McuPlayout
{
  gatomicrefcount refs;

  /* Set once in new(), then read by any thread. */
  McuCodec codec;

  /* Any thread: hold lock. It is taken alone, or under nothing but a mixing tick. */
  pthread_mutex_t lock;
  McuAudioDecoder *decoder; /* owned */
  McuJitter jitter;
  McuVoice voice;

  /* Receiving. */
  gboolean started;
  guint32 ssrc;
  gint64 last_timestamp; /* extended, codec clock, of the newest packet */
  gint64 next_seq;       /* extended: the next to decode */
  guint64 seen;          /* bit k: next_seq - 1 - k was received */
  int suspect_seq;       /* -1: none: a packet far from the rest, accepted if this one follows */
  McuPlayoutSlot slots[PLAYOUT_SLOTS]; /* by next_seq modulo */
  guint n_waiting;
  guint packet_length; /* samples in the newest packet */
  gint64 end;          /* decoded up to here */
  double loss;         /* share of packets lost, over about 200 of them */

  /* Playing. */
  gint16 ring[PLAYOUT_RING]; /* by position modulo: valid from play (or resume) to end */
  gint64 play;               /* position of the next sample to play */
  gboolean idle;             /* play means nothing: nothing to play */
  gboolean has_resume;       /* idle, and sound has come: it begins at resume */
  gint64 resume;
  guint dry_samples;            /* made up since the sound ended: what a gap there may leave out */
  guint pending_concealed;      /* of them, to be counted if it was a loss and not an end */
  gint16 tail[MCU_AUDIO_FRAME]; /* what was made up beyond the tick: faded into what comes */
  guint n_tail;
  guint since_stretch; /* ticks */
  gint64 extra_us;
  gboolean has_map;
  guint32 map_timestamp;
  gint64 map_capture_us;

  McuPlayoutInfo info; /* its counters */
};

/* All: with the lock. */

/* Nothing follows what is there: the next sound starts afresh. */
void mcu_playout_go_idle (McuPlayout *self);

/* The samples at play end, and packets wait behind a gap: what is missing is lost. Restores or
 * conceals it and decodes what waits. */
void mcu_playout_judge_gap (McuPlayout *self);

void mcu_playout_clear_slots (McuPlayout *self);

G_END_DECLS
