/* pipelines/peer/offer.c - what a client offered and what we take of it: the decisions.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/offer.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/peer/offer-transport.h"
#include "pipelines/peer/sdp-codec.h"
#include "pipelines/peer/sdp-section.h"

static const McuCodec audio_codecs[] = {MCU_CODEC_OPUS, MCU_CODEC_PCMU, MCU_CODEC_PCMA};
static const McuCodec default_video_codecs[] = {MCU_CODEC_H264, MCU_CODEC_VP8};

static const char *const protocols[] = {"UDP/TLS/RTP/SAVPF",  "UDP/TLS/RTP/SAVP",
                                        "RTP/SAVPF",          "RTP/SAVP",
                                        "TCP/DTLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF"};

/* One parse on its way: what was read, what is being decided. */
typedef struct
{
  const McuOfferOptions *options;
  McuSdpSession *session;
  McuOffer *offer;
  gboolean in_use[MCU_STREAM_SCREEN + 1]; /* streams that have their section */
  gboolean sending[MCU_MEDIA_VIDEO + 1];  /* kinds that we send already */
} Parse;

const char *
mcu_setup_to_string (McuSetup setup)
{
  static const char *const names[] = {"actpass", "active", "passive"};

  return names[setup];
}

/* A group none of whose mids exist says nothing: as if it was not there. */
static void
forget_empty_group (McuSdpSession *session)
{
  for (guint i = 0; i < session->n_sections; i++)
    if (mcu_sdp_is_bundled (session, session->sections[i].mid))
      return;
  session->bundle = NULL;
}

static gboolean
is_alive (const McuSdpSession *session, const McuSdpSection *raw)
{
  /* RFC 8843: port 0 with bundle-only is not a refusal. */
  return raw->port != 0 || (raw->bundle_only && mcu_sdp_is_bundled (session, raw->mid));
}

static gboolean
is_audio_or_video (const McuSdpSection *raw)
{
  return strcmp (raw->media, "audio") == 0 || strcmp (raw->media, "video") == 0;
}

static McuMediaKind
kind_of (const McuSdpSection *raw)
{
  return strcmp (raw->media, "audio") == 0 ? MCU_MEDIA_AUDIO : MCU_MEDIA_VIDEO;
}

static gboolean
may_receive (const Parse *p, const McuSdpSection *raw)
{
  return raw->sends && p->options->kind != MCU_OFFER_WHEP && !p->options->viewer;
}

static gboolean
may_send (const Parse *p, const McuSdpSection *raw)
{
  return raw->receives && p->options->kind != MCU_OFFER_WHIP;
}

/* (nullable): why this section cannot be taken, codecs aside. */
static const char *
refusal (const Parse *p, const McuSdpSection *raw)
{
  if (!is_audio_or_video (raw))
    return "media not supported";
  if (!is_alive (p->session, raw))
    return "disabled by the client";
  if (!g_strv_contains ((const char *const[]){protocols[0], protocols[1], protocols[2],
                                              protocols[3], protocols[4], protocols[5], NULL},
                        raw->proto))
    return "transport not supported";
  if (!raw->rtcp_mux)
    return "no rtcp-mux";
  if (p->session->bundle != NULL && !mcu_sdp_is_bundled (p->session, raw->mid))
    return "outside the BUNDLE group";
  if (!may_receive (p, raw) && !may_send (p, raw))
    return "no direction left";
  return NULL;
}

static void
init_section (Parse *p, guint i)
{
  const McuSdpSection *raw = &p->session->sections[i];
  McuOfferSection *s = &p->offer->sections[i];

  s->index = i;
  s->canonical_index = -1;
  s->media = g_strdup (raw->media);
  s->proto = g_strdup (raw->proto);
  s->format = g_strdup (raw->format);
  s->mid = g_strdup (raw->mid);
  s->reject_reason = refusal (p, raw);
  if (is_audio_or_video (raw))
    s->kind = kind_of (raw);
}

