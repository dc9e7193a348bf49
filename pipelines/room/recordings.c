/* pipelines/room/recordings.c - a room's recordings, as control tells them (docs/media-link.md).
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/recordings.h"

#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/record/recorder.h"
#include "pipelines/room/tracks.h"

/* How far a recording has come is told as often as this. */
#define TELL_INTERVAL_MS 1000
#define MAX_FOLDERS 4
/* A camera's next frame comes within 100 ms; one that was not decoded first needs a keyframe. */
#define SETTLE_MS 400
#define ENDING_INTERVAL_MS 20
#define MIN_BITRATE_BPS 100000
#define MAX_BITRATE_BPS 20000000

struct _McuRecordings
{
  /* Main loop only. */
  McuRoom *room;     /* unowned */
  GHashTable *by_id; /* owned, (element-type utf8 Recording) */
  int directory_fd;  /* owned, or -1 */
  guint tell;        /* source id: while there are recordings */
  McuRecordingsFunc finished;
  gpointer finished_data;
};

typedef struct
{
  McuRecordings *owner;
  char *id;              /* owned */
  char *view_id;         /* owned */
  McuRecorder *recorder; /* owned */
  guint tap;             /* in the mixer; 0: none */
  GStrv without;         /* owned (nullable): who is not heard */
  gboolean is_on_view;
  gboolean gives_notice; /* when it begins */
  McuTracks *tracks;     /* owned (nullable) */
  guint ending;          /* source id: it has ended, its tracks have not */
  gint64 end_by_us;
} Recording;

static void
listen (Recording *recording)
{
  if (recording->tap == 0)
    recording->tap = mcu_audio_mixer_add_tap (mcu_room_get_mixer (recording->owner->room),
                                              (const char *const *) recording->without,
                                              mcu_recorder_hear, recording->recorder);
}

static void
stop_listening (Recording *recording)
{
  if (recording->tap != 0)
    mcu_audio_mixer_remove_tap (mcu_room_get_mixer (recording->owner->room), recording->tap);
  recording->tap = 0;
}

static void
leave_view (Recording *recording)
{
  McuView *view = mcu_room_find_view (recording->owner->room, recording->view_id);

  if (recording->is_on_view && view != NULL)
    mcu_view_remove_receiver (view, mcu_recorder_video (recording->recorder),
                              mcu_recorder_get_receiver (recording->recorder));
  recording->is_on_view = FALSE;
}

static gboolean
join_view (Recording *recording, GError **error)
{
  McuView *view = mcu_room_find_view (recording->owner->room, recording->view_id);
  McuReceiver *receiver = mcu_recorder_get_receiver (recording->recorder);

  if (receiver == NULL)
    return TRUE;
  if (view == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no view %s", recording->view_id);
    return FALSE;
  }
  recording->is_on_view = mcu_view_add_receiver (view, mcu_recorder_video (recording->recorder),
                                                 receiver, error);
  return recording->is_on_view;
}

static void
free_recording (gpointer data)
{
  Recording *recording = data;

  g_clear_handle_id (&recording->ending, g_source_remove);
  g_clear_pointer (&recording->tracks, mcu_tracks_free);
  if (recording->recorder != NULL) {
    leave_view (recording);
    stop_listening (recording);
    mcu_recorder_free (recording->recorder);
  }
  g_strfreev (recording->without);
  g_free (recording->id);
  g_free (recording->view_id);
  g_free (recording);
}

static void
tell (Recording *recording, const McuRecorderStatus *status)
{
  JsonObject *message = mcu_link_message_new ("recording_state");

  json_object_set_string_member (message, "recording", recording->id);
  json_object_set_string_member (message, "state", mcu_record_state_to_string (status->state));
  json_object_set_int_member (message, "bytes", status->bytes);
  json_object_set_int_member (message, "duration_ms", status->duration_ms);
  if (status->error != NULL) {
    JsonObject *error = json_object_new ();

    json_object_set_string_member (error, "code", mcu_error_code_of (status->error));
    json_object_set_string_member (error, "detail", status->error->message);
    json_object_set_object_member (message, "error", error);
  }
  if (recording->tracks != NULL)
    json_object_set_array_member (message, "tracks", mcu_tracks_to_json (recording->tracks));
  mcu_room_report (recording->owner->room, message);
}

static gboolean
on_tell (gpointer user_data)
{
  McuRecordings *self = user_data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Recording *recording = value;
    McuRecorderStatus status;

    mcu_recorder_get_status (recording->recorder, &status);
    if (recording->ending == 0)
      tell (recording, &status);
  }
  return G_SOURCE_CONTINUE;
}

static void
look_whether_all_is_over (McuRecordings *self)
{
  McuRecordingsFunc finished = self->finished;

  if (g_hash_table_size (self->by_id) > 0)
    return;
  g_clear_handle_id (&self->tell, g_source_remove);
  self->finished = NULL;
  if (finished != NULL)
    finished (self->finished_data);
}

