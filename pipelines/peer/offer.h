/* pipelines/peer/offer.h - what a client offered and what we take of it, from any door.
 * From: the client's SDP text.  To: canonical, answer, rtp-guard, the peer.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The client's text ends here: everything behind works on McuOffer, and webrtcbin only ever sees
 * the canonical offer written from it. Decisions about offers that are legal but odd (no BUNDLE,
 * sections outside the group, missing mids) are told in docs/sdp-gateway.md. */
#pragma once

#include <glib.h>

#include "pipelines/peer/candidate.h"
#include "pipelines/types.h"

/* Far above what browsers write (Chromium: 8 KiB with three sections). Source: docs/sdp-gateway.md,
 * "Limits". */
#define MCU_OFFER_MAX_BYTES (32 * 1024)
/* Sections that we look at; each is answered or rejected in place. */
#define MCU_OFFER_MAX_SECTIONS 16
/* Sections that we can accept: microphone, camera, screen, and one of each kind that we only send.
 */
#define MCU_OFFER_MAX_ACCEPTED 5
#define MCU_FINGERPRINT_BYTES 32

/** McuOfferKind: the door it came through, which decides who may send what. */
typedef enum
{
  MCU_OFFER_BROWSER, /* both ways */
  MCU_OFFER_WHIP,    /* we only receive; at most one section of a kind */
  MCU_OFFER_WHEP     /* we only send */
} McuOfferKind;

/** McuSetup: a side of the DTLS handshake (RFC 4145, RFC 8842). */
typedef enum
{
  MCU_SETUP_ACTPASS,
  MCU_SETUP_ACTIVE,
  MCU_SETUP_PASSIVE
} McuSetup;

/** McuDebugFault: what a test asks a debug build to do; always NONE in other builds. */
typedef enum
{
  MCU_DEBUG_FAULT_NONE,
  MCU_DEBUG_FAULT_ABORT,
  MCU_DEBUG_FAULT_HANG
} McuDebugFault;

/** McuOfferStream: the client's own word on what a section carries. */
typedef struct
{
  const char *mid;
  McuStream stream;
} McuOfferStream;

/** McuOfferOptions: all zero is a browser with our defaults. */
typedef struct
{
  McuOfferKind kind;
  gboolean viewer; /* never receive from it, whatever it offers */
  guint denied;    /* set of 1 << McuStream: never received */
  /* Most wanted first, video codecs only; 0 entries: H264, VP8. */
  const McuCodec *video_codecs;
  guint n_video_codecs;
  /* (nullable): by default the first audio section that sends is the microphone, the first video
   * one the camera and the second the screen. */
  const McuOfferStream *streams;
  guint n_streams;
  gboolean stereo;         /* take stereo Opus from a client that offers it */
  gboolean allow_loopback; /* candidates in 127.0.0.0/8 and ::1 are kept */
} McuOfferOptions;

/** McuOfferSection: one m-line of the client, accepted or not. Strings are owned, UTF-8, one line.
 */
