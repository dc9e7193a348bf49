/* pipelines/peer/peer.c - a peer's life: made whole, taken apart in order.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/peer.h"

#include "mcu/base/error.h"
#include "pipelines/peer/peer-private.h"

/* How long a gap in the video may hold back what came after it, while a retransmission is under
 * way. Good packets are not delayed; sound does not pass this buffer. */
#define VIDEO_GAP_MS 200

/* Thread: any that posts on the bus. */
static GstBusSyncReply on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data);

static void
handle_pipeline_error (McuPeer *peer, gpointer data)
{
  g_message ("peer %s: %s", peer->id, (const char *) data);
  mcu_peer_lose (peer, "pipeline error");
}

static void
handle_latency (McuPeer *peer, gpointer data)
{
  gst_bin_recalculate_latency (GST_BIN (peer->pipeline));
}

static GstBusSyncReply
on_bus_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  McuPeerTag *tag = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) error = NULL;
    g_autofree char *detail = NULL;

    gst_message_parse_error (message, &error, &detail);
    mcu_peer_tag_post (tag, handle_pipeline_error,
                       g_strdup_printf ("%s: %s (%s)", GST_MESSAGE_SRC_NAME (message),
                                        error->message, detail != NULL ? detail : ""),
                       g_free);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY) {
    mcu_peer_tag_post (tag, handle_latency, NULL, NULL);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

void
mcu_peer_lose (McuPeer *self, const char *reason)
{
  if (self->is_lost)
    return;
  self->is_lost = TRUE;
  self->events->on_lost (self, reason, self->user_data);
}

static gboolean
make_pipeline (McuPeer *self, GError **error)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  if (self->webrtc == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no element webrtcbin");
    return FALSE;
  }
  gst_object_ref_sink (self->webrtc);
  gst_util_set_object_arg (G_OBJECT (self->webrtc), "bundle-policy", "max-bundle");
  g_object_set (self->webrtc, "latency", VIDEO_GAP_MS, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  gst_element_set_start_time (self->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipeline, self->base_time);

  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_bus_message, mcu_peer_tag_ref (self->tag),
                            (GDestroyNotify) mcu_peer_tag_unref);
  return TRUE;
}

static gboolean
make_receivers (McuPeer *self, McuSource *camera, McuSource *screen, GError **error)
{
  for (guint i = 0; i < self->offer->n_sections; i++) {
    const McuOfferSection *section = &self->offer->sections[i];
    gboolean is_screen = section->stream == MCU_STREAM_SCREEN;
    McuVideoIn **place = is_screen ? &self->screen : &self->camera;

    if (section->canonical_index < 0 || !section->we_receive)
      continue;
    if (section->kind == MCU_MEDIA_AUDIO) {
      if (self->playout == NULL)
        self->playout = mcu_playout_new (section->codec);
      self->clocks[MCU_MEDIA_AUDIO].rate_hz = section->clock_rate_hz;
    } else if (*place == NULL) {
      *place = mcu_video_in_new (GST_BIN (self->pipeline), section->codec,
                                 is_screen ? screen : camera, self->guard, section->canonical_index,
                                 error);
      if (*place == NULL)
        return FALSE;
      self->clocks[MCU_MEDIA_VIDEO].rate_hz = section->clock_rate_hz;
    }
  }
  return TRUE;
}

McuPeer *
mcu_peer_new (const McuPeerSettings *settings, McuOffer *offer, GError **error)
{
  McuPeer *self = g_new0 (McuPeer, 1);

  g_mutex_init (&self->clock_lock);
  g_mutex_init (&self->tap_lock);
  self->offer = offer;
  self->id = g_strdup (settings->id);
  self->participant = g_strdup (settings->participant);
  self->tag = mcu_peer_tag_new (settings->hub, settings->id, offer->fingerprint);
  self->guard = mcu_rtp_guard_new (offer);
  self->network = settings->network;
  self->base_time = settings->base_time;
  self->video_rtp_offset = settings->video_rtp_offset;
  self->events = settings->events;
  self->user_data = settings->user_data;
  self->added_us = g_get_monotonic_time ();
  self->early_candidates = g_ptr_array_new_with_free_func (g_free);
  self->parts.external_address = settings->network->external_address;

  if (!make_pipeline (self, error) ||
      !make_receivers (self, settings->camera, settings->screen, error) ||
      !mcu_peer_make_senders (self, error)) {
    mcu_peer_let_go (self);
    mcu_peer_stop_pipeline (self);
    mcu_peer_free (self);
    return NULL;
  }
  mcu_peer_tap (self);
  mcu_peer_set_up_ice (self);
  return self;
}

