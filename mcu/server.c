/* mcu/server.c - all rooms of this machine: their making and their end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/server-private.h"

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/room-lobby.h"
#include "mcu/room-media.h"
#include "mcu/room-views.h"
#include "mcu/times.h"

/* Pages look for us with growing pauses, of at most half a minute. */
#define REMAKE_MS 120000

struct _McuServerStop
{
  McuServer *server; /* unowned (nullable): NULL once it is freed */
  guint n_rooms;     /* whose processes have not exited; plus one while we go through them, plus
                        one until their recordings are in order */
};

static void
on_room_ended (McuRoom *room, gpointer user_data)
{
  McuServer *self = user_data;

  g_message ("room %s has ended", room->name);
  g_hash_table_remove (self->rooms, room->name);
  mcu_room_free (room);
}

McuOverloadSample
mcu_server_measure (McuServer *self)
{
  McuOverloadSample sample = {0};
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuRoom *room = value;
    double frame_ms = 1000.0 / room->canvas_fps;

    if (room->process == NULL)
      continue;
    sample.late_frames = MAX (sample.late_frames,
                              mcu_room_process_get_late_ms (room->process) / frame_ms);
    sample.load = MAX (sample.load, mcu_room_process_get_load (room->process));
    sample.cpu += mcu_room_process_get_cores (room->process) / g_get_num_processors ();
  }
  return sample;
}

/* What people have beside the meeting goes first. */
static void
shed (McuServer *self)
{
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    mcu_room_views_shed (room);
}

static gboolean
on_second (gpointer data)
{
  McuServer *self = data;
  McuOverloadSample sample = mcu_server_measure (self);
  guint after_s = mcu_config_get_int (self->node.config, MCU_SETTING_NODE_OVERLOAD_AFTER_S);
  gboolean is_over = mcu_overload_second (&self->overload, &sample, after_s);

  if (is_over != self->node.overloaded)
    g_message ("%s: late by %.1f frames, load %.2f, our share of the machine %.2f",
               is_over ? "overloaded, joins are refused" : "not overloaded any more",
               sample.late_frames, sample.load, sample.cpu);
  if (is_over && !self->node.overloaded)
    shed (self);
  self->node.overloaded = is_over;
  return G_SOURCE_CONTINUE;
}

static const char *
none_if_empty (const char *text)
{
  return *text != '\0' ? text : NULL;
}

McuServer *
mcu_server_new (McuConfig *config, GError **error)
{
  g_autofree char *directory = mcu_state_directory (error);
  g_autofree char *program = mcu_room_program ();
  McuResumeKey *key = directory != NULL ? mcu_resume_key_open (directory, error) : NULL;
  McuServer *self;

  if (key == NULL)
    return NULL;
  self = g_new0 (McuServer, 1);
  self->node.config = mcu_config_ref (config);
  self->node.resume_key = key;
  mcu_server_live_init (config);
  self->node.recordings = mcu_recordings_new (config, directory, program);
  self->node.spare = mcu_spare_new (program);
  self->node.metrics = mcu_metrics_new ();
  self->node.layouts = mcu_layout_store_new (
      none_if_empty (mcu_config_get_string (config, MCU_SETTING_LAYOUTS_DIRECTORY)));
  mcu_server_reload_layouts (self);
  self->node.external_address = mcu_external_address_new (config);
  self->node.started_us = g_get_monotonic_time ();
  self->node.departed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->overload_source = g_timeout_add (mcu_times_ms (1000), on_second, self);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  mcu_recordings_set_rooms (self->node.recordings, self->rooms);
  self->whips = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, mcu_whip_free);
  return self;
}

static void
free_rooms (McuServer *self)
{
  for (;;) {
    GHashTableIter iter;
    gpointer room;

    g_hash_table_iter_init (&iter, self->rooms);
    if (!g_hash_table_iter_next (&iter, NULL, &room))
      return;
    g_hash_table_iter_remove (&iter);
    mcu_room_free (room);
  }
}

void
mcu_server_free (McuServer *self)
{
  if (self == NULL)
    return;
  if (self->stop_source != 0)
    g_source_remove (self->stop_source);
  g_source_remove (self->overload_source);
  if (self->stop != NULL)
    self->stop->server = NULL;
  free_rooms (self);
  mcu_recordings_free (self->node.recordings);
  g_hash_table_unref (self->whips);
  g_hash_table_unref (self->rooms);
  mcu_spare_free (self->node.spare);
  mcu_metrics_free (self->node.metrics);
  mcu_layout_store_free (self->node.layouts);
  mcu_external_address_free (self->node.external_address);
  g_hash_table_unref (self->node.departed);
  mcu_resume_key_free (self->node.resume_key);
  mcu_config_unref (self->node.config);
  g_free (self);
}

McuConfig *
mcu_server_get_config (McuServer *self)
{
  return self->node.config;
}

void
mcu_server_set_config (McuServer *self, McuConfig *config)
{
  mcu_config_ref (config);
  mcu_config_unref (self->node.config);
  self->node.config = config;
  mcu_recordings_set_config (self->node.recordings, config);
}

McuRecordings *
mcu_server_get_recordings (McuServer *self)
{
  return self->node.recordings;
}

void
mcu_server_set_draining (McuServer *self, gboolean draining)
{
  self->node.draining = draining || self->stopped_func != NULL;
}

gboolean
mcu_server_is_draining (McuServer *self)
{
  return self->node.draining;
}

