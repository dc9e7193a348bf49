/* mcu/room-media.c - a room and its process: start, replay, what it says, death.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-media.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/peers.h"
#include "mcu/room-layout.h"
#include "mcu/room-live.h"
#include "mcu/room-recordings.h"
#include "mcu/room-send.h"
#include "mcu/room-signs.h"
#include "mcu/roster.h"
#include "mcu/times.h"

#define STATE_TIMEOUT_MS (MCU_ROOM_WARM_MS + MCU_ROOM_HANG_MS)
#define STATS_EVERY_MS 2000
#define TICK_MS 100
/* An empty room's process waits for whoever reloads the page; the next one is not free. */
#define LINGER_MS 5000
/* A process with files open is asked to close them, and looked at again. */
#define RECORDINGS_LINGER_MS 500
/* A room process finishes its files within 2 s, or gives them up. */
#define RECORDINGS_END_MS 3000
#define WARNING_BURST 20
#define WARNINGS_PER_SECOND 0.5

static void
clear_timer (guint *source)
{
  if (*source != 0)
    g_source_remove (*source);
  *source = 0;
}

static JsonArray *
to_array (const char *const *strings)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  return array;
}

static void
set_participant (JsonObject *object, McuParticipant *participant)
{
  json_object_set_string_member (object, "participant", participant->id);
  json_object_set_string_member (object, "name", participant->name);
  json_object_set_boolean_member (
      object, "audio_muted", participant->audio_muted || participant->audio_muted_by_moderator);
  json_object_set_boolean_member (
      object, "video_muted", participant->video_muted || participant->video_muted_by_moderator);
  json_object_set_boolean_member (object, "screen", participant->screen);
  json_object_set_boolean_member (object, "hand_raised", participant->hand_raised_at_us != 0);
  mcu_room_signs_add_person (participant, object);
}

static JsonObject *
media_to_json (McuNode *node)
{
  McuConfig *config = node->config;
  JsonObject *media = json_object_new ();
  const char *external = mcu_external_address_get (node->external_address);

  json_object_set_array_member (
      media, "addresses", to_array (mcu_config_get_strings (config, MCU_SETTING_MEDIA_ADDRESS)));
  json_object_set_int_member (media, "port_min",
                              mcu_config_get_int (config, MCU_SETTING_MEDIA_PORT_MIN));
  json_object_set_int_member (media, "port_max",
                              mcu_config_get_int (config, MCU_SETTING_MEDIA_PORT_MAX));
  if (external != NULL)
    json_object_set_string_member (media, "external_address", external);
  return media;
}

static JsonArray *
participants_to_json (McuRoom *room)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < room->participants->len; i++) {
    JsonObject *one = json_object_new ();
    set_participant (one, room->participants->pdata[i]);
    json_array_add_object_element (array, one);
  }
  return array;
}

static JsonObject *
room_state_message (McuRoom *room)
{
  JsonObject *message = mcu_message_new ("room_state");
  JsonObject *canvas = json_object_new ();

  json_object_set_string_member (message, "room", room->name);
  json_object_set_int_member (canvas, "width", room->canvas_width_px);
  json_object_set_int_member (canvas, "height", room->canvas_height_px);
  json_object_set_int_member (canvas, "fps", room->canvas_fps);
  json_object_set_object_member (message, "canvas", canvas);
  json_object_set_array_member (
      message, "codecs",
      to_array (mcu_config_get_strings (room->node->config, MCU_SETTING_ROOMS_CODECS)));
  json_object_set_object_member (message, "media", media_to_json (room->node));
  json_object_set_array_member (message, "participants", participants_to_json (room));
  json_object_set_array_member (message, "views", mcu_room_layout_to_views (room));
  json_object_set_object_member (message, "notices", mcu_room_signs_notices (room));
  json_object_set_array_member (message, "peers", json_array_new ());
  return message;
}

/* Nothing to do: a process that does not take its state is found out by its pings. */
static void
on_state_taken (JsonObject *reply, const GError *error, gpointer data)
{
  if (error != NULL)
    g_info ("room_state: %s", error->message);
}

