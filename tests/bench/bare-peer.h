/* tests/bench/bare-peer.h - a webrtcbin that mixes nothing: what packets alone cost.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/gst.h>

#include "tests/bench/material.h"

typedef struct _McuBarePeer McuBarePeer;

/**
 * mcu_bare_peer_new:
 * @offer: as tessera-load writes it: audio, then video
 * @answer: (out) (transfer full): with all candidates
 *
 * What it receives is depacketized and thrown away; what it sends is pushed by
 * mcu_bare_peer_push_video() and
 * mcu_bare_peer_push_audio(). Blocks until the answer is there.
 *
 * Thread: main loop.  Returns: (transfer full) (nullable): free with mcu_bare_peer_free().
 */
McuBarePeer *mcu_bare_peer_new (const char *offer, McuMaterialKind kind, char **answer,
                                GError **error);
void mcu_bare_peer_free (McuBarePeer *self);
/** mcu_bare_peer_wants_key: connected, and nothing was sent to it yet. Thread: main loop. */
gboolean mcu_bare_peer_wants_key (McuBarePeer *self);
/** mcu_bare_peer_push_video, _audio: one encoded frame, shared by all peers; nothing is sent before
 * the connection is up and, for video, before a key frame. Thread: main loop. */
void mcu_bare_peer_push_video (McuBarePeer *self, GstBuffer *frame, gboolean is_key);
void mcu_bare_peer_push_audio (McuBarePeer *self, GstBuffer *packet);
