/* pipelines/peer/answer.c - the answer that the client gets, for all doors.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/answer.h"

#include <stdlib.h>
#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/peer/sdp-codec.h"
#include "pipelines/peer/sdp-text.h"

/* Enough for Chromium to begin at 640x360; a thin link bears it for the second until it is cut. */
#define START_VIDEO_KBPS 800

/* All that the sections are written from; candidates are rewritten and sorted already. */
typedef struct
{
  const McuOffer *offer;
  const McuAnswerParts *parts;
  McuCandidate candidates[MCU_ANSWER_MAX_CANDIDATES];
  guint n_candidates;
} Answer;

static gboolean
is_loopback (const McuCandidate *c)
{
  return g_str_has_prefix (c->address, "127.") || strcmp (c->address, "::1") == 0;
}

/* Smaller is more useful. The first is what clients that look at one candidate only will use. */
static guint
rank (const McuCandidate *c)
{
  guint reach = mcu_candidate_is_public (c) ? 0 : is_loopback (c) ? 2 : 1;

  return (guint) c->type * 8 + (c->is_ipv6 ? 4 : 0) + reach;
}

static int
compare_candidates (const void *a, const void *b)
{
  const McuCandidate *x = a, *y = b;
  guint rank_x = rank (x), rank_y = rank (y);

  if (rank_x != rank_y)
    return rank_x < rank_y ? -1 : 1;
  if (x->priority != y->priority)
    return x->priority > y->priority ? -1 : 1;
  return (int) x->port - (int) y->port;
}

static gboolean
is_known (const Answer *a, const McuCandidate *c)
{
  for (guint i = 0; i < a->n_candidates; i++)
    if (a->candidates[i].port == c->port && a->candidates[i].type == c->type &&
        strcmp (a->candidates[i].address, c->address) == 0)
      return TRUE;
  return FALSE;
}

/* Behind a 1:1 NAT the port is ours and only the address differs. */
static gboolean
collect_candidates (Answer *a, GError **error)
{
  const char *external = a->parts->external_address;
  gboolean external_is_ipv6 = FALSE;

  if (external != NULL && !mcu_address_is_literal (external, &external_is_ipv6)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "external address is not an IP address");
    return FALSE;
  }

  for (guint i = 0; i < MIN (a->parts->n_candidates, MCU_ANSWER_MAX_CANDIDATES); i++) {
    McuCandidate c = a->parts->candidates[i];

    if (external != NULL && c.type == MCU_CANDIDATE_HOST && c.is_ipv6 == external_is_ipv6 &&
        !is_loopback (&c))
      g_strlcpy (c.address, external, sizeof c.address);
    if (!is_known (a, &c))
      a->candidates[a->n_candidates++] = c;
  }

  qsort (a->candidates, a->n_candidates, sizeof a->candidates[0], compare_candidates);
  return TRUE;
}

static gboolean
check (const Answer *a, GError **error)
{
  static const guint8 none[MCU_FINGERPRINT_BYTES];
  const char *missing = NULL;

  if (a->n_candidates == 0)
    missing = "no candidate: no usable local address";
  else if (a->parts->ice_ufrag[0] == '\0' || a->parts->ice_pwd[0] == '\0')
    missing = "no ICE credentials";
  else if (memcmp (a->parts->fingerprint, none, sizeof none) == 0)
    missing = "no fingerprint";
  else if (a->parts->setup != a->offer->our_setup)
    missing = "wrong DTLS role";
  if (missing == NULL)
    return TRUE;

  g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "answer: %s", missing);
  return FALSE;
}

static void
append_rejected (GString *out, const McuOfferSection *s)
{
  g_string_append_printf (out, "m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\n", s->media, s->proto,
                          s->format);
  if (s->mid != NULL)
    g_string_append_printf (out, "a=mid:%s\r\n", s->mid);
  g_string_append (out, "a=inactive\r\n");
}

