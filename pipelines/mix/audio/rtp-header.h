/* pipelines/mix/audio/rtp-header.h - an RTP packet taken apart (RFC 3550, 5.1).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** McuRtpHeader: what playout needs of a packet; @payload points into it. */
typedef struct
{
  guint16 seq;
  guint32 timestamp;
  guint32 ssrc;
  const guint8 *payload; /* unowned */
  gsize n_payload;       /* without padding; 1 or more */
} McuRtpHeader;

/** mcu_rtp_header_parse: any bytes.  Pure.  Returns: FALSE when they are not an RTP packet with a
 * payload. */
gboolean mcu_rtp_header_parse (const guint8 *rtp, gsize n, McuRtpHeader *header);

G_END_DECLS
