/* pipelines/room/stats.c - the reply to `stats` (docs/media-link.md, "Stats").
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/reports-private.h"

typedef struct
{
  JsonArray *encoders;
  const char *view;
} RungList;

static void
set_keyframes (JsonObject *encoder, const McuRungStats *stats)
{
  JsonObject *keyframes = json_object_new ();

  json_object_set_int_member (keyframes, "join", stats->keyframes[MCU_KEYFRAME_JOIN]);
  json_object_set_int_member (keyframes, "request", stats->keyframes[MCU_KEYFRAME_REQUEST]);
  json_object_set_int_member (keyframes, "steady", stats->keyframes[MCU_KEYFRAME_STEADY]);
  json_object_set_int_member (keyframes, "other", stats->keyframes[MCU_KEYFRAME_NONE]);
  json_object_set_object_member (encoder, "keyframes", keyframes);
}

static void
add_rung (const McuEncoderSettings *settings, const McuRungStats *stats, gpointer user_data)
{
  RungList *list = user_data;
  JsonObject *encoder = json_object_new ();

  json_object_set_string_member (encoder, "view", list->view);
  json_object_set_string_member (encoder, "codec", mcu_codec_to_string (settings->codec));
  json_object_set_int_member (encoder, "width", settings->width_px);
  json_object_set_int_member (encoder, "height", settings->height_px);
  json_object_set_int_member (encoder, "bitrate_bps", settings->bitrate_bps);
  json_object_set_int_member (encoder, "frames", stats->frames);
  json_object_set_int_member (encoder, "bytes", stats->bytes);
  json_object_set_int_member (encoder, "receivers", stats->n_receivers);
  set_keyframes (encoder, stats);
  json_array_add_object_element (list->encoders, encoder);
}

static JsonObject *
describe_latency (const McuLatency *latency)
{
  JsonObject *histogram = json_object_new ();
  guint64 sum = 0;

  for (guint i = 0; i < MCU_LATENCY_N_BUCKETS - 1; i++) {
    g_autofree char *bound = g_strdup_printf ("%u", mcu_latency_bounds_ms[i]);

    sum += latency->buckets[i];
    json_object_set_int_member (histogram, bound, sum);
  }
  json_object_set_double_member (histogram, "sum", latency->sum_ms);
  json_object_set_int_member (histogram, "count", latency->count);
  return histogram;
}

static void
add_rungs (McuView *view, gpointer user_data)
{
  RungList list = {user_data, mcu_view_get_id (view)};

  mcu_view_foreach_rung (view, add_rung, &list);
}

static JsonArray *
list_ended (McuReports *self)
{
  g_autoptr (GArray) ended = mcu_room_list_ended (self->room);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < ended->len; i++) {
    const McuEndedRung *rung = &g_array_index (ended, McuEndedRung, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "codec", mcu_codec_to_string (rung->codec));
    json_object_set_int_member (object, "height", rung->height_px);
    json_object_set_int_member (object, "frames", rung->stats.frames);
    set_keyframes (object, &rung->stats);
    json_array_add_object_element (array, object);
  }
  return array;
}

static void
add_views (McuReports *self, JsonObject *members)
{
  JsonArray *encoders = json_array_new ();
  McuViewStats stats;

  mcu_room_get_view_stats (self->room, &stats);
  mcu_room_foreach_view (self->room, add_rungs, encoders);
  json_object_set_int_member (members, "frames", stats.frames);
  json_object_set_int_member (members, "late_frames", stats.late_frames);
  json_object_set_array_member (members, "encoders", encoders);
  json_object_set_array_member (members, "ended", list_ended (self));
  json_object_set_object_member (members, "mix_latency_ms", describe_latency (&stats.latency));
}

static JsonObject *
describe_audio (McuReports *self, McuPeer *peer)
{
  McuSeat *seat = mcu_room_find_seat (self->room, mcu_peer_get_id (peer));
  JsonObject *audio = json_object_new ();
  McuPlayoutInfo info;

  if (!mcu_audio_mixer_port_info (mcu_room_get_mixer (self->room), seat->port, &info))
    return audio;
  json_object_set_string_member (audio, "codec",
                                 mcu_codec_to_string (mcu_peer_get_offer (peer)->audio_codec));
  json_object_set_int_member (audio, "packets", info.packets);
  json_object_set_int_member (audio, "lost", info.lost);
  json_object_set_int_member (audio, "late", info.late);
  json_object_set_int_member (audio, "jitter_ms", info.jitter_ms);
  json_object_set_int_member (audio, "level_dbov", info.level_dbov);
  json_object_set_int_member (audio, "playout_ms", info.playout_ms);
  json_object_set_int_member (audio, "concealed_ms", info.concealed_ms);
  return audio;
}

static void
set_rate (McuReports *self, McuPeer *peer, JsonObject *video, const McuVideoInStats *stats,
          const McuGuardSectionStats *section)
{
  McuVideoSeen *seen = g_hash_table_lookup (self->seen, mcu_peer_get_id (peer));
  double seconds = (g_get_monotonic_time () - self->asked_us) / (double) G_USEC_PER_SEC;

  if (seen == NULL) {
    seen = g_new0 (McuVideoSeen, 1);
    g_hash_table_insert (self->seen, g_strdup (mcu_peer_get_id (peer)), seen);
  } else if (seconds > 0.1) {
    json_object_set_double_member (video, "fps", (stats->frames_received - seen->frames) / seconds);
    json_object_set_int_member (video, "bitrate_bps", (section->bytes - seen->bytes) * 8 / seconds);
  }
  seen->frames = stats->frames_received;
  seen->bytes = section->bytes;
}

void
mcu_reports_camera_packets (McuPeer *peer, McuGuardSectionStats *out)
{
  const McuOffer *offer = mcu_peer_get_offer (peer);

  for (guint i = 0; i < offer->n_accepted; i++)
    if (mcu_offer_accepted (offer, i)->kind == MCU_MEDIA_VIDEO &&
        mcu_offer_accepted (offer, i)->stream == MCU_STREAM_CAMERA)
      mcu_rtp_guard_section_stats (mcu_peer_get_guard (peer), i, out);
}

static JsonObject *
describe_video (McuReports *self, McuPeer *peer, guint lost)
{
  McuVideoIn *in = mcu_peer_get_video (peer, MCU_STREAM_CAMERA);
  JsonObject *video = json_object_new ();
  McuVideoInStats stats;
  McuGuardSectionStats section = {0};

  if (in == NULL)
    return video;
  mcu_video_in_get_stats (in, &stats);
  mcu_reports_camera_packets (peer, &section);
  json_object_set_string_member (video, "codec",
                                 mcu_codec_to_string (mcu_peer_get_offer (peer)->video_codec));
  json_object_set_int_member (video, "width", stats.width_px);
  json_object_set_int_member (video, "height", stats.height_px);
  json_object_set_int_member (video, "frames", stats.frames_decoded);
  json_object_set_int_member (video, "packets", section.packets);
  json_object_set_int_member (video, "lost", lost);
  set_rate (self, peer, video, &stats, &section);
  return video;
}

static JsonObject *
describe_sent (McuPeer *peer, guint64 *needs_key)
{
  JsonObject *sent = json_object_new ();
  McuReceiverStats stats = {0};
  guint64 audio_packets = 0, audio_bytes = 0;

  if (mcu_peer_get_receiver (peer) != NULL)
    mcu_receiver_get_stats (mcu_peer_get_receiver (peer), &stats);
  if (mcu_peer_get_audio_out (peer) != NULL)
    audio_packets = mcu_audio_out_get_packets (mcu_peer_get_audio_out (peer), &audio_bytes);
  json_object_set_int_member (sent, "frames", stats.frames);
  json_object_set_int_member (sent, "bytes", stats.bytes + audio_bytes);
  json_object_set_int_member (sent, "packets", audio_packets);
  json_object_set_int_member (sent, "keyframe_requests", stats.requests);
  json_object_set_int_member (sent, "keyframe_requests_refused", stats.requests_refused);
  *needs_key = stats.needs_key;
  return sent;
}

static void
add_peer (McuPeer *peer, gpointer data)
{
  McuStatsWalk *walk = data;
  JsonObject *item = json_object_new ();
  McuSeat *seat = mcu_room_find_seat (walk->reports->room, mcu_peer_get_id (peer));
  McuPeerReception reception;
  guint64 needs_key;

  mcu_peer_get_reception (peer, &reception);
  json_object_set_string_member (item, "peer", mcu_peer_get_id (peer));
  json_object_set_string_member (item, "participant", mcu_peer_get_participant (peer));
  if (seat != NULL)
    json_object_set_string_member (item, "view", seat->view_id);
  json_object_set_string_member (item, "connection",
                                 mcu_peer_is_connected (peer) ? "connected" : "connecting");
  json_object_set_int_member (item, "rtt_ms", reception.rtt_ms);
  json_object_set_object_member (item, "sent", describe_sent (peer, &needs_key));
  json_object_set_int_member (item, "needs_key", needs_key);
  json_object_set_object_member (item, "audio", describe_audio (walk->reports, peer));
  json_object_set_object_member (item, "video",
                                 describe_video (walk->reports, peer, reception.lost));
  json_array_add_object_element (walk->peers, item);

  for (McuStream stream = MCU_STREAM_CAMERA; stream <= MCU_STREAM_SCREEN; stream++) {
    McuVideoIn *video = mcu_peer_get_video (peer, stream);
    McuVideoInStats stats;

    if (video == NULL)
      continue;
    mcu_video_in_get_stats (video, &stats);
    walk->n_decoders++;
    walk->decoded_frames += stats.frames_decoded;
  }
  for (guint i = 0; i < MCU_GUARD_N_REASONS; i++)
    walk->dropped[i] += mcu_rtp_guard_dropped (mcu_peer_get_guard (peer), i);
}

static gboolean
is_gone (gpointer key, gpointer value, gpointer user_data)
{
  return mcu_peer_hub_find (user_data, key) == NULL;
}

JsonObject *
mcu_reports_stats (McuReports *self)
{
  McuPeerHub *hub = mcu_room_get_hub (self->room);
  JsonObject *members = json_object_new ();
  JsonObject *guard = json_object_new ();
  McuStatsWalk walk = {.reports = self, .peers = json_array_new ()};
  McuAudioMixerStats audio;

  add_views (self, members);
  mcu_peer_hub_foreach (hub, add_peer, &walk);
  g_hash_table_foreach_remove (self->seen, is_gone, hub);
  self->asked_us = g_get_monotonic_time ();
  for (guint i = MCU_GUARD_PASS + 1; i < MCU_GUARD_N_REASONS; i++)
    json_object_set_int_member (guard, mcu_guard_reason_to_string (i), walk.dropped[i]);
  mcu_audio_mixer_stats (mcu_room_get_mixer (self->room), &audio);
  json_object_set_int_member (members, "decoders", walk.n_decoders);
  json_object_set_int_member (members, "decoded_frames", walk.decoded_frames);
  json_object_set_object_member (members, "guard", guard);
  json_object_set_int_member (members, "concealed_ms", audio.concealed_ms);
  json_object_set_int_member (members, "audio_encodes", audio.encodes);
  json_object_set_array_member (members, "peers", walk.peers);
  return members;
}