/* Signals first, so that nothing new begins; then what pushes into us; the pipeline goes as a whole
 * on a worker: pads released one by one before negotiation is done deadlock (GStreamer
 * before 1.22.3). */
void
mcu_peer_let_go (McuPeer *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  g_clear_handle_id (&self->answer_timeout, g_source_remove);
  g_clear_handle_id (&self->late_candidates, g_source_remove);
  if (self->webrtc != NULL)
    g_signal_handlers_disconnect_by_data (self->webrtc, self->tag);
  if (self->receiver != NULL)
    mcu_receiver_close (self->receiver);
  gst_bus_set_flushing (bus, TRUE);
}

void
mcu_peer_stop_pipeline (McuPeer *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
}

void
mcu_peer_free (McuPeer *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->send_pad); i++)
    g_clear_object (&self->send_pad[i]);
  g_clear_pointer (&self->receiver, mcu_receiver_unref);
  g_clear_pointer (&self->audio_out, mcu_audio_out_free);
  g_clear_object (&self->video_source);
  g_clear_object (&self->video_pay);
  g_clear_object (&self->audio_source);
  g_clear_object (&self->webrtc);
  g_clear_object (&self->pipeline);
  g_clear_pointer (&self->camera, mcu_video_in_free);
  g_clear_pointer (&self->screen, mcu_video_in_free);
  g_clear_pointer (&self->playout, mcu_playout_unref);
  g_clear_pointer (&self->early_candidates, g_ptr_array_unref);
  g_clear_pointer (&self->guard, mcu_rtp_guard_free);
  g_clear_pointer (&self->offer, mcu_offer_free);
  g_clear_pointer (&self->tag, mcu_peer_tag_unref);
  mcu_peer_set_sound_tap (self, NULL, NULL, NULL);
  g_mutex_clear (&self->tap_lock);
  g_mutex_clear (&self->clock_lock);
  g_free (self->participant);
  g_free (self->id);
  g_free (self);
}

const char *
mcu_peer_get_id (McuPeer *self)
{
  return self->id;
}

const char *
mcu_peer_get_participant (McuPeer *self)
{
  return self->participant;
}

const McuOffer *
mcu_peer_get_offer (McuPeer *self)
{
  return self->offer;
}

McuRtpGuard *
mcu_peer_get_guard (McuPeer *self)
{
  return self->guard;
}

gboolean
mcu_peer_is_connected (McuPeer *self)
{
  return self->is_connected;
}

gint64
mcu_peer_get_added_us (McuPeer *self)
{
  return self->added_us;
}

McuReceiver *
mcu_peer_get_receiver (McuPeer *self)
{
  return self->receiver;
}

McuAudioOut *
mcu_peer_get_audio_out (McuPeer *self)
{
  return self->audio_out;
}

McuPlayout *
mcu_peer_get_playout (McuPeer *self)
{
  return self->playout;
}

McuVideoIn *
mcu_peer_get_video (McuPeer *self, McuStream stream)
{
  return stream == MCU_STREAM_SCREEN ? self->screen : self->camera;
}

guint32
mcu_peer_video_rtp_time (McuPeer *self, guint64 pts_ns)
{
  return self->video_rtp_offset + (guint32) gst_util_uint64_scale (pts_ns, 90000, GST_SECOND);
}

gboolean
mcu_peer_get_video_lag_us (McuPeer *self, gint64 *lag_us)
{
  gint64 audio_us, video_us;
  gboolean known;

  g_mutex_lock (&self->clock_lock);
  known = mcu_sender_clock_get_path_us (&self->clocks[MCU_MEDIA_AUDIO], &audio_us) &&
          mcu_sender_clock_get_path_us (&self->clocks[MCU_MEDIA_VIDEO], &video_us);
  g_mutex_unlock (&self->clock_lock);
  if (known)
    *lag_us = video_us - audio_us;
  return known;
}