/* The first of @codecs that the first section of that kind with any of them has. */
static McuCodec
choose_codec (const Parse *p, McuMediaKind kind, const McuCodec *codecs, guint n_codecs)
{
  for (guint i = 0; i < p->offer->n_sections; i++) {
    const McuOfferSection *s = &p->offer->sections[i];

    if (s->reject_reason != NULL || s->kind != kind)
      continue;
    for (guint j = 0; j < n_codecs; j++)
      if (mcu_sdp_find_codec (&p->session->sections[i], codecs[j]) != NULL)
        return codecs[j];
  }

  return MCU_CODEC_NONE;
}

static void
choose_codecs (Parse *p)
{
  const McuCodec *video = p->options->n_video_codecs > 0 ? p->options->video_codecs
                                                         : default_video_codecs;
  guint n_video = p->options->n_video_codecs > 0 ? p->options->n_video_codecs
                                                 : G_N_ELEMENTS (default_video_codecs);

  p->offer->audio_codec = choose_codec (p, MCU_MEDIA_AUDIO, audio_codecs,
                                        G_N_ELEMENTS (audio_codecs));
  p->offer->video_codec = choose_codec (p, MCU_MEDIA_VIDEO, video, n_video);
}

static McuMediaKind
kind_of_stream (McuStream stream)
{
  return stream == MCU_STREAM_MICROPHONE ? MCU_MEDIA_AUDIO : MCU_MEDIA_VIDEO;
}

/* The client's own word first, then the first free one of that kind. */
static gboolean
take_stream (Parse *p, McuOfferSection *s)
{
  McuStream stream = s->kind == MCU_MEDIA_AUDIO ? MCU_STREAM_MICROPHONE : MCU_STREAM_CAMERA;
  gboolean said = FALSE;

  for (guint i = 0; i < p->options->n_streams && s->mid != NULL && !said; i++)
    if (g_strcmp0 (p->options->streams[i].mid, s->mid) == 0 &&
        kind_of_stream (p->options->streams[i].stream) == s->kind) {
      stream = p->options->streams[i].stream;
      said = TRUE;
    }
  if (!said && stream == MCU_STREAM_CAMERA && p->in_use[stream])
    stream = MCU_STREAM_SCREEN;

  s->stream = stream;
  if (p->in_use[stream])
    return FALSE;
  p->in_use[stream] = TRUE;
  return (p->options->denied & 1u << stream) == 0;
}

static void
copy_codec (Parse *p, McuOfferSection *s, const McuSdpSection *raw, const McuSdpFormat *format)
{
  const McuSdpFormat *rtx = s->kind == MCU_MEDIA_VIDEO ? mcu_sdp_find_rtx (raw, format->pt) : NULL;

  s->pt = format->pt;
  s->rtx_pt = rtx != NULL ? rtx->pt : 0;
  s->clock_rate_hz = mcu_sdp_codec_clock (s->codec);
  s->fmtp = mcu_sdp_codec_fmtp (format, s->codec, p->options->stereo);
  /* Lost sound is concealed, never asked for again: the playout does not wait so long. */
  s->fb_nack = format->fb_nack && s->kind == MCU_MEDIA_VIDEO;
  s->fb_pli = format->fb_pli;
  s->fb_fir = format->fb_fir;
  s->fb_twcc = format->fb_twcc;
  s->fb_remb = format->fb_remb;
  s->rtcp_rsize = raw->rtcp_rsize;
  s->ext_mid = s->mid != NULL ? raw->extensions.mid : 0;
  s->ext_twcc = raw->extensions.twcc;
  s->ext_colour = s->kind == MCU_MEDIA_VIDEO && s->we_receive ? raw->extensions.colour : 0;
  s->ext_level = s->kind == MCU_MEDIA_AUDIO ? raw->extensions.level : 0;
}