static void
append_bandwidth (GString *out, const Answer *a, const McuOfferSection *s)
{
  guint bps = s->kind == MCU_MEDIA_VIDEO ? a->parts->max_video_bps : a->parts->max_audio_bps;

  if (bps == 0 || !s->we_receive)
    return;
  /* AS counts IP, UDP and RTP headers as well; a tenth more is near at our packet sizes. */
  g_string_append_printf (out, "b=AS:%u\r\nb=TIAS:%u\r\n", bps / 1000 + bps / 10000, bps);
}

static void
append_transport (GString *out, const Answer *a)
{
  g_string_append_printf (out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", a->parts->ice_ufrag,
                          a->parts->ice_pwd);
  mcu_sdp_append_fingerprint (out, a->parts->fingerprint);
  g_string_append_printf (out, "a=setup:%s\r\n", mcu_setup_to_string (a->parts->setup));
}

static void
append_candidates (GString *out, const Answer *a)
{
  for (guint i = 0; i < a->n_candidates; i++) {
    g_autofree char *line = mcu_candidate_to_string (&a->candidates[i]);
    g_string_append_printf (out, "a=%s\r\n", line);
  }
  g_string_append (out, "a=end-of-candidates\r\n");
}

static void
append_extensions (GString *out, const McuOfferSection *s)
{
  if (s->ext_mid != 0 && !s->mid_is_ours)
    g_string_append_printf (out, "a=extmap:%u urn:ietf:params:rtp-hdrext:sdes:mid\r\n", s->ext_mid);
  if (s->ext_twcc != 0 && s->fb_twcc)
    g_string_append_printf (out,
                            "a=extmap:%u http://www.ietf.org/id/"
                            "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n",
                            s->ext_twcc);
  /* We read levels and write none. */
  if (s->ext_level != 0 && s->we_receive)
    g_string_append_printf (out, "a=extmap:%u urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n",
                            s->ext_level);
  if (s->ext_colour != 0)
    g_string_append_printf (
        out, "a=extmap:%u http://www.webrtc.org/experiments/rtp-hdrext/color-space\r\n",
        s->ext_colour);
}

/* Chromium begins at 300 kbit/s with a small picture and takes 14 s to come to 640x360 (measured);
 * others pass the parameter over. */
static void
append_fmtp (GString *out, const McuOfferSection *s)
{
  gboolean says_start = s->kind == MCU_MEDIA_VIDEO && s->we_receive && s->fb_twcc &&
                        s->ext_twcc != 0;

  if (s->fmtp == NULL && !says_start)
    return;
  g_string_append_printf (out, "a=fmtp:%u %s", s->pt, s->fmtp != NULL ? s->fmtp : "");
  if (says_start)
    g_string_append_printf (out, "%sx-google-start-bitrate=%u", s->fmtp != NULL ? ";" : "",
                            START_VIDEO_KBPS);
  g_string_append (out, "\r\n");
}

static void
append_codec (GString *out, const McuOfferSection *s)
{
  g_string_append_printf (out, "a=rtpmap:%u %s\r\n", s->pt, mcu_sdp_codec_rtpmap (s->codec));
  if (s->fb_nack)
    g_string_append_printf (out, "a=rtcp-fb:%u nack\r\n", s->pt);
  if (s->fb_pli)
    g_string_append_printf (out, "a=rtcp-fb:%u nack pli\r\n", s->pt);
  if (s->fb_fir)
    g_string_append_printf (out, "a=rtcp-fb:%u ccm fir\r\n", s->pt);
  if (s->fb_twcc && s->ext_twcc != 0)
    g_string_append_printf (out, "a=rtcp-fb:%u transport-cc\r\n", s->pt);
  append_fmtp (out, s);
  if (s->rtx_pt != 0)
    g_string_append_printf (out, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", s->rtx_pt,
                            s->rtx_pt, s->pt);
}

