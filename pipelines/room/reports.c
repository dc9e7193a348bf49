/* pipelines/room/reports.c - what the room notices by itself: levels, stalls, silences.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/reports.h"

#include <stdlib.h>

#include "mcu/base/link.h"
#include "pipelines/room/reports-private.h"

/* Less than this is not a change worth a message. */
#define LEVEL_STEP_DB 3
#define SILENT_LEVEL_DBOV (-127)
/* From a frame's last packet to the picture that shows it: decoding, and half an interval's wait.
 */
#define VIDEO_OWN_DELAY_US 22000
/* Less than this nobody notices (ITU-R BT.1359: 45 ms is where it begins), and every ms is a delay.
 */
#define LIP_TOLERANCE_US 15000
#define LIP_TICKS 10 /* of MCU_REPORTS_INTERVAL_MS: once a second */
#define LINK_TICKS (MCU_LINK_QUALITY_STEP_MS / MCU_REPORTS_INTERVAL_MS)

typedef struct
{
  int level_dbov;
  gboolean voice;
} Level;

static void
on_level (gpointer user_data, const char *participant, int level_dbov, gboolean voice)
{
  McuReports *self = user_data;
  Level *last = g_hash_table_lookup (self->levels, participant);
  JsonObject *item;

  if (last == NULL) {
    last = g_new0 (Level, 1);
    last->level_dbov = SILENT_LEVEL_DBOV;
    g_hash_table_insert (self->levels, g_strdup (participant), last);
  }
  if (abs (level_dbov - last->level_dbov) < LEVEL_STEP_DB && voice == last->voice)
    return;
  last->level_dbov = level_dbov;
  last->voice = voice;
  mcu_room_set_speaking (self->room, participant, voice);
  item = json_object_new ();
  json_object_set_string_member (item, "participant", participant);
  json_object_set_int_member (item, "level_dbov", level_dbov);
  json_object_set_boolean_member (item, "voice", voice);
  json_array_add_object_element (self->changed, item);
}

static gboolean
has_left (gpointer key, gpointer value, gpointer user_data)
{
  return mcu_room_find_person (user_data, key) == NULL;
}

static void
report_levels (McuReports *self)
{
  JsonObject *message;

  self->changed = json_array_new ();
  mcu_audio_mixer_levels (mcu_room_get_mixer (self->room), on_level, self);
  g_hash_table_foreach_remove (self->levels, has_left, self->room);
  if (json_array_get_length (self->changed) == 0) {
    json_array_unref (self->changed);
    return;
  }
  message = mcu_link_message_new ("levels");
  json_object_set_array_member (message, "levels", self->changed);
  mcu_room_report (self->room, message);
}

static void
report_stream (McuReports *self, McuPerson *person, McuStream stream, gboolean is_live,
               const McuVideoInStats *stats)
{
  JsonObject *message = mcu_link_message_new ("stream_state");

  json_object_set_string_member (message, "participant", person->id);
  json_object_set_string_member (message, "stream", mcu_stream_to_string (stream));
  json_object_set_string_member (message, "state", is_live ? "live" : "stalled");
  json_object_set_int_member (message, "width", stats->width_px);
  json_object_set_int_member (message, "height", stats->height_px);
  mcu_room_report (self->room, message);
}

/* A camera that stalls shows its placeholder, and one that is not decoded forgets its picture,
 * which would be an old one when it is shown again; a screen share that stands still is right as it
 * is. */
static void
watch_video (McuReports *self, McuPerson *person, McuVideoIn *video, McuStream stream,
             gint64 now_us)
{
  McuVideo picture = stream == MCU_STREAM_SCREEN ? MCU_VIDEO_SCREEN : MCU_VIDEO_CAMERA;
  McuSource *source = mcu_person_get_source (person, picture);
  gboolean is_muted = stream == MCU_STREAM_CAMERA && person->video_muted;
  gboolean is_wanted = mcu_source_is_used (source) && !is_muted;
  McuVideoInStats stats;
  gboolean is_live;

  mcu_video_in_set_wanted (video, is_wanted);
  mcu_video_in_nudge (video, now_us);
  is_live = mcu_video_in_is_live (video, now_us);
  if (!(is_live && is_wanted) && stream == MCU_STREAM_CAMERA && mcu_source_has_picture (source))
    mcu_source_clear (source);
  if (is_live == person->was_live[stream])
    return;
  person->was_live[stream] = is_live;
  mcu_video_in_get_stats (video, &stats);
  report_stream (self, person, stream, is_live, &stats);
}

/* ICE does not fail of itself while nothing at all is heard of the other side. */
static void
watch_connecting (McuPeer *peer, gint64 now_us)
{
  if (now_us - mcu_peer_get_added_us (peer) >= MCU_PEER_CONNECT_US)
    mcu_peer_lose (peer, "never connected");
}

static void
watch_silence (McuReports *self, McuPeer *peer, gint64 now_us)
{
  McuSeat *seat = mcu_room_find_seat (self->room, mcu_peer_get_id (peer));
  gint64 last_us = mcu_rtp_guard_last_packet_us (mcu_peer_get_guard (peer));
  gboolean is_silent;
  JsonObject *message;

  is_silent = now_us - MAX (last_us, mcu_peer_get_added_us (peer)) >= MCU_PEER_SILENT_US;
  if (is_silent == seat->is_silent)
    return;
  seat->is_silent = is_silent;
  message = mcu_link_message_new ("peer_state");
  json_object_set_string_member (message, "peer", seat->peer_id);
  json_object_set_string_member (message, "state", is_silent ? "silent" : "active");
  mcu_room_report (self->room, message);
}

