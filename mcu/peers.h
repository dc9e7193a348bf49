/* mcu/peers.h - offers, candidates, connections: one person's sessions.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/room.h"

#define MCU_OFFER_TIMEOUT_MS 4500 /* the contract's 5 s, less the way */
#define MCU_OLD_SESSION_MS 10000
#define MCU_SILENT_GONE_MS 20000 /* after the 10 s that the room waited */
#define MCU_MAX_OFFERS 50
#define MCU_MAX_CANDIDATES 20
#define MCU_MAX_CANDIDATE_BYTES 1024
#define MCU_MAX_SDP_BYTES (64 * 1024)

/**
 * mcu_peers_offer:
 * @session: above every earlier one
 * @streams: (nullable): `{mid: stream}` as the client gave it
 *
 * Ends in McuSeatOps.answered, once for each call, also from inside it; an older session is not
 * answered at all, as the contract says.
 */
void mcu_peers_offer (McuParticipant *participant, gint64 session, const char *sdp,
                      JsonObject *streams);

/**
 * mcu_peers_candidate:
 * @candidate: (nullable): the text after "a="; empty or NULL: there are no more
 * @error: MCU_ERROR_RATE_LIMITED, MCU_ERROR_TOO_LARGE, MCU_ERROR_BAD_REQUEST
 */
gboolean mcu_peers_candidate (McuParticipant *participant, gint64 session, const char *candidate,
                              const char *sdp_mid, GError **error);

/** mcu_peers_state: `peer_state` of a room. */
void mcu_peers_state (McuRoom *room, JsonObject *message);
/** mcu_peers_first_frame: `first_frame` of a room. */
void mcu_peers_first_frame (McuRoom *room, JsonObject *message);

/** mcu_peers_find: (nullable): whose connection that is; @peer (out) (optional). */
McuParticipant *mcu_peers_find (McuRoom *room, const char *peer_id, McuPeer **peer);

/** mcu_peers_close: all connections of @participant, `peer_remove` included. */
void mcu_peers_close (McuParticipant *participant);
/** mcu_peers_forget: the process is dead: the same without telling it. */
void mcu_peers_forget (McuParticipant *participant);

/** mcu_peers_renegotiate: ask the client for a new offer. */
void mcu_peers_renegotiate (McuParticipant *participant, const char *reason);