static void
end (Recording *recording)
{
  McuRecordings *self = recording->owner;
  McuRecorderStatus status;

  mcu_recorder_get_status (recording->recorder, &status);
  tell (recording, &status);
  g_hash_table_remove (self->by_id, recording->id);
  look_whether_all_is_over (self);
}

/* It is not told to be over before its tracks are, which has the same bound. */
static gboolean
on_ending (gpointer user_data)
{
  Recording *recording = user_data;

  if (!mcu_tracks_is_done (recording->tracks) && g_get_monotonic_time () < recording->end_by_us)
    return G_SOURCE_CONTINUE;
  recording->ending = 0;
  end (recording);
  return G_SOURCE_REMOVE;
}

static void
stop_tracks (Recording *recording)
{
  if (recording->tracks == NULL)
    return;
  mcu_tracks_stop (recording->tracks);
  if (recording->end_by_us == 0)
    recording->end_by_us = g_get_monotonic_time () + MCU_RECORD_FINISH_US;
}

static void
on_state (McuRecorder *recorder, const McuRecorderStatus *status, gpointer user_data)
{
  Recording *recording = user_data;
  McuRecordings *self = recording->owner;

  if (status->state == MCU_RECORD_RECORDING && recording->gives_notice) {
    recording->gives_notice = FALSE; /* not again after a pause */
    mcu_audio_mixer_give_notice (mcu_room_get_mixer (self->room));
  }
  if (status->state != MCU_RECORD_FINISHED && status->state != MCU_RECORD_FAILED) {
    tell (recording, status);
    return;
  }
  stop_tracks (recording);
  if (recording->tracks == NULL || mcu_tracks_is_done (recording->tracks))
    end (recording);
  else
    recording->ending = g_timeout_add (ENDING_INTERVAL_MS, on_ending, recording);
}

McuRecordings *
mcu_recordings_new (McuRoom *room)
{
  McuRecordings *self = g_new0 (McuRecordings, 1);

  self->room = room;
  self->directory_fd = -1;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_recording);
  return self;
}

void
mcu_recordings_free (McuRecordings *self)
{
  g_clear_handle_id (&self->tell, g_source_remove);
  g_hash_table_unref (self->by_id);
  if (self->directory_fd >= 0)
    close (self->directory_fd);
  g_free (self);
}

void
mcu_recordings_set_directory (McuRecordings *self, int fd)
{
  self->directory_fd = fd;
}

static gboolean
is_folder_path (const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (i >= MAX_FOLDERS || !mcu_id_is_valid (names[i]))
      return FALSE;
  return names[0] != NULL;
}

/* Only looked at: it is opened by who may wait for the disk. */
static gboolean
check_folder (McuRecordings *self, const char *path, GError **error)
{
  if (self->directory_fd >= 0 && (path == NULL || is_folder_path (path)))
    return TRUE;
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                       "there is no such place for recordings");
  return FALSE;
}

static gboolean
is_startable (McuRecordings *self, const char *id, GError **error)
{
  if (!mcu_id_is_valid (id) || !mcu_room_is_set_up (self->room)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "recording_start without its members");
    return FALSE;
  }
  if (g_hash_table_contains (self->by_id, id)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_EXISTS, "recording %s is running", id);
    return FALSE;
  }
  if (g_hash_table_size (self->by_id) >= MCU_RECORDINGS_MAX) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "too many recordings");
    return FALSE;
  }
  return TRUE;
}

static const char *
view_of (JsonObject *message)
{
  const char *view = mcu_json_string (message, "view");

  return view != NULL ? view : MCU_ROOM_MAIN_VIEW;
}

static gboolean
read_settings (McuRecordings *self, JsonObject *message, McuRecorderSettings *settings,
               GError **error)
{
  McuView *view;
  gint64 bitrate_bps = mcu_json_int (message, "video_bitrate_bps", 0);

  if (!is_startable (self, mcu_json_string (message, "recording"), error))
    return FALSE;
  *settings = (McuRecorderSettings){
      .audio_only = mcu_json_bool (message, "audio_only", FALSE),
      .base_time = mcu_room_get_base_time (self->room),
      .fd = -1,
      .directory_fd = self->directory_fd,
      .folder = mcu_json_string (message, "directory"),
      .part = mcu_json_string (message, "part"),
      .reserve_bytes = MAX (0, mcu_json_int (message, "reserve_bytes", MCU_RECORD_RESERVE_BYTES)),
      .bitrate_bps = bitrate_bps > 0 ? CLAMP (bitrate_bps, MIN_BITRATE_BPS, MAX_BITRATE_BPS) : 0};
  view = mcu_room_find_view (self->room, view_of (message));
  if (!mcu_record_format_from_string (mcu_json_string (message, "format"), &settings->format)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "no such format");
    return FALSE;
  }
  if (view == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such view");
    return FALSE;
  }
  settings->width_px = mcu_canvas_get_width (mcu_view_get_canvas (view));
  settings->height_px = mcu_canvas_get_height (mcu_view_get_canvas (view));
  settings->fps = mcu_view_get_fps (view);
  /* Nobody sees it yet, so nobody's picture is there in its sizes. */
  if (mcu_view_get_tick (view) == NULL)
    settings->settle_ms = SETTLE_MS;
  return TRUE;
}