/* (nullable): why not. */
static const char *
accept_section (Parse *p, McuOfferSection *s, const McuSdpSection *raw)
{
  s->codec = s->kind == MCU_MEDIA_AUDIO ? p->offer->audio_codec : p->offer->video_codec;
  const McuSdpFormat *format = mcu_sdp_find_codec (raw, s->codec);

  if (format == NULL)
    return "no common codec";
  if (p->session->bundle == NULL && p->offer->n_accepted > 0)
    return "not bundled with the accepted section";
  s->we_receive = may_receive (p, raw) && take_stream (p, s);
  s->we_send = may_send (p, raw) && !p->sending[s->kind];
  if (!s->we_receive && !s->we_send)
    return "not allowed, or a stream of its kind is taken already";

  p->sending[s->kind] |= s->we_send;
  copy_codec (p, s, raw, format);
  s->canonical_index = (int) p->offer->n_accepted++;
  return NULL;
}

static gboolean
has_ssrc (const McuOffer *offer, guint32 ssrc)
{
  for (guint i = 0; i < offer->n_sections; i++)
    if (offer->sections[i].ssrc == ssrc || offer->sections[i].rtx_ssrc == ssrc)
      return TRUE;
  return FALSE;
}

static guint32
announced_rtx (const McuSdpSection *raw, guint32 ssrc)
{
  for (guint i = 0; i < raw->n_fid; i++)
    if (raw->fid[i][0] == ssrc)
      return raw->fid[i][1];
  return 0;
}

/* Of a simulcast the first layer: the others are never accepted. */
static guint32
announced_ssrc (const McuSdpSection *raw)
{
  if (raw->sim_first != 0)
    return raw->sim_first;
  if (raw->n_fid > 0)
    return raw->fid[0][0];
  return raw->n_ssrcs > 0 ? raw->ssrcs[0] : 0;
}

/* FALSE when two sections announce the same. */
static gboolean
take_announced_ssrcs (McuOffer *offer, McuOfferSection *s, const McuSdpSection *raw)
{
  guint32 ssrc = announced_ssrc (raw);
  guint32 rtx = s->rtx_pt != 0 && ssrc != 0 ? announced_rtx (raw, ssrc) : 0;

  if ((ssrc != 0 && has_ssrc (offer, ssrc)) || (rtx != 0 && has_ssrc (offer, rtx)))
    return FALSE;
  s->ssrc = ssrc;
  s->rtx_ssrc = rtx;
  return TRUE;
}

static guint32
new_ssrc (const McuOffer *offer)
{
  guint32 ssrc;

  do
    ssrc = g_random_int ();
  while (ssrc == 0 || has_ssrc (offer, ssrc));
  return ssrc;
}

static gboolean
set_ssrcs (Parse *p, GError **error)
{
  McuOffer *offer = p->offer;

  for (guint i = 0; i < offer->n_sections; i++)
    if (offer->sections[i].canonical_index >= 0 &&
        !take_announced_ssrcs (offer, &offer->sections[i], &p->session->sections[i])) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_SDP, "two sections announce the same SSRC");
      return FALSE;
    }

  for (guint i = 0; i < offer->n_sections; i++) {
    McuOfferSection *s = &offer->sections[i];

    if (s->canonical_index < 0)
      continue;
    s->ssrc_is_ours = s->ssrc == 0;
    if (s->ssrc_is_ours)
      s->ssrc = new_ssrc (offer);
    s->rtx_ssrc_is_ours = s->rtx_ssrc == 0 && s->rtx_pt != 0;
    if (s->rtx_ssrc_is_ours)
      s->rtx_ssrc = new_ssrc (offer);
  }

  return TRUE;
}

static gboolean
check_whip (const Parse *p, GError **error)
{
  guint count[MCU_MEDIA_VIDEO + 1] = {0};

  for (guint i = 0; i < p->session->n_sections; i++) {
    const McuSdpSection *raw = &p->session->sections[i];

    if (is_audio_or_video (raw) && is_alive (p->session, raw) && ++count[kind_of (raw)] > 1) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_MANY_STREAMS, "two %s sections", raw->media);
      return FALSE;
    }
  }

  return TRUE;
}