/* Sound waits for its picture, within the playout's bounds; a picture never waits for its sound. */
static void
watch_lips (McuReports *self, McuPeer *peer)
{
  McuSeat *seat = mcu_room_find_seat (self->room, mcu_peer_get_id (peer));
  McuPlayoutInfo info;
  gint64 lag_us, own_us;

  if (!mcu_peer_get_video_lag_us (peer, &lag_us) ||
      !mcu_audio_mixer_port_info (mcu_room_get_mixer (self->room), seat->port, &info))
    return;
  /* What the playout delays without us: its target less what we asked for. */
  own_us = (gint64) info.target_ms * 1000 - seat->lip_delay_us;
  seat->lip_delay_us = CLAMP (lag_us + VIDEO_OWN_DELAY_US - own_us, 0,
                              MCU_PLAYOUT_MAX_EXTRA_DELAY_US);
  if (seat->lip_delay_us < LIP_TOLERANCE_US)
    seat->lip_delay_us = 0;
  mcu_playout_set_extra_delay_us (mcu_peer_get_playout (peer), seat->lip_delay_us);
}

/* What the packets of camera and microphone say together. */
static void
watch_link (McuReports *self, McuPeer *peer)
{
  McuSeat *seat = mcu_room_find_seat (self->room, mcu_peer_get_id (peer));
  McuGuardSectionStats camera = {0};
  McuPlayoutInfo sound = {0};
  McuPeerReception reception;
  gboolean is_bad;

  /* An older connection says nothing of the one that is seen. */
  if (seat->port == 0)
    return;
  mcu_peer_get_reception (peer, &reception);
  mcu_reports_camera_packets (peer, &camera);
  mcu_audio_mixer_port_info (mcu_room_get_mixer (self->room), seat->port, &sound);
  is_bad = mcu_link_quality_step (&seat->link, camera.packets + sound.packets,
                                  reception.lost + sound.lost, reception.rtt_ms);
  mcu_room_set_bad_link (self->room, mcu_peer_get_participant (peer), is_bad);
}

static void
watch_peer (McuPeer *peer, gpointer data)
{
  McuReports *self = data;
  McuPerson *person = mcu_room_find_person (self->room, mcu_peer_get_participant (peer));
  gint64 now_us = g_get_monotonic_time ();

  if (mcu_peer_is_connected (peer))
    watch_silence (self, peer, now_us);
  else
    watch_connecting (peer, now_us);
  if (self->n_ticks % LIP_TICKS == 0 && mcu_peer_get_playout (peer) != NULL)
    watch_lips (self, peer);
  if (self->n_ticks % LINK_TICKS == 0 && mcu_peer_is_connected (peer))
    watch_link (self, peer);
  for (McuStream stream = MCU_STREAM_CAMERA; person != NULL && stream <= MCU_STREAM_SCREEN;
       stream++) {
    McuVideoIn *video = mcu_peer_get_video (peer, stream);

    if (video != NULL && mcu_video_in_is_feeding (video))
      watch_video (self, person, video, stream, now_us);
  }
}

static gboolean
on_timer (gpointer user_data)
{
  McuReports *self = user_data;

  if (!mcu_room_is_set_up (self->room))
    return G_SOURCE_CONTINUE;
  self->n_ticks++;
  report_levels (self);
  mcu_peer_hub_foreach (mcu_room_get_hub (self->room), watch_peer, self);
  mcu_room_tend_views (self->room);
  return G_SOURCE_CONTINUE;
}

McuReports *
mcu_reports_new (McuRoom *room)
{
  McuReports *self = g_new0 (McuReports, 1);

  self->room = room;
  self->levels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->timer = g_timeout_add (MCU_REPORTS_INTERVAL_MS, on_timer, self);
  return self;
}

void
mcu_reports_free (McuReports *self)
{
  g_source_remove (self->timer);
  g_hash_table_unref (self->levels);
  g_hash_table_unref (self->seen);
  g_free (self);
}

typedef struct
{
  gint64 late_ns;
  double load;
} Worst;

static void
look_at_tick (Worst *worst, McuTick *tick)
{
  McuTickStats stats;

  if (tick == NULL)
    return;
  mcu_tick_stats (tick, &stats);
  worst->late_ns = MAX (worst->late_ns, stats.worst_late_ns);
  worst->load = MAX (worst->load, stats.busy);
}

static void
look_at_view (McuView *view, gpointer user_data)
{
  look_at_tick (user_data, mcu_view_get_tick (view));
}

JsonObject *
mcu_reports_ping (McuReports *self)
{
  JsonObject *members = json_object_new ();
  Worst worst = {0};

  mcu_room_foreach_view (self->room, look_at_view, &worst);
  look_at_tick (&worst, mcu_room_get_audio_tick (self->room));
  json_object_set_int_member (members, "late_ms", worst.late_ns / 1000000);
  json_object_set_double_member (members, "load", worst.load);
  json_object_set_int_member (members, "teardown_ms",
                              mcu_peer_hub_oldest_teardown_ms (mcu_room_get_hub (self->room)));
  return members;
}
