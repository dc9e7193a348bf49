/* pipelines/peer/taps.c - the probes on a peer's packets: the guard, the sound, the pictures.
 * SPDX-License-Identifier: Apache-2.0
 *
 * All here runs on streaming threads with data that stays until the pipeline is in NULL. */
#include "mcu/base/id.h"
#include "pipelines/peer/peer-private.h"

#include <gst/rtp/gstrtpbuffer.h>

/* SSRCs that rtpbin ever sees, RTCP ones included: our sections, their RTX, and a few to spare.
 * Each more would be two threads. */
#define RTPBIN_MAX_STREAMS 16

typedef gboolean (*BufferFunc) (McuPeer *self, GstBuffer **buffer);

typedef struct
{
  McuPeer *peer;
  BufferFunc func;
} ListWalk;

static gboolean
walk_list (GstBuffer **buffer, guint index, gpointer user_data)
{
  ListWalk *walk = user_data;

  if (!walk->func (walk->peer, buffer))
    gst_clear_buffer (buffer); /* taken out of the list */
  return TRUE;
}

/* One way for single buffers and lists: what @func refuses goes no further. */
static GstPadProbeReturn
filter (GstPadProbeInfo *info, McuPeer *self, BufferFunc func)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList *list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
    ListWalk walk = {self, func};

    GST_PAD_PROBE_INFO_DATA (info) = list;
    gst_buffer_list_foreach (list, walk_list, &walk);
    return gst_buffer_list_length (list) > 0 ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
    gboolean passes = func (self, &buffer);

    GST_PAD_PROBE_INFO_DATA (info) = buffer;
    return passes ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }
  return GST_PAD_PROBE_OK;
}

static const McuOfferSection *
find_section (McuPeer *self, guint32 ssrc)
{
  for (guint i = 0; i < self->offer->n_accepted; i++) {
    const McuOfferSection *section = mcu_offer_accepted (self->offer, i);

    if (section->we_receive && section->ssrc == ssrc)
      return section;
  }
  return NULL;
}

/* The clock of the microphone or the camera; a screen is in sync with nobody's lips. */
static McuSenderClock *
clock_of (McuPeer *self, guint32 ssrc)
{
  const McuOfferSection *section = find_section (self, ssrc);

  if (section == NULL || section->stream == MCU_STREAM_SCREEN)
    return NULL;
  return &self->clocks[section->kind];
}

static void
note_arrival (McuPeer *self, const guint8 *rtp, gint64 now_us)
{
  McuSenderClock *clock = clock_of (self, GST_READ_UINT32_BE (rtp + 8));

  if (clock == NULL)
    return;
  g_mutex_lock (&self->clock_lock);
  mcu_sender_clock_packet (clock, GST_READ_UINT32_BE (rtp + 4), now_us);
  g_mutex_unlock (&self->clock_lock);
}

static void
on_sender_report (guint32 ssrc, guint64 ntp, guint32 rtp, gpointer user_data)
{
  McuPeer *self = user_data;
  McuSenderClock *clock = clock_of (self, ssrc);

  if (clock == NULL)
    return;
  g_mutex_lock (&self->clock_lock);
  mcu_sender_clock_report (clock, ntp, rtp);
  g_mutex_unlock (&self->clock_lock);
}

static gboolean
guard_rtp (McuPeer *self, GstBuffer **buffer)
{
  McuGuardReason reason = MCU_GUARD_RTP_MALFORMED;
  GstMapInfo map;

  if (mcu_peer_tag_verdict (self->tag) != MCU_PEER_VERIFIED) {
    mcu_rtp_guard_count (self->guard, MCU_GUARD_FINGERPRINT);
    return FALSE;
  }
  *buffer = gst_buffer_make_writable (*buffer);
  if (gst_buffer_map (*buffer, &map, GST_MAP_READWRITE)) {
    gint64 now_us = g_get_monotonic_time ();

    reason = mcu_rtp_guard_rtp (self->guard, map.data, map.size, now_us);
    if (reason == MCU_GUARD_PASS)
      note_arrival (self, map.data, now_us);
    gst_buffer_unmap (*buffer, &map);
  }
  return reason == MCU_GUARD_PASS;
}

static gboolean
guard_rtcp_in (McuPeer *self, GstBuffer **buffer)
{
  McuGuardReason reason = MCU_GUARD_RTCP_MALFORMED;
  GstMapInfo map;
  gsize size = 0;

  if (mcu_peer_tag_verdict (self->tag) != MCU_PEER_VERIFIED)
    return FALSE;
  *buffer = gst_buffer_make_writable (*buffer);
  if (gst_buffer_map (*buffer, &map, GST_MAP_READWRITE)) {
    size = map.size;
    reason = mcu_rtp_guard_rtcp_in (self->guard, map.data, &size, g_get_monotonic_time ());
    if (reason == MCU_GUARD_PASS)
      mcu_sender_reports_find (map.data, size, on_sender_report, self);
    gst_buffer_unmap (*buffer, &map);
  }
  if (reason == MCU_GUARD_PASS)
    gst_buffer_set_size (*buffer, size);
  return reason == MCU_GUARD_PASS;
}

static gboolean
rewrite_rtcp_out (McuPeer *self, GstBuffer **buffer)
{
  GstMapInfo map;

  *buffer = gst_buffer_make_writable (*buffer);
  if (gst_buffer_map (*buffer, &map, GST_MAP_READWRITE)) {
    mcu_rtp_guard_rtcp_out (self->guard, map.data, map.size);
    gst_buffer_unmap (*buffer, &map);
  }
  return TRUE;
}

