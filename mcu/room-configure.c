/* mcu/room-configure.c - settings of a room that is there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-configure.h"

#include "mcu/base/error.h"
#include "mcu/room-layout.h"
#include "mcu/room-lobby.h"
#include "mcu/room-media.h"
#include "mcu/room-recordings.h"
#include "mcu/room-view.h"
#include "mcu/roster.h"

static gboolean
is_other_canvas (McuRoom *room, const McuRoomSettings *wanted)
{
  return wanted->canvas_width_px != room->canvas_width_px ||
         wanted->canvas_height_px != room->canvas_height_px ||
         wanted->canvas_fps != room->canvas_fps;
}

/* Nobody is there, nor a recording that waits for them. */
static gboolean
is_unused (McuRoom *room)
{
  return mcu_room_is_empty (room) && room->views->len == 1 &&
         (room->process == NULL || mcu_room_recordings_may_stop (room));
}

/* A running picture keeps its size: encoders, recordings and every receiver's view hang on it. */
static gboolean
check_canvas (McuRoom *room, const McuRoomSettings *wanted, GError **error)
{
  if (!is_other_canvas (room, wanted) || is_unused (room))
    return TRUE;
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_PRECONDITION_FAILED,
                       "canvas: it can be changed only while nobody is in the room, and no "
                       "recording of it goes on");
  return FALSE;
}

static McuLayout *
find_layout (McuRoom *room, const char *name, GError **error)
{
  McuLayout *layout = mcu_layout_store_find (room->node->layouts, name);

  if (layout == NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "layout: there is no such layout");
  return layout;
}

/* The process of an empty room may still wait for the next one, with the old canvas. */
static void
use_canvas (McuRoom *room)
{
  if (!is_other_canvas (room, &room->settings))
    return;
  mcu_room_media_stop (room);
  room->canvas_width_px = room->settings.canvas_width_px;
  room->canvas_height_px = room->settings.canvas_height_px;
  room->canvas_fps = room->settings.canvas_fps;
  mcu_room_layout_use_canvas (room);
}

void
mcu_room_settings_changed (McuRoom *room, const McuRoomSettings *before)
{
  use_canvas (room);
  if (before->empty_timeout_s != room->settings.empty_timeout_s && mcu_room_is_empty (room))
    mcu_room_wait (room);
  if (before->lobby && !room->settings.lobby)
    mcu_lobby_admit_all (room);
  mcu_room_recordings_configured (room, before->record);
}

/* @layout: (nullable): one was asked for */
static void
take (McuRoom *room, McuRoomSettings *wanted, McuLayout *layout)
{
  g_auto (McuRoomSettings) before = {0};

  if (layout == NULL && mcu_room_settings_equal (&room->settings, wanted))
    return;
  mcu_room_settings_copy (&before, &room->settings);
  mcu_room_settings_take (&room->settings, wanted);
  mcu_room_settings_changed (room, &before);
  if (layout != NULL)
    mcu_room_layout_choose (room, layout); /* tells them */
  else
    mcu_roster_tell_room (room);
}

gboolean
mcu_room_configure (McuRoom *room, JsonObject *members, GError **error)
{
  g_auto (McuRoomSettings) defaults = {0};
  g_auto (McuRoomSettings) wanted = {0};
  McuLayout *layout = NULL;

  mcu_room_settings_init (&defaults, room->node->config, room->name);
  mcu_room_settings_copy (&wanted, &room->settings);
  if (!mcu_room_settings_merge (&wanted, &defaults, members, error) ||
      !check_canvas (room, &wanted, error))
    return FALSE;
  if (json_object_has_member (members, "layout")) {
    layout = find_layout (room, wanted.layout, error);
    if (layout == NULL)
      return FALSE;
  }
  take (room, &wanted, layout);
  return TRUE;
}

gboolean
mcu_room_configure_by_moderator (McuRoom *room, JsonObject *message, GError **error)
{
  static const char *const names[] = {"layout", "locked", "lobby"};
  g_autoptr (JsonObject) members = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (message, names[i]))
      json_object_set_member (members, names[i], json_object_dup_member (message, names[i]));
  if (json_object_get_size (members) > 0)
    return mcu_room_configure (room, members, error);
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "no such setting");
  return FALSE;
}

void
mcu_room_settings_now (McuRoom *room, McuRoomSettings *now)
{
  mcu_room_settings_copy (now, &room->settings);
  g_free (now->layout);
  now->layout = g_strdup (room->layout->name);
}
