/* pipelines/peer/candidate.h - one ICE candidate line, taken apart and put together again.
 * From: the client's offers and trickled lines, webrtcbin's own.  To: offer, answer, the peer.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each candidate makes the server send STUN to its address, so only what can be a peer's UDP
 * address passes, and only a bounded number in a session. Source: RFC 8839 section 5.1. */
#pragma once

#include <glib.h>

/* Longer than any candidate with a literal address, the longest ufrag, and a related address put in
 * where there was none: what is written is always read again. */
#define MCU_CANDIDATE_MAX_BYTES 512
/* Of the client, in a session: in the offer and trickled together. */
#define MCU_CANDIDATES_MAX 20
#define MCU_ADDRESS_MAX 46 /* INET6_ADDRSTRLEN */
#define MCU_UFRAG_MAX 256

typedef enum
{
  MCU_CANDIDATE_HOST,
  MCU_CANDIDATE_SRFLX,
  MCU_CANDIDATE_PRFLX,
  MCU_CANDIDATE_RELAY
} McuCandidateType;

/** McuCandidateResult: what to do with a line. */
typedef enum
{
  MCU_CANDIDATE_OK,
  MCU_CANDIDATE_END,    /* empty, or "end-of-candidates": no more will come */
  MCU_CANDIDATE_IGNORE, /* legal but not for us: ".local" names, TCP, another component */
  MCU_CANDIDATE_BAD     /* breaks the grammar or a limit */
} McuCandidateResult;

/** McuCandidate: what was understood; addresses are in inet_ntop's spelling. */
typedef struct
{
  char foundation[33];
  guint32 priority; /* never 0 */
  char address[MCU_ADDRESS_MAX];
  gboolean is_ipv6;
  guint16 port; /* never 0 */
  McuCandidateType type;
  char related_address[MCU_ADDRESS_MAX]; /* "" when none was given */
  guint16 related_port;
  char ufrag[MCU_UFRAG_MAX + 1]; /* "" when none was given */
} McuCandidate;

/** McuCandidateBudget: how many lines a session has used; all zero at first. */
typedef struct
{
  guint used;
} McuCandidateBudget;

/**
 * mcu_candidate_parse:
 * @text: "candidate:…", with or without "a=" before it; need not be terminated
 * @length: bytes, or -1 when terminated
 * @allow_loopback: take 127.0.0.0/8 and ::1; else they are IGNOREd
 * @out: (out): filled only when OK
 *
 * Multicast, unspecified and broadcast addresses are BAD.  Thread: any.
 */
McuCandidateResult mcu_candidate_parse (const char *text, gssize length, gboolean allow_loopback,
                                        McuCandidate *out);

/** mcu_candidate_to_string: (transfer full): "candidate:…" of only what was understood. */
char *mcu_candidate_to_string (const McuCandidate *candidate);

/** mcu_candidate_is_public: routable on the internet (not private, loopback, link-local, CGNAT). */
gboolean mcu_candidate_is_public (const McuCandidate *candidate);

/** mcu_address_is_literal: an IPv4 (and, if asked for, IPv6) literal in @text. */
gboolean mcu_address_is_literal (const char *text, gboolean *is_ipv6);

/** mcu_candidate_budget_take: FALSE when the session has had MCU_CANDIDATES_MAX already. */
gboolean mcu_candidate_budget_take (McuCandidateBudget *budget);
