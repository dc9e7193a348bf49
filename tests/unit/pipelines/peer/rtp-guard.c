/* tests/unit/pipelines/peer/rtp-guard.c - tests pipelines/peer/rtp-guard.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/rtp-guard.h"

#include <string.h>

#include "tests/unit/pipelines/peer/support.h"

#define SECOND_US G_USEC_PER_SEC

static void
put_u32 (guint8 *p, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (p, &value, 4);
}

static guint32
get_u32 (const guint8 *p)
{
  guint32 value;

  memcpy (&value, p, 4);
  return GUINT32_FROM_BE (value);
}

/* Twelve bytes of header, zeros behind. */
static void
make_rtp (guint8 *packet, gsize size, guint8 pt, guint32 ssrc)
{
  memset (packet, 0, size);
  packet[0] = 0x80;
  packet[1] = pt;
  put_u32 (packet + 8, ssrc);
}

/* The same with a MID in a one-byte header extension. */
static gsize
make_rtp_with_mid (guint8 *packet, guint8 pt, guint32 ssrc, guint8 id, const char *mid)
{
  gsize length = strlen (mid);
  gsize words = (1 + length + 3) / 4;

  make_rtp (packet, 16 + 4 * words + 20, pt, ssrc);
  packet[0] |= 0x10;
  packet[12] = 0xbe;
  packet[13] = 0xde;
  packet[15] = (guint8) words;
  packet[16] = (guint8) (id << 4 | (length - 1));
  memcpy (packet + 17, mid, length);
  return 16 + 4 * words + 20;
}

static McuGuardReason
send_rtp (McuRtpGuard *guard, guint8 pt, guint32 ssrc)
{
  guint8 packet[60];

  make_rtp (packet, sizeof packet, pt, ssrc);
  return mcu_rtp_guard_rtp (guard, packet, sizeof packet, 0);
}

static void
test_rtp_guard__announced_ssrcs (void)
{
  g_autoptr (McuOffer) offer = test_offer ("video-first", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  McuGuardSectionStats stats;

  g_assert_cmpint (send_rtp (guard, 96, 2001), ==, MCU_GUARD_PASS);
  g_assert_cmpint (send_rtp (guard, 97, 2002), ==, MCU_GUARD_PASS);
  g_assert_cmpint (send_rtp (guard, 111, 1001), ==, MCU_GUARD_PASS);
  g_assert_cmpint (send_rtp (guard, 97, 2001), ==, MCU_GUARD_UNKNOWN_PAYLOAD_TYPE);
  g_assert_cmpint (send_rtp (guard, 111, 2001), ==, MCU_GUARD_UNKNOWN_PAYLOAD_TYPE);
  /* Announced ones do not change. */
  g_assert_cmpint (send_rtp (guard, 96, 2003), ==, MCU_GUARD_UNKNOWN_SSRC);
  g_assert_cmpint (send_rtp (guard, 96, 0), ==, MCU_GUARD_UNKNOWN_SSRC);

  g_assert_true (mcu_rtp_guard_section_stats (guard, 0, &stats));
  g_assert_cmpuint (stats.packets, ==, 2);
  g_assert_cmpuint (stats.bytes, ==, 120);
  g_assert_cmpuint (stats.real_ssrc, ==, 2001);
  g_assert_true (mcu_rtp_guard_section_stats (guard, 1, &stats));
  g_assert_cmpuint (stats.packets, ==, 1);
  g_assert_false (mcu_rtp_guard_section_stats (guard, 2, &stats));
  g_assert_cmpuint (mcu_rtp_guard_dropped (guard, MCU_GUARD_UNKNOWN_SSRC), ==, 2);
  g_assert_cmpuint (mcu_rtp_guard_dropped (guard, MCU_GUARD_UNKNOWN_PAYLOAD_TYPE), ==, 2);
}

static void
test_rtp_guard__not_from_whom_we_do_not_receive (void)
{
  g_autoptr (McuOffer) offer = test_offer ("whep-player-sendrecv", MCU_OFFER_WHEP);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);

  g_assert_cmpint (send_rtp (guard, 96, 2001), ==, MCU_GUARD_UNKNOWN_SSRC);
}

