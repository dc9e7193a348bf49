/* pipelines/mix/audio/mixer.h - the sound of a room: everybody in, to each all the others.
 * From: playout.h.  To: the send functions (output).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/mix/audio/playout.h"
#include "pipelines/types.h"

G_BEGIN_DECLS

#define MCU_AUDIO_MIXER_MAX_PORTS 200

/* Opus out: mono speech at 48 kHz, transparent enough for a mix of several voices. */
#define MCU_AUDIO_OPUS_BITRATE_BPS 40000

/** McuAudioMixer: one per room. Opaque; its maker owns it. */
typedef struct _McuAudioMixer McuAudioMixer;

/**
 * McuAudioSendFunc:
 * @payload: (array length=n): one packet's payload, 20 ms; valid during the call only
 * @rtp_timestamp: in the codec's clock (48000 for Opus, 8000 for G.711); begins at random, then
 *     contiguous; ticks that were skipped leave their hole
 * @marker: first packet, or first after skipped ticks
 * @tick_us: the tick's scheduled time: the time of the mixed sound's first sample
 *
 * Thread: the mixing thread. Only the port's own lock is held (against its removal): must not
 * call the mixer, must not wait for a thread that may; pushes the packet on and returns.
 */
typedef void (*McuAudioSendFunc) (gpointer user_data, const guint8 *payload, gsize n,
                                  guint32 rtp_timestamp, gboolean marker, gint64 tick_us);

/**
 * McuAudioTapFunc:
 * @pcm: the room's full mix, limited: MCU_AUDIO_FRAME samples; valid during the call only
 *
 * Thread: the mixing thread, with the tap's lock held: as #McuAudioSendFunc.
 */
typedef void (*McuAudioTapFunc) (gpointer user_data, const gint16 *pcm, gint64 tick_us);

/** McuAudioPort: one connection of a participant; copied by mcu_audio_mixer_add (). */
typedef struct
{
  const char *participant; /* id; what comes from any port of it is "own" for all ports of it */
  McuPlayout *playout;     /* (nullable): its sound; the mixer takes its own reference. NULL: only
                            * listens */
  McuCodec codec;          /* what it is sent: Opus, PCMU, PCMA; MCU_CODEC_NONE: nothing */
  McuAudioSendFunc send;   /* NULL only with MCU_CODEC_NONE */
  gpointer user_data;
  GDestroyNotify destroy; /* (nullable): called for @user_data in remove or free, on that thread */
} McuAudioPort;

/**
 * McuAudioLevelFunc:
 * @level_dbov: -127..0: the loudest 20 ms since the last report; -127 when muted
 * @voice: speech arrived since the last report
 */
typedef void (*McuAudioLevelFunc) (gpointer user_data, const char *participant, int level_dbov,
                                   gboolean voice);

/** McuAudioMixerStats: since the beginning, but @ports and @talkers. */
typedef struct
{
  guint64 ticks;
  guint64 encodes;      /* frames encoded and sent */
  guint64 primes;       /* frames encoded only to warm an encoder that takes over */
  guint64 packets;      /* send calls */
  guint64 limited;      /* frames of the full mix that had to be turned down */
  guint64 concealed_ms; /* over all playouts */
  guint ports;
  guint talkers; /* participants in the sum at the last tick */
} McuAudioMixerStats;

/** mcu_audio_mixer_new: Returns: (transfer full): free with mcu_audio_mixer_free (). */
McuAudioMixer *mcu_audio_mixer_new (void);

/**
 * mcu_audio_mixer_free:
 * @self: (nullable) (transfer full)
 *
 * Thread: the main loop, after the tick that calls it has been stopped.
 */
void mcu_audio_mixer_free (McuAudioMixer *self);

/**
 * mcu_audio_mixer_add:
 * @port: copied
 * @error: MCU_ERROR_ROOM_FULL at MCU_AUDIO_MIXER_MAX_PORTS, MCU_ERROR_NO_COMMON_CODEC,
 *     MCU_ERROR_BAD_REQUEST
 *
 * On error @port.destroy is not called.
 *
 * Thread: main loop.  Takes effect: next tick.
 *
 * Returns: the port's id, never 0; 0 on error.
 */
