/* pipelines/room/room.c - one meeting's media: people, peers, views and the sound.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/room.h"

#include "mcu/base/error.h"
#include "mcu/base/hop.h"
#include "mcu/base/id.h"
#include "mcu/base/link.h"

/* Sound is made in 20 ms frames; what a busy machine held up is caught up so that it stays whole.
 */
#define AUDIO_TICKS_PER_S 50
#define AUDIO_CATCH_UP_MS 100

struct _McuRoom
{
  /* Set once in new(), then read by any thread. */
  McuRoomReportFunc report;
  McuRoomAnswerFunc answer;
  gpointer user_data;
  McuHop *hop; /* owned */
  GstClockTime base_time;

  /* Main loop only. */
  McuRoomSettings settings;
  gboolean is_set_up;
  guint32 video_rtp_offset;
  GHashTable *people;   /* owned, (element-type utf8 McuPerson) */
  GHashTable *views;    /* owned, (element-type utf8 McuView) */
  GHashTable *seats;    /* owned, (element-type utf8 McuSeat) */
  McuPeerHub *hub;      /* owned */
  McuAudioMixer *mixer; /* owned; its tick's thread too, see mixer.h */
  McuTick *audio_tick;  /* owned */
};

typedef struct
{
  char *view_id;
  guint64 seq;
  guint64 pts_ns;
} Placed;

static void
free_placed (gpointer data)
{
  Placed *placed = data;

  g_free (placed->view_id);
  g_free (placed);
}

static void
free_seat (gpointer data)
{
  McuSeat *seat = data;

  g_free (seat->peer_id);
  g_free (seat->view_id);
  g_free (seat);
}

/* Each peer has the same RTP offset, but is told its own figure: one day they may differ. */
static void
handle_placed (gpointer owner, gpointer data)
{
  McuRoom *self = owner;
  Placed *placed = data;
  JsonObject *message = mcu_link_message_new ("placed");
  JsonObject *times = json_object_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuSeat *seat = value;
    McuPeer *peer = mcu_peer_hub_find (self->hub, seat->peer_id);

    if (seat->has_picture && peer != NULL && g_str_equal (seat->view_id, placed->view_id))
      json_object_set_int_member (times, seat->peer_id,
                                  mcu_peer_video_rtp_time (peer, placed->pts_ns));
  }
  json_object_set_string_member (message, "view", placed->view_id);
  json_object_set_int_member (message, "seq", placed->seq);
  json_object_set_object_member (message, "rtp_timestamps", times);
  mcu_room_report (self, message);
}

/* Thread: a view's ticker. */
static void
on_placed (gpointer user_data, const char *view_id, guint64 seq, guint64 pts_ns)
{
  McuRoom *self = user_data;
  Placed *placed = g_new0 (Placed, 1);

  placed->view_id = g_strdup (view_id);
  placed->seq = seq;
  placed->pts_ns = pts_ns;
  mcu_hop_send (self->hop, handle_placed, placed, free_placed);
}

/* Thread: the mixing thread. */
static void
on_audio_tick (gpointer user_data, guint64 tick_index, gint64 scheduled_ns, gint64 now_ns)
{
  mcu_audio_mixer_tick (user_data, scheduled_ns / 1000);
}

McuRoom *
mcu_room_new (McuRoomReportFunc report, McuRoomAnswerFunc answer, gpointer user_data)
{
  McuRoom *self = g_new0 (McuRoom, 1);

  self->report = report;
  self->answer = answer;
  self->user_data = user_data;
  self->hop = mcu_hop_new (NULL, self);
  self->base_time = g_get_monotonic_time () * 1000;
  mcu_random_bytes ((guint8 *) &self->video_rtp_offset, sizeof self->video_rtp_offset);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) mcu_person_free);
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       (GDestroyNotify) mcu_view_free);
  self->seats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_seat);
  self->hub = mcu_peer_hub_new ();
  self->mixer = mcu_audio_mixer_new ();
  return self;
}

