/* tests/unit/pipelines/mix/audio/link.h - a sender, a network and a ticking receiver, in simulated
 * time.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/audio/playout.h"

typedef struct _Link Link;

/* What happens to packet @k: FALSE loses it; else it takes @transit_us. */
typedef gboolean (*LinkFate) (gpointer user_data, guint k, gint64 *transit_us);

/* What happens to the tick due at @at_us: when it is called; -1: never. */
typedef gint64 (*LinkTick) (gpointer user_data, gint64 at_us);

typedef struct
{
  McuCodec codec;
  guint packet_samples; /* at 48 kHz; 0: 960 */
  double ppm;           /* the sender's clock is faster */
  gint64 phase_us;      /* of the ticks against the packets */
  LinkFate fate;        /* (nullable): 20 ms each */
  LinkTick tick;        /* (nullable): on time */
  gpointer user_data;
  gboolean tone; /* 400 Hz for ever, not speech */
  guint stereo;
} LinkConfig;

struct _Link
{
  LinkConfig config;
  McuPlayout *playout;
  GPtrArray *payloads; /* GBytes, sent again and again: 2 s */
  GArray *in_flight;
  guint sent;
  gint64 now_us, next_tick_us;
  guint32 ssrc, first_timestamp;
  guint16 first_seq;
  /* Results. */
  GArray *delays_ms; /* int: of every tick that played something, since the last link_forget */
  GArray *pcm;       /* gint16 */
  guint voiced_ticks, concealed_ticks, idle_ticks;
  McuPlayoutInfo info; /* of the last tick */
};

Link *link_new (const LinkConfig *config);
void link_free (Link *self);
void link_run (Link *self, gint64 duration_us);
void link_forget (Link *self);
/* As link_run, while the sender sends nothing; its clock goes on. */
void link_run_silent (Link *self, gint64 duration_us);
int link_delay_percentile (Link *self, double share);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Link, link_free)

/* One packet, at most 1500 bytes, into @rtp; returns its size. */
gsize link_packet (guint8 *rtp, guint16 seq, guint32 timestamp, guint32 ssrc, const guint8 *payload,
                   gsize n);
