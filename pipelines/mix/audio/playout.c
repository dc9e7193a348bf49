/* pipelines/mix/audio/playout.c - samples to ticks: when to play what has come.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/playout.h"

#include <string.h>

#include "pipelines/mix/audio/playout-private.h"
#include "pipelines/mix/audio/stretch.h"

#define FRAME MCU_AUDIO_FRAME
#define TARGET_MOST_US 250000
/* Between what jitter says and what we trust: the tick reads a moment after its time, a packet is
 * decoded a moment after it came. */
#define GUARD_US 1000
/* Sooner than this is not tried again: a margin that comes and goes would be cut and inserted for
 * ever. */
#define HYSTERESIS_US 3000
#define RESUME_RUN_IN 14400 /* samples: the most silence put before a new beginning */
#define MUCH_SAMPLES 1920   /* 40 ms too much or too little: no waiting for a good spot */
#define FAR_TOO_MUCH 24000  /* 500 ms too much: cut, to .. */
#define CUT_TO 9600         /* .. 200 ms too much, and stretched from there */
#define LIKE_ENOUGH 0.75f   /* a cut here is hardly heard */
#define GENTLE_TICKS 4      /* between two stretches within speech */
#define QUIET_DBOV (-55)
/* Opus is asked for what its speech part can make, 10 ms; what is too much fades into what comes.
 */
#define OPUS_CONCEAL_UNIT 480
#define LOSS_WORTH_WAITING 0.01 /* share: from here on we wait for the packet with the FEC */

McuPlayout *
mcu_playout_new (McuCodec codec)
{
  McuAudioDecoder *decoder = mcu_audio_decoder_new (codec);

  if (decoder == NULL)
    return NULL;

  McuPlayout *self = g_new0 (McuPlayout, 1);

  g_atomic_ref_count_init (&self->refs);
  pthread_mutex_init (&self->lock, NULL);
  self->codec = codec;
  self->decoder = decoder;
  self->suspect_seq = -1;
  self->packet_length = FRAME;
  mcu_voice_init (&self->voice);
  self->idle = TRUE;
  return self;
}

