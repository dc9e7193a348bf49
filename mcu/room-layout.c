/* mcu/room-layout.c - whose tile is where, told to the room process and to each receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-layout.h"

#include "mcu/base/json-check.h"
#include "mcu/peers.h"
#include "mcu/room-media.h"
#include "mcu/room-recordings.h"
#include "mcu/room-send.h"
#include "mcu/roster.h"

#define DEFAULT_LAYOUT "grid"
#define PRESENTATION "presentation"

JsonArray *
mcu_room_layout_to_views (McuRoom *room)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < room->views->len; i++) {
    McuRoomView *view = room->views->pdata[i];
    JsonObject *message;

    view->is_unplaced = TRUE;
    message = mcu_room_view_place_message (view, FALSE);
    if (view->use != MCU_VIEW_MAIN) {
      json_object_set_int_member (message, "width", view->width_px);
      json_object_set_int_member (message, "height", view->height_px);
      json_object_set_int_member (message, "fps", view->fps);
    }
    json_array_add_object_element (array, message);
  }
  return array;
}

static gboolean
on_place (gpointer data)
{
  McuRoom *room = data;

  room->place_source = 0;
  for (guint i = 0; room->process != NULL && i < room->views->len; i++) {
    JsonObject *message = mcu_room_view_place_message (room->views->pdata[i], TRUE);

    if (message != NULL)
      mcu_room_media_send (room, message);
  }
  mcu_room_send_changed (room);
  return G_SOURCE_REMOVE;
}

static void
use (McuRoom *room, McuLayout *layout)
{
  McuLayout *presentation = mcu_layout_store_find (room->node->layouts, PRESENTATION);
  gboolean gives_way = mcu_config_get_bool (room->node->config,
                                            MCU_SETTING_ROOMS_PRESENT_SCREENS) &&
                       g_str_equal (layout->name, DEFAULT_LAYOUT);

  mcu_layout_ref (layout);
  g_clear_pointer (&room->layout, mcu_layout_unref);
  g_clear_pointer (&room->presentation, mcu_layout_unref);
  room->layout = layout;
  if (gives_way && presentation != NULL)
    room->presentation = mcu_layout_ref (presentation);
}

void
mcu_room_layout_start (McuRoom *room)
{
  const char *name = room->settings.layout;
  McuLayout *layout = mcu_layout_store_find (room->node->layouts, name);
  McuRoomViewSpec as_the_room = {0};

  room->views = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_room_view_free);
  g_ptr_array_add (room->views,
                   mcu_room_view_new (room, MCU_ROOM_MAIN_VIEW, MCU_VIEW_MAIN, &as_the_room));
  if (layout == NULL) {
    g_warning ("room %s: there is no layout %s", room->name, name);
    layout = mcu_layout_store_find (room->node->layouts, DEFAULT_LAYOUT);
  }
  use (room, layout);
}

void
mcu_room_layout_stop (McuRoom *room)
{
  g_clear_pointer (&room->views, g_ptr_array_unref);
  g_clear_pointer (&room->layout, mcu_layout_unref);
  g_clear_pointer (&room->presentation, mcu_layout_unref);
  g_clear_pointer (&room->floor_was, g_free);
}

/* Who sat where is of the canvas before. */
void
mcu_room_layout_use_canvas (McuRoom *room)
{
  McuRoomView *main_view = room->views->pdata[0];

  main_view->width_px = room->canvas_width_px;
  main_view->height_px = room->canvas_height_px;
  main_view->fps = room->canvas_fps;
  main_view->seating = (McuSeating){0};
}

void
mcu_room_layout_choose (McuRoom *room, McuLayout *layout)
{
  use (room, layout);
  mcu_room_recordings_layout (room);
  mcu_roster_tell_room (room);
  mcu_room_layout_changed (room);
}