/* Nothing could be accepted: the codec, if that was all there was against one of them. */
static void
report_nothing (const McuOffer *offer, GError **error)
{
  const char *reason = offer->sections[0].reject_reason;
  McuError code = MCU_ERROR_BAD_SDP;

  for (guint i = 0; i < offer->n_sections; i++)
    if (g_strcmp0 (offer->sections[i].reject_reason, "no common codec") == 0) {
      reason = offer->sections[i].reject_reason;
      code = MCU_ERROR_NO_COMMON_CODEC;
    }

  g_set_error (error, MCU_ERROR, code, "no section can be used: %s", reason);
}

static gboolean
decide (Parse *p, GError **error)
{
  McuOffer *offer = p->offer;

  forget_empty_group (p->session);
  if (p->options->kind == MCU_OFFER_WHIP && !check_whip (p, error))
    return FALSE;

  offer->kind = p->options->kind;
  offer->sections = g_new0 (McuOfferSection, p->session->n_sections);
  for (; offer->n_sections < p->session->n_sections; offer->n_sections++)
    init_section (p, offer->n_sections);
  choose_codecs (p);
  for (guint i = 0; i < offer->n_sections; i++)
    if (offer->sections[i].reject_reason == NULL)
      offer->sections[i].reject_reason = accept_section (p, &offer->sections[i],
                                                         &p->session->sections[i]);
  if (offer->n_accepted == 0) {
    report_nothing (offer, error);
    return FALSE;
  }

  offer->extmap_allow_mixed = p->session->extmap_allow_mixed;
  offer->debug_fault = p->session->debug_fault;
  return set_ssrcs (p, error) &&
         mcu_offer_set_transport (offer, p->session, p->options->allow_loopback, error);
}

McuOffer *
mcu_offer_parse (const char *sdp, gssize length, const McuOfferOptions *options, GError **error)
{
  static const McuOfferOptions defaults;
  g_auto (McuSdpText) text = {0};
  g_autofree McuSdpSession *session = g_new (McuSdpSession, 1);
  g_autoptr (McuOffer) offer = g_new0 (McuOffer, 1);
  Parse parse = {options != NULL ? options : &defaults, session, offer, {0}, {0}};

  if (!mcu_sdp_text_init (&text, sdp, length, MCU_OFFER_MAX_BYTES, error) ||
      !mcu_sdp_session_read (session, &text, error) || !decide (&parse, error))
    return NULL;

  return g_steal_pointer (&offer);
}

void
mcu_offer_free (McuOffer *offer)
{
  for (guint i = 0; i < offer->n_sections; i++) {
    g_free (offer->sections[i].media);
    g_free (offer->sections[i].proto);
    g_free (offer->sections[i].format);
    g_free (offer->sections[i].mid);
    g_free (offer->sections[i].fmtp);
  }
  g_free (offer->sections);
  g_free (offer->ice_ufrag);
  g_free (offer->ice_pwd);
  g_strfreev (offer->bundle_mids);
  g_free (offer->candidates);
  g_free (offer);
}

const McuOfferSection *
mcu_offer_accepted (const McuOffer *offer, guint canonical_index)
{
  for (guint i = 0; i < offer->n_sections; i++)
    if (offer->sections[i].canonical_index == (int) canonical_index)
      return &offer->sections[i];
  return NULL;
}

const McuOfferSection *
mcu_offer_sending (const McuOffer *offer, McuMediaKind kind)
{
  for (guint i = 0; i < offer->n_sections; i++)
    if (offer->sections[i].canonical_index >= 0 && offer->sections[i].we_send &&
        offer->sections[i].kind == kind)
      return &offer->sections[i];
  return NULL;
}