McuPlayout *
mcu_playout_ref (McuPlayout *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_playout_unref (McuPlayout *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  mcu_playout_clear_slots (self);
  mcu_audio_decoder_free (self->decoder);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

static gint64
us_of (gint64 samples)
{
  return samples * 1000 / 48;
}

static gint64
floor_to (gint64 value, gint64 step)
{
  gint64 rest = value % step;

  return value - (rest < 0 ? rest + step : rest);
}

/* How long a packet may take longer than the quickest one and still be waited for. */
static gint64
wait_us (const McuPlayout *self)
{
  gint64 wait = self->jitter.jitter_us;

  if (mcu_audio_decoder_has_fec (self->decoder) && self->loss > LOSS_WORTH_WAITING)
    wait += us_of (self->packet_length);
  return MIN (wait, TARGET_MOST_US - MCU_AUDIO_TICK_US) + self->extra_us;
}

/* Where this tick's sound should end: at the end of the newest packet that will be here, if it is
 * late by no more than we wait. Ends on the packets' own borders (in steps of a tick when they are
 * longer): a tick that reached a little into the next packet would wait for all of it. */
static gint64
wanted_end (const McuPlayout *self, gint64 now_us, gint64 margin_us)
{
  gint64 newest_us = now_us - self->jitter.earliest_us - wait_us (self) - margin_us;
  gint64 newest = floor_to (newest_us * 48, 1000) / 1000;
  gint64 step = MIN (self->packet_length, FRAME);
  gint64 phase = self->end % step;

  return floor_to (newest - phase, step) + phase + step;
}

static void
peek (const McuPlayout *self, gint64 position, gint16 *pcm, guint n)
{
  for (guint i = 0; i < n; i++)
    pcm[i] = self->ring[(position + i) & (PLAYOUT_RING - 1)];
}

static void
start_playing (McuPlayout *self, gint64 now_us)
{
  gint64 wanted = wanted_end (self, now_us, GUARD_US) - FRAME;

  self->play = CLAMP (wanted, self->resume - RESUME_RUN_IN, self->resume);
  for (gint64 at = self->play; at < self->resume; at++)
    self->ring[at & (PLAYOUT_RING - 1)] = 0;
  self->idle = FALSE;
  self->has_resume = FALSE;
}

/* ---- making the delay longer and shorter ---- */

/* Fades from what would have come, @n samples of @old, into @pcm. */
static void
fade_in (gint16 *pcm, const gint16 *old, guint n)
{
  for (guint i = 0; i < n; i++)
    pcm[i] = old[i] + (gint32) (pcm[i] - old[i]) * (gint32) (i + 1) / (gint32) (n + 1);
}

static gboolean
may_stretch (const McuPlayout *self, gint64 error, gboolean quiet, float likeness)
{
  if (quiet || ABS (error) > MUCH_SAMPLES)
    return TRUE;
  return likeness >= LIKE_ENOUGH && self->since_stretch >= GENTLE_TICKS;
}

static gboolean
cut (McuPlayout *self, gint64 error, gint16 *pcm)
{
  gint16 in[2 * FRAME + MCU_STRETCH_OVERLAP];
  gint64 spare = MIN (self->end - self->play - FRAME, error);
  float likeness = 0;

  if (spare < MCU_STRETCH_MIN_LAG)
    return FALSE;
  guint most = MIN (spare, FRAME);

  peek (self, self->play, in, FRAME + most);
  gboolean quiet = mcu_level_dbov (in, FRAME + most) < QUIET_DBOV;
  guint lag = quiet ? most : mcu_stretch_find_lag (in, MIN (most, MCU_STRETCH_MAX_CUT), &likeness);

  if (!may_stretch (self, error, quiet, likeness))
    return FALSE;
  mcu_stretch_cut (in, lag, pcm, FRAME);
  self->play += FRAME + lag;
  self->info.stretched_ms += lag / 48;
  self->since_stretch = 0;
  return TRUE;
}

static gboolean
insert (McuPlayout *self, gint64 error, gint16 *pcm)
{
  gint16 in[FRAME];
  float likeness = 0;

  if (self->end - self->play < FRAME)
    return FALSE;
  peek (self, self->play, in, FRAME);
  gboolean quiet = mcu_level_dbov (in, FRAME) < QUIET_DBOV;
  guint most = CLAMP (-error, MCU_STRETCH_MIN_LAG, MCU_STRETCH_MAX_INSERT);
  guint lag = quiet ? most : mcu_stretch_find_lag (in, MCU_STRETCH_MAX_INSERT, &likeness);

  if (!may_stretch (self, error, quiet, likeness))
    return FALSE;
  mcu_stretch_insert (in, lag, pcm, FRAME);
  self->play += FRAME - lag;
  self->info.stretched_ms += lag / 48;
  self->since_stretch = 0;
  return TRUE;
}

/* Far behind: no stretching gets there in time. */
static void
leap (McuPlayout *self, gint64 error)
{
  gint64 skip = MIN (error - CUT_TO, self->end - self->play - FRAME);

  if (error < FAR_TOO_MUCH || skip <= 0)
    return;
  self->n_tail = MCU_STRETCH_OVERLAP;
  peek (self, self->play, self->tail, self->n_tail);
  self->play += skip;
  self->info.stretched_ms += skip / 48;
}

/* ---- one tick ---- */

/* @from samples of @pcm are there; makes up the others. The position stays: what is only late is
 * played when it comes, and the delay has grown by itself. */
static void
make_up (McuPlayout *self, gint16 *pcm, guint from)
{
  gint16 made_up[2 * FRAME];
  guint n = FRAME - from;
  guint n_before = self->dry_samples > 0 ? self->n_tail : 0; /* made up at the last tick */
  guint unit = self->codec == MCU_CODEC_OPUS ? OPUS_CONCEAL_UNIT : 120;
  guint n_new = (MAX (n, n_before) - n_before + unit - 1) / unit * unit;

  memcpy (made_up, self->tail, n_before * sizeof *pcm);
  if (n_new > 0)
    mcu_audio_decoder_conceal (self->decoder, made_up + n_before, n_new);
  for (guint i = n_before; i < n_before + n_new; i++) {
    gint32 left = PLAYOUT_GIVE_UP - (gint32) MIN (self->dry_samples + i, PLAYOUT_GIVE_UP);

    made_up[i] = made_up[i] * left / PLAYOUT_GIVE_UP;
  }
  memcpy (pcm + from, made_up, n * sizeof *pcm);
  self->n_tail = n_before + n_new - n;
  memcpy (self->tail, made_up + n, self->n_tail * sizeof *pcm);
  self->dry_samples += n;
  self->pending_concealed += n;
  self->info.concealed = TRUE;
  if (self->dry_samples >= PLAYOUT_GIVE_UP)
    mcu_playout_go_idle (self);
}

static void
play_as_it_is (McuPlayout *self, gint16 *pcm)
{
  guint n = CLAMP (self->end - self->play, 0, FRAME);

  peek (self, self->play, pcm, n);
  self->play += n;
  if (n < FRAME)
    make_up (self, pcm, n);
}

static void
play_nothing (McuPlayout *self, gint16 *pcm)
{
  memset (pcm, 0, FRAME * sizeof *pcm);
  memcpy (pcm, self->tail, self->n_tail * sizeof *pcm);
  self->n_tail = 0;
}

static void
play_tick (McuPlayout *self, gint64 now_us, gint16 *pcm)
{
  if (self->end - self->play < FRAME && self->n_waiting > 0)
    mcu_playout_judge_gap (self);
  if (self->idle) { /* the gap was a new beginning */
    play_nothing (self, pcm);
    return;
  }

  gint64 too_much = wanted_end (self, now_us, GUARD_US + HYSTERESIS_US) - (self->play + FRAME);
  gint64 too_little = wanted_end (self, now_us, GUARD_US) - (self->play + FRAME);
  gboolean done = FALSE;
  gint16 tail[FRAME];
  guint n_tail = 0;

  leap (self, too_much);
  if (self->dry_samples == 0) { /* sound has come, or was left out: join it to what it follows */
    n_tail = self->n_tail;
    memcpy (tail, self->tail, n_tail * sizeof *tail);
    self->n_tail = 0;
  }
  self->since_stretch++;
  if (too_much >= MCU_STRETCH_MIN_LAG)
    done = cut (self, too_much, pcm);
  else if (too_little <= -MCU_STRETCH_MIN_LAG)
    done = insert (self, too_little, pcm);
  if (!done)
    play_as_it_is (self, pcm);
  fade_in (pcm, tail, n_tail);
}

static gint64
capture_time_us (const McuPlayout *self, gint64 position)
{
  guint scale = mcu_audio_decoder_scale (self->decoder);
  gint32 since = (guint32) (position / scale) - self->map_timestamp;

  return self->has_map ? self->map_capture_us + us_of ((gint64) since * scale) : -1;
}

static void
report (McuPlayout *self, gint64 now_us, gint64 from, McuPlayoutInfo *info)
{
  gboolean stopped = now_us - self->jitter.last_arrival_us > 100000 || !self->started;
  gint64 frame_us = us_of (self->packet_length);

  self->info.voice = !self->idle && mcu_voice_covers (&self->voice, from, from + FRAME);
  self->info.idle = self->idle;
  self->info.playout_ms = self->idle
                              ? 0
                              : MAX (now_us - self->jitter.earliest_us - us_of (from), 0) / 1000;
  self->info.capture_us = self->idle ? -1 : capture_time_us (self, from);
  self->info.level_dbov = stopped ? MCU_LEVEL_SILENCE_DBOV : self->voice.level_dbov;
  self->info.speaking = !stopped && self->voice.speaking;
  self->info.jitter_ms = self->jitter.jitter_us / 1000;
  self->info.target_ms = (CLAMP (wait_us (self) - self->extra_us + frame_us, 20000,
                                 TARGET_MOST_US) +
                          self->extra_us) /
                         1000;
  *info = self->info;
}

void
mcu_playout_pull (McuPlayout *self, gint64 now_us, gint16 pcm[MCU_AUDIO_FRAME],
                  McuPlayoutInfo *info)
{
  McuPlayoutInfo unused;

  pthread_mutex_lock (&self->lock);
  self->info.concealed = FALSE;
  if (self->idle && !self->has_resume && self->n_waiting > 0)
    mcu_playout_judge_gap (self);
  if (self->idle && self->has_resume)
    start_playing (self, now_us);

  gint64 from = self->play;

  if (self->idle)
    play_nothing (self, pcm);
  else
    play_tick (self, now_us, pcm);
  report (self, now_us, from, info != NULL ? info : &unused);
  pthread_mutex_unlock (&self->lock);
}

void
mcu_playout_set_capture_map (McuPlayout *self, guint32 rtp_timestamp, gint64 capture_us)
{
  pthread_mutex_lock (&self->lock);
  self->has_map = TRUE;
  self->map_timestamp = rtp_timestamp;
  self->map_capture_us = capture_us;
  pthread_mutex_unlock (&self->lock);
}

void
mcu_playout_set_extra_delay_us (McuPlayout *self, gint64 extra_us)
{
  pthread_mutex_lock (&self->lock);
  self->extra_us = CLAMP (extra_us, 0, MCU_PLAYOUT_MAX_EXTRA_DELAY_US);
  pthread_mutex_unlock (&self->lock);
}
