/* mcu/recording-view.c - the picture that is recorded: the room's, or one of its own.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-view.h"

#include "layouts/layout-file.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/room-layout.h"
#include "mcu/room-recordings.h"
#include "mcu/room-view.h"

#define INLINE_NAME "recording"
/* As of a room's own canvas (mcu/config-table.c). */
#define MIN_PX 90
#define MAX_PX 1920
#define MAX_PIXELS (1920 * 1088)
#define MIN_FPS 5
#define MAX_FPS 60

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, why);
  return FALSE;
}

static gboolean
wish_layout (McuRecording *self, McuRoom *room, JsonObject *wish, GError **error)
{
  const char *name = mcu_json_string (wish, "layout");
  JsonObject *document = mcu_json_object (wish, "layout");
  McuLayout *layout;

  if (!json_object_has_member (wish, "layout"))
    return TRUE;
  if (name == NULL && document == NULL)
    return refuse (error, "layout: a name or a document is wanted");
  if (name != NULL) {
    layout = mcu_layout_store_find (room->node->layouts, name);
    if (layout == NULL) {
      g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND,
                           "layout: there is no such layout");
      return FALSE;
    }
    mcu_layout_ref (layout);
  } else {
    layout = mcu_layout_from_json (document, INLINE_NAME, error);
    if (layout == NULL)
      return FALSE;
  }
  g_clear_pointer (&self->layout, mcu_layout_unref);
  self->layout = layout;
  self->info->has_layout = TRUE;
  g_free (self->info->layout);
  self->info->layout = g_strdup (layout->name);
  return TRUE;
}

static void
follow_room (McuRecording *self)
{
  g_clear_pointer (&self->layout, mcu_layout_unref);
  self->info->has_layout = FALSE;
  g_free (self->info->layout);
  self->info->layout = g_strdup (self->room->layout->name);
}

static gboolean
wish_canvas (McuRecording *self, JsonObject *wish, GError **error)
{
  JsonObject *canvas = mcu_json_object (wish, "canvas");
  McuRecordingInfo *info = self->info;
  gint64 width, height, fps;

  if (!json_object_has_member (wish, "canvas"))
    return TRUE;
  if (canvas == NULL)
    return refuse (error, "canvas: {width, height, fps} is wanted");
  width = mcu_json_int (canvas, "width", info->width);
  height = mcu_json_int (canvas, "height", info->height);
  fps = mcu_json_int (canvas, "fps", info->fps);
  if (width < MIN_PX || height < MIN_PX || width > MAX_PX || height > MAX_PX ||
      width * height > MAX_PIXELS || width % 2 != 0 || height % 2 != 0)
    return refuse (error, "canvas: width and height are even, 90 to 1920, at most 1920x1088");
  if (fps < MIN_FPS || fps > MAX_FPS)
    return refuse (error, "canvas: fps is 5 to 60");
  self->has_canvas = width != info->width || height != info->height || fps != info->fps;
  info->width = width;
  info->height = height;
  info->fps = fps;
  return TRUE;
}

gboolean
mcu_recording_view_wish (McuRecording *self, McuRoom *room, JsonObject *wish, GError **error)
{
  return wish_layout (self, room, wish, error) && wish_canvas (self, wish, error);
}

gboolean
mcu_recording_view_change (McuRecording *self, JsonObject *members, GError **error)
{
  if (!json_object_has_member (members, "layout") || json_object_get_size (members) != 1)
    return refuse (error, "only layout can be changed");
  if (json_object_get_null_member (members, "layout"))
    follow_room (self);
  else if (!wish_layout (self, self->room, members, error))
    return FALSE;
  mcu_recording_log_layout (self->log, mcu_recording_at_ms (self), self->info->layout);
  if (self->view != NULL)
    mcu_room_view_set_layout (self->view, self->layout);
  else if (self->layout != NULL && !self->info->audio_only)
    mcu_recording_stop_part (self);
  mcu_recording_save (self, TRUE);
  return TRUE;
}

void
mcu_recording_view_restore (McuRecording *self)
{
  McuLayout *layout = self->info->has_layout && self->layout == NULL
                          ? mcu_layout_store_find (self->room->node->layouts, self->info->layout)
                          : NULL;

  if (layout != NULL)
    self->layout = mcu_layout_ref (layout);
}

GStrv
mcu_recording_view_left_out (McuRoom *room)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (mcu_participant_is_left_out (one))
      g_ptr_array_add (ids, g_strdup (one->id));
  }
  g_ptr_array_add (ids, NULL);
  return (GStrv) g_ptr_array_free (ids, FALSE);
}

const char *
mcu_recording_view_get (McuRecording *self)
{
  g_auto (GStrv) left_out = mcu_recording_view_left_out (self->room);
  McuRoomViewSpec spec = {.layout = self->layout,
                          .width_px = self->info->width,
                          .height_px = self->info->height,
                          .fps = self->info->fps,
                          .left_out = (const char *const *) left_out};

  /* A room may have come back with another canvas: the file's size stays. */
  if (self->info->width != self->room->canvas_width_px ||
      self->info->height != self->room->canvas_height_px ||
      self->info->fps != (int) self->room->canvas_fps)
    self->has_canvas = TRUE;
  if (self->info->audio_only ||
      (self->view == NULL && self->layout == NULL && !self->has_canvas && left_out[0] == NULL))
    return MCU_ROOM_MAIN_VIEW;
  if (self->view == NULL)
    self->view = mcu_room_view_add (self->room, &spec);
  else
    mcu_room_view_set_left_out (self->view, (const char *const *) left_out);
  return self->view != NULL ? mcu_room_view_get_id (self->view) : NULL;
}

gboolean
mcu_recording_view_changed (McuRecording *self)
{
  g_auto (GStrv) left_out = mcu_recording_view_left_out (self->room);

  if (self->view == NULL)
    return self->info->audio_only || left_out[0] == NULL;
  mcu_room_view_set_left_out (self->view, (const char *const *) left_out);
  return TRUE;
}

void
mcu_recording_view_drop (McuRecording *self)
{
  McuRoomView *view = g_steal_pointer (&self->view);

  if (view != NULL && self->room != NULL)
    mcu_room_view_remove (view);
}
