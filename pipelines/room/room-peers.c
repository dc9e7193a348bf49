/* pipelines/room/room-peers.c - a room's connections: what they feed, which picture they get.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/room-private.h"

#include "mcu/base/error.h"
#include "mcu/base/link.h"

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
join_view (McuRoom *self, McuSeat *seat, McuPeer *peer)
{
  McuView *view = mcu_room_find_view (self, seat->view_id);
  g_autoptr (GError) error = NULL;

  if (view == NULL)
    return;
  seat->is_on_view = mcu_view_add_receiver (view, mcu_peer_get_offer (peer)->video_codec,
                                            mcu_peer_get_receiver (peer), &error);
  if (!seat->is_on_view)
    g_warning ("peer %s is not on view %s: %s", seat->peer_id, seat->view_id, error->message);
}

/* A picture of its own that cannot be made is no reason to have none. */
static void
put_on_view (McuRoom *self, McuSeat *seat, McuPeer *peer)
{
  if (mcu_peer_get_receiver (peer) == NULL)
    return;
  join_view (self, seat, peer);
  if (seat->is_on_view || g_str_equal (seat->view_id, MCU_ROOM_MAIN_VIEW))
    return;
  g_free (seat->view_id);
  seat->view_id = g_strdup (MCU_ROOM_MAIN_VIEW);
  join_view (self, seat, peer);
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
  if (!seat->had_picture)
    report_first_frame (self, peer);
  seat->had_picture = TRUE;
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
  seat->view_id = g_strdup (mcu_room_find_view (self, spec->view) != NULL ? spec->view
                                                                          : MCU_ROOM_MAIN_VIEW);
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
