/* pipelines/peer/answer.h - the answer that the client gets, for all doors.
 * From: offer, and the values of webrtcbin's own answer.  To: the client.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The answer is generated from the offer, never edited: what webrtcbin wrote is only read for the
 * values that webrtcbin chose (ICE, fingerprint, setup, SSRCs, candidates). */
#pragma once

#include "pipelines/peer/candidate.h"
#include "pipelines/peer/offer.h"

/* Source: the contract, "WHIP and WHEP": an answer of at most 8191 bytes. */
#define MCU_ANSWER_MAX_BYTES 8191
/* Of ours; more than a machine with many addresses has. The least useful go first. */
#define MCU_ANSWER_MAX_CANDIDATES 32
#define MCU_CNAME_MAX 255

/** McuAnswerSectionParts: our own values for one accepted section. */
typedef struct
{
  guint32 ssrc;     /* of what we send there; 0 is left out */
  guint32 rtx_ssrc; /* 0: none */
} McuAnswerSectionParts;

/** McuAnswerParts: what only webrtcbin and the configuration know. Zero, then read or fill. */
typedef struct
{
  char ice_ufrag[MCU_UFRAG_MAX + 1];
  char ice_pwd[MCU_UFRAG_MAX + 1];
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];
  McuSetup setup;
  char cname[MCU_CNAME_MAX + 1];                          /* "" : "tessera" */
  McuAnswerSectionParts sections[MCU_OFFER_MAX_ACCEPTED]; /* by canonical index */
  guint n_sections;
  McuCandidate candidates[MCU_ANSWER_MAX_CANDIDATES];
  guint n_candidates;

  /* For the caller to set; mcu_answer_parts_read leaves them alone. */
  const char *external_address; /* (nullable) (unowned): 1:1 NAT, written instead of host addresses
                                   of its family; loopback ones stay */
  guint max_video_bps; /* the client's uplink per video section as b=AS and b=TIAS; 0: none */
  guint max_audio_bps;
} McuAnswerParts;

/**
 * mcu_answer_parts_read:
 * @webrtcbin_sdp: webrtcbin's answer or local description for the canonical offer
 * @error: MCU_ERROR_INTERNAL: a value is missing or malformed
 *
 * Candidates found in the text are added to those already there, without doubles.
 * Thread: any.
 */
gboolean mcu_answer_parts_read (McuAnswerParts *parts, const char *webrtcbin_sdp, GError **error);

/**
 * mcu_answer_parts_add_candidate:
 * @line: as webrtcbin's on-ice-candidate gives it, "candidate:…"
 *
 * Returns: FALSE when it was left out: TCP, not understood, known already, or too many.
 */
gboolean mcu_answer_parts_add_candidate (McuAnswerParts *parts, const char *line);

/**
 * mcu_answer_write:
 * @error: MCU_ERROR_INTERNAL: no usable candidate (says so), or no transport values
 *
 * Sections in the client's order, rejected ones with port 0; candidates in the tagged section,
 * the best public UDP/IPv4 host first; at most MCU_ANSWER_MAX_BYTES, for which the least useful
 * candidates are dropped.  Thread: any.
 *
 * Returns: (transfer full): SDP text with CRLF lines.
 */
char *mcu_answer_write (const McuOffer *offer, const McuAnswerParts *parts, GError **error);
