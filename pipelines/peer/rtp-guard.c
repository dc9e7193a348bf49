/* pipelines/peer/rtp-guard.c - what of a client's packets reaches rtpbin, and under which SSRC.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/rtp-guard.h"

#include <stdatomic.h>
#include <string.h>

#include "pipelines/peer/rtcp-filter.h"
#include "pipelines/peer/sdp-section.h"

/* Source: docs/sdp-gateway.md, "Limits"; bursts are one second's worth. */
#define VIDEO_BYTES_PER_S (4 * 1000 * 1000 / 8)
/* Over ten times what Opus or G.711 need, for clients that repeat or probe on it. */
#define AUDIO_BYTES_PER_S (1000 * 1000 / 8)
/* Two videos at their limit in packets of 1,000 bytes, audio, and half as much again. */
#define PACKETS_PER_S 1500
#define RTCP_PACKETS_PER_S 100
#define RTP_MAX_BYTES 1500
#define RTP_HEADER_BYTES 12
#define EXTENSION_MAX_WORDS 16
#define MICROS 1000000

/* Of tokens of any kind; @tokens are millionths. */
typedef struct
{
  gint64 rate_per_s;
  gint64 tokens;
  gint64 last_us;
} Bucket;

/* One SSRC of the client. */
typedef struct
{
  guint32 ours;         /* as in the canonical offer; 0: there is none */
  _Atomic guint32 real; /* as on the wire; 0: not known yet */
  guint8 pt;
} Source;

typedef struct
{
  /* Set once in new(), then read by any thread. */
  gboolean receives;
  char mid[MCU_SDP_MID_MAX + 1];
  guint8 ext_mid;
  guint8 ext_colour;

  /* The SSRCs in them are written by the RTP thread, read by any. */
  Source main, rtx;

  /* RTP thread only. */
  Bucket bytes_bucket;

  /* Written by the RTP thread, read by any. */
  _Atomic gint64 last_rtp_us;
  _Atomic guint64 packets;
  _Atomic guint64 bytes;
  _Atomic gboolean full_range;
} Section;

struct _McuRtpGuard
{
  Section sections[MCU_OFFER_MAX_ACCEPTED];
  guint n_sections;

  Bucket packets_bucket; /* RTP thread only */
  Bucket rtcp_bucket;    /* RTCP-in thread only */

  _Atomic gint64 last_packet_us;
  _Atomic guint64 dropped[MCU_GUARD_N_REASONS];
};

/* What is read of an RTP packet. */
typedef struct
{
  guint8 pt;
  guint32 ssrc;
  guint extension_profile; /* 0: none */
  const guint8 *extension;
  gsize extension_bytes;
} RtpHeader;

const char *
mcu_guard_reason_to_string (McuGuardReason reason)
{
  switch (reason) {
  case MCU_GUARD_PASS:
    return "pass";
  case MCU_GUARD_RTP_MALFORMED:
    return "rtp_malformed";
  case MCU_GUARD_UNKNOWN_SSRC:
    return "unknown_ssrc";
  case MCU_GUARD_UNKNOWN_PAYLOAD_TYPE:
    return "unknown_payload_type";
  case MCU_GUARD_BITRATE:
    return "bitrate";
  case MCU_GUARD_PACKET_RATE:
    return "packet_rate";
  case MCU_GUARD_RTCP_MALFORMED:
    return "rtcp_malformed";
  case MCU_GUARD_RTCP_RATE:
    return "rtcp_rate";
  case MCU_GUARD_RTCP_TYPE:
    return "rtcp_type";
  case MCU_GUARD_RTCP_SSRC:
    return "rtcp_ssrc";
  case MCU_GUARD_PICTURE_TOO_BIG:
    return "picture_too_big";
  case MCU_GUARD_PICTURE_BROKEN:
    return "picture_broken";
  case MCU_GUARD_FRAME_RATE:
    return "frame_rate";
  case MCU_GUARD_FINGERPRINT:
    return "fingerprint";
  case MCU_GUARD_N_REASONS:
    break;
  }
  return "unknown";
}

static void
bucket_init (Bucket *bucket, gint64 rate_per_s)
{
  bucket->rate_per_s = rate_per_s;
  bucket->tokens = rate_per_s * MICROS;
  bucket->last_us = G_MININT64;
}