static void
test_rtp_guard__header (void)
{
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  static const struct
  {
    const char *what;
    gsize size;
    guint8 first;
    guint8 words; /* of the extension */
    guint8 last;
    gboolean passes;
  } rows[] = {{"plain", 13, 0x80, 0, 0, TRUE},
              {"empty", 12, 0x80, 0, 0, FALSE},
              {"short", 11, 0x80, 0, 0, FALSE},
              {"version", 20, 0x40, 0, 0, FALSE},
              {"CSRC", 40, 0x81, 0, 0, FALSE},
              {"extension", 40, 0x90, 5, 0, TRUE},
              {"extension up to the end", 36, 0x90, 5, 0, FALSE},
              {"extension over the end", 35, 0x90, 5, 0, FALSE},
              {"extension of 16 words", 200, 0x90, 16, 0, TRUE},
              {"extension of 17 words", 200, 0x90, 17, 0, FALSE},
              {"extension cut", 14, 0x90, 0, 0, FALSE},
              {"padding only", 112, 0xa0, 0, 100, TRUE},
              {"padding and payload", 112, 0xa0, 0, 4, TRUE},
              {"padding over the header", 112, 0xa0, 0, 101, FALSE},
              {"padding of none", 112, 0xa0, 0, 0, FALSE},
              {"largest", 1500, 0x80, 0, 0, TRUE},
              {"too large", 1501, 0x80, 0, 0, FALSE}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree guint8 *packet = g_malloc0 (MAX (rows[i].size, 16));
    make_rtp (packet, MAX (rows[i].size, 12), 111, 1001);
    packet[0] = rows[i].first;
    if (rows[i].size > 16)
      packet[15] = rows[i].words;
    if (rows[i].size > 0 && rows[i].last != 0)
      packet[rows[i].size - 1] = rows[i].last;

    g_autofree guint8 *exact = g_memdup2 (packet, rows[i].size);
    g_test_message ("%s", rows[i].what);
    g_assert_cmpint (mcu_rtp_guard_rtp (guard, exact, rows[i].size, 0), ==,
                     rows[i].passes ? MCU_GUARD_PASS : MCU_GUARD_RTP_MALFORMED);
  }
}

static void
test_rtp_guard__binds_by_mid (void)
{
  g_autoptr (McuOffer) offer = test_offer ("no-ssrc", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  const McuOfferSection *video = mcu_offer_accepted (offer, 1);
  guint8 packet[200];
  gsize n = make_rtp_with_mid (packet, 96, 777, 4, "1");

  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, n, 0), ==, MCU_GUARD_PASS);
  g_assert_cmpuint (get_u32 (packet + 8), ==, video->ssrc);
  n = make_rtp_with_mid (packet, 97, 778, 4, "1");
  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, n, 0), ==, MCU_GUARD_PASS);
  g_assert_cmpuint (get_u32 (packet + 8), ==, video->rtx_ssrc);
  /* Bound for good: without MID now, and no second one. */
  make_rtp (packet, 60, 96, 777);
  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, 60, 0), ==, MCU_GUARD_PASS);
  g_assert_cmpuint (get_u32 (packet + 8), ==, video->ssrc);
  n = make_rtp_with_mid (packet, 96, 779, 4, "1");
  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, n, 0), ==, MCU_GUARD_UNKNOWN_SSRC);
  /* A MID that is nobody's is not helped by its payload type. */
  n = make_rtp_with_mid (packet, 111, 780, 4, "9");
  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, n, 0), ==, MCU_GUARD_UNKNOWN_SSRC);
  /* Ours on the wire means nothing. */
  g_assert_cmpint (send_rtp (guard, 96, video->ssrc), ==, MCU_GUARD_UNKNOWN_SSRC);
}

static void
test_rtp_guard__binds_by_payload_type (void)
{
  g_autoptr (McuOffer) offer = test_offer ("no-ssrc", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  guint8 packet[60];

  make_rtp (packet, sizeof packet, 111, 555);
  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, sizeof packet, 0), ==, MCU_GUARD_PASS);
  g_assert_cmpuint (get_u32 (packet + 8), ==, mcu_offer_accepted (offer, 0)->ssrc);
  g_assert_cmpint (send_rtp (guard, 110, 556), ==, MCU_GUARD_UNKNOWN_SSRC);
}

