/* tests/bench/bare-peer.c - see bare-peer.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/bare-peer.h"

#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "tests/bench/sdp.h"

#define GATHERING_TIMEOUT_US (5 * G_USEC_PER_SEC)

struct _McuBarePeer
{
  McuMaterialKind kind;
  GstElement *pipeline;            /* owned */
  GstElement *webrtc;              /* unowned: the pipeline's */
  GstElement *video_in, *audio_in; /* unowned: appsrc */
  gboolean has_key;
};

static const char *
encoding_of (McuMaterialKind kind)
{
  return kind == MCU_MATERIAL_H264 ? "H264" : "VP8";
}

static void
set_up_ice (GstElement *webrtc)
{
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;
  gboolean ok;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, NULL);
  g_object_set (ice, "ice-tcp", FALSE, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &ok);
}

/* webrtcbin answers only what the preferences hold, extensions included. */
static GstCaps *
preferences (McuMaterialKind kind, int pt, guint32 ssrc)
{
  gboolean is_audio = kind == MCU_MATERIAL_OPUS;
  GstCaps *caps = gst_caps_new_simple (
      "application/x-rtp", "media", G_TYPE_STRING, is_audio ? "audio" : "video", "encoding-name",
      G_TYPE_STRING, is_audio ? "OPUS" : encoding_of (kind), "clock-rate", G_TYPE_INT,
      is_audio ? 48000 : 90000, "payload", G_TYPE_INT, pt, "ssrc", G_TYPE_UINT, ssrc, "extmap-3",
      G_TYPE_STRING, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
      "a-rtcp-rsize", G_TYPE_STRING, "", NULL);

  if (kind == MCU_MATERIAL_H264)
    gst_caps_set_simple (caps, "packetization-mode", G_TYPE_STRING, "1", NULL);
  return caps;
}

static GstPad *
request_pad (GstElement *webrtc, const char *name, GstCaps *caps)
{
  GstPadTemplate *template = gst_element_get_pad_template (webrtc, "sink_%u");
  GstPad *pad = gst_element_request_pad (webrtc, template, name, caps);
  g_autoptr (GObject) transceiver = NULL;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "codec-preferences", caps, "do-nack", strcmp (name, "sink_1") == 0,
                NULL);
  return pad;
}

static GstCaps *
source_caps (McuMaterialKind kind)
{
  if (kind == MCU_MATERIAL_OPUS)
    return gst_caps_from_string ("audio/x-opus, channel-mapping-family=0, channels=1, rate=48000");
  return gst_caps_from_string (kind == MCU_MATERIAL_VP8
                                   ? "video/x-vp8"
                                   : "video/x-h264, stream-format=byte-stream, alignment=au");
}

static const char *
payloader_of (McuMaterialKind kind)
{
  return kind == MCU_MATERIAL_OPUS  ? "rtpopuspay"
         : kind == MCU_MATERIAL_VP8 ? "rtpvp8pay"
                                    : "rtph264pay";
}

/* appsrc ! payloader ! @pad.  Returns: (transfer none): the appsrc. */
static GstElement *
add_sender (McuBarePeer *self, McuMaterialKind kind, int pt, guint32 ssrc, GstPad *pad)
{
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *pay = gst_element_factory_make (payloader_of (kind), NULL);
  g_autoptr (GstCaps) caps = source_caps (kind);
  g_autoptr (GstPad) out = gst_element_get_static_pad (pay, "src");

  g_object_set (source, "caps", caps, "is-live", TRUE, "format", GST_FORMAT_TIME, "do-timestamp",
                TRUE, NULL);
  g_object_set (pay, "pt", pt, "ssrc", ssrc, "mtu", 1200, NULL);
  if (kind == MCU_MATERIAL_H264)
    gst_util_set_object_arg (G_OBJECT (pay), "aggregate-mode", "zero-latency");
  if (kind == MCU_MATERIAL_VP8)
    gst_util_set_object_arg (G_OBJECT (pay), "picture-id-mode", "15-bit");
  gst_bin_add_many (GST_BIN (self->pipeline), source, pay, NULL);
  gst_element_link (source, pay);
  gst_pad_link (out, pad);
  gst_element_sync_state_with_parent (pay);
  gst_element_sync_state_with_parent (source);
  return source;
}

/* Thread: streaming. */
static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer user_data)
{
  McuBarePeer *self = user_data;
  g_autoptr (GstCaps) caps = NULL;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  caps = gst_pad_get_current_caps (pad);
  const char *media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");
  const char *depay = g_strcmp0 (media, "audio") == 0   ? "rtpopusdepay"
                      : self->kind == MCU_MATERIAL_H264 ? "rtph264depay"
                                                        : "rtpvp8depay";
  GstElement *depayloader = gst_element_factory_make (depay, NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) in = gst_element_get_static_pad (depayloader, "sink");

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), depayloader, sink, NULL);
  gst_element_link (depayloader, sink);
  gst_element_sync_state_with_parent (sink);
  gst_element_sync_state_with_parent (depayloader);
  gst_pad_link (pad, in);
}

