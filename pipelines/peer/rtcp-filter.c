/* pipelines/peer/rtcp-filter.c - a compound RTCP packet, cut down to what is sound and expected.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/rtcp-filter.h"

#include <string.h>

#define TYPE_SR 200
#define TYPE_RR 201
#define TYPE_SDES 202
#define TYPE_BYE 203
#define TYPE_RTPFB 205
#define TYPE_PSFB 206

#define RTPFB_NACK 1
#define RTPFB_TWCC 15
#define PSFB_PLI 1
#define PSFB_FIR 4
#define PSFB_AFB 15

#define SDES_CNAME 1
#define REPORT_BLOCK_BYTES 24
#define SENDER_INFO_BYTES 20
#define FEEDBACK_HEADER_BYTES 12

/* What becomes of one packet of the compound. */
typedef enum
{
  KEEP,
  CUT_TYPE,
  CUT_SSRC,
  CUT_QUIETLY,
  MALFORMED
} Fate;

typedef struct
{
  McuRtcpMap map;
  gpointer user_data;
} Mapper;

static guint32
get_u32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

static void
put_u32 (guint8 *p, guint32 value)
{
  p[0] = (guint8) (value >> 24);
  p[1] = (guint8) (value >> 16);
  p[2] = (guint8) (value >> 8);
  p[3] = (guint8) value;
}

static gboolean
map_at (const Mapper *mapper, guint8 *p, gboolean is_source)
{
  guint32 ssrc = get_u32 (p);

  if (!mapper->map (mapper->user_data, &ssrc, is_source))
    return FALSE;
  put_u32 (p, ssrc);
  return TRUE;
}

/* @size: (inout): profile-specific extensions behind the blocks are left away. */
static Fate
judge_report (const Mapper *mapper, guint8 *p, gsize *size)
{
  gboolean is_sr = p[1] == TYPE_SR;
  gsize wanted = 8 + (is_sr ? SENDER_INFO_BYTES : 0) + (p[0] & 0x1f) * REPORT_BLOCK_BYTES;

  if (*size < wanted)
    return MALFORMED;
  *size = wanted;
  return map_at (mapper, p + 4, is_sr) ? KEEP : CUT_SSRC;
}

/* One chunk at @p: its CNAME, NULL when it has none. FALSE when it runs over @end. */
static gboolean
read_chunk (const guint8 *p, const guint8 *end, const guint8 **cname, const guint8 **next)
{
  const guint8 *item = p + 4;

  *cname = NULL;
  if (end - p < 8)
    return FALSE;
  while (item < end && *item != 0) {
    if (end - item < 2 || end - item - 2 < item[1])
      return FALSE;
    if (*item == SDES_CNAME && item[1] > 0 && *cname == NULL)
      *cname = item;
    item += 2 + item[1];
  }
  if (item >= end)
    return FALSE;

  *next = p + ((item - p) / 4 + 1) * 4; /* at least one zero, up to the next word */
  return *next <= end;
}

static gsize
write_chunk (guint8 *out, const guint8 *chunk, const guint8 *cname)
{
  gsize n = 2 + cname[1];
  gsize padded = (n / 4 + 1) * 4;

  memmove (out, chunk, 4);
  memmove (out + 4, cname, n);
  memset (out + 4 + n, 0, padded - n);
  return 4 + padded;
}

/* Written anew over itself, CNAMEs only: the result is never longer, and never ahead of reading. */
static Fate
judge_sdes (const Mapper *mapper, guint8 *p, gsize *size)
{
  const guint8 *chunk = p + 4, *end = p + *size;
  guint8 *out = p + 4;
  guint kept = 0;

  for (guint i = 0; i < (p[0] & 0x1fu); i++) {
    const guint8 *cname, *next;

    if (!read_chunk (chunk, end, &cname, &next))
      return MALFORMED;
    if (cname != NULL) {
      gsize n = write_chunk (out, chunk, cname);
      if (map_at (mapper, out, TRUE)) {
        out += n;
        kept++;
      }
    }
    chunk = next;
  }

  *size = out - p;
  p[0] = (guint8) (0x80 | kept);
  return kept > 0 ? KEEP : CUT_QUIETLY;
}

