/* mcu/room-layout.c - whose tile is where, told to the room process and to each receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-layout.h"

#include "layouts/grid.h"
#include "mcu/base/json-check.h"
#include "mcu/peers.h"
#include "mcu/room-media.h"
#include "mcu/room-send.h"
#include "mcu/roster.h"

/* Placements that a receiver may still be told of: changes within a second or two. */
#define MAX_PLACEMENTS 16
#define VIEW "main"
#define LAYOUT "grid"

/* Who closed the page has no socket and soon no frames; a place is kept for who only lost the
 * socket. */
static gboolean
has_tile (McuParticipant *one)
{
  return one->has_seat && (one->state != MCU_PARTICIPANT_AWAY || one->camera_live);
}

static guint
collect_tiles (McuRoom *room, McuPlacement *tiles)
{
  static const McuRect nowhere = {0, 0, 2, 2};
  guint n = 0;

  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];

    if (!has_tile (one))
      continue;
    if (n < MCU_PLACEMENT_MAX_TILES &&
        mcu_placement_init (&tiles[n], one->id, MCU_VIDEO_CAMERA, &nowhere))
      n++;
    if (one->screen && one->has_screen && n < MCU_PLACEMENT_MAX_TILES &&
        mcu_placement_init (&tiles[n], one->id, MCU_VIDEO_SCREEN, &nowhere))
      n++;
  }
  return n;
}

static McuPlacementRecord *
solve (McuRoom *room)
{
  McuPlacementRecord *record = g_new0 (McuPlacementRecord, 1);
  McuRect rects[MCU_PLACEMENT_MAX_TILES];

  record->seq = ++room->place_seq;
  record->n_tiles = collect_tiles (room, record->tiles);
  if (record->n_tiles > 0)
    record->n_tiles = mcu_grid_place (record->n_tiles, room->canvas_width_px,
                                      room->canvas_height_px, rects);
  for (guint i = 0; i < record->n_tiles; i++)
    record->tiles[i].rect = rects[i];
  g_queue_push_head (&room->placements, record);
  if (g_queue_get_length (&room->placements) > MAX_PLACEMENTS)
    g_free (g_queue_pop_tail (&room->placements));
  return record;
}

static JsonObject *
tile_to_json (const McuPlacement *tile)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "participant", tile->participant);
  json_object_set_string_member (object, "stream", mcu_video_to_string (tile->stream));
  json_object_set_int_member (object, "x", tile->rect.x);
  json_object_set_int_member (object, "y", tile->rect.y);
  json_object_set_int_member (object, "width", tile->rect.width);
  json_object_set_int_member (object, "height", tile->rect.height);
  json_object_set_int_member (object, "z", tile->z);
  return object;
}

/* @own: (nullable): whose tiles are marked */
static JsonArray *
tiles_to_json (const McuPlacementRecord *record, const char *own)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < record->n_tiles; i++) {
    JsonObject *tile = tile_to_json (&record->tiles[i]);
    if (own != NULL && g_str_equal (own, record->tiles[i].participant))
      json_object_set_boolean_member (tile, "own", TRUE);
    json_array_add_object_element (array, tile);
  }
  return array;
}

JsonObject *
mcu_room_layout_place_message (McuRoom *room)
{
  McuPlacementRecord *record = solve (room);
  JsonObject *message = mcu_message_new ("place");

  json_object_set_string_member (message, "view", VIEW);
  json_object_set_string_member (message, "layout", LAYOUT);
  json_object_set_int_member (message, "seq", record->seq);
  json_object_set_int_member (message, "transition_ms", 0);
  json_object_set_array_member (message, "tiles", tiles_to_json (record, NULL));
  return message;
}

static gboolean
on_place (gpointer data)
{
  McuRoom *room = data;

  room->place_source = 0;
  if (room->process != NULL)
    mcu_room_media_send (room, mcu_room_layout_place_message (room));
  mcu_room_send_changed (room);
  return G_SOURCE_REMOVE;
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
  for (GList *link = room->placements.head; link != NULL; link = link->next) {
    const McuPlacementRecord *record = link->data;
    if (record->seq == seq)
      return record;
  }
  return NULL;
}

static void
tell_receiver (McuRoom *room, const McuPlacementRecord *record, const char *peer_id,
               gint64 rtp_timestamp)
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
  json_object_set_string_member (message, "view", VIEW);
  json_object_set_string_member (message, "name", LAYOUT);
  json_object_set_int_member (message, "session", peer->session);
  json_object_set_int_member (canvas, "width", room->canvas_width_px);
  json_object_set_int_member (canvas, "height", room->canvas_height_px);
  json_object_set_object_member (message, "canvas", canvas);
  json_object_set_int_member (message, "transition_ms", 0);
  json_object_set_int_member (message, "rtp_timestamp", rtp_timestamp);
  json_object_set_array_member (message, "tiles", tiles_to_json (record, to->id));
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
    tell_receiver (room, record, link->data, mcu_json_int (timestamps, link->data, -1));
}

void
mcu_room_layout_peer_moved (McuRoom *room, JsonObject *message)
{
  const McuPlacementRecord *record = find_record (room, mcu_json_int (message, "seq", -1));

  if (record != NULL)
    tell_receiver (room, record, mcu_json_string (message, "peer"),
                   mcu_json_int (message, "rtp_timestamp", -1));
}

void
mcu_room_layout_repeat (McuParticipant *participant)
{
  McuPeer *peer = participant->current;
  const McuPlacementRecord *record = peer != NULL
                                         ? find_record (participant->room, peer->placed_seq)
                                         : NULL;

  if (record != NULL)
    tell_receiver (participant->room, record, peer->id, peer->placed_rtp);
}
