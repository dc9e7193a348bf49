/* mcu/room-layout.c - whose tile is where, told to the room process and to each receiver.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-layout.h"

#include "layouts/placement-json.h"
#include "mcu/base/json-check.h"
#include "mcu/peers.h"
#include "mcu/room-media.h"
#include "mcu/room-send.h"
#include "mcu/roster.h"

/* Placements that a receiver may still be told of: changes within a second or two. */
#define MAX_PLACEMENTS 16
#define VIEW "main"
#define DEFAULT_LAYOUT "grid"
#define PRESENTATION "presentation"
/* A hold is at most a minute; a clock that jumps must not make it longer. */
#define MAX_AGAIN_MS 60000

/* Who closed the page has no socket and soon no frames; a place is kept for who only lost the
 * socket. */
static gboolean
has_tile (McuParticipant *one)
{
  return one->has_seat && (one->state != MCU_PARTICIPANT_AWAY || one->camera_live);
}

static guint
collect_people (McuRoom *room, McuLayoutPerson *people)
{
  const char *speaker = mcu_floor_get_speaker (room->floor);
  guint n = 0;

  for (guint i = 0; i < room->participants->len && n < MCU_SEATING_MAX_PEOPLE; i++) {
    McuParticipant *one = room->participants->pdata[i];

    if (!has_tile (one))
      continue;
    people[n++] = (McuLayoutPerson){
        .id = one->id,
        .identity = one->identity,
        .is_moderator = one->role == MCU_ROLE_MODERATOR,
        .is_speaker = g_strcmp0 (one->id, speaker) == 0,
        .has_video = one->camera_live && !one->video_muted && !one->video_muted_by_moderator,
        .has_screen = one->screen && one->has_screen,
        .joined = one->order,
        .last_spoke_ms = one->last_spoke_ms,
        .screen_started_ms = one->screen_started_ms,
    };
  }
  return n;
}

static void
free_record (gpointer data)
{
  McuPlacementRecord *record = data;

  mcu_layout_unref (record->layout);
  g_free (record);
}

/* `presentation` comes by itself with a shared screen and goes with it. */
static McuLayout *
layout_now (McuRoom *room, const McuLayoutPerson *people, guint n)
{
  for (guint i = 0; room->presentation != NULL && i < n; i++)
    if (people[i].has_screen)
      return room->presentation;
  return room->layout;
}

static gboolean
on_again (gpointer data)
{
  McuRoom *room = data;

  room->again_source = 0;
  mcu_room_layout_changed (room);
  return G_SOURCE_REMOVE;
}

static void
come_again (McuRoom *room, gint64 now_ms)
{
  g_clear_handle_id (&room->again_source, g_source_remove);
  if (room->seating.again_ms != 0)
    room->again_source = g_timeout_add (CLAMP (room->seating.again_ms - now_ms, 1, MAX_AGAIN_MS),
                                        on_again, room);
}

static McuPlacementRecord *
solve (McuRoom *room)
{
  g_autofree McuLayoutPerson *people = g_new0 (McuLayoutPerson, MCU_SEATING_MAX_PEOPLE);
  McuPlacementRecord *record = g_new0 (McuPlacementRecord, 1);
  gint64 now_ms = g_get_monotonic_time () / 1000;
  guint n = collect_people (room, people);

  record->seq = ++room->place_seq;
  record->layout = mcu_layout_ref (layout_now (room, people, n));
  record->n_tiles = mcu_layout_solve (record->layout, room->canvas_width_px, room->canvas_height_px,
                                      people, n, now_ms, &room->seating, record->tiles);
  come_again (room, now_ms);
  g_queue_push_head (&room->placements, record);
  if (g_queue_get_length (&room->placements) > MAX_PLACEMENTS)
    free_record (g_queue_pop_tail (&room->placements));
  return record;
}

/* @own: (nullable): whose tiles are marked */
static JsonArray *
tiles_to_json (const McuPlacementRecord *record, const char *own)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < record->n_tiles; i++) {
    JsonObject *tile = mcu_placement_to_json (&record->tiles[i]);
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
  json_object_set_string_member (message, "layout", record->layout->name);
  json_object_set_int_member (message, "seq", record->seq);
  json_object_set_int_member (message, "transition_ms", record->layout->transition_ms);
  json_object_set_int_member (message, "background", record->layout->background_rgba);
  json_object_set_array_member (message, "tiles", tiles_to_json (record, NULL));
  return message;
}

/* Nobody moved: the newest record is taken back, and nobody is told anything. */
static gboolean
is_as_before (McuRoom *room)
{
  const McuPlacementRecord *now = g_queue_peek_nth (&room->placements, 0);
  const McuPlacementRecord *before = g_queue_peek_nth (&room->placements, 1);

  if (before == NULL || before->layout != now->layout || before->n_tiles != now->n_tiles)
    return FALSE;
  for (guint i = 0; i < now->n_tiles; i++)
    if (!mcu_placement_equal (&now->tiles[i], &before->tiles[i]))
      return FALSE;
  free_record (g_queue_pop_head (&room->placements));
  return TRUE;
}

static gboolean
on_place (gpointer data)
{
  McuRoom *room = data;
  JsonObject *message;

  room->place_source = 0;
  mcu_room_send_changed (room);
  if (room->process == NULL)
    return G_SOURCE_REMOVE;
  message = mcu_room_layout_place_message (room);
  if (is_as_before (room))
    g_clear_pointer (&message, json_object_unref);
  else
    mcu_room_media_send (room, message);
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

  if (layout == NULL) {
    g_warning ("room %s: there is no layout %s", room->name, name);
    layout = mcu_layout_store_find (room->node->layouts, DEFAULT_LAYOUT);
  }
  use (room, layout);
}

void
mcu_room_layout_stop (McuRoom *room)
{
  g_clear_handle_id (&room->again_source, g_source_remove);
  g_queue_clear_full (&room->placements, free_record);
  g_clear_pointer (&room->layout, mcu_layout_unref);
  g_clear_pointer (&room->presentation, mcu_layout_unref);
  g_clear_pointer (&room->floor_was, g_free);
}

void
mcu_room_layout_choose (McuRoom *room, McuLayout *layout)
{
  use (room, layout);
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
  json_object_set_string_member (message, "name", record->layout->name);
  json_object_set_int_member (message, "session", peer->session);
  json_object_set_int_member (canvas, "width", room->canvas_width_px);
  json_object_set_int_member (canvas, "height", room->canvas_height_px);
  json_object_set_object_member (message, "canvas", canvas);
  json_object_set_int_member (message, "transition_ms", record->layout->transition_ms);
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