/* How many bytes of deltas a chunk of TWCC announces; @left: (inout): packets not yet described. */
static gsize
twcc_deltas (guint chunk, guint *left)
{
  gsize bytes = 0;

  if ((chunk & 0x8000) == 0) { /* a run of one symbol */
    guint run = MIN (chunk & 0x1fff, *left);
    guint symbol = chunk >> 13 & 3;
    *left -= run;
    return (gsize) run * (symbol == 3 ? 0 : symbol);
  }

  gboolean two_bits = (chunk & 0x4000) != 0;
  for (int shift = two_bits ? 12 : 13; shift >= 0 && *left > 0; shift -= two_bits ? 2 : 1) {
    guint symbol = chunk >> shift & (two_bits ? 3 : 1);
    bytes += symbol == 3 ? 0 : symbol;
    (*left)--;
  }
  return bytes;
}

static gboolean
is_sound_twcc (const guint8 *fci, gsize n)
{
  if (n < 8)
    return FALSE;

  guint left = (guint) fci[2] << 8 | fci[3];
  gsize at = 8, deltas = 0;
  if (left == 0 || left > MCU_RTCP_MAX_TWCC_PACKETS)
    return FALSE;
  while (left > 0) {
    if (n - at < 2)
      return FALSE;
    guint chunk = (guint) fci[at] << 8 | fci[at + 1];
    guint before = left;
    deltas += twcc_deltas (chunk, &left);
    if (left == before) /* a run of nothing never ends */
      return FALSE;
    at += 2;
  }

  return n - at >= deltas;
}

static gboolean
is_sound_remb (const guint8 *fci, gsize n)
{
  return n >= 8 && memcmp (fci, "REMB", 4) == 0 && n - 8 == (gsize) fci[4] * 4;
}

static Fate
judge_feedback (const Mapper *mapper, guint8 *p, gsize *size)
{
  guint format = p[0] & 0x1f;
  const guint8 *fci = p + FEEDBACK_HEADER_BYTES;
  gboolean sound;

  if (*size < FEEDBACK_HEADER_BYTES)
    return MALFORMED;
  gsize n = *size - FEEDBACK_HEADER_BYTES;

  if (p[1] == TYPE_RTPFB && format == RTPFB_NACK)
    sound = n >= 4;
  else if (p[1] == TYPE_RTPFB && format == RTPFB_TWCC)
    sound = is_sound_twcc (fci, n);
  else if (p[1] == TYPE_PSFB && format == PSFB_PLI)
    sound = n == 0;
  else if (p[1] == TYPE_PSFB && format == PSFB_FIR)
    sound = n >= 8 && n % 8 == 0;
  else if (p[1] == TYPE_PSFB && format == PSFB_AFB && n >= 4 && memcmp (fci, "REMB", 4) == 0)
    sound = is_sound_remb (fci, n);
  else
    return CUT_TYPE;

  if (!sound)
    return MALFORMED;
  return map_at (mapper, p + 4, FALSE) ? KEEP : CUT_SSRC;
}

static Fate
judge (const Mapper *mapper, guint8 *p, gsize *size)
{
  switch (p[1]) {
  case TYPE_SR:
  case TYPE_RR:
    return *size < 8 ? MALFORMED : judge_report (mapper, p, size);
  case TYPE_SDES:
    return judge_sdes (mapper, p, size);
  case TYPE_BYE:
    return CUT_QUIETLY;
  case TYPE_RTPFB:
  case TYPE_PSFB:
    return judge_feedback (mapper, p, size);
  default:
    return CUT_TYPE;
  }
}

/* The next packet of the compound at @at; 0 when it does not add up. Padding is taken off, down to
 * whole words (@unpadded): Chromium pads single feedback packets, with 1 to 3 bytes as well, and
 * what is left of a word then must be zeros. */