void
mcu_room_free (McuRoom *self)
{
  g_auto (GStrv) peers = mcu_peer_hub_list_ids (self->hub);

  for (guint i = 0; peers[i] != NULL; i++)
    mcu_room_remove_peer (self, peers[i]);
  mcu_peer_hub_free (self->hub);
  mcu_tick_free (self->audio_tick);
  mcu_audio_mixer_free (self->mixer);
  mcu_hop_close (self->hop);
  g_hash_table_unref (self->views);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->seats);
  mcu_hop_unref (self->hop);
  g_strfreev (self->settings.network.addresses);
  g_free (self->settings.network.external_address);
  g_free (self);
}

void
mcu_room_set_up (McuRoom *self, const McuRoomSettings *settings)
{
  McuTickConfig tick = {.name = "sound",
                        .rate_num = AUDIO_TICKS_PER_S,
                        .rate_den = 1,
                        .catch_up_ms = AUDIO_CATCH_UP_MS,
                        .func = on_audio_tick,
                        .user_data = self->mixer};
  McuView *view;

  if (self->is_set_up)
    return;
  self->is_set_up = TRUE;
  self->settings = *settings;
  self->settings.network.addresses = g_strdupv (settings->network.addresses);
  self->settings.network.external_address = g_strdup (settings->network.external_address);
  view = mcu_view_new (MCU_ROOM_MAIN_VIEW, settings->width_px, settings->height_px, settings->fps,
                       self->base_time, on_placed, self);
  g_hash_table_insert (self->views, (gpointer) mcu_view_get_id (view), view);
  self->audio_tick = mcu_tick_new (&tick, NULL);
}

gboolean
mcu_room_is_set_up (McuRoom *self)
{
  return self->is_set_up;
}

const McuRoomSettings *
mcu_room_get_settings (McuRoom *self)
{
  return &self->settings;
}

static void
redraw_person (McuRoom *self, McuPerson *person)
{
  McuDecor camera = mcu_person_get_decor (person, MCU_VIDEO_CAMERA);
  McuDecor screen = mcu_person_get_decor (person, MCU_VIDEO_SCREEN);
  GHashTableIter iter;
  gpointer view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, &view)) {
    McuCanvas *canvas = mcu_view_get_canvas (view);

    mcu_canvas_set_decor (canvas, person->id, MCU_VIDEO_CAMERA, &camera);
    mcu_canvas_set_decor (canvas, person->id, MCU_VIDEO_SCREEN, &screen);
  }
}

gboolean
mcu_room_set_person (McuRoom *self, const McuPersonSpec *spec)
{
  McuPerson *person = mcu_room_find_person (self, spec->id);

  if (person == NULL) {
    if (g_hash_table_size (self->people) >= MCU_ROOM_MAX_PEOPLE)
      return FALSE;
    person = mcu_person_new (spec->id);
    g_hash_table_insert (self->people, person->id, person);
  }
  g_free (person->name);
  person->name = g_strdup (spec->name);
  person->audio_muted = spec->audio_muted;
  person->video_muted = spec->video_muted;
  person->shares_screen = spec->shares_screen;
  person->hand_raised = spec->hand_raised;
  mcu_audio_mixer_set_muted (self->mixer, spec->id, spec->audio_muted);
  redraw_person (self, person);
  return TRUE;
}

void
mcu_room_set_speaking (McuRoom *self, const char *id, gboolean is_speaking)
{
  McuPerson *person = mcu_room_find_person (self, id);

  if (person == NULL || person->is_speaking == is_speaking)
    return;
  person->is_speaking = is_speaking;
  redraw_person (self, person);
}

void
mcu_room_remove_person (McuRoom *self, const char *id)
{
  g_auto (GStrv) peers = mcu_peer_hub_list_ids (self->hub);

  for (guint i = 0; peers[i] != NULL; i++)
    if (g_str_equal (mcu_peer_get_participant (mcu_peer_hub_find (self->hub, peers[i])), id))
      mcu_room_remove_peer (self, peers[i]);
  g_hash_table_remove (self->people, id);
}

McuPerson *
mcu_room_find_person (McuRoom *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->people, id) : NULL;
}

char **
mcu_room_list_people (McuRoom *self)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (self->people, NULL);

  return g_strdupv ((char **) keys);
}

