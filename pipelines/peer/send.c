/* pipelines/peer/send.c - what a peer is sent: its pads, payloader and sources.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "pipelines/peer/peer-private.h"

#include <gst/webrtc/webrtc.h>

/* Leaves room for SRTP, RTX and a tunnel's headers in 1280 bytes of IPv6. */
#define RTP_MTU_BYTES 1200

static const char *
encoding_name (McuCodec codec)
{
  switch (codec) {
  case MCU_CODEC_OPUS:
    return "OPUS";
  case MCU_CODEC_PCMU:
    return "PCMU";
  case MCU_CODEC_PCMA:
    return "PCMA";
  case MCU_CODEC_VP8:
    return "VP8";
  case MCU_CODEC_H264:
    return "H264";
  case MCU_CODEC_NONE:
    break;
  }
  return "";
}

/* Only these lines can come into webrtcbin's answer: header extensions that rtpbin
 * or a payloader has to write or read, reduced-size RTCP, and the SSRC that we chose. */
static GstCaps *
section_caps (const McuOfferSection *section, guint32 ssrc)
{
  GstCaps *caps = gst_caps_new_simple (
      "application/x-rtp", "media", G_TYPE_STRING,
      section->kind == MCU_MEDIA_AUDIO ? "audio" : "video", "encoding-name", G_TYPE_STRING,
      encoding_name (section->codec), "clock-rate", G_TYPE_INT, section->clock_rate_hz, "payload",
      G_TYPE_INT, section->pt, NULL);

  if (ssrc != 0)
    gst_caps_set_simple (caps, "ssrc", G_TYPE_UINT, ssrc, NULL);
  if (section->ext_twcc != 0) {
    g_autofree char *name = g_strdup_printf ("extmap-%u", section->ext_twcc);

    gst_caps_set_simple (
        caps, name, G_TYPE_STRING,
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", NULL);
  }
  return caps;
}

static GstElement *
make_source (GstCaps *caps)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);

  /* No bound and no leak here: McuReceiver and McuAudioOut look at the level before they push. */
  g_object_set (source, "caps", caps, "is-live", TRUE, "format", GST_FORMAT_TIME, "min-latency",
                G_GINT64_CONSTANT (0), "max-bytes", G_GUINT64_CONSTANT (0), "max-buffers",
                G_GUINT64_CONSTANT (0), "block", FALSE, NULL);
  return gst_object_ref_sink (source);
}

static void
handle_first_frame (McuPeer *peer, gpointer data)
{
  peer->events->on_first_frame (peer, *(guint64 *) data, peer->user_data);
}

/* Thread: an encoder's, or the main loop. */
static void
on_first_frame (gpointer user_data, guint64 pts_ns)
{
  guint64 *copy = g_new (guint64, 1);

  *copy = pts_ns;
  mcu_peer_tag_post (user_data, handle_first_frame, copy, g_free);
}

static GstElement *
make_payloader (McuPeer *self, const McuOfferSection *section)
{
  gboolean is_h264 = section->codec == MCU_CODEC_H264;
  GstElement *pay = gst_element_factory_make (is_h264 ? "rtph264pay" : "rtpvp8pay", NULL);

  if (pay == NULL)
    return NULL;
  g_object_set (pay, "pt", (guint) section->pt, "ssrc", self->send_ssrc[MCU_MEDIA_VIDEO], "mtu",
                RTP_MTU_BYTES, "timestamp-offset", self->video_rtp_offset, "perfect-rtptime", FALSE,
                NULL);
  if (is_h264) {
    g_object_set (pay, "config-interval", -1, NULL);
    gst_util_set_object_arg (G_OBJECT (pay), "aggregate-mode", "zero-latency");
  } else {
    gst_util_set_object_arg (G_OBJECT (pay), "picture-id-mode", "15-bit");
  }
  return gst_object_ref_sink (pay);
}

static gboolean
make_video_sender (McuPeer *self, const McuOfferSection *section, GError **error)
{
  g_autoptr (GstCaps)
      caps = section->codec == MCU_CODEC_H264
                 ? gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING,
                                        "byte-stream", "alignment", G_TYPE_STRING, "au", NULL)
                 : gst_caps_new_empty_simple ("video/x-vp8");

  self->video_pay = make_payloader (self, section);
  if (self->video_pay == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no payloader for %s",
                 mcu_codec_to_string (section->codec));
    return FALSE;
  }
  self->video_source = make_source (caps);
  self->receiver = mcu_receiver_new (GST_APP_SRC (self->video_source), on_first_frame,
                                     mcu_peer_tag_ref (self->tag),
                                     (GDestroyNotify) mcu_peer_tag_unref);
  return TRUE;
}

