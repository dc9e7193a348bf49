/* tests/fuzz/fuzz-guard.c - packets through the guard. An input is packets behind one another:
 * one byte of kind (RTP in, RTCP in, RTCP out), two of length, the bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <string.h>

#include "pipelines/peer/rtcp-filter.h"
#include "pipelines/peer/rtp-guard.h"
#include "tests/fuzz/fuzz.h"

/* Sound with an SSRC, picture without one. */
#define SECTION                                                                                    \
  "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\na=rtcp-mux\r\n"    \
  "a=fingerprint:sha-256 01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:"    \
  "18:19:1A:1B:1C:1D:1E:1F:20\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
static const char sdp[] = "v=0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" SECTION
                          "a=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=ssrc:286331153 cname:x\r\n"
                          "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" SECTION
                          "a=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n"
                          "a=fmtp:97 apt=96\r\n";

static gboolean
keep_all (gpointer user_data, guint32 *ssrc, gboolean is_source)
{
  return TRUE;
}

static void
rtcp_in (McuRtpGuard *guard, guint8 *packet, gsize size, gint64 now_us)
{
  gsize before = size;

  if (mcu_rtp_guard_rtcp_in (guard, packet, &size, now_us) != MCU_GUARD_PASS)
    return;
  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (size, <=, before);
  g_assert_cmpuint (size % 4, ==, 0);

  /* What passed has nothing left to cut. */
  gsize kept = size;
  McuRtcpVerdict verdict = mcu_rtcp_filter (packet, &kept, keep_all, NULL);
  g_assert_false (verdict.malformed);
  g_assert_cmpuint (verdict.cut_types, ==, 0);
  g_assert_cmpuint (kept, ==, size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (McuOffer) offer = mcu_offer_parse (sdp, -1, NULL, NULL);
  g_autoptr (McuRtpGuard) guard = mcu_rtp_guard_new (offer);
  gint64 now_us = 0;

  for (; size >= 3; now_us += 1000) {
    gsize n = MIN ((gsize) data[1] << 8 | data[2], size - 3);
    g_autofree guint8 *packet = g_memdup2 (data + 3, n);

    if (packet == NULL)
      packet = g_malloc (1);
    if (data[0] % 3 == 0)
      mcu_rtp_guard_rtp (guard, packet, n, now_us);
    else if (data[0] % 3 == 1)
      rtcp_in (guard, packet, n, now_us);
    else
      mcu_rtp_guard_rtcp_out (guard, packet, n);
    data += 3 + n;
    size -= 3 + n;
  }

  return 0;
}
