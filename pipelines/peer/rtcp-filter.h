/* pipelines/peer/rtcp-filter.h - a compound RTCP packet, cut down to what is sound and expected.
 * To: rtp-guard.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pure: knows the formats (RFC 3550, 4585, 5104, transport-wide cc), not whose SSRC is whose. */
#pragma once

#include <glib.h>

/* Source: docs/sdp-gateway.md, "Limits". */
#define MCU_RTCP_MAX_BYTES 1500
#define MCU_RTCP_MAX_TWCC_PACKETS 2000

/**
 * McuRtcpMap:
 * @ssrc: (inout): as in the packet; may be changed
 * @is_source: it sends media (SR, SDES), so it must be one that was announced; else it only
 *   signs reports and feedback
 *
 * Returns: FALSE: that part is to be cut out.
 */
typedef gboolean (*McuRtcpMap) (gpointer user_data, guint32 *ssrc, gboolean is_source);

/** McuRtcpVerdict: what was found; the packet may be used when @size is not 0. */
typedef struct
{
  gboolean malformed; /* it does not add up: @size is 0 */
  guint cut_types;    /* parts cut out because we do not take them */
  guint cut_ssrcs;    /* parts cut out because @map said so */
} McuRtcpVerdict;

/**
 * mcu_rtcp_filter:
 * @size: (inout): 0 afterwards when nothing is left or it is malformed
 *
 * Keeps SR, RR (without extensions), SDES (CNAME only), NACK, TWCC, PLI, FIR, REMB. BYE goes,
 * uncounted: a stream's end is told by signaling, and rtpbin would remove pads for it.
 */
McuRtcpVerdict mcu_rtcp_filter (guint8 *packet, gsize *size, McuRtcpMap map, gpointer user_data);

/**
 * mcu_rtcp_map_targets:
 * @map: called with each SSRC that reports and feedback are *about*; its result is ignored
 *
 * For packets of our own: stops at what does not add up.
 */
void mcu_rtcp_map_targets (guint8 *packet, gsize size, McuRtcpMap map, gpointer user_data);
