/* tests/bench/rtp.h - RTP headers and RTCP packets, written and read.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_RTP_MAX_PACKET 1500

typedef struct
{
  guint8 pt;
  gboolean marker;
  guint16 seq;
  guint32 timestamp;
  guint32 ssrc;
  gsize header_size; /* with CSRCs and extensions */
  int twcc;          /* transport-wide sequence number, -1 when absent */
} McuRtpHeader;

/** McuRtpExtensions: what goes into the header; 0 as id leaves it out. */
typedef struct
{
  guint8 twcc_id;
  guint16 twcc;
  guint8 mid_id;
  char mid;
  guint8 level_id;
  guint8 level;
} McuRtpExtensions;

gboolean mcu_rtp_parse (const guint8 *data, gsize size, guint8 twcc_id, McuRtpHeader *header);
/** mcu_rtp_write: Returns: the header's size; the payload follows it. */
gsize mcu_rtp_write (guint8 *out, const McuRtpHeader *header, const McuRtpExtensions *extensions);
/** mcu_rtp_is_rtcp: by RFC 5761's payload types. */
gboolean mcu_rtp_is_rtcp (const guint8 *data, gsize size);

/** McuRtcpSender: the sender info of an SR. */
typedef struct
{
  guint32 ssrc;
  gint64 now_ns;
  guint32 timestamp, packets, bytes;
} McuRtcpSender;

/** McuRtcpBlock: a report block. */
typedef struct
{
  guint32 ssrc, lost, highest, jitter, lsr, dlsr;
  guint8 fraction;
} McuRtcpBlock;

/* Each appends one packet at @out and returns its size. */
gsize mcu_rtcp_write_sr (guint8 *out, const McuRtcpSender *sender);
gsize mcu_rtcp_write_rr (guint8 *out, guint32 ssrc, const McuRtcpBlock *blocks, guint n_blocks);
gsize mcu_rtcp_write_sdes (guint8 *out, guint32 ssrc, const char *cname);
gsize mcu_rtcp_write_pli (guint8 *out, guint32 ssrc, guint32 media_ssrc);
gsize mcu_rtcp_write_nack (guint8 *out, guint32 ssrc, guint32 media_ssrc, const guint16 *seqs,
                           guint n_seqs);

/** McuRtcpPacket: one packet of a compound one; @body is what follows the 4-byte header. */
typedef struct
{
  guint8 type, count;
  const guint8 *body;
  gsize size;
} McuRtcpPacket;

/** mcu_rtcp_next: walks a compound packet; @at starts at 0. FALSE at the end or at rubbish. */
gboolean mcu_rtcp_next (const guint8 *data, gsize size, gsize *at, McuRtcpPacket *packet);

guint16 mcu_read_u16 (const guint8 *at);
guint32 mcu_read_u32 (const guint8 *at);
void mcu_write_u16 (guint8 *at, guint value);
void mcu_write_u32 (guint8 *at, guint32 value);
