/* mcu/lists.c - what REST and metrics show.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/json-check.h"
#include "mcu/room-live.h"
#include "mcu/room-lobby.h"
#include "mcu/room-views.h"
#include "mcu/roster.h"
#include "mcu/server-private.h"

static GList *
rooms_by_name (McuServer *self)
{
  return g_list_sort (g_hash_table_get_keys (self->rooms), (GCompareFunc) strcmp);
}

static JsonObject *
new_list (const char *name, JsonArray *items, const char *next)
{
  JsonObject *list = json_object_new ();

  json_object_set_array_member (list, name, items);
  if (next != NULL)
    json_object_set_string_member (list, "next", next);
  else
    json_object_set_null_member (list, "next");
  return list;
}

static guint
bounded (guint limit)
{
  return limit == 0 || limit > MCU_LIST_MAX ? MCU_LIST_MAX : limit;
}

JsonObject *
mcu_server_list_rooms (McuServer *self, guint limit, const char *after)
{
  g_autoptr (GList) names = rooms_by_name (self);
  JsonArray *items = json_array_new ();
  const char *last = NULL;

  for (GList *link = names; link != NULL; link = link->next) {
    if (after != NULL && strcmp (link->data, after) <= 0)
      continue;
    if (json_array_get_length (items) == bounded (limit))
      return new_list ("rooms", items, last);
    json_array_add_object_element (items,
                                   mcu_room_to_json (mcu_server_find_room (self, link->data)));
    last = link->data;
  }
  return new_list ("rooms", items, NULL);
}

JsonObject *
mcu_server_get_room (McuServer *self, const char *room_name)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  return room != NULL ? mcu_room_to_json (room) : NULL;
}

/* Only numbers and short words are taken over from what a room says. */
static void
copy_members (JsonObject *from, JsonObject *to, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++) {
    const char *text = mcu_json_string (from, names[i]);
    JsonNode *node = json_object_get_member (from, names[i]);

    if (text != NULL && strlen (text) <= 64)
      json_object_set_string_member (to, names[i], text);
    else if (text == NULL && node != NULL && JSON_NODE_HOLDS_VALUE (node))
      json_object_set_member (to, names[i], json_node_copy (node));
  }
}

static JsonObject *
find_report (McuRoom *room, McuParticipant *participant)
{
  JsonArray *peers = room->stats != NULL ? mcu_json_array (room->stats, "peers") : NULL;

  if (participant->current == NULL)
    return NULL;
  for (guint i = 0; peers != NULL && i < json_array_get_length (peers); i++) {
    JsonObject *peer = mcu_json_array_object (peers, i);
    if (peer != NULL && g_strcmp0 (mcu_json_string (peer, "peer"), participant->current->id) == 0)
      return peer;
  }
  return NULL;
}

static JsonObject *
media_to_json (McuParticipant *participant, JsonObject *report)
{
  static const char *const audio_names[] = {"codec", "lost", "jitter_ms", "level_dbov", NULL};
  static const char *const video_names[] = {"codec",       "width", "height", "fps",
                                            "bitrate_bps", "lost",  NULL};
  static const char *const names[] = {"rung", "rtt_ms", NULL};
  JsonObject *media = json_object_new ();
  JsonObject *from_audio = report != NULL ? mcu_json_object (report, "audio") : NULL;
  JsonObject *from_video = report != NULL ? mcu_json_object (report, "video") : NULL;
  JsonObject *audio = json_object_new ();
  JsonObject *video = json_object_new ();

  if (from_audio != NULL)
    copy_members (from_audio, audio, audio_names);
  if (from_video != NULL)
    copy_members (from_video, video, video_names);
  json_object_set_object_member (media, "audio", audio);
  json_object_set_object_member (media, "video", video);
  json_object_set_string_member (media, "view", mcu_room_views_id_of (participant));
  json_object_set_string_member (media, "rung", "main");
  json_object_set_null_member (media, "rtt_ms");
  if (report != NULL)
    copy_members (report, media, names);
  return media;
}

JsonObject *
mcu_server_participant_to_json (McuParticipant *participant)
{
  McuRoom *room = participant->room;
  JsonObject *object = mcu_roster_one_to_json (room, participant);

  json_object_set_object_member (object, "media",
                                 media_to_json (participant, find_report (room, participant)));
  return object;
}

JsonObject *
mcu_server_list_participants (McuServer *self, const char *room_name, guint limit,
                              const char *after)
{
  McuRoom *room = mcu_server_find_room (self, room_name);
  g_autofree char *last = NULL;
  guint64 after_order = 0;
  gboolean has_after = after != NULL &&
                       g_ascii_string_to_unsigned (after, 10, 0, G_MAXUINT64, &after_order, NULL);
  g_autoptr (GPtrArray) people = NULL;
  JsonArray *items;

  if (room == NULL)
    return NULL;
  items = json_array_new ();
  people = mcu_lobby_everybody (room);
  for (guint i = 0; i < people->len; i++) {
    McuParticipant *one = people->pdata[i];

    if ((!one->announced && one->state != MCU_PARTICIPANT_WAITING) ||
        (has_after && one->order <= after_order))
      continue;
    if (json_array_get_length (items) == bounded (limit))
      return new_list ("participants", items, last);
    json_array_add_object_element (items, mcu_server_participant_to_json (one));
    g_free (last);
    last = g_strdup_printf ("%" G_GUINT64_FORMAT, one->order);
  }
  return new_list ("participants", items, NULL);
}

