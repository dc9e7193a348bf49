/* mcu/room-send.c - tells each browser how much of its pictures is worth sending.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-send.h"

#include "mcu/base/json-check.h"
#include "mcu/peers.h"
#include "mcu/room-layout.h"
#include "mcu/roster.h"

/* No picture is larger; what says so is not believed. */
#define MAX_PICTURE_PX 8192

static const McuPlacement *
larger (const McuPlacement *one, const McuPlacement *other)
{
  if (one == NULL || other == NULL)
    return one != NULL ? one : other;
  return one->rect.width * one->rect.height >= other->rect.width * other->rect.height ? one : other;
}

static const McuPlacement *
largest_in (McuRoomView *view, const char *participant, McuVideo stream)
{
  const McuPlacementRecord *record = mcu_room_view_get_newest (view);
  const McuPlacement *largest = NULL;

  for (guint i = 0; record != NULL && i < record->n_tiles; i++) {
    const McuPlacement *tile = &record->tiles[i];

    if (tile->stream == stream && g_str_equal (tile->participant, participant))
      largest = larger (largest, tile);
  }
  return largest;
}

/* Returns: (nullable): the largest tile of that picture in all views: the decoder is the same. */
static const McuPlacement *
largest_tile (McuRoom *room, const char *participant, McuVideo stream)
{
  const McuPlacement *largest = NULL;

  for (guint i = 0; i < room->views->len; i++)
    largest = larger (largest, largest_in (room->views->pdata[i], participant, stream));
  return largest;
}

/* Without a tile on a canvas that is full they are not seen. On one that is not, they have no
 * media now or do not share: there is nothing to say. */
static gboolean
bound_for (McuRoom *room, const McuPlacementRecord *record, McuParticipant *one, McuVideo stream,
           McuSendBound *bound)
{
  const McuPlacement *tile = largest_tile (room, one->id, stream);

  if (tile == NULL) {
    *bound = (McuSendBound){.active = FALSE};
    return record->n_tiles >= MCU_PLACEMENT_MAX_TILES &&
           (stream == MCU_VIDEO_CAMERA || (one->screen && one->has_screen));
  }
  if (stream == MCU_VIDEO_SCREEN) {
    *bound = mcu_send_bound_of_screen (room->canvas_width_px, room->canvas_height_px,
                                       room->canvas_fps);
    return TRUE;
  }
  if (one->picture_width_px[stream] > 0) {
    *bound = mcu_send_bound_of_camera (tile->rect.width, tile->rect.height,
                                       one->picture_width_px[stream],
                                       one->picture_height_px[stream], room->canvas_fps);
    return TRUE;
  }
  /* Of a picture that is not sent the shape is not known: any, until it comes. */
  *bound = mcu_send_bound_of_camera (tile->rect.width, tile->rect.height, tile->rect.width,
                                     tile->rect.height, room->canvas_fps);
  return one->send[stream].has_said && !one->send[stream].said.active;
}

static void
say (McuParticipant *one, McuVideo stream, gint64 now_us)
{
  const McuSendBound *bound = &one->send[stream].wanted;
  g_autoptr (JsonObject) message = mcu_message_new ("send");

  json_object_set_string_member (message, "stream", mcu_video_to_string (stream));
  json_object_set_boolean_member (message, "active", bound->active);
  if (bound->active) {
    json_object_set_int_member (message, "width", bound->width);
    json_object_set_int_member (message, "height", bound->height);
    json_object_set_int_member (message, "fps", bound->fps);
    json_object_set_int_member (message, "bitrate_bps", bound->bitrate_bps);
  }
  mcu_participant_send (one, message);
  mcu_send_state_said (&one->send[stream], now_us);
}

/* Returns: when there is more to say. */
static gint64
update_one (McuRoom *room, const McuPlacementRecord *record, McuParticipant *one, gint64 now_us)
{
  gint64 next_us = G_MAXINT64;

  for (McuVideo stream = MCU_VIDEO_CAMERA; stream <= MCU_VIDEO_SCREEN; stream++) {
    McuSendState *state = &one->send[stream];
    McuSendBound bound;

    if (bound_for (room, record, one, stream, &bound))
      mcu_send_state_want (state, &bound, now_us);
    if (mcu_send_state_due_us (state) <= now_us)
      say (one, stream, now_us);
    next_us = MIN (next_us, mcu_send_state_due_us (state));
  }
  return next_us;
}

static gboolean
on_due (gpointer data)
{
  McuRoom *room = data;

  room->send_source = 0;
  mcu_room_send_changed (room);
  return G_SOURCE_REMOVE;
}

void
mcu_room_send_changed (McuRoom *room)
{
  const McuPlacementRecord *record = mcu_room_view_get_newest (room->views->pdata[0]);
  gint64 now_us = g_get_monotonic_time ();
  gint64 next_us = G_MAXINT64;

  if (room->send_source != 0)
    g_source_remove (room->send_source);
  room->send_source = 0;
  /* A placement that is due says what holds, and calls us then. */
  if (record == NULL || room->place_source != 0 || room->ending ||
      !mcu_config_get_bool (room->node->config, MCU_SETTING_ROOMS_ADAPT_SENDERS))
    return;
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];

    if (one->kind == MCU_KIND_BROWSER && one->ops != NULL && one->has_seat)
      next_us = MIN (next_us, update_one (room, record, one, now_us));
  }
  if (next_us != G_MAXINT64)
    room->send_source = g_timeout_add ((next_us - now_us) / 1000 + 1, on_due, room);
}

void
mcu_room_send_picture (McuParticipant *participant, McuVideo stream, gint64 width, gint64 height)
{
  if (width <= 0 || height <= 0 || width > MAX_PICTURE_PX || height > MAX_PICTURE_PX)
    return;
  participant->picture_width_px[stream] = width;
  participant->picture_height_px[stream] = height;
}

void
mcu_room_send_report (McuRoom *room, JsonObject *report)
{
  JsonArray *peers = mcu_json_array (report, "peers");

  for (guint i = 0; peers != NULL && i < json_array_get_length (peers); i++) {
    JsonObject *one = mcu_json_array_object (peers, i);
    JsonObject *video = one != NULL ? mcu_json_object (one, "video") : NULL;
    McuPeer *peer = NULL;
    McuParticipant *who = video != NULL
                              ? mcu_peers_find (room, mcu_json_string (one, "peer"), &peer)
                              : NULL;

    if (who != NULL && peer == who->current)
      mcu_room_send_picture (who, MCU_VIDEO_CAMERA, mcu_json_int (video, "width", 0),
                             mcu_json_int (video, "height", 0));
  }
  mcu_room_send_changed (room);
}

void
mcu_room_send_forget (McuParticipant *participant)
{
  for (McuVideo stream = MCU_VIDEO_CAMERA; stream <= MCU_VIDEO_SCREEN; stream++)
    participant->send[stream].has_said = FALSE;
}
