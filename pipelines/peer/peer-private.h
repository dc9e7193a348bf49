/* pipelines/peer/peer-private.h - a peer from inside, for the files that are it.
 * peer.c (life), negotiation.c (offer to answer), transport.c (ICE, DTLS), taps.c (packets).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/ingest/sender-clock.h"
#include "pipelines/peer/answer.h"
#include "pipelines/peer/peer.h"

struct _McuPeer
{
  /* Set once in new(), then read by any thread until the pipeline is in NULL. */
  char *id;                      /* owned */
  char *participant;             /* owned */
  McuPeerTag *tag;               /* owned */
  McuOffer *offer;               /* owned */
  McuRtpGuard *guard;            /* owned */
  const McuPeerNetwork *network; /* unowned */
  GstClockTime base_time;
  guint32 video_rtp_offset;
  McuVideoIn *camera;  /* owned (nullable) */
  McuVideoIn *screen;  /* owned (nullable) */
  McuPlayout *playout; /* owned (nullable) */

  /* Network thread writes, main loop reads: hold clock_lock. */
  GMutex clock_lock;
  McuSenderClock clocks[2]; /* of the microphone and the camera, by McuMediaKind */

  /* Main loop writes, the network thread reads: hold tap_lock, also during the call. */
  GMutex tap_lock;
  McuPeerSoundFunc sound_tap; /* (nullable) */
  gpointer sound_tap_data;    /* owned through sound_tap_free */
  GDestroyNotify sound_tap_free;

  /* Main loop only (the pipeline: the worker that takes it apart, after it). */
  const McuPeerEvents *events;
  gpointer user_data;
  GstElement *pipeline; /* owned */
  GstElement *webrtc;   /* owned */
  gint64 added_us;

  GstElement *video_source; /* owned (nullable): appsrc */
  GstElement *video_pay;    /* owned (nullable) */
  GstElement *audio_source; /* owned (nullable): appsrc */
  McuReceiver *receiver;    /* owned (nullable) */
  McuAudioOut *audio_out;   /* owned (nullable) */
  guint32 send_ssrc[2];     /* by McuMediaKind */
  GstPad *send_pad[2];      /* owned (nullable): webrtcbin's sink pads */

  McuAnswerParts parts;
  McuCandidateBudget candidate_budget;
  GPtrArray *early_candidates; /* owned (nullable): until the local description is set */
  gboolean is_local_set;
  gboolean is_gathered;
  gboolean is_answered;
  gboolean is_connected;
  gboolean is_lost;
  guint n_awaited;       /* candidates of ours: one per configured address */
  guint answer_timeout;  /* source id */
  guint late_candidates; /* source id */
};

/* peer.c, for the hub. */
void mcu_peer_let_go (McuPeer *self);        /* main loop: no callback of it comes any more */
void mcu_peer_stop_pipeline (McuPeer *self); /* a worker: joins its threads */
void mcu_peer_free (McuPeer *self);          /* main loop, after that */

/* send.c: what we send. */
gboolean mcu_peer_make_senders (McuPeer *self, GError **error);
gboolean mcu_peer_request_pads (McuPeer *self);
gboolean mcu_peer_link_senders (McuPeer *self); /* only after the local description is set */

/* transport.c */
void mcu_peer_set_up_ice (McuPeer *self);
void mcu_peer_watch_transport (McuPeer *self); /* after the local description is set */

/* taps.c */
void mcu_peer_tap (McuPeer *self);