static gboolean
bucket_take (Bucket *bucket, gint64 amount, gint64 now_us)
{
  if (bucket->last_us == G_MININT64)
    bucket->last_us = now_us;
  if (now_us > bucket->last_us) {
    /* A full second fills it whatever there was, so that nothing overflows. */
    gint64 elapsed_us = MIN (now_us - bucket->last_us, MICROS);
    bucket->tokens = MIN (bucket->tokens + elapsed_us * bucket->rate_per_s,
                          bucket->rate_per_s * MICROS);
    bucket->last_us = now_us;
  }
  if (bucket->tokens < amount * MICROS)
    return FALSE;
  bucket->tokens -= amount * MICROS;
  return TRUE;
}

static McuGuardReason
drop (McuRtpGuard *self, McuGuardReason reason)
{
  mcu_rtp_guard_count (self, reason);
  return reason;
}

/* --- RTP --- */

/* RFC 3550 section 5.1. @size is at least a header. */
static gboolean
read_header (const guint8 *p, gsize size, RtpHeader *out)
{
  gsize header = RTP_HEADER_BYTES;
  gboolean padded = (p[0] & 0x20) != 0;

  if (p[0] >> 6 != 2 || (p[0] & 0x0f) != 0)
    return FALSE;
  out->pt = p[1] & 0x7f;
  out->ssrc = (guint32) p[8] << 24 | (guint32) p[9] << 16 | (guint32) p[10] << 8 | p[11];
  if ((p[0] & 0x10) != 0) {
    if (size < header + 4)
      return FALSE;
    out->extension_profile = (guint) p[12] << 8 | p[13];
    out->extension = p + header + 4;
    out->extension_bytes = 4 * ((gsize) p[14] << 8 | p[15]);
    header += 4 + out->extension_bytes;
    if (out->extension_bytes > EXTENSION_MAX_WORDS * 4 || header > size)
      return FALSE;
  }

  gsize payload = size - header;
  if (!padded)
    return payload > 0;
  /* All padding: a bandwidth probe. */
  return payload > 0 && p[size - 1] > 0 && p[size - 1] <= payload;
}

/* RFC 8285; (nullable): the element with that id. */
static const guint8 *
find_extension (const RtpHeader *h, guint8 id, gsize *length)
{
  gboolean one_byte = h->extension_profile == 0xbede;
  const guint8 *p = h->extension;

  if (id == 0 || (!one_byte && (h->extension_profile & 0xfff0) != 0x1000))
    return NULL;
  for (gsize left = h->extension_bytes; left > 0;) {
    if (*p == 0) {
      p++;
      left--;
      continue;
    }
    gsize header = one_byte ? 1 : 2;
    if (left < header || (one_byte && *p >> 4 == 15))
      return NULL;
    guint8 found = one_byte ? *p >> 4 : p[0];
    *length = one_byte ? (gsize) (*p & 0x0f) + 1 : p[1];
    if (left - header < *length)
      return NULL;
    if (found == id)
      return p + header;
    p += header + *length;
    left -= header + *length;
  }

  return NULL;
}

static Source *
unbound_source (Section *section, guint8 pt)
{
  Source *source = section->main.pt == pt                            ? &section->main
                   : section->rtx.ours != 0 && section->rtx.pt == pt ? &section->rtx
                                                                     : NULL;

  return source != NULL && atomic_load (&source->real) == 0 ? source : NULL;
}

/* @has_mid: (out): the packet names a section, so its payload type is not asked. */
static Section *
section_by_mid (McuRtpGuard *self, const RtpHeader *h, gboolean *has_mid)
{
  for (guint i = 0; i < self->n_sections; i++) {
    Section *section = &self->sections[i];
    gsize length;
    const guint8 *mid = find_extension (h, section->ext_mid, &length);

    if (mid == NULL)
      continue;
    *has_mid = TRUE;
    if (section->receives && length == strlen (section->mid) &&
        memcmp (mid, section->mid, length) == 0)
      return section;
  }

  return NULL;
}

/* (nullable): the only receiving section with that payload type. */
static Section *
section_by_pt (McuRtpGuard *self, guint8 pt)
{
  Section *found = NULL;

  for (guint i = 0; i < self->n_sections; i++) {
    Section *section = &self->sections[i];

    if (!section->receives ||
        (section->main.pt != pt && (section->rtx.ours == 0 || section->rtx.pt != pt)))
      continue;
    if (found != NULL)
      return NULL;
    found = section;
  }

  return found;
}