/* Returns: (transfer full) (nullable): the ids in @member; what is none is left out. */
static GStrv
read_ids (JsonObject *message, const char *member)
{
  JsonArray *array = mcu_json_array (message, member);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < MIN (json_array_get_length (array), MCU_ROOM_MAX_PEOPLE); i++) {
    JsonNode *node = json_array_get_element (array, i);
    const char *id = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

    if (id != NULL)
      g_strv_builder_add (builder, id);
  }
  return g_strv_builder_end (builder);
}

static gboolean
start_tracks (Recording *recording, JsonObject *message, guint64 reserve_bytes, GError **error)
{
  McuTracksSettings settings = {recording->owner->directory_fd,
                                mcu_json_string (message, "directory"),
                                mcu_json_string (message, "part"), reserve_bytes};

  recording->tracks = mcu_tracks_new (recording->owner->room, recording->recorder, &settings,
                                      error);
  if (recording->tracks == NULL)
    return FALSE;
  mcu_tracks_set_without (recording->tracks, (const char *const *) recording->without);
  return TRUE;
}

static gboolean
start (McuRecordings *self, JsonObject *message, GError **error)
{
  McuRecorderSettings settings;
  Recording *recording;

  if (!read_settings (self, message, &settings, error) ||
      !check_folder (self, settings.folder, error))
    return FALSE;
  recording = g_new0 (Recording, 1);
  recording->owner = self;
  recording->id = g_strdup (mcu_json_string (message, "recording"));
  recording->view_id = g_strdup (view_of (message));
  recording->without = read_ids (message, "without");
  recording->gives_notice = mcu_json_bool (message, "tone", FALSE);
  recording->recorder = mcu_recorder_new (&settings, on_state, recording, error);
  if (recording->recorder == NULL || !join_view (recording, error)) {
    free_recording (recording);
    return FALSE;
  }
  if (mcu_json_bool (message, "tracks", FALSE) &&
      !start_tracks (recording, message, settings.reserve_bytes, error)) {
    free_recording (recording);
    return FALSE;
  }
  listen (recording);
  g_hash_table_insert (self->by_id, recording->id, recording);
  if (self->tell == 0)
    self->tell = g_timeout_add (TELL_INTERVAL_MS, on_tell, self);
  return TRUE;
}

static void
stop (Recording *recording)
{
  leave_view (recording);
  stop_listening (recording);
  stop_tracks (recording);
  mcu_recorder_stop (recording->recorder);
}

static void
leave_out (Recording *recording, JsonObject *message)
{
  g_strfreev (recording->without);
  recording->without = read_ids (message, "without");
  mcu_audio_mixer_set_tap_without (mcu_room_get_mixer (recording->owner->room), recording->tap,
                                   (const char *const *) recording->without);
  if (recording->tracks != NULL)
    mcu_tracks_set_without (recording->tracks, (const char *const *) recording->without);
}

/* Off its rung, so that nothing is encoded for it alone. */
static void
rest (Recording *recording)
{
  leave_view (recording);
  mcu_recorder_pause (recording->recorder);
}

static gboolean
go_on (Recording *recording, GError **error)
{
  McuRecorderStatus status;

  mcu_recorder_get_status (recording->recorder, &status);
  if (status.state != MCU_RECORD_STATE_PAUSED)
    return TRUE;
  if (!join_view (recording, error))
    return FALSE;
  mcu_recorder_resume (recording->recorder);
  return TRUE;
}

gboolean
mcu_recordings_do (McuRecordings *self, JsonObject *message, GError **error)
{
  const char *type = mcu_json_string (message, "type");
  const char *id = mcu_json_string (message, "recording");
  Recording *recording = id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;

  if (g_strcmp0 (type, "recording_start") == 0)
    return start (self, message, error);
  if (recording == NULL) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "no such recording");
    return FALSE;
  }
  if (g_strcmp0 (type, "recording_resume") == 0)
    return go_on (recording, error);
  if (g_strcmp0 (type, "recording_without") == 0)
    leave_out (recording, message);
  else if (g_strcmp0 (type, "recording_pause") == 0)
    rest (recording);
  else
    stop (recording);
  return TRUE;
}

void
mcu_recordings_finish (McuRecordings *self, McuRecordingsFunc func, gpointer user_data)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->by_id);

  self->finished = func;
  self->finished_data = user_data;
  for (GList *item = all; item != NULL; item = item->next)
    stop (item->data);
  look_whether_all_is_over (self);
}
