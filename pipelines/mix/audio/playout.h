/* pipelines/mix/audio/playout.h - received RTP of one audio stream in, 20 ms of sound at each tick
 * out.  From: a probe on the jitterbuffer's sink pad.  To: mixer.h.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/types.h"

G_BEGIN_DECLS

#define MCU_AUDIO_RATE 48000    /* Hz: everything between decoder and encoder, mono, 16 bit */
#define MCU_AUDIO_FRAME 960     /* samples of one tick: 20 ms */
#define MCU_AUDIO_TICK_US 20000 /* one tick */

/**
 * McuPlayout: the receive buffer of one audio stream.
 *
 * Packets are decoded as they arrive, in order, on the thread that brings them, so the voice
 * detector looks ahead by the playout delay; a gap is judged (late, lost: FEC, concealment) only
 * when the mixing thread needs its samples. How the delay is chosen: docs/audio.md.
 *
 * Reference counted. One lock inside; a decode (about 30 us) is the longest that it is held.
 */
typedef struct _McuPlayout McuPlayout;

/** McuPlayoutInfo: what was pulled, and the state of the stream. */
typedef struct
{
  /* The frame just pulled. */
  gboolean voice;     /* belongs to speech: with run-in and hold, from the detector on arrival */
  gboolean concealed; /* some of it was made up */
  gboolean idle;      /* nothing to play: the sender stopped, or never began; zeros */
  guint playout_ms;   /* from the earliest arrival such a packet can have to this tick */
  gint64 capture_us;  /* monotonic time its first sample was captured; -1: unknown (see
                       * mcu_playout_set_capture_map) */
  /* What arrived last. */
  int level_dbov;    /* -127..0: RMS, relative to a full-scale square wave (as RFC 6464) */
  gboolean speaking; /* voice arrives right now (no hold): for the floor */
  /* Since the beginning, but jitter and target, which are now. */
  guint64 packets;      /* accepted */
  guint64 lost;         /* never came */
  guint64 late;         /* came after their time, or twice */
  guint64 rejected;     /* not valid RTP, not of this codec, too far from the rest */
  guint64 concealed_ms; /* made up, in speech or not; not counting DTX and plain stopping */
  guint64 fec_ms;       /* restored from the packet after */
  guint64 stretched_ms; /* left out or inserted to keep the delay */
  guint restarts;       /* new SSRC, or a jump of the timestamps */
  guint jitter_ms;      /* 96th percentile of lateness against the earliest, of the last 5 s */
  guint target_ms;      /* wanted delay: a frame and the jitter, 20..250, and the extra delay */
} McuPlayoutInfo;

/**
 * mcu_playout_new:
 * @codec: MCU_CODEC_OPUS, MCU_CODEC_PCMU or MCU_CODEC_PCMA
 *
 * Returns: (transfer full) (nullable): NULL for other codecs.
 */
McuPlayout *mcu_playout_new (McuCodec codec);
McuPlayout *mcu_playout_ref (McuPlayout *self);
void mcu_playout_unref (McuPlayout *self);

/**
 * mcu_playout_push:
 * @rtp: (array length=n): one whole RTP packet with its header, decrypted; copied if kept
 * @arrival_us: CLOCK_MONOTONIC (g_get_monotonic_time) when it came
 *
 * Takes packets of 2.5 to 120 ms (Opus, mono or stereo) or 1 to 120 ms (G.711); other payload
 * types (comfort noise, telephone events) are the caller's to keep away. Whatever is wrong with a
 * packet it is dropped and counted. Keeps at most 1 s.
 *
 * Thread: any one at a time (a streaming thread).  Blocks: for the lock.
 */
void mcu_playout_push (McuPlayout *self, const guint8 *rtp, gsize n, gint64 arrival_us);

/**
 * mcu_playout_pull:
 * @now_us: the tick's scheduled time, CLOCK_MONOTONIC; grows by MCU_AUDIO_TICK_US from call to
 *     call, by more when ticks were skipped
 * @pcm: (out caller-allocates): MCU_AUDIO_FRAME samples
 * @info: (out) (optional)
 *
 * Thread: the mixing thread.  Blocks: for the lock.
 */
void mcu_playout_pull (McuPlayout *self, gint64 now_us, gint16 pcm[MCU_AUDIO_FRAME],
                       McuPlayoutInfo *info);

/**
 * mcu_playout_set_capture_map:
 * @rtp_timestamp: of a sender report, in the codec's clock
 * @capture_us: that moment on our CLOCK_MONOTONIC (the caller maps NTP to it)
 *
 * From then on #McuPlayoutInfo.capture_us is known. Forgotten at a restart of the stream.
 *
 * Thread: any.
 */
void mcu_playout_set_capture_map (McuPlayout *self, guint32 rtp_timestamp, gint64 capture_us);

/* The most that sound waits for its picture. */
#define MCU_PLAYOUT_MAX_EXTRA_DELAY_US 100000

/**
 * mcu_playout_set_extra_delay_us:
 * @extra_us: 0..MCU_PLAYOUT_MAX_EXTRA_DELAY_US (clamped), on top of what jitter needs
 *
 * For lip sync. Reached by stretching, not by a jump.
 *
 * Thread: any.
 */
void mcu_playout_set_extra_delay_us (McuPlayout *self, gint64 extra_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPlayout, mcu_playout_unref)

G_END_DECLS