typedef struct
{
  guint index;               /* its place in the client's offer, and so in the answer */
  int canonical_index;       /* its place (mline) in the canonical offer; -1: rejected */
  const char *reject_reason; /* (nullable): static text for logs when rejected */
  char *media;               /* "audio", "video", "application", ...: as offered */
  char *proto;               /* as offered */
  char *format;              /* the first of the offered formats, echoed when rejected */
  char *mid;                 /* never NULL when accepted; else NULL if none was offered */
  gboolean mid_is_ours;      /* we invented it: not to be told to the client */

  /* From here on only for accepted sections. */
  McuMediaKind kind;
  McuStream stream;    /* what it carries; meaningful when we_receive */
  gboolean we_receive; /* at least one of the two is TRUE */
  gboolean we_send;    /* on at most one audio and one video section */
  McuCodec codec;
  guint8 pt;
  guint8 rtx_pt;       /* 0: no retransmission stream */
  guint clock_rate_hz; /* 90000, 48000 or 8000 */
  char *fmtp;     /* (nullable): parameters of @pt, canonical text, for offer and answer alike */
  guint8 ext_mid; /* ids of RTP header extensions, 1..14; 0: not offered */
  guint8 ext_twcc;
  guint8 ext_level; /* RFC 6464, audio only */
  /* Video that we receive: libwebrtc's color-space. Chromium sends what a canvas drew in full range
   * and says so nowhere else. */
  guint8 ext_colour;
  gboolean fb_nack; /* rtcp-fb that the client has for @pt; nack for video only */
  gboolean fb_pli;
  gboolean fb_fir;
  gboolean fb_twcc;
  gboolean fb_remb;
  gboolean rtcp_rsize;
  /* What the client's packets carry, or, when the client announced none (or does not send), ours:
   * the guard rewrites between the real one and ours both ways. Never 0; rtx_ssrc is 0 when rtx_pt
   * is. */
  guint32 ssrc;
  guint32 rtx_ssrc;
  gboolean ssrc_is_ours;
  gboolean rtx_ssrc_is_ours;
} McuOfferSection;

/** McuOffer: read only after parsing, so any thread may read it. */
typedef struct
{
  McuOfferKind kind;
  guint n_sections;
  McuOfferSection *sections; /* (array length=n_sections): in the client's order */
  guint n_accepted;          /* 1..MCU_OFFER_MAX_ACCEPTED */
  McuCodec audio_codec;      /* MCU_CODEC_NONE when no audio section was accepted */
  McuCodec video_codec;

  /* Transport: from the offerer-tagged section, the first bundled one that we accept. */
  char *ice_ufrag;
  char *ice_pwd;
  guint8 fingerprint[MCU_FINGERPRINT_BYTES]; /* SHA-256 of the client's certificate */
  McuSetup setup;                            /* as offered; ACTPASS when it was silent */
  McuSetup our_setup;                        /* what we must answer: ACTIVE or PASSIVE */
  gboolean ice_lite;
  gboolean trickle; /* the client said a=ice-options:trickle */
  gboolean extmap_allow_mixed;
  gboolean bundled;         /* there was a BUNDLE group: the answer has one as well */
  char **bundle_mids;       /* (array zero-terminated=1): accepted mids in the order of the group;
                               without a group the one accepted mid */
  guint tagged_section;     /* index in @sections of the section whose transport is used */
  McuCandidate *candidates; /* validated, at most MCU_CANDIDATES_MAX */
  guint n_candidates;
  McuDebugFault debug_fault;
} McuOffer;

/**
 * mcu_offer_parse:
 * @sdp: the client's text; need not be terminated
 * @length: its bytes, or -1 when terminated
 * @options: (nullable): all defaults when NULL
 * @error: MCU_ERROR_TOO_LARGE (over 32 KiB), MCU_ERROR_BAD_SDP, MCU_ERROR_NO_COMMON_CODEC,
 *   MCU_ERROR_TOO_MANY_STREAMS (over 16 sections; WHIP: two of a kind)
 *
 * Thread: any, no state is shared.
 *
 * Returns: (transfer full): with at least one accepted section.
 */
McuOffer *mcu_offer_parse (const char *sdp, gssize length, const McuOfferOptions *options,
                           GError **error);
void mcu_offer_free (McuOffer *offer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuOffer, mcu_offer_free)

/** mcu_offer_accepted: (nullable): the section with that place in the canonical offer. */
const McuOfferSection *mcu_offer_accepted (const McuOffer *offer, guint canonical_index);

/** mcu_offer_sending: (nullable): the section on which we send that kind. */
const McuOfferSection *mcu_offer_sending (const McuOffer *offer, McuMediaKind kind);

/** mcu_setup_to_string: "actpass", "active" or "passive". */
const char *mcu_setup_to_string (McuSetup setup);
