/* pipelines/peer/peer-hub.h - where a room's peers are found, and where they end.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/peer/offer.h"

typedef struct _McuPeer McuPeer;
typedef struct _McuPeerHub McuPeerHub;

/**
 * McuPeerTag:
 *
 * What a callback of webrtcbin knows of its peer: never a reference, because the last unref on a
 * streaming thread would wait for that very thread. Outlives the elements.
 */
typedef struct _McuPeerTag McuPeerTag;

/** McuPeerFunc: Thread: main loop. @peer is alive and not closing. */
typedef void (*McuPeerFunc) (McuPeer *peer, gpointer data);

/** McuPeerVerdict: what is known of the certificate that the other side showed. */
typedef enum
{
  MCU_PEER_UNVERIFIED,
  MCU_PEER_VERIFIED,
  MCU_PEER_IMPOSTOR
} McuPeerVerdict;

McuPeerTag *mcu_peer_tag_new (McuPeerHub *hub, const char *peer_id,
                              const guint8 fingerprint[MCU_FINGERPRINT_BYTES]);
McuPeerTag *mcu_peer_tag_ref (McuPeerTag *self);
void mcu_peer_tag_unref (McuPeerTag *self);

/**
 * mcu_peer_tag_post:
 * @data: (transfer full): freed with @free_data, also when the peer is gone by then
 *
 * Thread: any.
 */
void mcu_peer_tag_post (McuPeerTag *self, McuPeerFunc func, gpointer data,
                        GDestroyNotify free_data);

/** mcu_peer_tag_verify: compares a PEM certificate with what was offered. Thread: any. */
void mcu_peer_tag_verify (McuPeerTag *self, const char *certificate_pem);
/** mcu_peer_tag_verdict: Thread: any. */
McuPeerVerdict mcu_peer_tag_verdict (McuPeerTag *self);

/* Everything below: main loop. */

McuPeerHub *mcu_peer_hub_new (void);
/** mcu_peer_hub_free: waits for the teardowns under way; no peer is in it any more. */
void mcu_peer_hub_free (McuPeerHub *self);

/** mcu_peer_hub_add: @peer: (transfer full). */
void mcu_peer_hub_add (McuPeerHub *self, McuPeer *peer);
/** mcu_peer_hub_find: (transfer none) (nullable). */
McuPeer *mcu_peer_hub_find (McuPeerHub *self, const char *peer_id);
/** mcu_peer_hub_close: takes it out, and apart on a worker thread. */
void mcu_peer_hub_close (McuPeerHub *self, const char *peer_id);
/** mcu_peer_hub_foreach: @func must not add or close; see mcu_peer_hub_list_ids(). */
void mcu_peer_hub_foreach (McuPeerHub *self, McuPeerFunc func, gpointer data);
/** mcu_peer_hub_list_ids: (transfer full) (array zero-terminated=1). */
char **mcu_peer_hub_list_ids (McuPeerHub *self);
/**
 * mcu_peer_hub_oldest_teardown_ms: 0 when none is under way.
 *
 * Counts from when a worker took it up: 100 peers that leave at once queue for longer than one that
 * hangs may take.
 */
guint mcu_peer_hub_oldest_teardown_ms (McuPeerHub *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPeerTag, mcu_peer_tag_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPeerHub, mcu_peer_hub_free)
