/* pipelines/peer/transport.c - ICE as a server wants it, and whose certificate it is.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/peer-private.h"

#include <gst/webrtc/webrtc.h>

/* What one receiving person may be sent as feedback: PLI and NACK share these slots, and the
 * default of 64 kbit/s let 2 of 20 requests through (measured). */
#define RTCP_BANDWIDTH_BPS 3e6
/* Half of it passes before the first report, which lip sync at the receiver waits for. */
/* By default each frame's last packet brings one: 30 a second from each sender. Browsers'
 * estimators ask for 50 to 250 ms. */
#define TWCC_INTERVAL_NS (100 * GST_MSECOND)
#define RTCP_INTERVAL_NS (800 * GST_MSECOND)

/* The defaults open some 20 sockets a peer (UPnP, TCP, link-local) and do not notice who is gone
 * (measured with libnice 0.1.21). */
void
mcu_peer_set_up_ice (McuPeer *self)
{
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) agent = NULL;

  g_object_get (self->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, "keepalive-conncheck", TRUE, NULL);
  g_object_set (ice, "ice-tcp", FALSE, "min-rtp-port", self->network->port_min, "max-rtp-port",
                self->network->port_max, NULL);
  for (char **address = self->network->addresses; address != NULL && *address != NULL; address++) {
    gboolean ok = FALSE;

    g_signal_emit_by_name (ice, "add-local-ip-address", *address, &ok);
    if (!ok)
      g_message ("peer %s: local address %s is not taken", self->id, *address);
  }
}

static void
handle_dtls_state (McuPeer *peer, gpointer data)
{
  if (mcu_peer_tag_verdict (peer->tag) == MCU_PEER_IMPOSTOR) {
    mcu_rtp_guard_count (peer->guard, MCU_GUARD_FINGERPRINT);
    mcu_peer_lose (peer, "wrong fingerprint");
    return;
  }
  if (peer->is_connected)
    return;
  peer->is_connected = TRUE;
  peer->events->on_connected (peer, peer->user_data);
}

/* Thread: DTLS. The judgement falls here, before any media can pass either way: Debian 12's
 * webrtcbin does not compare certificate and fingerprint. */
static void
on_dtls_state (GObject *transport, GParamSpec *pspec, gpointer user_data)
{
  McuPeerTag *tag = user_data;
  g_autofree char *certificate = NULL;
  GstWebRTCDTLSTransportState state;

  g_object_get (transport, "state", &state, NULL);
  if (state != GST_WEBRTC_DTLS_TRANSPORT_STATE_CONNECTED)
    return;
  g_object_get (transport, "remote-certificate", &certificate, NULL);
  mcu_peer_tag_verify (tag, certificate);
  mcu_peer_tag_post (tag, handle_dtls_state, NULL, NULL);
}

static void
drop_tag (gpointer data, GClosure *closure)
{
  mcu_peer_tag_unref (data);
}

static void
set_up_rtcp (McuPeer *self)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;

  g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  if (session == NULL)
    return;
  g_object_set (session, "twcc-feedback-interval", (guint64) TWCC_INTERVAL_NS, NULL);
  g_object_set (session, "bandwidth", RTCP_BANDWIDTH_BPS, "rtcp-min-interval",
                (guint64) RTCP_INTERVAL_NS, NULL);
}

void
mcu_peer_watch_transport (McuPeer *self)
{
  g_autoptr (GArray) transceivers = NULL;
  g_autoptr (GObject) receiver = NULL;
  g_autoptr (GObject) transport = NULL;

  g_signal_emit_by_name (self->webrtc, "get-transceivers", &transceivers);
  if (transceivers == NULL || transceivers->len == 0)
    return;
  /* All sections are bundled: any transceiver's transport is the one. */
  g_object_get (g_array_index (transceivers, GObject *, 0), "receiver", &receiver, NULL);
  if (receiver != NULL)
    g_object_get (receiver, "transport", &transport, NULL);
  if (transport != NULL)
    g_signal_connect_data (transport, "notify::state", G_CALLBACK (on_dtls_state),
                           mcu_peer_tag_ref (self->tag), drop_tag, 0);
  set_up_rtcp (self);
}

static guint32
camera_ssrc (const McuOffer *offer)
{
  for (guint i = 0; i < offer->n_accepted; i++) {
    const McuOfferSection *section = mcu_offer_accepted (offer, i);

    if (section->we_receive && section->kind == MCU_MEDIA_VIDEO &&
        section->stream == MCU_STREAM_CAMERA)
      return section->ssrc;
  }
  return 0;
}

static void
read_source (const GstStructure *source, guint32 camera, McuPeerReception *out)
{
  guint rtt = 0; /* 16.16 s */
  guint ssrc = 0;
  int lost = 0;

  if (gst_structure_get_uint (source, "rb-round-trip", &rtt) && rtt > 0)
    out->rtt_ms = MAX (out->rtt_ms, (guint) (rtt * 1000.0 / 65536));
  if (camera != 0 && gst_structure_get_uint (source, "ssrc", &ssrc) && ssrc == camera &&
      gst_structure_get_int (source, "packets-lost", &lost))
    out->lost = MAX (lost, 0); /* duplicates make it negative */
}

void
mcu_peer_get_reception (McuPeer *self, McuPeerReception *out)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;
  g_autoptr (GstStructure) stats = NULL;
  const GValue *sources;

  *out = (McuPeerReception){0};
  g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  if (session == NULL)
    return;
  g_object_get (session, "stats", &stats, NULL);
  sources = gst_structure_get_value (stats, "source-stats");
  if (sources == NULL)
    return;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const GValueArray *array = g_value_get_boxed (sources);
  for (guint i = 0; array != NULL && i < array->n_values; i++)
    read_source (g_value_get_boxed (&array->values[i]), camera_ssrc (self->offer), out);
  G_GNUC_END_IGNORE_DEPRECATIONS
}
