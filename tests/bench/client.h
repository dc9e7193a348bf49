/* tests/bench/client.h - one participant: sends material, counts what comes back, gives feedback.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/connection.h"
#include "tests/bench/probe.h"
#include "tests/bench/sender.h"

typedef struct _McuClient McuClient;

typedef struct
{
  guint index;
  McuLoadDirection direction;
  McuMaterialKind kind;
  const McuMaterial *video, *audio; /* unowned */
  double phase;                     /* 0..1: when in a frame's period it sends */
  gboolean sweeps;                  /* see mcu_sender_sweep() */
  gboolean keeps_step;              /* see mcu_sender_keep_step() */
  double drop;                      /* share of its packets that it loses on purpose */
  gboolean decrypts;                /* every packet, as a check; else only what it must */
} McuClientConfig;

/** McuClientStats: counters; differences of two of them make a measurement. */
typedef struct
{
  guint64 frames, packets, bytes, skipped, recovered;
  guint64 audio_packets, audio_lost;
  guint64 undecryptable, keys_asked, nacked, twcc_sent, twcc_received;
  guint64 frames_sent, packets_sent, keys_sent, resent;
  double longest_gap_ms; /* between two complete frames */
} McuClientStats;

McuClient *mcu_client_new (const McuClientConfig *config);
void mcu_client_free (McuClient *self);

/** mcu_client_offer: (transfer full) (nullable): its SDP offer; join time begins now. */
char *mcu_client_offer (McuClient *self, GError **error);
/** mcu_client_take_answer: FALSE when it cannot be used. */
gboolean mcu_client_take_answer (McuClient *self, const char *sdp, GError **error);
/** mcu_client_answer: (transfer full) (nullable): plays the other side, for the direct path. */
char *mcu_client_answer (McuClient *self, const char *offer, GError **error);

/** mcu_client_attach_probe: this is the receiver that decodes. (transfer none) */
void mcu_client_attach_probe (McuClient *self, McuProbe *probe);
const McuSender *mcu_client_sender (McuClient *self);
McuConnection *mcu_client_connection (McuClient *self);
guint mcu_client_index (McuClient *self);

gboolean mcu_client_is_connected (McuClient *self);
/** mcu_client_is_live: connected, and has its first key frame if it receives. */
gboolean mcu_client_is_live (McuClient *self);
/** mcu_client_join_ms: offer to first complete picture; negative before. */
double mcu_client_join_ms (McuClient *self);
/** mcu_client_pause: sends no video while @paused (the server asked so). */
void mcu_client_pause (McuClient *self, gboolean paused);

/** mcu_client_find_frame: when the first complete frame with @timestamp or a newer one was there;
 * FALSE when there is none yet. */
gboolean mcu_client_find_frame (McuClient *self, guint32 timestamp, gint64 *arrival_ns);

void mcu_client_readable (McuClient *self, gint64 now_ns);
void mcu_client_tick (McuClient *self, gint64 now_ns);

void mcu_client_stats (McuClient *self, McuClientStats *stats);
/** mcu_client_begin: the longest gap is searched from now on. */
void mcu_client_begin (McuClient *self, gint64 now_ns);