static void
on_stats (JsonObject *reply, const GError *error, gpointer data)
{
  McuRoom *room = data;

  room->stats_wanted = FALSE;
  if (reply == NULL)
    return;
  g_clear_pointer (&room->stats, json_object_unref);
  room->stats = json_object_ref (reply);
  mcu_room_send_report (room, reply);
}

static gboolean
on_stats_due (gpointer data)
{
  McuRoom *room = data;

  if (room->process == NULL || room->stats_wanted)
    return G_SOURCE_CONTINUE;
  room->stats_wanted = TRUE;
  mcu_room_process_request (room->process, mcu_message_new ("stats"),
                            mcu_times_ms (MCU_ROOM_HANG_MS), on_stats, room);
  return G_SOURCE_CONTINUE;
}

static void
handle_levels (McuRoom *room, JsonObject *message)
{
  JsonArray *levels = mcu_json_array (message, "levels");
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; levels != NULL && i < json_array_get_length (levels); i++) {
    JsonObject *one = mcu_json_array_object (levels, i);
    McuParticipant *who = one != NULL ? mcu_room_find (room, mcu_json_string (one, "participant"))
                                      : NULL;

    if (who == NULL || !mcu_participant_can_publish (who))
      continue;
    mcu_floor_level (room->floor, who->id, CLAMP (mcu_json_int (one, "level_dbov", -127), -127, 0),
                     mcu_json_bool (one, "voice", FALSE) && !who->audio_muted &&
                         !who->audio_muted_by_moderator,
                     now_us);
  }
}

static void
handle_warning (McuRoom *room, JsonObject *message)
{
  const char *code = mcu_json_string (message, "code");
  const char *detail = mcu_json_string (message, "detail");

  if (!mcu_rate_take (&room->warning_rate, g_get_monotonic_time ()))
    return;
  g_message ("room %s: %.100s: %.500s", room->name, code != NULL ? code : "warning",
             detail != NULL ? detail : "");
}

static void
handle_stream_state (McuRoom *room, JsonObject *message)
{
  McuParticipant *who = mcu_room_find (room, mcu_json_string (message, "participant"));
  const char *state = mcu_json_string (message, "state");

  if (who == NULL || g_strcmp0 (mcu_json_string (message, "stream"), "camera") != 0)
    return;
  mcu_room_send_picture (who, MCU_VIDEO_CAMERA, mcu_json_int (message, "width", 0),
                         mcu_json_int (message, "height", 0));
  who->camera_live = g_strcmp0 (state, "live") == 0;
  mcu_room_layout_changed (room);
  mcu_room_send_changed (room);
}

/* Unknown types are ignored. */
static const struct
{
  const char *type;
  void (*handle) (McuRoom *room, JsonObject *message);
} handlers[] = {
    {"peer_state", mcu_peers_state},
    {"first_frame", mcu_peers_first_frame},
    {"levels", handle_levels},
    {"placed", mcu_room_layout_placed},
    {"stream_state", handle_stream_state},
    {"warning", handle_warning},
    {"peer_moved", mcu_room_layout_peer_moved},
    {"recording_state", mcu_room_recordings_heard},
};

static void
on_message (gpointer owner, JsonObject *message)
{
  const char *type = mcu_json_string (message, "type");

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (g_str_equal (type, handlers[i].type)) {
      handlers[i].handle (owner, message);
      return;
    }
}

/* Its figures go into the sums of the machine, and the process away. */
static void
book_process (McuRoom *room)
{
  if (room->stats != NULL)
    mcu_metrics_add_report (room->node->metrics, room->stats);
  g_clear_pointer (&room->stats, json_object_unref);
  mcu_metrics_count (room->node->metrics, "tessera_media_cpu_seconds_total", "",
                     mcu_room_process_get_cpu_seconds (room->process));
  clear_timer (&room->stats_source);
  clear_timer (&room->linger_source);
  room->stats_wanted = FALSE;
  mcu_room_signs_process_gone (room);
}

