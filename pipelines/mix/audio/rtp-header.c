/* pipelines/mix/audio/rtp-header.c - an RTP packet taken apart (RFC 3550, 5.1).
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/rtp-header.h"

#define FIXED_BYTES 12

static guint32
read_u32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

gboolean
mcu_rtp_header_parse (const guint8 *rtp, gsize n, McuRtpHeader *header)
{
  if (n < FIXED_BYTES || rtp[0] >> 6 != 2)
    return FALSE;

  gsize begin = FIXED_BYTES + 4 * (rtp[0] & 0x0f);
  gsize end = n;

  if (rtp[0] & 0x10) { /* extension */
    if (n < begin + 4)
      return FALSE;
    begin += 4 + 4 * (gsize) (rtp[begin + 2] << 8 | rtp[begin + 3]);
  }
  if (rtp[0] & 0x20) { /* padding */
    if (rtp[n - 1] == 0 || rtp[n - 1] > n)
      return FALSE;
    end -= rtp[n - 1];
  }
  if (begin >= end)
    return FALSE;
  header->seq = rtp[2] << 8 | rtp[3];
  header->timestamp = read_u32 (rtp + 4);
  header->ssrc = read_u32 (rtp + 8);
  header->payload = rtp + begin;
  header->n_payload = end - begin;
  return TRUE;
}
