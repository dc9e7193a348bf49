/* pipelines/mix/audio/playout-receive.c - packets to samples: order, gaps, restarts.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "pipelines/mix/audio/playout-private.h"

#define JUMP_US 1000000     /* a timestamp so far from the clock is another stream's */
#define MOST_GAP 48000      /* samples: a longer hole is a new beginning */
#define MOST_CONCEALED 4800 /* samples: of a hole, the rest is silent */
#define FIRST_SAMPLES 240   /* of a new beginning: faded in over 5 ms */
#define LAST_SAMPLES 480    /* of a stream that another replaces: faded over 10 ms */
#define LOSS_MEMORY (1.0 / 200)

static void
put (McuPlayout *self, gint64 position, const gint16 *pcm, guint n)
{
  for (guint i = 0; i < n; i++)
    self->ring[(position + i) & (PLAYOUT_RING - 1)] = pcm[i];
}

static void
put_silence (McuPlayout *self, gint64 position, gint64 n)
{
  for (gint64 i = 0; i < n; i++)
    self->ring[(position + i) & (PLAYOUT_RING - 1)] = 0;
}

void
mcu_playout_clear_slots (McuPlayout *self)
{
  for (guint i = 0; i < PLAYOUT_SLOTS; i++)
    g_clear_pointer (&self->slots[i].payload, g_free);
  self->n_waiting = 0;
}

/* What would have been played next, fading: an end that is not a click. */
static void
keep_fading_tail (McuPlayout *self)
{
  guint n = CLAMP (self->end - self->play, 0, LAST_SAMPLES);
  gint32 loudness = PLAYOUT_GIVE_UP - (gint32) MIN (self->dry_samples, PLAYOUT_GIVE_UP);

  self->n_tail = 0;
  if (self->idle || loudness == 0)
    return;
  if (n < LAST_SAMPLES) /* Opus makes up no less than 10 ms at a time */
    mcu_audio_decoder_conceal (self->decoder, self->tail + n, LAST_SAMPLES);
  for (guint i = 0; i < n; i++)
    self->tail[i] = self->ring[(self->play + i) & (PLAYOUT_RING - 1)];
  for (guint i = 0; i < LAST_SAMPLES; i++)
    self->tail[i] = self->tail[i] * (gint32) (LAST_SAMPLES - i) / LAST_SAMPLES * loudness /
                    PLAYOUT_GIVE_UP;
  self->n_tail = LAST_SAMPLES;
}

void
mcu_playout_go_idle (McuPlayout *self)
{
  keep_fading_tail (self);
  self->idle = TRUE;
  self->has_resume = FALSE;
  self->dry_samples = 0;
  self->pending_concealed = 0;
}

static void
restart (McuPlayout *self, const McuRtpHeader *header)
{
  if (self->started)
    self->info.restarts++;
  mcu_playout_clear_slots (self);
  mcu_playout_go_idle (self); /* asks the decoder how it would have gone on */
  mcu_audio_decoder_reset (self->decoder);
  mcu_jitter_forget (&self->jitter);
  mcu_voice_init (&self->voice);
  self->started = TRUE;
  self->ssrc = header->ssrc;
  self->next_seq = header->seq + 0x10000; /* room for what comes from before it */
  self->last_timestamp = (gint64) header->timestamp + G_GINT64_CONSTANT (0x100000000);
  self->seen = 0;
  self->suspect_seq = -1;
  self->loss = 0;
  self->has_map = FALSE;
}

/* ---- decoded sound into the ring ---- */

static void
keep_within_a_second (McuPlayout *self)
{
  gint64 oldest = self->end - PLAYOUT_MOST;

  if (self->idle)
    self->resume = MAX (self->resume, oldest);
  else
    self->play = MAX (self->play, oldest);
}

