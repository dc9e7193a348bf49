/* pipelines/peer/sdp-section.h - what the client wrote, section by section, not yet judged.
 * From: sdp-text.  To: offer.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A known attribute with a malformed value counts as not written; only what decides how sections
 * are told apart (m-lines, mids) makes the whole offer bad. */
#pragma once

#include "pipelines/peer/candidate.h"
#include "pipelines/peer/offer.h"
#include "pipelines/peer/sdp-text.h"

#define MCU_SDP_MAX_FORMATS 64
/* Chromium writes about 200 attributes for video. */
#define MCU_SDP_MAX_LINES 512
#define MCU_SDP_MAX_SSRCS 16
#define MCU_SDP_MID_MAX 64
/* Written, of any kind: Firefox writes eight an address, two of which are for us. */
#define MCU_SDP_MAX_CANDIDATES 64

/** McuSdpFormat: one payload type. */
typedef struct
{
  guint8 pt;
  char name[16]; /* lower case; "" without rtpmap */
  guint clock_rate_hz;
  const char *fmtp; /* (nullable) */
  gboolean fb_nack, fb_pli, fb_fir, fb_twcc, fb_remb;
} McuSdpFormat;

/** McuSdpTransport: may stand in a section or before all of them. */
typedef struct
{
  const char *ice_ufrag; /* (nullable) */
  const char *ice_pwd;
  gboolean has_fingerprint;
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];
  gboolean has_setup;
  McuSetup setup;
} McuSdpTransport;

/** McuSdpExtensions: ids 1..14, 0 for none. */
typedef struct
{
  guint8 mid, twcc, level, colour;
} McuSdpExtensions;

/** McuSdpSection: strings point into the text. */
typedef struct
{
  char media[16];
  char proto[32];
  char format[32]; /* the first one */
  guint port;
  const char *mid; /* (nullable) */
  McuSdpTransport transport;
  McuSdpExtensions extensions;
  McuSdpFormat formats[MCU_SDP_MAX_FORMATS]; /* audio and video only */
  guint n_formats;
  gboolean sends, receives; /* the client */
  gboolean rtcp_mux, rtcp_rsize, bundle_only;
  guint32 ssrcs[MCU_SDP_MAX_SSRCS];
  guint n_ssrcs;
  guint32 fid[MCU_SDP_MAX_SSRCS][2];
  guint n_fid;
  guint32 sim_first; /* the first layer of a simulcast group, 0 for none */
  const char *candidates[MCU_SDP_MAX_CANDIDATES];
  guint n_candidates;
  guint n_lines;
} McuSdpSection;

/** McuSdpSession: the whole offer. */
typedef struct
{
  McuSdpTransport transport;
  McuSdpExtensions extensions;
  const char *bundle; /* (nullable): the mids of the first BUNDLE group, blank separated */
  gboolean sends, receives;
  gboolean ice_lite, trickle, extmap_allow_mixed;
  McuDebugFault debug_fault;
  McuSdpSection sections[MCU_OFFER_MAX_SECTIONS];
  guint n_sections;
} McuSdpSession;

/**
 * mcu_sdp_session_read:
 * @self: (out): all of it is overwritten; about 60 kB, so not for the stack
 * @error: MCU_ERROR_BAD_SDP, MCU_ERROR_TOO_MANY_STREAMS (over 16 sections)
 */
gboolean mcu_sdp_session_read (McuSdpSession *self, const McuSdpText *text, GError **error);