McuView *
mcu_room_find_view (McuRoom *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->views, id) : NULL;
}

gboolean
mcu_room_place (McuRoom *self, const char *view_id, const McuPlace *how,
                const McuPlacement *placements, guint n, GError **error)
{
  McuView *view = mcu_room_find_view (self, view_id);
  McuTile tiles[MCU_PLACEMENT_MAX_TILES];
  guint n_tiles = 0;

  if (view == NULL || n > MCU_PLACEMENT_MAX_TILES) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "no such view, or too many tiles");
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    McuPerson *person = mcu_room_find_person (self, placements[i].participant);

    if (person == NULL)
      continue;
    tiles[n_tiles].source = mcu_person_get_source (person, placements[i].stream);
    tiles[n_tiles].placement = placements[i];
    tiles[n_tiles].decor = mcu_person_get_decor (person, placements[i].stream);
    n_tiles++;
  }
  return mcu_canvas_place (mcu_view_get_canvas (view), how, tiles, n_tiles, error);
}

static void
take_off_view (McuRoom *self, McuSeat *seat, McuPeer *peer)
{
  McuView *view = mcu_room_find_view (self, seat->view_id);

  if (seat->is_on_view && view != NULL)
    mcu_view_remove_receiver (view, mcu_peer_get_offer (peer)->video_codec,
                              mcu_peer_get_receiver (peer));
  seat->is_on_view = FALSE;
  seat->has_picture = FALSE;
}

static void
put_on_view (McuRoom *self, McuSeat *seat, McuPeer *peer)
{
  McuView *view = mcu_room_find_view (self, seat->view_id);
  g_autoptr (GError) error = NULL;

  if (view == NULL || mcu_peer_get_receiver (peer) == NULL)
    return;
  seat->is_on_view = mcu_view_add_receiver (view, mcu_peer_get_offer (peer)->video_codec,
                                            mcu_peer_get_receiver (peer), &error);
  if (!seat->is_on_view)
    g_warning ("peer %s gets no picture: %s", seat->peer_id, error->message);
}

static void
leave_mixer (McuRoom *self, McuSeat *seat)
{
  if (seat->port != 0)
    mcu_audio_mixer_remove (self->mixer, seat->port);
  seat->port = 0;
}

static void
join_mixer (McuRoom *self, McuSeat *seat, McuPeer *peer)
{
  McuPerson *person = mcu_room_find_person (self, mcu_peer_get_participant (peer));
  McuAudioOut *out = mcu_peer_get_audio_out (peer);
  McuAudioPort port = {.participant = mcu_peer_get_participant (peer),
                       .playout = mcu_peer_get_playout (peer),
                       .codec = out != NULL ? mcu_peer_get_offer (peer)->audio_codec
                                            : MCU_CODEC_NONE,
                       .send = out != NULL ? mcu_audio_out_send : NULL,
                       .user_data = out};
  g_autoptr (GError) error = NULL;

  if (out == NULL && port.playout == NULL)
    return;
  seat->port = mcu_audio_mixer_add (self->mixer, &port, &error);
  if (seat->port == 0)
    g_warning ("peer %s has no sound: %s", seat->peer_id, error->message);
  if (person != NULL)
    mcu_audio_mixer_set_muted (self->mixer, person->id, person->audio_muted);
}

static void
report_stream_none (McuRoom *self, McuPerson *person, McuStream stream)
{
  JsonObject *message;

  if (!person->was_live[stream])
    return;
  person->was_live[stream] = FALSE;
  message = mcu_link_message_new ("stream_state");
  json_object_set_string_member (message, "participant", person->id);
  json_object_set_string_member (message, "stream", mcu_stream_to_string (stream));
  json_object_set_string_member (message, "state", "none");
  mcu_room_report (self, message);
}

/* What @peer fed shows the placeholder: whose it was is gone, or between two connections, or has
 * no camera on the new one. */