/* Camera and screen have the same payload type: only a MID tells them apart. */
static void
test_rtp_guard__ambiguous_payload_type (void)
{
  g_autofree char *text = test_offer_text ("recvonly-beside-sendonly");
  g_autofree char *two = test_replace (text, "a=recvonly", "a=sendonly");
  g_autofree char *silent = test_replace (two, "a=ssrc", "a=x");
  g_autoptr (McuOffer) offer = mcu_offer_parse (silent, -1, NULL, NULL);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);

  g_assert_cmpuint (offer->n_accepted, ==, 3);
  g_assert_cmpint (send_rtp (guard, 96, 555), ==, MCU_GUARD_UNKNOWN_SSRC);
}

static void
test_rtp_guard__bit_rate (void)
{
  g_autoptr (McuOffer) offer = test_offer ("video-first", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  guint8 packet[1000];
  guint passed = 0;

  for (guint i = 0; i < 600; i++) {
    make_rtp (packet, sizeof packet, 96, 2001);
    passed += mcu_rtp_guard_rtp (guard, packet, sizeof packet, 0) == MCU_GUARD_PASS;
  }
  g_assert_cmpuint (passed, ==, 500); /* a second's worth at once */
  g_assert_cmpuint (mcu_rtp_guard_dropped (guard, MCU_GUARD_BITRATE), ==, 100);
  g_assert_cmpint (send_rtp (guard, 111, 1001), ==, MCU_GUARD_PASS); /* sound goes on */

  passed = 0;
  for (guint i = 0; i < 1000; i++) { /* 8 Mbit/s for a second */
    make_rtp (packet, sizeof packet, 96, 2001);
    passed += mcu_rtp_guard_rtp (guard, packet, sizeof packet, i * 1000) == MCU_GUARD_PASS;
  }
  g_assert_cmpuint (passed, >=, 499);
  g_assert_cmpuint (passed, <=, 500);
}

static void
test_rtp_guard__packet_rate (void)
{
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);

  for (guint i = 0; i < 1500; i++)
    g_assert_cmpint (send_rtp (guard, 111, 9), ==, MCU_GUARD_UNKNOWN_SSRC);
  g_assert_cmpint (send_rtp (guard, 111, 9), ==, MCU_GUARD_PACKET_RATE);
}

static void
test_rtp_guard__rtcp_ssrcs_both_ways (void)
{
  g_autoptr (McuOffer) offer = test_offer ("no-ssrc", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  const McuOfferSection *audio = mcu_offer_accepted (offer, 0);
  guint8 sr[28] = {0x80, 200, 0, 6};
  guint8 rr[8] = {0x80, 201, 0, 1};
  guint8 pli[12] = {0x81, 206, 0, 2};
  gsize n = sizeof sr;

  /* Not bound yet: its sender report would be of nobody, and feedback to it stays ours. */
  put_u32 (sr + 4, 555);
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, sr, &n, 0), ==, MCU_GUARD_RTCP_SSRC);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (mcu_rtp_guard_dropped (guard, MCU_GUARD_RTCP_SSRC), ==, 1);
  put_u32 (pli + 8, audio->ssrc);
  mcu_rtp_guard_rtcp_out (guard, pli, sizeof pli);
  g_assert_cmpuint (get_u32 (pli + 8), ==, audio->ssrc);

  g_assert_cmpint (send_rtp (guard, 111, 555), ==, MCU_GUARD_PASS);
  n = sizeof sr;
  put_u32 (sr + 4, 555);
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, sr, &n, 7), ==, MCU_GUARD_PASS);
  g_assert_cmpuint (get_u32 (sr + 4), ==, audio->ssrc);
  g_assert_cmpint (mcu_rtp_guard_last_packet_us (guard), ==, 7);
  mcu_rtp_guard_rtcp_out (guard, pli, sizeof pli);
  g_assert_cmpuint (get_u32 (pli + 8), ==, 555);

  /* A receiver's report from an SSRC that never sends. */
  put_u32 (rr + 4, 1);
  n = sizeof rr;
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, rr, &n, 0), ==, MCU_GUARD_PASS);
  g_assert_cmpuint (get_u32 (rr + 4), ==, audio->ssrc);
}

