/* pipelines/peer/canonical.c - the offer as webrtcbin 1.22 is given it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/canonical.h"

#include "pipelines/peer/sdp-codec.h"
#include "pipelines/peer/sdp-text.h"

static const char *
client_direction (const McuOfferSection *s)
{
  if (s->we_receive && s->we_send)
    return "sendrecv";
  return s->we_receive ? "sendonly" : "recvonly";
}

static void
append_transport (GString *out, const McuOffer *offer)
{
  g_string_append_printf (out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", offer->ice_ufrag,
                          offer->ice_pwd);
  if (offer->trickle)
    g_string_append (out, "a=ice-options:trickle\r\n");
  mcu_sdp_append_fingerprint (out, offer->fingerprint);
  g_string_append_printf (out, "a=setup:%s\r\n", mcu_setup_to_string (offer->setup));
}

static void
append_extensions (GString *out, const McuOfferSection *s)
{
  if (s->ext_mid != 0)
    g_string_append_printf (out, "a=extmap:%u urn:ietf:params:rtp-hdrext:sdes:mid\r\n", s->ext_mid);
  if (s->ext_twcc != 0)
    g_string_append_printf (out,
                            "a=extmap:%u http://www.ietf.org/id/"
                            "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n",
                            s->ext_twcc);
  if (s->ext_level != 0)
    g_string_append_printf (out, "a=extmap:%u urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n",
                            s->ext_level);
}

static void
append_codec (GString *out, const McuOfferSection *s)
{
  g_string_append_printf (out, "a=rtpmap:%u %s\r\n", s->pt, mcu_sdp_codec_rtpmap (s->codec));
  if (s->fmtp != NULL)
    g_string_append_printf (out, "a=fmtp:%u %s\r\n", s->pt, s->fmtp);
  if (s->fb_nack)
    g_string_append_printf (out, "a=rtcp-fb:%u nack\r\n", s->pt);
  if (s->fb_pli)
    g_string_append_printf (out, "a=rtcp-fb:%u nack pli\r\n", s->pt);
  if (s->fb_fir)
    g_string_append_printf (out, "a=rtcp-fb:%u ccm fir\r\n", s->pt);
  if (s->fb_twcc)
    g_string_append_printf (out, "a=rtcp-fb:%u transport-cc\r\n", s->pt);
  if (s->rtx_pt != 0)
    g_string_append_printf (out, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", s->rtx_pt,
                            s->rtx_pt, s->pt);
}

static void
append_ssrcs (GString *out, const McuOfferSection *s)
{
  if (s->rtx_ssrc != 0)
    g_string_append_printf (out, "a=ssrc-group:FID %u %u\r\n", s->ssrc, s->rtx_ssrc);
  g_string_append_printf (out, "a=ssrc:%u cname:peer\r\n", s->ssrc);
  if (s->rtx_ssrc != 0)
    g_string_append_printf (out, "a=ssrc:%u cname:peer\r\n", s->rtx_ssrc);
}

static void
append_section (GString *out, const McuOffer *offer, const McuOfferSection *s)
{
  g_string_append_printf (out, "m=%s 9 UDP/TLS/RTP/SAVPF %u", s->media, s->pt);
  if (s->rtx_pt != 0)
    g_string_append_printf (out, " %u", s->rtx_pt);
  g_string_append_printf (out, "\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\na=%s\r\n", s->mid,
                          client_direction (s));
  append_transport (out, offer);
  g_string_append (out, "a=rtcp-mux\r\n");
  if (s->rtcp_rsize)
    g_string_append (out, "a=rtcp-rsize\r\n");
  append_extensions (out, s);
  append_codec (out, s);
  append_ssrcs (out, s);
}

char *
mcu_offer_to_canonical (const McuOffer *offer)
{
  GString *out = g_string_new ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");

  if (offer->ice_lite)
    g_string_append (out, "a=ice-lite\r\n");
  g_string_append (out, "a=group:BUNDLE");
  for (guint i = 0; i < offer->n_accepted; i++)
    g_string_append_printf (out, " %s", mcu_offer_accepted (offer, i)->mid);
  g_string_append (out, "\r\n");
  for (guint i = 0; i < offer->n_accepted; i++)
    append_section (out, offer, mcu_offer_accepted (offer, i));

  return g_string_free (out, FALSE);
}
