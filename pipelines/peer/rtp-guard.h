/* pipelines/peer/rtp-guard.h - what of a client's packets reaches rtpbin, and under which SSRC.
 * From: srtpdec (decrypted).  To: rtpbin's recv_rtp_sink and recv_rtcp_sink; and its RTCP back.
 * SPDX-License-Identifier: Apache-2.0
 *
 * One guard a connection. The three packet functions may run on three different streaming
 * threads, each on one at a time; mcu_rtp_guard_rtp alone writes the SSRC table. They hold no lock
 * (what they share are atomics), allocate nothing and read no clock; the worst time is linear in
 * the packet's size. Any thread may read counters and section figures at any time. Free the guard
 * when no probe can run any more. */
#pragma once

#include <glib.h>

#include "pipelines/peer/offer.h"

/** McuGuardReason: why a packet (or a part of one) went no further; PASS is none. */
typedef enum
{
  MCU_GUARD_PASS,
  MCU_GUARD_RTP_MALFORMED, /* version, CSRCs, extension, padding, empty payload, size */
  MCU_GUARD_UNKNOWN_SSRC,
  MCU_GUARD_UNKNOWN_PAYLOAD_TYPE,
  MCU_GUARD_BITRATE,     /* a section over its bits per second */
  MCU_GUARD_PACKET_RATE, /* the connection over its packets per second */
  MCU_GUARD_RTCP_MALFORMED,
  MCU_GUARD_RTCP_RATE,
  MCU_GUARD_RTCP_TYPE, /* APP, XR and feedback that was not agreed on: cut out */
  MCU_GUARD_RTCP_SSRC, /* a report or description of a stream that nobody announced */
  /* Found by others and counted here with mcu_rtp_guard_count. */
  MCU_GUARD_PICTURE_TOO_BIG,
  MCU_GUARD_PICTURE_BROKEN,
  MCU_GUARD_FRAME_RATE,
  MCU_GUARD_FINGERPRINT,
  MCU_GUARD_N_REASONS
} McuGuardReason;

/** mcu_guard_reason_to_string: stable snake_case, the metric's label; "pass" for PASS. */
const char *mcu_guard_reason_to_string (McuGuardReason reason);

typedef struct _McuRtpGuard McuRtpGuard;

/** McuGuardSectionStats: what has been let through for one section. */
typedef struct
{
  gint64 last_rtp_us; /* in the caller's clock; 0: nothing yet */
  guint64 packets;
  guint64 bytes;       /* whole RTP packets */
  guint32 real_ssrc;   /* the one on the wire; 0: not known yet */
  gboolean full_range; /* its pictures' samples are 0..255, by the color-space header extension */
} McuGuardSectionStats;

/**
 * mcu_rtp_guard_new: copies what it needs of @offer.
 */
McuRtpGuard *mcu_rtp_guard_new (const McuOffer *offer);
void mcu_rtp_guard_free (McuRtpGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRtpGuard, mcu_rtp_guard_free)

/**
 * mcu_rtp_guard_rtp:
 * @packet: (array length=size): a decrypted RTP packet, writable: its SSRC may be rewritten
 * @now_us: monotonic
 *
 * Padding-only packets (bandwidth probes) pass. For a section that announced no SSRC the first one
 * that comes with the section's MID, or with a payload type that no other receiving section has,
 * is bound for good and rewritten to ours.
 *
 * Thread: streaming (RTP in).  Returns: PASS, or why to drop it (counted already).
 */
McuGuardReason mcu_rtp_guard_rtp (McuRtpGuard *self, guint8 *packet, gsize size, gint64 now_us);

/**
 * mcu_rtp_guard_rtcp_in:
 * @packet: (array length=size): a decrypted compound or reduced-size RTCP packet, writable
 * @size: (inout): bytes; smaller afterwards when parts were cut out
 *
 * What is not understood, not agreed on or describes streams of unknown senders is cut out; reports
 * and feedback signed by an unknown SSRC (a browser that only receives uses 1) get that of the
 * first section, so that rtpbin never sees one that we did not announce; a compound that does not
 * add up, or of which nothing is left, is dropped. Real SSRCs become ours.
 *
 * Thread: streaming (RTCP in).  Returns: PASS, or why to drop it all (counted already).
 */
McuGuardReason mcu_rtp_guard_rtcp_in (McuRtpGuard *self, guint8 *packet, gsize *size,
                                      gint64 now_us);

/**
 * mcu_rtp_guard_rtcp_out:
 * @packet: (array length=size): a compound of ours before encryption, writable
 *
 * Ours becomes the client's real SSRC in report blocks and feedback. Thread: streaming (RTCP out).
 */
void mcu_rtp_guard_rtcp_out (McuRtpGuard *self, guint8 *packet, gsize size);

/** mcu_rtp_guard_count: counts a drop that somebody else decided.  Thread: any. */
void mcu_rtp_guard_count (McuRtpGuard *self, McuGuardReason reason);

/** mcu_rtp_guard_dropped: how many so far, for that reason.  Thread: any. */
guint64 mcu_rtp_guard_dropped (McuRtpGuard *self, McuGuardReason reason);

/**
 * mcu_rtp_guard_section_stats:
 * @canonical_index: of an accepted section; FALSE for others
 *
 * Thread: any.
 */
gboolean mcu_rtp_guard_section_stats (McuRtpGuard *self, guint canonical_index,
                                      McuGuardSectionStats *out);

/** mcu_rtp_guard_last_packet_us: newest RTP or RTCP that passed, 0 for none.  Thread: any. */
gint64 mcu_rtp_guard_last_packet_us (McuRtpGuard *self);