static JsonArray *
reports_to_json (McuRoom *room)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    JsonObject *object = json_object_new ();
    JsonObject *report = one->report != NULL
                             ? mcu_json_parse_object (one->report, strlen (one->report), NULL)
                             : NULL;

    json_object_set_string_member (object, "id", one->id);
    json_object_set_object_member (object, "media", media_to_json (one, find_report (room, one)));
    if (report != NULL)
      json_object_set_object_member (object, "client", report);
    json_array_add_object_element (array, object);
  }
  return array;
}

static JsonObject *
wrap (const char *name, JsonArray *items)
{
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, name, items);
  return object;
}

JsonObject *
mcu_server_list_streams (McuServer *self, const char *room_name)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  return room != NULL ? wrap ("streams", mcu_room_live_list_streams (room)) : NULL;
}

JsonObject *
mcu_server_list_inputs (McuServer *self, const char *room_name)
{
  McuRoom *room = mcu_server_find_room (self, room_name);

  return room != NULL ? wrap ("inputs", mcu_room_live_list_inputs (room)) : NULL;
}

static JsonObject *
room_stats (McuRoom *room)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", room->name);
  if (room->process != NULL) {
    JsonObject *process = json_object_new ();
    json_object_set_int_member (process, "pid", mcu_room_process_get_pid (room->process));
    json_object_set_double_member (process, "load", mcu_room_process_get_load (room->process));
    json_object_set_int_member (process, "late_ms", mcu_room_process_get_late_ms (room->process));
    json_object_set_double_member (process, "cpu_seconds",
                                   mcu_room_process_get_cpu_seconds (room->process));
    json_object_set_object_member (object, "process", process);
  }
  if (room->stats != NULL)
    json_object_set_object_member (object, "report", json_object_ref (room->stats));
  json_object_set_array_member (object, "participants", reports_to_json (room));
  json_object_set_array_member (object, "streams", mcu_room_live_list_streams (room));
  json_object_set_array_member (object, "inputs", mcu_room_live_list_inputs (room));
  return object;
}

JsonObject *
mcu_server_stats (McuServer *self)
{
  g_autoptr (GList) names = rooms_by_name (self);
  JsonObject *stats = json_object_new ();
  JsonArray *rooms = json_array_new ();

  for (GList *link = names; link != NULL; link = link->next)
    json_array_add_object_element (rooms, room_stats (mcu_server_find_room (self, link->data)));
  json_object_set_array_member (stats, "rooms", rooms);
  json_object_set_int_member (stats, "uptime_s",
                              (g_get_monotonic_time () - self->node.started_us) / G_USEC_PER_SEC);
  json_object_set_boolean_member (stats, "draining", self->node.draining);
  return stats;
}

static void
add_people (McuMetrics *metrics, McuRoom *room, guint *by_role)
{
  for (guint i = 0; i < room->participants->len; i++) {
    McuParticipant *one = room->participants->pdata[i];
    by_role[one->role] += one->announced;
  }
  if (room->stats != NULL)
    mcu_metrics_add_report (metrics, room->stats);
  if (room->process != NULL)
    mcu_metrics_count (metrics, "tessera_media_cpu_seconds_total", "",
                       mcu_room_process_get_cpu_seconds (room->process));
}

static void
add_recordings (McuMetrics *metrics, McuRecordings *recordings)
{
  McuRecordingsFigures figures;

  mcu_recordings_get_figures (recordings, &figures);
  for (McuRecordingState i = MCU_RECORDING_STARTING; i < MCU_RECORDING_N_STATES; i++) {
    g_autofree char *labels = g_strdup_printf ("state=\"%s\"", mcu_recording_state_to_string (i));
    mcu_metrics_set (metrics, "tessera_recordings", labels, figures.by_state[i]);
  }
  if (figures.free_bytes >= 0)
    mcu_metrics_set (metrics, "tessera_recordings_free_bytes", "", figures.free_bytes);
  mcu_metrics_set (metrics, "tessera_recordings_disk_full", "", figures.is_full);
  mcu_metrics_set (metrics, "tessera_recordings_unusable", "", figures.is_broken);
}

static void
add_live (McuMetrics *metrics, McuServer *self)
{
  guint streams[MCU_SIDE_N_STATES] = {0}, inputs[MCU_SIDE_N_STATES] = {0};
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    mcu_room_live_count (room, streams, inputs);
  for (McuSideState i = MCU_SIDE_CONNECTING; i < MCU_SIDE_N_STATES; i++) {
    g_autofree char *labels = g_strdup_printf ("state=\"%s\"", mcu_side_state_to_string (i));
    mcu_metrics_set (metrics, "tessera_streams", labels, streams[i]);
    mcu_metrics_set (metrics, "tessera_inputs", labels, inputs[i]);
  }
}

void
mcu_server_visit_metrics (McuServer *self, McuMetricFunc func, gpointer user_data)
{
  g_autoptr (McuMetrics) metrics = mcu_metrics_copy (self->node.metrics);
  guint by_role[MCU_ROLE_MODERATOR + 1] = {0};
  GHashTableIter iter;
  gpointer value;
  McuOverloadSample sample = mcu_server_measure (self);

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuRoom *room = value;
    add_people (metrics, room, by_role);
  }
  mcu_metrics_set (metrics, "tessera_rooms", "", g_hash_table_size (self->rooms));
  mcu_metrics_set (metrics, "tessera_load_ratio", "", MAX (sample.load, sample.cpu));
  for (McuRole role = MCU_ROLE_VIEWER; role <= MCU_ROLE_MODERATOR; role++) {
    g_autofree char *labels = g_strdup_printf ("role=\"%s\"", mcu_role_to_string (role));
    mcu_metrics_set (metrics, "tessera_participants", labels, by_role[role]);
  }
  add_live (metrics, self);
  add_recordings (metrics, self->node.recordings);
  mcu_metrics_visit (metrics, func, user_data);
}