static void
take_picture_away (McuRoom *self, McuPeer *peer, McuStream stream)
{
  McuPerson *person = mcu_room_find_person (self, mcu_peer_get_participant (peer));
  McuVideoIn *video = mcu_peer_get_video (peer, stream);

  if (video == NULL || !mcu_video_in_is_feeding (video))
    return;
  mcu_video_in_silence (video);
  if (person == NULL)
    return;
  mcu_source_clear (mcu_person_get_source (person, stream == MCU_STREAM_SCREEN ? MCU_VIDEO_SCREEN
                                                                               : MCU_VIDEO_CAMERA));
  report_stream_none (self, person, stream);
}

/* The old connection keeps its media until the new one is connected: now. Two that feed one source
 * would show two pictures in turn. The last picture of the old stays until the new has one. */
static void
silence_older (McuPeer *peer, gpointer data)
{
  struct
  {
    McuRoom *room;
    McuPeer *newest;
  } *arguments = data;
  McuSeat *seat;

  if (peer == arguments->newest ||
      !g_str_equal (mcu_peer_get_participant (peer), mcu_peer_get_participant (arguments->newest)))
    return;
  seat = mcu_room_find_seat (arguments->room, mcu_peer_get_id (peer));
  if (seat != NULL)
    leave_mixer (arguments->room, seat);
  for (McuStream stream = MCU_STREAM_CAMERA; stream <= MCU_STREAM_SCREEN; stream++)
    if (mcu_peer_get_video (arguments->newest, stream) == NULL)
      take_picture_away (arguments->room, peer, stream);
    else if (mcu_peer_get_video (peer, stream) != NULL)
      mcu_video_in_silence (mcu_peer_get_video (peer, stream));
}

static void
start_video (McuPeer *peer)
{
  for (McuStream stream = MCU_STREAM_CAMERA; stream <= MCU_STREAM_SCREEN; stream++)
    if (mcu_peer_get_video (peer, stream) != NULL)
      mcu_video_in_start (mcu_peer_get_video (peer, stream));
}

static void
on_connected (McuPeer *peer, gpointer user_data)
{
  McuRoom *self = user_data;
  McuSeat *seat = mcu_room_find_seat (self, mcu_peer_get_id (peer));
  struct
  {
    McuRoom *room;
    McuPeer *newest;
  } arguments = {self, peer};
  JsonObject *message = mcu_link_message_new ("peer_state");

  mcu_peer_hub_foreach (self->hub, silence_older, &arguments);
  start_video (peer);
  join_mixer (self, seat, peer);
  put_on_view (self, seat, peer);
  json_object_set_string_member (message, "peer", seat->peer_id);
  json_object_set_string_member (message, "state", "connected");
  mcu_room_report (self, message);
}

static void
on_lost (McuPeer *peer, const char *reason, gpointer user_data)
{
  McuRoom *self = user_data;
  JsonObject *message = mcu_link_message_new ("peer_state");

  json_object_set_string_member (message, "peer", mcu_peer_get_id (peer));
  json_object_set_string_member (message, "state", "failed");
  json_object_set_string_member (message, "reason", reason);
  mcu_room_report (self, message);
}

static void
on_answer (McuPeer *peer, const char *answer, const GError *error, gpointer user_data)
{
  McuRoom *self = user_data;
  McuSeat *seat = mcu_room_find_seat (self, mcu_peer_get_id (peer));

  self->answer (peer, answer, error, seat->request_id, self->user_data);
}

static void
report_first_frame (McuRoom *self, McuPeer *peer)
{
  JsonObject *message = mcu_link_message_new ("first_frame");

  json_object_set_string_member (message, "peer", mcu_peer_get_id (peer));
  json_object_set_int_member (message, "join_ms",
                              (g_get_monotonic_time () - mcu_peer_get_added_us (peer)) / 1000);
  mcu_room_report (self, message);
}

static void
on_first_frame (McuPeer *peer, guint64 pts_ns, gpointer user_data)
{
  McuRoom *self = user_data;
  McuSeat *seat = mcu_room_find_seat (self, mcu_peer_get_id (peer));
  McuView *view = mcu_room_find_view (self, seat->view_id);
  JsonObject *message;
  guint64 shown_pts_ns;

  if (view == NULL || !seat->is_on_view)
    return;
  if (!seat->has_picture)
    report_first_frame (self, peer);
  seat->has_picture = TRUE;
  message = mcu_link_message_new ("peer_moved");
  json_object_set_string_member (message, "peer", seat->peer_id);
  json_object_set_string_member (message, "view", seat->view_id);
  json_object_set_int_member (message, "seq", mcu_view_get_shown (view, &shown_pts_ns));
  json_object_set_int_member (message, "rtp_timestamp", mcu_peer_video_rtp_time (peer, pts_ns));
  mcu_room_report (self, message);
}