/* The sound leaves here, before the jitterbuffer, into our own playout. */
static gboolean
take_audio (McuPeer *self, GstBuffer **buffer)
{
  gint64 now_us = g_get_monotonic_time ();
  GstMapInfo map;

  if (gst_buffer_map (*buffer, &map, GST_MAP_READ)) {
    mcu_playout_push (self->playout, map.data, map.size, now_us);
    g_mutex_lock (&self->tap_lock);
    if (self->sound_tap != NULL)
      self->sound_tap (self->sound_tap_data, map.data, map.size,
                       now_us * GST_USECOND - self->base_time);
    g_mutex_unlock (&self->tap_lock);
    gst_buffer_unmap (*buffer, &map);
  }
  return FALSE;
}

/* Thread: the network's. */
static GstPadProbeReturn
on_rtp (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return filter (info, user_data, guard_rtp);
}

/* Thread: the network's. */
static GstPadProbeReturn
on_rtcp_in (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return filter (info, user_data, guard_rtcp_in);
}

/* Thread: the session's RTCP thread. */
static GstPadProbeReturn
on_rtcp_out (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return filter (info, user_data, rewrite_rtcp_out);
}

/* Thread: the network's. */
static GstPadProbeReturn
on_audio (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return filter (info, user_data, take_audio);
}

/* Thread: webrtcbin's, while it makes its session; rtpbin's lock is held, so only probes are added.
 */
static void
on_rtpbin_pad (GstElement *rtpbin, GstPad *pad, gpointer user_data)
{
  static const struct
  {
    const char *prefix;
    GstPadProbeCallback callback;
  } taps[] = {
      {"recv_rtp_sink_", on_rtp},
      {"recv_rtcp_sink_", on_rtcp_in},
      {"send_rtcp_src_", on_rtcp_out},
  };

  for (guint i = 0; i < G_N_ELEMENTS (taps); i++)
    if (g_str_has_prefix (GST_PAD_NAME (pad), taps[i].prefix))
      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
                         taps[i].callback, user_data, NULL);
}

/* Thread: the network's, at a stream's first packet. */
static void
on_new_jitterbuffer (GstElement *rtpbin, GstElement *jitterbuffer, guint session, guint ssrc,
                     gpointer user_data)
{
  McuPeer *self = user_data;
  const McuOfferSection *section = find_section (self, ssrc);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (jitterbuffer, "sink");

  /* Without rtx-next-seqnum it does not ask for a packet that was never sent: after a pause the
   * first one of a new keyframe, given up meanwhile, would be dropped as late, and the camera stay
   * dark. */
  g_object_set (jitterbuffer, "faststart-min-packets", 1, "rtx-next-seqnum", FALSE, NULL);
  if (section != NULL && section->kind == MCU_MEDIA_AUDIO && self->playout != NULL)
    gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_audio,
                       self, NULL);
}

/* Thread: a jitterbuffer's, at its first packet. */
static void
on_webrtc_pad (GstElement *webrtc, GstPad *pad, gpointer user_data)
{
  McuPeer *self = user_data;
  const McuOfferSection *section;
  g_autoptr (GstCaps) caps = NULL;
  McuVideoIn *video;
  guint ssrc = 0;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  caps = gst_pad_get_current_caps (pad);
  if (caps == NULL || !gst_structure_get_uint (gst_caps_get_structure (caps, 0), "ssrc", &ssrc))
    return;
  section = find_section (self, ssrc);
  if (section == NULL || section->kind != MCU_MEDIA_VIDEO)
    return;
  video = mcu_peer_get_video (self, section->stream);
  if (video != NULL)
    mcu_video_in_link (video, pad);
}

/* The default name of the source holds the user's and the machine's names. */
static void
set_cname (GstElement *rtpbin)
{
  g_autofree char *cname = mcu_id_new (NULL);
  g_autoptr (GstStructure) sdes = gst_structure_new ("application/x-rtp-source-sdes", "cname",
                                                     G_TYPE_STRING, cname, NULL);

  g_object_set (rtpbin, "sdes", sdes, NULL);
}

void
mcu_peer_tap (McuPeer *self)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");

  set_cname (rtpbin);
  g_object_set (rtpbin, "max-streams", RTPBIN_MAX_STREAMS, NULL);
  gst_util_set_object_arg (G_OBJECT (rtpbin), "rtcp-sync-send-time", "false");
  g_signal_connect (rtpbin, "pad-added", G_CALLBACK (on_rtpbin_pad), self);
  g_signal_connect (rtpbin, "new-jitterbuffer", G_CALLBACK (on_new_jitterbuffer), self);
  g_signal_connect (self->webrtc, "pad-added", G_CALLBACK (on_webrtc_pad), self);
}

void
mcu_peer_set_sound_tap (McuPeer *self, McuPeerSoundFunc func, gpointer user_data,
                        GDestroyNotify free_data)
{
  GDestroyNotify old_free = self->sound_tap_free;
  gpointer old_data = self->sound_tap_data;

  g_mutex_lock (&self->tap_lock);
  self->sound_tap = func;
  self->sound_tap_data = user_data;
  self->sound_tap_free = free_data;
  g_mutex_unlock (&self->tap_lock);
  if (old_free != NULL)
    old_free (old_data);
}