guint mcu_audio_mixer_add (McuAudioMixer *self, const McuAudioPort *port, GError **error);

/**
 * mcu_audio_mixer_remove:
 *
 * After it returns the port's send is not running and is never called again, and its user data
 * has been destroyed. Waits at most for one send call of this port. Unknown ids are ignored.
 *
 * Thread: main loop.
 */
void mcu_audio_mixer_remove (McuAudioMixer *self, guint port_id);

/**
 * mcu_audio_mixer_set_muted:
 *
 * Drops the participant's sound, whatever arrives, with a fade of one tick. Kept while the
 * participant has a port; a participant without one can't be muted here (call again after add).
 *
 * Thread: main loop.
 */
void mcu_audio_mixer_set_muted (McuAudioMixer *self, const char *participant, gboolean muted);

/**
 * mcu_audio_mixer_tick:
 * @now_us: the tick's scheduled time in us of CLOCK_MONOTONIC
 *
 * Pulls, mixes, encodes and sends one frame. Locks: the port list is copied under the mixer's
 * lock, which is then released; each send runs under its port's lock alone.
 *
 * Thread: the mixing thread, one at a time (a #McuTick of 50/1 with catch-up).
 */
void mcu_audio_mixer_tick (McuAudioMixer *self, gint64 now_us);

/**
 * mcu_audio_mixer_levels:
 * @func: called once per participant that has a port with a playout, on this thread, with no lock
 *
 * Reads and begins a new period: for the report of each 100 ms.
 *
 * Thread: main loop.
 */
void mcu_audio_mixer_levels (McuAudioMixer *self, McuAudioLevelFunc func, gpointer user_data);

/**
 * mcu_audio_mixer_set_tap:
 * @func: (nullable): NULL takes the tap off
 * @destroy: (nullable): for @user_data, when the tap is replaced or the mixer freed
 *
 * The room's full mix at each tick, for what records or sends it on. After it returns the former
 * tap is not called any more.
 *
 * Thread: main loop.
 */
void mcu_audio_mixer_set_tap (McuAudioMixer *self, McuAudioTapFunc func, gpointer user_data,
                              GDestroyNotify destroy);

/**
 * mcu_audio_mixer_add_tap:
 * @without: (nullable) (array zero-terminated=1): participants whose voices are not in it; copied
 *
 * A mix of its own for what records; of the room's voices if nobody who talks is left out, at no
 * cost then. Any number.  Thread: main loop.  Returns: its id.
 */
guint mcu_audio_mixer_add_tap (McuAudioMixer *self, const char *const *without,
                               McuAudioTapFunc func, gpointer user_data);
/** mcu_audio_mixer_set_tap_without: from the next tick on, with a fade. Thread: main loop. */
void mcu_audio_mixer_set_tap_without (McuAudioMixer *self, guint tap_id,
                                      const char *const *without);
/** mcu_audio_mixer_remove_tap: after it returns its func is not called. Thread: main loop. */
void mcu_audio_mixer_remove_tap (McuAudioMixer *self, guint tap_id);

/** mcu_audio_mixer_give_notice: everybody, and every tap, hears notice.h's tone from the next tick
 * on; once when it is asked for while it sounds.  Thread: any. */
void mcu_audio_mixer_give_notice (McuAudioMixer *self);

/** mcu_audio_mixer_stats: @stats: (out).  Thread: any. */
void mcu_audio_mixer_stats (McuAudioMixer *self, McuAudioMixerStats *stats);

/**
 * mcu_audio_mixer_port_info:
 * @info: (out): of this port's playout at the last tick, for `stats`
 *
 * Thread: main loop.  Returns: FALSE when there is no such port, or no playout in it.
 */
gboolean mcu_audio_mixer_port_info (McuAudioMixer *self, guint port_id, McuPlayoutInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuAudioMixer, mcu_audio_mixer_free)

G_END_DECLS