static void
test_rtp_guard__rtcp_limits (void)
{
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  g_autofree guint8 *large = g_malloc0 (1504);
  guint8 app[12] = {0x80, 204, 0, 2};
  guint8 rr[8] = {0x80, 201, 0, 1, 0, 0, 0, 1};
  gsize n = 1504;

  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, large, &n, 0), ==, MCU_GUARD_RTCP_MALFORMED);
  n = sizeof app;
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, app, &n, 0), ==, MCU_GUARD_RTCP_TYPE);
  for (guint i = 0; i < 98; i++) {
    n = sizeof rr;
    g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, rr, &n, 0), ==, MCU_GUARD_PASS);
  }
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, rr, &n, 0), ==, MCU_GUARD_RTCP_RATE);
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, rr, &n, SECOND_US / 100), ==, MCU_GUARD_PASS);
  g_assert_cmpint (mcu_rtp_guard_rtcp_in (guard, rr, &n, SECOND_US / 100), ==, MCU_GUARD_RTCP_RATE);
}

/* One packet with the color-space element in it, as Chromium sends it with a keyframe. */
static gboolean
range_after (McuRtpGuard *guard, const McuOfferSection *section, guint8 range)
{
  const char colours[] = {6, 6, 6, (char) (range << 4), 0};
  guint8 packet[60];
  gsize size = make_rtp_with_mid (packet, section->pt, section->ssrc, section->ext_colour, colours);
  McuGuardSectionStats stats;

  g_assert_cmpint (mcu_rtp_guard_rtp (guard, packet, size, 0), ==, MCU_GUARD_PASS);
  g_assert_true (mcu_rtp_guard_section_stats (guard, section->canonical_index, &stats));
  return stats.full_range;
}

static void
test_rtp_guard__range_is_what_was_said_last (void)
{
  g_autoptr (McuOffer) offer = test_offer ("chromium-tracks", MCU_OFFER_BROWSER);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  const McuOfferSection *video = mcu_offer_sending (offer, MCU_MEDIA_VIDEO);

  g_assert_cmpuint (video->ext_colour, ==, 8);
  g_assert_true (range_after (guard, video, 2));
  g_assert_true (range_after (guard, video, 0)); /* not valid: says nothing */
  g_assert_cmpint (send_rtp (guard, video->pt, video->ssrc), ==, MCU_GUARD_PASS);
  g_assert_true (range_after (guard, video, 3));
  g_assert_false (range_after (guard, video, 1));
}

static void
test_rtp_guard__reasons_have_names (void)
{
  for (guint i = 0; i < MCU_GUARD_N_REASONS; i++) {
    const char *name = mcu_guard_reason_to_string ((McuGuardReason) i);

    g_assert_cmpstr (name, !=, "unknown");
    g_assert_cmpuint (strspn (name, "abcdefghijklmnopqrstuvwxyz_"), ==, strlen (name));
    for (guint j = 0; j < i; j++)
      g_assert_cmpstr (name, !=, mcu_guard_reason_to_string ((McuGuardReason) j));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtp-guard/announced", test_rtp_guard__announced_ssrcs);
  g_test_add_func ("/rtp-guard/not-received", test_rtp_guard__not_from_whom_we_do_not_receive);
  g_test_add_func ("/rtp-guard/header", test_rtp_guard__header);
  g_test_add_func ("/rtp-guard/by-mid", test_rtp_guard__binds_by_mid);
  g_test_add_func ("/rtp-guard/by-payload-type", test_rtp_guard__binds_by_payload_type);
  g_test_add_func ("/rtp-guard/ambiguous", test_rtp_guard__ambiguous_payload_type);
  g_test_add_func ("/rtp-guard/bit-rate", test_rtp_guard__bit_rate);
  g_test_add_func ("/rtp-guard/packet-rate", test_rtp_guard__packet_rate);
  g_test_add_func ("/rtp-guard/rtcp-ssrcs", test_rtp_guard__rtcp_ssrcs_both_ways);
  g_test_add_func ("/rtp-guard/rtcp-limits", test_rtp_guard__rtcp_limits);
  g_test_add_func ("/rtp-guard/range", test_rtp_guard__range_is_what_was_said_last);
  g_test_add_func ("/rtp-guard/reasons", test_rtp_guard__reasons_have_names);
  return g_test_run ();
}