static const McuPeerEvents peer_events = {
    .on_answer = on_answer,
    .on_connected = on_connected,
    .on_lost = on_lost,
    .on_first_frame = on_first_frame,
};

gboolean
mcu_room_add_peer (McuRoom *self, const McuRoomPeerSpec *spec, McuOffer *offer, GError **error)
{
  McuPerson *person = mcu_room_find_person (self, spec->participant);
  McuPeerSettings settings = {.hub = self->hub,
                              .id = spec->id,
                              .participant = spec->participant,
                              .network = &self->settings.network,
                              .base_time = self->base_time,
                              .video_rtp_offset = self->video_rtp_offset,
                              .events = &peer_events,
                              .user_data = self};
  g_autoptr (McuOffer) owned_offer = offer;
  McuPeer *peer;
  McuSeat *seat;

  if (person == NULL || mcu_room_find_seat (self, spec->id) != NULL ||
      g_hash_table_size (self->seats) >= MCU_ROOM_MAX_PEERS) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "no such participant, a peer known already, or too many");
    return FALSE;
  }
  settings.camera = person->camera;
  settings.screen = person->screen;
  peer = mcu_peer_new (&settings, g_steal_pointer (&owned_offer), error);
  if (peer == NULL)
    return FALSE;
  seat = g_new0 (McuSeat, 1);
  seat->peer_id = g_strdup (spec->id);
  seat->view_id = g_strdup (spec->view != NULL ? spec->view : MCU_ROOM_MAIN_VIEW);
  seat->request_id = spec->request_id;
  g_hash_table_insert (self->seats, seat->peer_id, seat);
  mcu_peer_hub_add (self->hub, peer);
  mcu_peer_negotiate (peer);
  return TRUE;
}

void
mcu_room_remove_peer (McuRoom *self, const char *peer_id)
{
  McuSeat *seat = mcu_room_find_seat (self, peer_id);
  McuPeer *peer = mcu_peer_hub_find (self->hub, peer_id);

  if (seat == NULL || peer == NULL)
    return;
  leave_mixer (self, seat);
  take_off_view (self, seat, peer);
  take_picture_away (self, peer, MCU_STREAM_CAMERA);
  take_picture_away (self, peer, MCU_STREAM_SCREEN);
  mcu_peer_hub_close (self->hub, peer_id);
  g_hash_table_remove (self->seats, peer_id);
}

void
mcu_room_set_peer_view (McuRoom *self, const char *peer_id, const char *view_id)
{
  McuSeat *seat = mcu_room_find_seat (self, peer_id);
  McuPeer *peer = mcu_peer_hub_find (self->hub, peer_id);

  if (seat == NULL || peer == NULL || g_str_equal (seat->view_id, view_id) ||
      mcu_room_find_view (self, view_id) == NULL)
    return;
  take_off_view (self, seat, peer);
  g_free (seat->view_id);
  seat->view_id = g_strdup (view_id);
  if (mcu_peer_is_connected (peer))
    put_on_view (self, seat, peer);
}

McuPeerHub *
mcu_room_get_hub (McuRoom *self)
{
  return self->hub;
}

McuSeat *
mcu_room_find_seat (McuRoom *self, const char *peer_id)
{
  return g_hash_table_lookup (self->seats, peer_id);
}

McuAudioMixer *
mcu_room_get_mixer (McuRoom *self)
{
  return self->mixer;
}

GstClockTime
mcu_room_get_base_time (McuRoom *self)
{
  return self->base_time;
}

McuTick *
mcu_room_get_audio_tick (McuRoom *self)
{
  return self->audio_tick;
}

void
mcu_room_report (McuRoom *self, JsonObject *message)
{
  self->report (message, self->user_data);
}