/* Made-up sound for the hole before @to; what has been made up already at its start is left out. */
static void
fill_hole (McuPlayout *self, gint64 to, gboolean lost)
{
  gint16 pcm[MCU_AUDIO_MAX_PACKET];
  gint64 hole = to - self->end;
  gint64 skip = self->idle ? hole : MIN (hole, (gint64) self->dry_samples);
  gint64 made_up = MIN (hole - skip, lost ? MOST_CONCEALED : MCU_AUDIO_FRAME) / 120 * 120;

  put_silence (self, self->end, hole);
  if (made_up > 0) {
    mcu_audio_decoder_conceal (self->decoder, pcm, made_up);
    for (gint64 i = 0; !lost && i < made_up; i++)
      pcm[i] = pcm[i] * (made_up - i) / made_up;
    put (self, self->end + skip, pcm, made_up);
    if (lost)
      self->info.concealed_ms += made_up / 48;
  }
  if (!self->idle)
    self->play += skip;
  self->dry_samples -= MIN (self->dry_samples, (guint) skip);
  self->end = to;
}

/* Begins anew at @position when it does not continue what is there. */
static void
meet_position (McuPlayout *self, gint64 position, gboolean lost)
{
  gint64 hole = position - self->end;

  if (self->idle && !self->has_resume) {
    self->has_resume = TRUE;
    self->resume = position;
    self->end = position;
  } else if (hole < 0 || hole > MOST_GAP) {
    mcu_playout_go_idle (self);
    meet_position (self, position, lost);
  } else if (hole > 0) {
    if (!lost)
      self->pending_concealed = 0; /* it had stopped, nothing was missing */
    fill_hole (self, position, lost);
  }
}

static void
decode_at (McuPlayout *self, gint64 position, const guint8 *payload, gsize n)
{
  gint16 pcm[MCU_AUDIO_MAX_PACKET];
  guint length = mcu_audio_decoder_decode (self->decoder, payload, n, pcm);

  if (self->idle && position == self->resume)
    for (guint i = 0; i < MIN (length, FIRST_SAMPLES); i++)
      pcm[i] = pcm[i] * (gint32) i / FIRST_SAMPLES;
  put (self, position, pcm, length);
  mcu_voice_feed (&self->voice, pcm, length, position, self->idle ? self->resume : self->play);
  self->end = position + length;
  self->packet_length = length;
  self->info.concealed_ms += self->pending_concealed / 48;
  self->pending_concealed = 0;
  self->dry_samples = 0;
  keep_within_a_second (self);
}

static void
decode_waiting (McuPlayout *self)
{
  for (;;) {
    McuPlayoutSlot *slot = &self->slots[self->next_seq % PLAYOUT_SLOTS];

    if (slot->payload == NULL)
      return;
    meet_position (self, slot->position, FALSE);
    decode_at (self, slot->position, slot->payload, slot->n);
    g_clear_pointer (&slot->payload, g_free);
    self->n_waiting--;
    self->next_seq++;
    self->seen = self->seen << 1 | 1;
  }
}

static void
count_lost (McuPlayout *self, guint n)
{
  self->info.lost += n;
  self->next_seq += n;
  self->seen = n < 64 ? self->seen << n : 0;
  for (guint i = 0; i < MIN (n, 10); i++)
    self->loss += (1 - self->loss) * LOSS_MEMORY;
}

/* The last part of the hole, from the packet behind it. */
static void
recover_from (McuPlayout *self, const McuPlayoutSlot *slot)
{
  gint16 pcm[MCU_AUDIO_MAX_PACKET];
  gint64 n = slot->position - self->end;

  if (n <= 0 || n > slot->length || n % 120 != 0 || self->dry_samples > 0)
    return;
  mcu_audio_decoder_recover (self->decoder, slot->payload, slot->n, pcm, n);
  put (self, self->end, pcm, n);
  mcu_voice_feed (&self->voice, pcm, n, self->end, self->play);
  self->end = slot->position;
  self->info.fec_ms += n / 48;
}

void
mcu_playout_judge_gap (McuPlayout *self)
{
  guint missing = 0;

  while (self->slots[(self->next_seq + missing) % PLAYOUT_SLOTS].payload == NULL)
    if (++missing == PLAYOUT_SLOTS)
      return;

  const McuPlayoutSlot *slot = &self->slots[(self->next_seq + missing) % PLAYOUT_SLOTS];

  count_lost (self, missing);
  if (slot->position > self->end && slot->position - self->end <= MOST_GAP && !self->idle) {
    gint64 fec = mcu_audio_decoder_has_fec (self->decoder) ? slot->length : 0;
    gint64 hole = slot->position - self->end;

    if (hole > fec)
      fill_hole (self, slot->position - MIN (fec, hole), TRUE);
    recover_from (self, slot);
    meet_position (self, slot->position, TRUE);
  }
  decode_waiting (self);
}