static void
say_stopped (McuServer *self)
{
  McuServerStoppedFunc func = g_steal_pointer (&self->stopped_func);

  if (self->stop_source != 0)
    g_source_remove (self->stop_source);
  self->stop_source = 0;
  if (func != NULL)
    func (self->stopped_data);
}

static gboolean
on_stop_over (gpointer data)
{
  McuServer *self = data;

  self->stop_source = 0;
  say_stopped (self);
  return G_SOURCE_REMOVE;
}

/* Called later, by an idle source, so that mcu_server_stop() returns before its function runs. */
static void
stop_when_idle (McuServer *self)
{
  if (self->stop_source != 0)
    g_source_remove (self->stop_source);
  self->stop_source = g_idle_add (on_stop_over, self);
}

static void
on_room_exited (gpointer data)
{
  McuServerStop *stop = data;

  if (--stop->n_rooms > 0)
    return;
  if (stop->server != NULL) {
    stop->server->stop = NULL;
    stop_when_idle (stop->server);
  }
  g_free (stop);
}

static void
stop_rooms (McuServer *self, guint timeout_ms)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuRoom *room = value;

    room->ending = TRUE;
    mcu_lobby_dismiss (room, NULL, "draining", "the server is going down");
    while (!mcu_room_is_empty (room))
      mcu_room_dismiss (room, room->participants->pdata[room->participants->len - 1], "draining",
                        "the server is going down", 0);
    self->stop->n_rooms++;
    mcu_room_media_drain (room, timeout_ms, on_room_exited, self->stop);
  }
}

void
mcu_server_stop (McuServer *self, McuServerStoppedFunc func, gpointer user_data)
{
  guint s = mcu_config_get_int (self->node.config, MCU_SETTING_NODE_DRAIN_TIMEOUT_S);

  g_return_if_fail (self->stopped_func == NULL);
  self->stopped_func = func;
  self->stopped_data = user_data;
  self->node.draining = TRUE;
  self->stop_source = g_timeout_add (mcu_times_ms (s * 1000), on_stop_over, self);
  self->stop = g_new0 (McuServerStop, 1);
  self->stop->server = self;
  self->stop->n_rooms = 2;
  stop_rooms (self, s * 1000);
  mcu_recordings_drain (self->node.recordings, on_room_exited, self->stop);
  on_room_exited (self->stop);
}

gboolean
mcu_server_is_ready (McuServer *self, JsonArray **reasons)
{
  g_autoptr (JsonArray) why = json_array_new ();
  gboolean ready;

  if (!mcu_spare_is_ready (self->node.spare) ||
      mcu_external_address_is_asking (self->node.external_address))
    json_array_add_string_element (why, "starting");
  if (self->node.draining)
    json_array_add_string_element (why, "draining");
  if (self->node.overloaded)
    json_array_add_string_element (why, "overloaded");
  ready = json_array_get_length (why) == 0;
  if (reasons != NULL)
    *reasons = g_steal_pointer (&why);
  return ready;
}

McuRoom *
mcu_server_find_room (McuServer *self, const char *name)
{
  return name != NULL ? g_hash_table_lookup (self->rooms, name) : NULL;
}

/* Returns: FALSE when every room has somebody in it, or was made to wait for somebody. */
static gboolean
end_oldest_empty_room (McuServer *self)
{
  McuRoom *oldest = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuRoom *room = value;
    if (mcu_room_is_empty (room) && room->lobby->len == 0 && !room->is_created &&
        (oldest == NULL || room->created_at_us < oldest->created_at_us))
      oldest = room;
  }
  if (oldest == NULL)
    return FALSE;
  g_hash_table_remove (self->rooms, oldest->name);
  mcu_room_free (oldest);
  return TRUE;
}

McuRoom *
mcu_server_make_room (McuServer *self, const char *name, const McuRoomSettings *settings,
                      GError **error)
{
  guint max = mcu_config_get_int (self->node.config, MCU_SETTING_ROOMS_MAX_ROOMS);
  McuRoom *room;

  if (self->node.draining) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_DRAINING, "the server takes no more people");
    return NULL;
  }
  if (!mcu_room_name_is_valid (name)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_ROOM_NAME,
                         "a room's name has letters, digits, \".\", \"_\", \"-\" only");
    return NULL;
  }
  if (g_hash_table_size (self->rooms) >= max && !end_oldest_empty_room (self)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "too many rooms");
    return NULL;
  }
  room = mcu_room_new (&self->node, name, settings, on_room_ended, self);
  g_hash_table_insert (self->rooms, room->name, room);
  return room;
}

static gboolean
is_remade (McuServer *self, const McuResume *resume)
{
  return resume != NULL && mcu_server_may_remake (self) &&
         !g_hash_table_contains (self->node.departed, resume->participant);
}

McuRoom *
mcu_server_open_room (McuServer *self, const char *name, const McuResume *resume, GError **error)
{
  McuRoom *room = mcu_server_find_room (self, name);

  if (room != NULL && !self->node.draining)
    return room;
  if (!self->node.draining && mcu_room_name_is_valid (name) && !is_remade (self, resume) &&
      !mcu_config_get_bool (self->node.config, MCU_SETTING_ROOMS_AUTO_CREATE)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such room");
    return NULL;
  }
  return mcu_server_make_room (self, name, NULL, error);
}

gboolean
mcu_server_may_remake (McuServer *self)
{
  gboolean may = g_get_monotonic_time () - self->node.started_us < mcu_times_us (REMAKE_MS);

  if (!may)
    g_hash_table_remove_all (self->node.departed); /* of no use any more */
  return may;
}