static char **
list_people (McuRoom *room)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    if (one->kind == MCU_KIND_BROWSER)
      g_ptr_array_add (ids, g_strdup (one->id));
  }
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

/* An encoder or a player makes a new session by itself when it sees that its media are gone. */
static void
dismiss_sessions (McuRoom *room)
{
  for (guint i = room->participants->len; i > 0; i--) {
    McuParticipant *one = room->participants->pdata[i - 1];
    if (one->kind != MCU_KIND_BROWSER && one->kind != MCU_KIND_INPUT)
      mcu_room_dismiss (room, one, "internal", "the room's media were restarted", 0);
  }
}

static void
call_back (McuParticipant *participant)
{
  if (participant->last_session > 0)
    mcu_peers_renegotiate (participant, "room_restarted");
}

static void
call_all_back (McuRoom *room)
{
  for (guint i = 0; i < room->participants->len; i++)
    call_back (room->participants->pdata[i]);
}

static void
handle_blame (McuRoom *room, const char *blamed)
{
  McuParticipant *participant = mcu_room_find (room, blamed);

  if (blamed == NULL)
    return;
  g_message ("room %s: %s is blamed for its media's deaths", room->name, blamed);
  if (participant != NULL)
    mcu_room_blame (room, participant);
}

static void
on_died (gpointer owner, McuDeath death, gint64 well_us)
{
  McuRoom *room = owner;
  g_auto (GStrv) people = list_people (room);
  g_autofree char *blamed = NULL;
  g_autofree char *labels = g_strdup_printf ("reason=\"%s\"", mcu_death_to_string (death));
  McuCrashVerdict verdict = mcu_crash_loop_died (room->crash_loop, (const char *const *) people,
                                                 well_us, g_get_monotonic_time (), &blamed);

  mcu_metrics_count (room->node->metrics, "tessera_room_restarts_total", labels, 1);
  book_process (room);
  g_clear_pointer (&room->process, mcu_room_process_free);
  for (guint i = 0; i < room->participants->len; i++)
    mcu_peers_forget (room->participants->pdata[i]);
  mcu_room_recordings_process_lost (room);
  if (mcu_room_is_empty (room))
    return;
  handle_blame (room, blamed);
  dismiss_sessions (room);

  switch (verdict) {
  case MCU_CRASH_END:
    g_warning ("room %s: its media died too often", room->name);
    mcu_room_end (room, "room_ended", "the room's media failed again and again");
    return;
  case MCU_CRASH_ONE_BY_ONE:
    mcu_room_media_start (room, NULL); /* on_tick tries again, and calls them back */
    return;
  case MCU_CRASH_ALL_BACK:
    mcu_room_media_start (room, NULL);
    call_all_back (room);
    return;
  }
}

static const McuRoomProcessOps process_ops = {on_message, on_died};

static void
call_next_back (McuRoom *room, gint64 now_us)
{
  const char *who = mcu_crash_loop_next (room->crash_loop, now_us);
  McuParticipant *participant = mcu_room_find (room, who);

  if (participant != NULL && participant->ops != NULL)
    call_back (participant);
  else if (who != NULL)
    mcu_crash_loop_left (room->crash_loop, who); /* no use waiting for them */
}

static gboolean
on_tick (gpointer data)
{
  McuRoom *room = data;
  gint64 now_us = g_get_monotonic_time ();

  if (room->process == NULL && mcu_room_is_empty (room)) {
    room->tick_source = 0;
    return G_SOURCE_REMOVE;
  }
  if (room->process == NULL && !mcu_room_media_start (room, NULL))
    return G_SOURCE_CONTINUE;
  call_next_back (room, now_us);
  if (mcu_floor_update (room->floor, now_us)) {
    mcu_roster_tell_speaker (room);
    mcu_room_recordings_speaker (room, mcu_floor_get_speaker (room->floor));
    mcu_room_layout_floor_changed (room);
  }
  mcu_room_recordings_tick (room, now_us);
  return G_SOURCE_CONTINUE;
}