static gsize
next_size (guint8 *packet, gsize at, gsize size, gsize *unpadded)
{
  guint8 *p = packet + at;

  if (size - at < 4 || p[0] >> 6 != 2)
    return 0;
  gsize n = 4 * (1 + ((gsize) p[2] << 8 | p[3]));
  if (n > size - at)
    return 0;

  *unpadded = n;
  if ((p[0] & 0x20) != 0) {
    guint8 padding = p[n - 1];
    if (padding == 0 || padding > n - 4)
      return 0;
    memset (p + n - padding, 0, padding);
    *unpadded = (n - padding + 3) / 4 * 4;
    p[0] &= (guint8) ~0x20;
  }
  return n;
}

static void
set_length (guint8 *p, gsize size)
{
  gsize words = size / 4 - 1;

  p[2] = (guint8) (words >> 8);
  p[3] = (guint8) words;
}

/* RFC 5506: what may stand first when packets are not compounds. */
static gboolean
may_be_first (guint type)
{
  return type == TYPE_SR || type == TYPE_RR || type == TYPE_RTPFB || type == TYPE_PSFB;
}

McuRtcpVerdict
mcu_rtcp_filter (guint8 *packet, gsize *size, McuRtcpMap map, gpointer user_data)
{
  const Mapper mapper = {map, user_data};
  McuRtcpVerdict verdict = {0};
  gsize at = 0, kept = 0, end = *size;

  *size = 0;
  while (at < end) {
    gsize unpadded;
    gsize n = next_size (packet, at, end, &unpadded);
    Fate fate = n == 0 ? MALFORMED : judge (&mapper, packet + at, &unpadded);

    if (fate == MALFORMED) {
      verdict.malformed = TRUE;
      return verdict;
    }
    verdict.cut_types += fate == CUT_TYPE;
    verdict.cut_ssrcs += fate == CUT_SSRC;
    if (fate == KEEP) {
      memmove (packet + kept, packet + at, unpadded);
      set_length (packet + kept, unpadded);
      kept += unpadded;
    }
    at += n;
  }

  verdict.malformed = end == 0;
  if (kept > 0 && may_be_first (packet[1]))
    *size = kept;
  return verdict;
}

static void
map_feedback_targets (const Mapper *mapper, guint8 *p, gsize n)
{
  guint format = p[0] & 0x1f;
  guint8 *fci = p + FEEDBACK_HEADER_BYTES;

  if (n < FEEDBACK_HEADER_BYTES)
    return;
  gsize left = n - FEEDBACK_HEADER_BYTES;
  map_at (mapper, p + 8, FALSE);
  if (p[1] == TYPE_PSFB && format == PSFB_FIR)
    for (gsize i = 0; i + 8 <= left; i += 8)
      map_at (mapper, fci + i, FALSE);
  if (p[1] == TYPE_PSFB && format == PSFB_AFB && is_sound_remb (fci, left))
    for (gsize i = 8; i + 4 <= left; i += 4)
      map_at (mapper, fci + i, FALSE);
}

static void
map_report_targets (const Mapper *mapper, guint8 *p, gsize n)
{
  gsize at = 8 + (p[1] == TYPE_SR ? SENDER_INFO_BYTES : 0);

  for (guint i = 0; i < (p[0] & 0x1fu) && at + REPORT_BLOCK_BYTES <= n; i++) {
    map_at (mapper, p + at, FALSE);
    at += REPORT_BLOCK_BYTES;
  }
}

void
mcu_rtcp_map_targets (guint8 *packet, gsize size, McuRtcpMap map, gpointer user_data)
{
  const Mapper mapper = {map, user_data};

  for (gsize at = 0; size - at >= 4;) {
    guint8 *p = packet + at;
    gsize n = 4 * (1 + ((gsize) p[2] << 8 | p[3]));

    if (p[0] >> 6 != 2 || n > size - at)
      return;
    if (p[1] == TYPE_SR || p[1] == TYPE_RR)
      map_report_targets (&mapper, p, n);
    else if (p[1] == TYPE_RTPFB || p[1] == TYPE_PSFB)
      map_feedback_targets (&mapper, p, n);
    at += n;
  }
}