/* Whose hold begins now: who got the floor, and who just lost it. */
void
mcu_room_layout_floor_changed (McuRoom *room)
{
  McuParticipant *now = mcu_room_find (room, mcu_floor_get_speaker (room->floor));
  McuParticipant *before = mcu_room_find (room, room->floor_was);
  gint64 now_ms = g_get_monotonic_time () / 1000;

  if (now != NULL)
    now->last_spoke_ms = now_ms;
  if (before != NULL)
    before->last_spoke_ms = now_ms;
  g_free (room->floor_was);
  room->floor_was = now != NULL ? g_strdup (now->id) : NULL;
  mcu_room_layout_changed (room);
}

void
mcu_room_layout_changed (McuRoom *room)
{
  if (room->place_source == 0 && !room->ending)
    room->place_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_place, room, NULL);
}

static const McuPlacementRecord *
find_record (McuRoom *room, gint64 seq)
{
  for (guint i = 0; i < room->views->len; i++) {
    McuRoomView *view = room->views->pdata[i];

    for (GList *link = view->placements.head; link != NULL; link = link->next) {
      const McuPlacementRecord *record = link->data;
      if (record->seq == seq)
        return record;
    }
  }
  return NULL;
}

static void
tell_receiver (McuRoom *room, const McuPlacementRecord *record, const char *peer_id,
               gint64 rtp_timestamp, guint transition_ms)
{
  McuPeer *peer;
  McuParticipant *to = mcu_peers_find (room, peer_id, &peer);
  JsonObject *message;
  JsonObject *canvas;

  /* The old connection's picture is of no interest once there is a new one that has been answered;
   * RTP timestamps are 32 bits. */
  if (to == NULL || (peer == to->old && to->current != NULL && to->current->connected) ||
      rtp_timestamp < 0 || rtp_timestamp > G_MAXUINT32)
    return;
  peer->placed_seq = record->seq;
  peer->placed_rtp = rtp_timestamp;
  message = mcu_message_new ("layout");
  canvas = json_object_new ();
  json_object_set_string_member (message, "view", record->view->id);
  json_object_set_string_member (message, "name", record->layout->name);
  json_object_set_int_member (message, "session", peer->session);
  json_object_set_int_member (canvas, "width", record->view->width_px);
  json_object_set_int_member (canvas, "height", record->view->height_px);
  json_object_set_object_member (message, "canvas", canvas);
  json_object_set_int_member (message, "transition_ms", transition_ms);
  json_object_set_int_member (message, "rtp_timestamp", rtp_timestamp);
  json_object_set_array_member (message, "tiles", mcu_room_view_tiles_to_json (record, to->id));
  mcu_participant_send (to, message);
  json_object_unref (message);
}

void
mcu_room_layout_placed (McuRoom *room, JsonObject *message)
{
  const McuPlacementRecord *record = find_record (room, mcu_json_int (message, "seq", -1));
  JsonObject *timestamps = mcu_json_object (message, "rtp_timestamps");
  g_autoptr (GList) peers = NULL;

  if (record == NULL || timestamps == NULL)
    return;
  peers = json_object_get_members (timestamps);
  for (GList *link = peers; link != NULL; link = link->next)
    tell_receiver (room, record, link->data, mcu_json_int (timestamps, link->data, -1),
                   record->layout->transition_ms);
}

void
mcu_room_layout_peer_moved (McuRoom *room, JsonObject *message)
{
  const McuPlacementRecord *record = find_record (room, mcu_json_int (message, "seq", -1));

  if (record != NULL)
    tell_receiver (room, record, mcu_json_string (message, "peer"),
                   mcu_json_int (message, "rtp_timestamp", -1), 0);
}

void
mcu_room_layout_repeat (McuParticipant *participant)
{
  McuPeer *peer = participant->current;
  const McuPlacementRecord *record = peer != NULL
                                         ? find_record (participant->room, peer->placed_seq)
                                         : NULL;

  if (record != NULL)
    tell_receiver (participant->room, record, peer->id, peer->placed_rtp, 0);
}