/* One stream id for sound and picture, so that a browser plays them in step. */
static void
append_sources (GString *out, const Answer *a, const McuOfferSection *s)
{
  const McuAnswerSectionParts *own = &a->parts->sections[s->canonical_index];
  const char *cname = a->parts->cname[0] != '\0' ? a->parts->cname : "tessera";

  if (!s->we_send)
    return;
  g_string_append_printf (out, "a=msid:tessera tessera-%s\r\n", s->media);
  if (own->ssrc == 0)
    return;
  if (own->rtx_ssrc != 0 && s->rtx_pt != 0)
    g_string_append_printf (out, "a=ssrc-group:FID %u %u\r\n", own->ssrc, own->rtx_ssrc);
  g_string_append_printf (out, "a=ssrc:%u cname:%s\r\n", own->ssrc, cname);
  if (own->rtx_ssrc != 0 && s->rtx_pt != 0)
    g_string_append_printf (out, "a=ssrc:%u cname:%s\r\n", own->rtx_ssrc, cname);
}

static void
append_accepted (GString *out, const Answer *a, const McuOfferSection *s)
{
  g_string_append_printf (out, "m=%s 9 %s %u", s->media, s->proto, s->pt);
  if (s->rtx_pt != 0)
    g_string_append_printf (out, " %u", s->rtx_pt);
  g_string_append (out, "\r\nc=IN IP4 0.0.0.0\r\n");
  append_bandwidth (out, a, s);
  if (!s->mid_is_ours)
    g_string_append_printf (out, "a=mid:%s\r\n", s->mid);
  g_string_append_printf (out, "a=%s\r\n",
                          !s->we_send      ? "recvonly"
                          : !s->we_receive ? "sendonly"
                                           : "sendrecv");
  append_transport (out, a);
  g_string_append (out, "a=rtcp-mux\r\na=rtcp-mux-only\r\n");
  if (s->rtcp_rsize)
    g_string_append (out, "a=rtcp-rsize\r\n");
  append_extensions (out, s);
  append_codec (out, s);
  append_sources (out, a, s);
  if (s->index == a->offer->tagged_section)
    append_candidates (out, a);
}

static GString *
write_answer (const Answer *a)
{
  const McuOffer *offer = a->offer;
  GString *out = g_string_new ("v=0\r\n");

  /* RFC 9429 section 5.2.1: an id below 2^63 that does not repeat. */
  g_string_append_printf (out, "o=- %u%09u 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
                          g_random_int () | 1, g_random_int () % 1000000000);
  if (offer->bundled) {
    g_autofree char *mids = g_strjoinv (" ", offer->bundle_mids);
    g_string_append_printf (out, "a=group:BUNDLE %s\r\n", mids);
  }
  if (offer->extmap_allow_mixed)
    g_string_append (out, "a=extmap-allow-mixed\r\n");
  if (offer->trickle)
    g_string_append (out, "a=ice-options:trickle\r\n");
  for (guint i = 0; i < offer->n_sections; i++) {
    if (offer->sections[i].canonical_index >= 0)
      append_accepted (out, a, &offer->sections[i]);
    else
      append_rejected (out, &offer->sections[i]);
  }

  return out;
}

char *
mcu_answer_write (const McuOffer *offer, const McuAnswerParts *parts, GError **error)
{
  Answer answer = {.offer = offer, .parts = parts};

  if (!collect_candidates (&answer, error) || !check (&answer, error))
    return NULL;

  GString *text = write_answer (&answer);
  while (text->len > MCU_ANSWER_MAX_BYTES && answer.n_candidates > 1) {
    answer.n_candidates--;
    g_string_free (text, TRUE);
    text = write_answer (&answer);
  }
  if (text->len > MCU_ANSWER_MAX_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "answer: over %d bytes",
                 MCU_ANSWER_MAX_BYTES);
    g_string_free (text, TRUE);
    return NULL;
  }

  return g_string_free (text, FALSE);
}
