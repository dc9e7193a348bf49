/* pipelines/peer/peer.h - one connection: a GstPipeline with webrtcbin, always the answerer.
 * From: the client's packets.  To: ingest; and back from output.
 * SPDX-License-Identifier: Apache-2.0
 *
 * One offer is one peer; nothing is renegotiated in place, a new peer replaces the old one. Main
 * loop only, but for what the headers of the parts say. */
#pragma once

#include <gst/gst.h>

#include "pipelines/ingest/video-in.h"
#include "pipelines/mix/audio/playout.h"
#include "pipelines/mix/video/source.h"
#include "pipelines/output/audio-out.h"
#include "pipelines/output/receiver.h"
#include "pipelines/peer/offer.h"
#include "pipelines/peer/peer-hub.h"
#include "pipelines/peer/rtp-guard.h"

/* Source: the contract: an answer or an error within 5 s, with the link's way there and back. */
#define MCU_PEER_ANSWER_TIMEOUT_MS 4000

/** McuPeerNetwork: where a room's peers listen. */
typedef struct
{
  char **addresses; /* local literals, at most 4; none: all of the machine's */
  guint port_min;
  guint port_max;
  char *external_address; /* (nullable): 1:1 NAT */
  gboolean allow_loopback;
} McuPeerNetwork;

/** McuPeerEvents: Thread: main loop. @user_data is the settings'. */
typedef struct
{
  /* Once: @answer is NULL on @error. */
  void (*on_answer) (McuPeer *peer, const char *answer, const GError *error, gpointer user_data);
  /* Once: DTLS is done and the certificate is the one offered. */
  void (*on_connected) (McuPeer *peer, gpointer user_data);
  /* Once: nothing will come back; close it. @reason: static text. */
  void (*on_lost) (McuPeer *peer, const char *reason, gpointer user_data);
  /* The first frame of a rung was handed on; @pts_ns: running time. */
  void (*on_first_frame) (McuPeer *peer, guint64 pts_ns, gpointer user_data);
} McuPeerEvents;

/** McuPeerSettings: copied, but for what is said. */
typedef struct
{
  McuPeerHub *hub; /* unowned: outlives the peer */
  const char *id;
  const char *participant;
  const McuPeerNetwork *network; /* unowned: outlives the peer */
  GstClockTime base_time;        /* the process's */
  guint32 video_rtp_offset;      /* RTP time of running time 0 on the video that we send */
  McuSource *camera;             /* referenced */
  McuSource *screen;             /* referenced */
  const McuPeerEvents *events;   /* unowned: static */
  gpointer user_data;            /* unowned: outlives the peer */
} McuPeerSettings;

/**
 * mcu_peer_new:
 * @offer: (transfer full): also on error
 * @error: MCU_ERROR_INTERNAL
 *
 * Returns: (transfer full): give it to mcu_peer_hub_add(), then mcu_peer_negotiate().
 */
McuPeer *mcu_peer_new (const McuPeerSettings *settings, McuOffer *offer, GError **error);

/** mcu_peer_negotiate: on_answer comes from the main loop, within MCU_PEER_ANSWER_TIMEOUT_MS. */
void mcu_peer_negotiate (McuPeer *self);

/** mcu_peer_add_candidate: a line of the client; may come before the answer. Bad ones are dropped.
 */
void mcu_peer_add_candidate (McuPeer *self, const char *candidate);

/** mcu_peer_lose: on_lost, unless it was called before. @reason: static text. */
void mcu_peer_lose (McuPeer *self, const char *reason);

const char *mcu_peer_get_id (McuPeer *self);
const char *mcu_peer_get_participant (McuPeer *self);
const McuOffer *mcu_peer_get_offer (McuPeer *self);
McuRtpGuard *mcu_peer_get_guard (McuPeer *self);
gboolean mcu_peer_is_connected (McuPeer *self);
gint64 mcu_peer_get_added_us (McuPeer *self);

/** mcu_peer_get_receiver: (transfer none) (nullable): where mixed video goes; NULL: it takes none.
 */
McuReceiver *mcu_peer_get_receiver (McuPeer *self);
/** mcu_peer_get_audio_out: (transfer none) (nullable): where mixed sound goes. */
McuAudioOut *mcu_peer_get_audio_out (McuPeer *self);
/** mcu_peer_get_playout: (transfer none) (nullable): its sound. */
McuPlayout *mcu_peer_get_playout (McuPeer *self);
/** mcu_peer_get_video: (transfer none) (nullable): its camera or screen. */
McuVideoIn *mcu_peer_get_video (McuPeer *self, McuStream stream);

/**
 * McuPeerSoundFunc: a packet of its sound as it came; the bytes are only there during the call.
 * Bounded work, no wait.  Thread: the network's.
 */
typedef void (*McuPeerSoundFunc) (gpointer user_data, const guint8 *rtp, gsize n,
                                  guint64 running_ns);

/**
 * mcu_peer_set_sound_tap:
 * @user_data: (transfer full): freed with @free_data when it is replaced or the peer freed
 *
 * After it returns the former one is not called any more.
 */
void mcu_peer_set_sound_tap (McuPeer *self, McuPeerSoundFunc func, gpointer user_data,
                             GDestroyNotify free_data);

/** mcu_peer_video_rtp_time: of a running time, on the video that this peer gets. */
guint32 mcu_peer_video_rtp_time (McuPeer *self, guint64 pts_ns);

/**
 * mcu_peer_get_video_lag_us:
 * @lag_us: (out): how much longer the camera's packets take than the microphone's of the same
 * moment
 *
 * From the sender's reports; FALSE before both streams have one.
 */
gboolean mcu_peer_get_video_lag_us (McuPeer *self, gint64 *lag_us);

/** McuPeerReception: what the session's reports say. */
typedef struct
{
  guint rtt_ms; /* from the newest receiver report; 0: none yet */
  guint lost;   /* packets of the camera that did not come the first time */
} McuPeerReception;

/** mcu_peer_get_reception: @out: (out). Builds the session's statistics: once a second at most. */
void mcu_peer_get_reception (McuPeer *self, McuPeerReception *out);