static void
make_audio_sender (McuPeer *self, const McuOfferSection *section)
{
  g_autoptr (GstCaps) caps = section_caps (section, self->send_ssrc[MCU_MEDIA_AUDIO]);

  self->audio_source = make_source (caps);
  self->audio_out = mcu_audio_out_new (GST_APP_SRC (self->audio_source), self->base_time,
                                       self->send_ssrc[MCU_MEDIA_AUDIO], section->pt,
                                       section->ext_twcc);
}

gboolean
mcu_peer_make_senders (McuPeer *self, GError **error)
{
  const McuOfferSection *audio = mcu_offer_sending (self->offer, MCU_MEDIA_AUDIO);
  const McuOfferSection *video = mcu_offer_sending (self->offer, MCU_MEDIA_VIDEO);

  mcu_random_bytes ((guint8 *) self->send_ssrc, sizeof self->send_ssrc);
  self->send_ssrc[MCU_MEDIA_AUDIO] |= 1; /* never 0, and never the same as the other */
  self->send_ssrc[MCU_MEDIA_VIDEO] = (self->send_ssrc[MCU_MEDIA_VIDEO] | 2) & ~1u;
  if (audio != NULL)
    make_audio_sender (self, audio);
  return video == NULL || make_video_sender (self, video, error);
}

/* A pad that is named after its m-line makes and locks the transceiver; the reference that the pad
 * hands out must go at once: one that stays keeps the whole transport. */
static gboolean
request_send_pad (McuPeer *self, const McuOfferSection *section)
{
  g_autofree char *name = g_strdup_printf ("sink_%d", section->canonical_index);
  g_autoptr (GstCaps) caps = section_caps (section, self->send_ssrc[section->kind]);
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  GstPadTemplate *template = gst_element_get_pad_template (self->webrtc, "sink_%u");
  GstPad *pad;

  if (section->rtcp_rsize)
    gst_caps_set_simple (caps, "a-rtcp-rsize", G_TYPE_STRING, "", NULL);
  pad = gst_element_request_pad (self->webrtc, template, name, caps);
  if (pad == NULL)
    return FALSE;
  self->send_pad[section->kind] = pad;
  g_object_get (pad, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "codec-preferences", caps, "do-nack",
                section->kind == MCU_MEDIA_VIDEO && section->fb_nack, NULL);
  if (!section->we_receive)
    g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, NULL);
  return TRUE;
}

static gboolean
add_receive_only (McuPeer *self, const McuOfferSection *section)
{
  g_autoptr (GstCaps) caps = section_caps (section, 0);
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  if (section->rtcp_rsize)
    gst_caps_set_simple (caps, "a-rtcp-rsize", G_TYPE_STRING, "", NULL);
  g_signal_emit_by_name (self->webrtc, "add-transceiver",
                         GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &transceiver);
  if (transceiver == NULL)
    return FALSE;
  g_object_set (transceiver, "do-nack", section->kind == MCU_MEDIA_VIDEO && section->fb_nack, NULL);
  return TRUE;
}

gboolean
mcu_peer_request_pads (McuPeer *self)
{
  for (guint i = 0; i < self->offer->n_accepted; i++) {
    const McuOfferSection *section = mcu_offer_accepted (self->offer, i);

    if (section->we_send && !request_send_pad (self, section))
      return FALSE;
  }
  for (guint i = 0; i < self->offer->n_accepted; i++) {
    const McuOfferSection *section = mcu_offer_accepted (self->offer, i);

    if (!section->we_send && !add_receive_only (self, section))
      return FALSE;
  }
  return TRUE;
}

gboolean
mcu_peer_link_senders (McuPeer *self)
{
  gboolean all_linked = TRUE;

  if (self->audio_source != NULL && self->send_pad[MCU_MEDIA_AUDIO] != NULL) {
    g_autoptr (GstPad) src = gst_element_get_static_pad (self->audio_source, "src");

    gst_bin_add (GST_BIN (self->pipeline), self->audio_source);
    all_linked = gst_pad_link (src, self->send_pad[MCU_MEDIA_AUDIO]) == GST_PAD_LINK_OK;
    gst_element_sync_state_with_parent (self->audio_source);
  }
  if (self->video_source != NULL && self->send_pad[MCU_MEDIA_VIDEO] != NULL) {
    g_autoptr (GstPad) src = gst_element_get_static_pad (self->video_pay, "src");

    gst_bin_add_many (GST_BIN (self->pipeline), self->video_source, self->video_pay, NULL);
    all_linked = gst_element_link (self->video_source, self->video_pay) &&
                 gst_pad_link (src, self->send_pad[MCU_MEDIA_VIDEO]) == GST_PAD_LINK_OK &&
                 all_linked;
    gst_element_sync_state_with_parent (self->video_pay);
    gst_element_sync_state_with_parent (self->video_source);
  }
  return all_linked;
}
