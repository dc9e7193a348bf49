/* tests/bench/rtp.c - see rtp.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/rtp.h"

#include <string.h>

#include "tests/bench/clock.h"

/* From 1900 to 1970. */
#define NTP_OFFSET_S 2208988800u

guint16
mcu_read_u16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

guint32
mcu_read_u32 (const guint8 *at)
{
  return (guint32) mcu_read_u16 (at) << 16 | mcu_read_u16 (at + 2);
}

void
mcu_write_u16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

void
mcu_write_u32 (guint8 *at, guint32 value)
{
  mcu_write_u16 (at, value >> 16);
  mcu_write_u16 (at + 2, value & 0xffff);
}

/* RFC 8285, one-byte headers. */
static int
find_twcc (const guint8 *data, gsize size, guint8 id)
{
  for (gsize at = 0; at < size;) {
    if (data[at] == 0) {
      at++;
      continue;
    }
    gsize length = (data[at] & 0xfu) + 1;

    if (data[at] >> 4 == id && length == 2 && at + 3 <= size)
      return mcu_read_u16 (data + at + 1);
    at += 1 + length;
  }
  return -1;
}

gboolean
mcu_rtp_parse (const guint8 *data, gsize size, guint8 twcc_id, McuRtpHeader *header)
{
  if (size < 12 || data[0] >> 6 != 2)
    return FALSE;
  *header = (McuRtpHeader){.pt = data[1] & 0x7f,
                           .marker = data[1] >> 7,
                           .seq = mcu_read_u16 (data + 2),
                           .timestamp = mcu_read_u32 (data + 4),
                           .ssrc = mcu_read_u32 (data + 8),
                           .header_size = 12 + 4 * (data[0] & 0xfu),
                           .twcc = -1};
  if (data[0] & 0x10) {
    gsize at = header->header_size;

    if (size < at + 4)
      return FALSE;
    gsize length = 4u * mcu_read_u16 (data + at + 2);
    header->header_size += 4 + length;
    if (header->header_size > size)
      return FALSE;
    if (mcu_read_u16 (data + at) == 0xbede && twcc_id != 0)
      header->twcc = find_twcc (data + at + 4, length, twcc_id);
  }
  return header->header_size <= size;
}

static gsize
write_extensions (guint8 *out, const McuRtpExtensions *e)
{
  gsize at = 4;

  if (e->twcc_id != 0) {
    out[at++] = (guint8) (e->twcc_id << 4 | 1);
    mcu_write_u16 (out + at, e->twcc);
    at += 2;
  }
  if (e->mid_id != 0) {
    out[at++] = (guint8) (e->mid_id << 4);
    out[at++] = (guint8) e->mid;
  }
  if (e->level_id != 0) {
    out[at++] = (guint8) (e->level_id << 4);
    out[at++] = e->level;
  }
  if (at == 4)
    return 0;
  while (at % 4 != 0)
    out[at++] = 0;
  mcu_write_u16 (out, 0xbede);
  mcu_write_u16 (out + 2, (guint) (at / 4 - 1));
  return at;
}

gsize
mcu_rtp_write (guint8 *out, const McuRtpHeader *header, const McuRtpExtensions *extensions)
{
  gsize size = write_extensions (out + 12, extensions);

  out[0] = size > 0 ? 0x90 : 0x80;
  out[1] = (guint8) (header->pt | (header->marker ? 0x80 : 0));
  mcu_write_u16 (out + 2, header->seq);
  mcu_write_u32 (out + 4, header->timestamp);
  mcu_write_u32 (out + 8, header->ssrc);
  return 12 + size;
}

gboolean
mcu_rtp_is_rtcp (const guint8 *data, gsize size)
{
  return size >= 8 && data[1] >= 192 && data[1] <= 223;
}

static gsize
finish (guint8 *out, guint type, guint count, gsize size)
{
  out[0] = (guint8) (0x80 | count);
  out[1] = (guint8) type;
  mcu_write_u16 (out + 2, (guint) (size / 4 - 1));
  return size;
}

gsize
mcu_rtcp_write_sr (guint8 *out, const McuRtcpSender *sender)
{
  mcu_write_u32 (out + 4, sender->ssrc);
  mcu_write_u32 (out + 8, (guint32) (sender->now_ns / MCU_LOAD_S + NTP_OFFSET_S));
  mcu_write_u32 (out + 12,
                 (guint32) (((guint64) (sender->now_ns % MCU_LOAD_S) << 32) / MCU_LOAD_S));
  mcu_write_u32 (out + 16, sender->timestamp);
  mcu_write_u32 (out + 20, sender->packets);
  mcu_write_u32 (out + 24, sender->bytes);
  return finish (out, 200, 0, 28);
}

gsize
mcu_rtcp_write_rr (guint8 *out, guint32 ssrc, const McuRtcpBlock *blocks, guint n_blocks)
{
  mcu_write_u32 (out + 4, ssrc);
  for (guint i = 0; i < n_blocks; i++) {
    guint8 *at = out + 8 + 24 * i;

    mcu_write_u32 (at, blocks[i].ssrc);
    mcu_write_u32 (at + 4, (guint32) blocks[i].fraction << 24 | (blocks[i].lost & 0xffffff));
    mcu_write_u32 (at + 8, blocks[i].highest);
    mcu_write_u32 (at + 12, blocks[i].jitter);
    mcu_write_u32 (at + 16, blocks[i].lsr);
    mcu_write_u32 (at + 20, blocks[i].dlsr);
  }
  return finish (out, 201, n_blocks, 8 + 24 * n_blocks);
}

gsize
mcu_rtcp_write_sdes (guint8 *out, guint32 ssrc, const char *cname)
{
  gsize length = strlen (cname), size = (8 + 2 + length + 1 + 3) / 4 * 4;

  memset (out, 0, size);
  mcu_write_u32 (out + 4, ssrc);
  out[8] = 1;
  out[9] = (guint8) length;
  memcpy (out + 10, cname, length);
  return finish (out, 202, 1, size);
}

gsize
mcu_rtcp_write_pli (guint8 *out, guint32 ssrc, guint32 media_ssrc)
{
  mcu_write_u32 (out + 4, ssrc);
  mcu_write_u32 (out + 8, media_ssrc);
  return finish (out, 206, 1, 12);
}

gsize
mcu_rtcp_write_nack (guint8 *out, guint32 ssrc, guint32 media_ssrc, const guint16 *seqs,
                     guint n_seqs)
{
  gsize at = 12;

  mcu_write_u32 (out + 4, ssrc);
  mcu_write_u32 (out + 8, media_ssrc);
  for (guint i = 0; i < n_seqs; at += 4) {
    guint16 first = seqs[i++], mask = 0;

    for (; i < n_seqs && (guint16) (seqs[i] - first) <= 16; i++)
      mask |= (guint16) (1u << ((guint16) (seqs[i] - first) - 1));
    mcu_write_u16 (out + at, first);
    mcu_write_u16 (out + at + 2, mask);
  }
  return finish (out, 205, 1, at);
}

gboolean
mcu_rtcp_next (const guint8 *data, gsize size, gsize *at, McuRtcpPacket *packet)
{
  if (*at + 4 > size || data[*at] >> 6 != 2)
    return FALSE;
  gsize length = 4u * mcu_read_u16 (data + *at + 2);

  if (*at + 4 + length > size)
    return FALSE;
  *packet = (McuRtcpPacket){
      .type = data[*at + 1], .count = data[*at] & 0x1f, .body = data + *at + 4, .size = length};
  *at += 4 + length;
  return TRUE;
}
