/* mcu/stream.c - one live output of a room: RTMP, SRT or HLS.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/stream.h"

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/base/live-url.h"

struct _McuStream
{
  /* Set once. */
  McuRoom *room;        /* unowned */
  char *id;             /* 128 random bits: who knows it may play its HLS */
  McuLiveUrl *url;      /* (nullable): NULL: HLS */
  McuHls *hls;          /* owned (nullable) */
  gint64 created_at_us; /* real time */

  McuSide *side; /* owned */
};

static const char *
kind_of (McuStream *self)
{
  return self->url != NULL ? mcu_live_url_kind (self->url) : "hls";
}

static JsonObject *
on_open (gpointer owner, int *fd, GError **error)
{
  McuStream *self = owner;
  JsonObject *message = mcu_link_message_new ("stream_open");
  JsonObject *canvas = json_object_new ();

  json_object_set_string_member (message, "kind", kind_of (self));
  if (self->url != NULL)
    json_object_set_string_member (message, "url", self->url->text);
  json_object_set_boolean_member (
      message, "allow_private",
      mcu_config_get_bool (self->room->node->config, MCU_SETTING_STREAMS_ALLOW_PRIVATE));
  json_object_set_int_member (canvas, "width", self->room->canvas_width_px);
  json_object_set_int_member (canvas, "height", self->room->canvas_height_px);
  json_object_set_int_member (canvas, "fps", self->room->canvas_fps);
  json_object_set_object_member (message, "canvas", canvas);
  /* A new process's time begins at 0 again. */
  if (self->hls != NULL)
    mcu_hls_break (self->hls);
  return message;
}

static void
on_message (gpointer owner, McuRoomProcess *process, JsonObject *message)
{
  McuStream *self = owner;

  if (self->hls == NULL || g_strcmp0 (mcu_json_string (message, "type"), "stream_segment") != 0)
    return;
  if (!mcu_hls_add (self->hls, mcu_room_process_take_fd (process, message),
                    CLAMP (mcu_json_int (message, "duration_ms", 0), 0, G_MAXINT)))
    g_warning ("room %s: stream %s: a piece that is none", self->room->name, self->id);
}

static const McuSideOps side_ops = {.role = "--stream",
                                    .to_process = "stream_feed",
                                    .add_to_room = "output_add",
                                    .take_of_room = "output_remove",
                                    .id_member = "output",
                                    .open = on_open,
                                    .message = on_message};

McuStream *
mcu_stream_new (McuRoom *room, JsonObject *wanted, GError **error)
{
  const char *text = mcu_json_string (wanted, "url");
  gboolean is_hls = mcu_json_bool (wanted, "hls", FALSE);
  McuLiveUrl *url = NULL;
  McuStream *self;

  if ((text != NULL) == is_hls) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "either url or hls: true is needed");
    return NULL;
  }
  if (!is_hls && (url = mcu_live_url_parse_output (text, error)) == NULL)
    return NULL;
  self = g_new0 (McuStream, 1);
  self->room = room;
  self->id = mcu_id_new ("s");
  self->url = url;
  self->hls = is_hls ? mcu_hls_new () : NULL;
  self->created_at_us = g_get_real_time ();
  self->side = mcu_side_new (room, self->id, &side_ops, self);
  return self;
}

void
mcu_stream_free (McuStream *self)
{
  mcu_side_free (self->side);
  mcu_live_url_free (self->url);
  mcu_hls_free (self->hls);
  g_free (self->id);
  g_free (self);
}

const char *
mcu_stream_get_id (McuStream *self)
{
  return self->id;
}

McuSide *
mcu_stream_get_side (McuStream *self)
{
  return self->side;
}

McuHls *
mcu_stream_get_hls (McuStream *self)
{
  return self->hls;
}

JsonObject *
mcu_stream_to_json (McuStream *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *playlist = g_strdup_printf ("/hls/%s/index.m3u8", self->id);
  g_autofree char *shown = self->url != NULL ? mcu_live_url_shown (self->url) : NULL;
  g_autofree char *created_at = mcu_time_to_json (self->created_at_us);

  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "kind", kind_of (self));
  json_object_set_string_member (object, "url", shown != NULL ? shown : playlist);
  mcu_side_to_json (self->side, object);
  if (self->hls != NULL)
    json_object_set_string_member (object, "playlist_url", playlist);
  json_object_set_string_member (object, "created_at", created_at);
  json_object_set_int_member (object, "restarts", mcu_side_get_restarts (self->side));
  return object;
}