/* ---- arrival ---- */

/* Whether the packet belongs to the stream. One that doesn't is refused, unless it is followed by
 * its own next: then the stream has jumped (RFC 3550, A.1). */
static gboolean
accept_or_restart (McuPlayout *self, const McuRtpHeader *header, gint64 arrival_us)
{
  if (!self->started || header->ssrc != self->ssrc) {
    restart (self, header);
    return TRUE;
  }

  guint scale = mcu_audio_decoder_scale (self->decoder);
  gint64 timestamp = self->last_timestamp +
                     (gint32) (header->timestamp - (guint32) self->last_timestamp);
  gint64 transit_us = arrival_us - timestamp * scale * 1000 / 48;
  gint16 ahead = header->seq - (guint16) self->next_seq;

  if (ahead < PLAYOUT_SLOTS && ahead > -500 &&
      ABS (transit_us - self->jitter.last_transit_us) < JUMP_US) {
    self->suspect_seq = -1;
    self->last_timestamp = MAX (self->last_timestamp, timestamp);
    return TRUE;
  }
  if (self->suspect_seq == header->seq) {
    restart (self, header);
    return TRUE;
  }
  self->suspect_seq = (header->seq + 1) & 0xffff;
  return FALSE;
}

static void
store (McuPlayout *self, gint64 seq, gint64 position, const McuRtpHeader *header, guint length)
{
  McuPlayoutSlot *slot = &self->slots[seq % PLAYOUT_SLOTS];

  if (slot->payload != NULL) {
    self->info.late++; /* a second copy */
    return;
  }
  slot->payload = g_memdup2 (header->payload, header->n_payload);
  slot->n = header->n_payload;
  slot->position = position;
  slot->length = length;
  self->n_waiting++;
}

static void
take_late (McuPlayout *self, gint64 seq)
{
  guint64 bit = self->next_seq - 1 - seq < 64 ? G_GUINT64_CONSTANT (1) << (self->next_seq - 1 - seq)
                                              : 0;

  self->info.late++;
  if (bit != 0 && !(self->seen & bit) && self->info.lost > 0) {
    self->info.lost--;
    self->seen |= bit;
  }
}

static void
take (McuPlayout *self, const McuRtpHeader *header, guint length, gint64 arrival_us)
{
  guint scale = mcu_audio_decoder_scale (self->decoder);
  gint64 timestamp = self->last_timestamp +
                     (gint32) (header->timestamp - (guint32) self->last_timestamp);
  gint64 position = timestamp * scale;
  gint64 seq = self->next_seq + (gint16) (header->seq - (guint16) self->next_seq);

  mcu_jitter_add (&self->jitter, position * 1000 / 48, arrival_us);
  self->info.packets++;
  self->loss -= self->loss * LOSS_MEMORY;
  if (seq < self->next_seq) {
    take_late (self, seq);
  } else if (seq > self->next_seq) {
    store (self, seq, position, header, length);
  } else {
    meet_position (self, position, FALSE);
    decode_at (self, position, header->payload, header->n_payload);
    self->next_seq++;
    self->seen = self->seen << 1 | 1;
    decode_waiting (self);
  }
}

void
mcu_playout_push (McuPlayout *self, const guint8 *rtp, gsize n, gint64 arrival_us)
{
  McuRtpHeader header;
  guint length = 0;

  if (mcu_rtp_header_parse (rtp, n, &header))
    length = mcu_audio_decoder_length (self->decoder, header.payload, header.n_payload);

  pthread_mutex_lock (&self->lock);
  if (length > 0 && accept_or_restart (self, &header, arrival_us))
    take (self, &header, length, arrival_us);
  else
    self->info.rejected++;
  pthread_mutex_unlock (&self->lock);
}