static Section *
bind_source (McuRtpGuard *self, const RtpHeader *h, Source **out)
{
  gboolean has_mid = FALSE;
  Section *section = section_by_mid (self, h, &has_mid);

  if (section == NULL && !has_mid)
    section = section_by_pt (self, h->pt);
  *out = section != NULL ? unbound_source (section, h->pt) : NULL;
  if (*out == NULL)
    return NULL;
  atomic_store (&(*out)->real, h->ssrc);
  return section;
}

static Section *
find_section (McuRtpGuard *self, const RtpHeader *h, Source **out)
{
  if (h->ssrc == 0) /* stands for "not known yet" here, and nobody draws it */
    return NULL;

  for (guint i = 0; i < self->n_sections; i++) {
    Section *section = &self->sections[i];

    *out = atomic_load (&section->main.real) == h->ssrc  ? &section->main
           : atomic_load (&section->rtx.real) == h->ssrc ? &section->rtx
                                                         : NULL;
    if (*out != NULL)
      return section->receives ? section : NULL;
  }

  return bind_source (self, h, out);
}

/* libwebrtc's color-space: primaries, transfer, matrix, then range in bits 4 and 5 (1 limited, 2
 * full). It comes with a keyframe and holds until another says otherwise. */
static void
note_colours (Section *section, const RtpHeader *header)
{
  gsize length;
  const guint8 *colours = find_extension (header, section->ext_colour, &length);
  guint range = colours != NULL && length >= 4 ? colours[3] >> 4 & 3 : 0;

  if (range == 1 || range == 2)
    atomic_store_explicit (&section->full_range, range == 2, memory_order_relaxed);
}

static void
account (McuRtpGuard *self, Section *section, gsize size, gint64 now_us)
{
  atomic_store_explicit (&section->last_rtp_us, now_us, memory_order_relaxed);
  atomic_fetch_add_explicit (&section->packets, 1, memory_order_relaxed);
  atomic_fetch_add_explicit (&section->bytes, size, memory_order_relaxed);
  atomic_store_explicit (&self->last_packet_us, now_us, memory_order_relaxed);
}

McuGuardReason
mcu_rtp_guard_rtp (McuRtpGuard *self, guint8 *packet, gsize size, gint64 now_us)
{
  RtpHeader header = {0};
  Source *source = NULL;

  if (!bucket_take (&self->packets_bucket, 1, now_us))
    return drop (self, MCU_GUARD_PACKET_RATE);
  if (size < RTP_HEADER_BYTES || size > RTP_MAX_BYTES || !read_header (packet, size, &header))
    return drop (self, MCU_GUARD_RTP_MALFORMED);

  Section *section = find_section (self, &header, &source);
  if (section == NULL)
    return drop (self, MCU_GUARD_UNKNOWN_SSRC);
  if (header.pt != source->pt)
    return drop (self, MCU_GUARD_UNKNOWN_PAYLOAD_TYPE);
  if (!bucket_take (&section->bytes_bucket, (gint64) size, now_us))
    return drop (self, MCU_GUARD_BITRATE);

  packet[8] = (guint8) (source->ours >> 24);
  packet[9] = (guint8) (source->ours >> 16);
  packet[10] = (guint8) (source->ours >> 8);
  packet[11] = (guint8) source->ours;
  note_colours (section, &header);
  account (self, section, size, now_us);
  return MCU_GUARD_PASS;
}

/* --- RTCP --- */

static gboolean
map_in (gpointer user_data, guint32 *ssrc, gboolean is_source)
{
  McuRtpGuard *self = user_data;

  for (guint i = 0; *ssrc != 0 && i < self->n_sections; i++) {
    Section *section = &self->sections[i];

    if (atomic_load (&section->main.real) == *ssrc) {
      *ssrc = section->main.ours;
      return TRUE;
    }
    if (atomic_load (&section->rtx.real) == *ssrc) {
      *ssrc = section->rtx.ours;
      return TRUE;
    }
  }

  *ssrc = self->sections[0].main.ours;
  return !is_source;
}

static gboolean
map_out (gpointer user_data, guint32 *ssrc, gboolean is_source)
{
  McuRtpGuard *self = user_data;

  for (guint i = 0; *ssrc != 0 && i < self->n_sections; i++) {
    Section *section = &self->sections[i];
    Source *source = section->main.ours == *ssrc  ? &section->main
                     : section->rtx.ours == *ssrc ? &section->rtx
                                                  : NULL;

    if (source != NULL) {
      guint32 real = atomic_load (&source->real);
      *ssrc = real != 0 ? real : *ssrc;
      return TRUE;
    }
  }

  return TRUE;
}