/* Emits @signal and waits. Returns: (transfer full) (nullable): the description in the reply. */
static GstWebRTCSessionDescription *
ask (McuBarePeer *self, const char *signal, gpointer argument)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();
  GstWebRTCSessionDescription *description = NULL;

  g_signal_emit_by_name (self->webrtc, signal, argument, promise);
  gst_promise_wait (promise);
  if (gst_promise_get_reply (promise) != NULL)
    gst_structure_get (gst_promise_get_reply (promise), "answer",
                       GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  return description;
}

static gboolean
is_gathered (McuBarePeer *self)
{
  GstWebRTCICEGatheringState state;

  g_object_get (self->webrtc, "ice-gathering-state", &state, NULL);
  return state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
}

static char *
wait_for_answer (McuBarePeer *self, GError **error)
{
  g_autoptr (GstWebRTCSessionDescription) local = NULL;
  gint64 deadline = g_get_monotonic_time () + GATHERING_TIMEOUT_US;

  while (!is_gathered (self) && g_get_monotonic_time () < deadline)
    g_usleep (1000);
  g_object_get (self->webrtc, "local-description", &local, NULL);
  if (local != NULL && is_gathered (self))
    return gst_sdp_message_as_text (local->sdp);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "webrtcbin gave no answer");
  return NULL;
}

static char *
negotiate (McuBarePeer *self, const char *offer, GError **error)
{
  GstSDPMessage *sdp;
  McuLoadSdp lines;
  guint32 audio_ssrc = g_random_int (), video_ssrc = g_random_int ();

  if (!mcu_load_sdp_parse (offer, &lines, error))
    return NULL;
  g_autoptr (GstCaps) audio = preferences (MCU_MATERIAL_OPUS, lines.audio.pt, audio_ssrc);
  g_autoptr (GstCaps) video = preferences (self->kind, lines.video.pt, video_ssrc);
  g_autoptr (GstPad) audio_pad = request_pad (self->webrtc, "sink_0", audio);
  g_autoptr (GstPad) video_pad = request_pad (self->webrtc, "sink_1", video);

  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  gst_sdp_message_new_from_text (offer, &sdp);
  g_autoptr (GstWebRTCSessionDescription)
      remote = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, sdp);
  ask (self, "set-remote-description", remote);
  g_autoptr (GstWebRTCSessionDescription) answer = ask (self, "create-answer", NULL);
  if (answer == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "webrtcbin refused the offer");
    return NULL;
  }
  ask (self, "set-local-description", answer);
  self->audio_in = add_sender (self, MCU_MATERIAL_OPUS, lines.audio.pt, audio_ssrc, audio_pad);
  self->video_in = add_sender (self, self->kind, lines.video.pt, video_ssrc, video_pad);
  return wait_for_answer (self, error);
}

McuBarePeer *
mcu_bare_peer_new (const char *offer, McuMaterialKind kind, char **answer, GError **error)
{
  McuBarePeer *self = g_new0 (McuBarePeer, 1);

  self->kind = kind;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  if (self->webrtc == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no element webrtcbin");
    mcu_bare_peer_free (self);
    return NULL;
  }
  gst_util_set_object_arg (G_OBJECT (self->webrtc), "bundle-policy", "max-bundle");
  g_object_set (self->webrtc, "latency", 40, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  g_signal_connect (self->webrtc, "pad-added", G_CALLBACK (on_pad_added), self);
  set_up_ice (self->webrtc);
  *answer = negotiate (self, offer, error);
  if (*answer != NULL)
    return self;
  mcu_bare_peer_free (self);
  return NULL;
}

void
mcu_bare_peer_free (McuBarePeer *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_free (self);
}

static gboolean
is_connected (McuBarePeer *self)
{
  GstWebRTCPeerConnectionState state;

  g_object_get (self->webrtc, "connection-state", &state, NULL);
  return state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED;
}

/* The payload is shared; only time is each peer's own. */
static void
push (GstElement *source, GstBuffer *frame)
{
  gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_copy (frame));
}

gboolean
mcu_bare_peer_wants_key (McuBarePeer *self)
{
  return !self->has_key && is_connected (self);
}

void
mcu_bare_peer_push_video (McuBarePeer *self, GstBuffer *frame, gboolean is_key)
{
  if (!self->has_key && (!is_key || !is_connected (self)))
    return;
  self->has_key = TRUE;
  push (self->video_in, frame);
}

void
mcu_bare_peer_push_audio (McuBarePeer *self, GstBuffer *packet)
{
  if (self->has_key)
    push (self->audio_in, packet);
}