gboolean
mcu_room_media_start (McuRoom *room, GError **error)
{
  g_autoptr (GError) why = NULL;

  clear_timer (&room->linger_source);
  if (room->tick_source == 0)
    room->tick_source = g_timeout_add (mcu_times_ms (TICK_MS), on_tick, room);
  if (room->process != NULL)
    return TRUE;
  room->process = mcu_spare_take (room->node->spare, &why);
  if (room->process == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "no media process: %s", why->message);
    return FALSE;
  }
  g_info ("room %s: process %d", room->name, (int) mcu_room_process_get_pid (room->process));
  mcu_room_process_set_owner (room->process, &process_ops, room);
  mcu_rate_init (&room->warning_rate, WARNING_BURST, WARNINGS_PER_SECOND, g_get_monotonic_time ());
  mcu_room_process_request (room->process, room_state_message (room),
                            mcu_times_ms (STATE_TIMEOUT_MS), on_state_taken, room);
  mcu_room_recordings_process_started (room);
  room->stats_source = g_timeout_add (mcu_times_ms (STATS_EVERY_MS), on_stats_due, room);
  mcu_room_live_attach (room);
  return TRUE;
}

void
mcu_room_media_stop (McuRoom *room)
{
  gpointer wait = room->ending ? mcu_room_recordings_leave (room) : NULL;

  mcu_room_live_detach (room);
  clear_timer (&room->tick_source);
  if (room->process == NULL)
    return;
  book_process (room);
  if (wait == NULL)
    g_clear_pointer (&room->process, mcu_room_process_free);
  else
    mcu_room_process_drain (g_steal_pointer (&room->process), RECORDINGS_END_MS,
                            mcu_room_recordings_exited, wait);
  mcu_room_recordings_process_lost (room);
}

static gboolean
on_lingered (gpointer data)
{
  McuRoom *room = data;

  room->linger_source = 0;
  if (mcu_room_recordings_may_stop (room))
    mcu_room_media_stop (room);
  else
    room->linger_source = g_timeout_add (mcu_times_ms (RECORDINGS_LINGER_MS), on_lingered, room);
  return G_SOURCE_REMOVE;
}

void
mcu_room_media_linger (McuRoom *room)
{
  if (room->process != NULL && room->linger_source == 0)
    room->linger_source = g_timeout_add (mcu_times_ms (LINGER_MS), on_lingered, room);
}

typedef struct
{
  McuRoomExitedFunc func;
  gpointer user_data;
  gpointer recordings;
} Drain;

static void
on_drained (gpointer data)
{
  Drain *drain = data;

  mcu_room_recordings_exited (drain->recordings);
  drain->func (drain->user_data);
  g_free (drain);
}

void
mcu_room_media_drain (McuRoom *room, guint timeout_ms, McuRoomExitedFunc func, gpointer user_data)
{
  gpointer recordings = mcu_room_recordings_leave (room);
  Drain *drain;

  clear_timer (&room->tick_source);
  g_clear_pointer (&room->live, mcu_room_live_free);
  if (room->process == NULL) {
    func (user_data);
    return;
  }
  book_process (room);
  drain = g_new0 (Drain, 1);
  drain->func = func;
  drain->user_data = user_data;
  drain->recordings = recordings;
  mcu_room_process_drain (g_steal_pointer (&room->process), timeout_ms, on_drained, drain);
}

void
mcu_room_media_send (McuRoom *room, JsonObject *message)
{
  if (room->process != NULL)
    mcu_room_process_send (room->process, message);
  else
    json_object_unref (message);
}

void
mcu_room_media_tell (McuRoom *room, McuParticipant *participant)
{
  JsonObject *message = mcu_message_new ("participant");

  set_participant (message, participant);
  mcu_room_media_send (room, message);
}

void
mcu_room_media_forget (McuRoom *room, McuParticipant *participant)
{
  JsonObject *message = mcu_message_new ("participant_remove");

  json_object_set_string_member (message, "participant", participant->id);
  mcu_room_media_send (room, message);
  mcu_room_signs_drop_person (participant);
}