McuGuardReason
mcu_rtp_guard_rtcp_in (McuRtpGuard *self, guint8 *packet, gsize *size, gint64 now_us)
{
  if (!bucket_take (&self->rtcp_bucket, 1, now_us))
    return drop (self, MCU_GUARD_RTCP_RATE);
  if (*size > MCU_RTCP_MAX_BYTES)
    return drop (self, MCU_GUARD_RTCP_MALFORMED);

  McuRtcpVerdict verdict = mcu_rtcp_filter (packet, size, map_in, self);
  if (verdict.malformed)
    return drop (self, MCU_GUARD_RTCP_MALFORMED);
  if (verdict.cut_types > 0)
    mcu_rtp_guard_count (self, MCU_GUARD_RTCP_TYPE);
  if (verdict.cut_ssrcs > 0)
    mcu_rtp_guard_count (self, MCU_GUARD_RTCP_SSRC);
  atomic_store_explicit (&self->last_packet_us, now_us, memory_order_relaxed);
  if (*size == 0)
    return verdict.cut_ssrcs > 0 ? MCU_GUARD_RTCP_SSRC : MCU_GUARD_RTCP_TYPE;
  return MCU_GUARD_PASS;
}

void
mcu_rtp_guard_rtcp_out (McuRtpGuard *self, guint8 *packet, gsize size)
{
  mcu_rtcp_map_targets (packet, size, map_out, self);
}

/* --- Figures --- */

void
mcu_rtp_guard_count (McuRtpGuard *self, McuGuardReason reason)
{
  if ((guint) reason < MCU_GUARD_N_REASONS)
    atomic_fetch_add_explicit (&self->dropped[reason], 1, memory_order_relaxed);
}

guint64
mcu_rtp_guard_dropped (McuRtpGuard *self, McuGuardReason reason)
{
  if ((guint) reason >= MCU_GUARD_N_REASONS)
    return 0;
  return atomic_load_explicit (&self->dropped[reason], memory_order_relaxed);
}

gboolean
mcu_rtp_guard_section_stats (McuRtpGuard *self, guint canonical_index, McuGuardSectionStats *out)
{
  if (canonical_index >= self->n_sections)
    return FALSE;

  Section *section = &self->sections[canonical_index];
  out->last_rtp_us = atomic_load_explicit (&section->last_rtp_us, memory_order_relaxed);
  out->packets = atomic_load_explicit (&section->packets, memory_order_relaxed);
  out->bytes = atomic_load_explicit (&section->bytes, memory_order_relaxed);
  out->real_ssrc = atomic_load (&section->main.real);
  out->full_range = atomic_load_explicit (&section->full_range, memory_order_relaxed);
  return TRUE;
}

gint64
mcu_rtp_guard_last_packet_us (McuRtpGuard *self)
{
  return atomic_load_explicit (&self->last_packet_us, memory_order_relaxed);
}

static void
init_section (Section *section, const McuOfferSection *offered)
{
  section->receives = offered->we_receive;
  g_strlcpy (section->mid, offered->mid, sizeof section->mid);
  section->ext_mid = offered->ext_mid;
  section->ext_colour = offered->ext_colour;
  section->main.ours = offered->ssrc;
  section->main.pt = offered->pt;
  atomic_init (&section->main.real, offered->ssrc_is_ours ? 0 : offered->ssrc);
  section->rtx.ours = offered->rtx_ssrc;
  section->rtx.pt = offered->rtx_pt;
  atomic_init (&section->rtx.real, offered->rtx_ssrc_is_ours ? 0 : offered->rtx_ssrc);
  bucket_init (&section->bytes_bucket,
               offered->kind == MCU_MEDIA_VIDEO ? VIDEO_BYTES_PER_S : AUDIO_BYTES_PER_S);
}

McuRtpGuard *
mcu_rtp_guard_new (const McuOffer *offer)
{
  McuRtpGuard *self = g_new0 (McuRtpGuard, 1);

  self->n_sections = offer->n_accepted;
  for (guint i = 0; i < self->n_sections; i++)
    init_section (&self->sections[i], mcu_offer_accepted (offer, i));
  bucket_init (&self->packets_bucket, PACKETS_PER_S);
  bucket_init (&self->rtcp_bucket, RTCP_PACKETS_PER_S);
  return self;
}

void
mcu_rtp_guard_free (McuRtpGuard *self)
{
  g_free (self);
}
