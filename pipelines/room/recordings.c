/* pipelines/room/recordings.c - a room's recordings, as control tells them (docs/media-link.md).
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/recordings.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/record/recorder.h"

/* How far a recording has come is told as often as this. */
#define TELL_INTERVAL_MS 1000
#define MAX_FOLDERS 4

struct _McuRecordings
{
  /* Main loop only. */
  McuRoom *room;     /* unowned */
  GHashTable *by_id; /* owned, (element-type utf8 Recording) */
  int directory_fd;  /* owned, or -1 */
  guint tell;        /* source id: while there are recordings */
  McuRecordingsFunc finished;
  gpointer finished_data;

  /* The main loop writes, the mixing thread reads: hold lock, before a recorder's. */
  GMutex lock;
  GPtrArray *listeners; /* owned, (element-type McuRecorder) unowned: taken off before they go */
};

typedef struct
{
  McuRecordings *owner;
  char *id;              /* owned */
  char *view_id;         /* owned */
  McuRecorder *recorder; /* owned */
  gboolean is_on_view;
} Recording;

/* Thread: the mixing thread. */
static void
on_sound (gpointer user_data, const gint16 *pcm, gint64 tick_us)
{
  McuRecordings *self = user_data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->listeners->len; i++)
    mcu_recorder_hear (g_ptr_array_index (self->listeners, i), pcm, tick_us);
  g_mutex_unlock (&self->lock);
}

static void
listen (McuRecordings *self, McuRecorder *recorder, gboolean is_listening)
{
  guint n_before, n;

  g_mutex_lock (&self->lock);
  n_before = self->listeners->len;
  if (is_listening)
    g_ptr_array_add (self->listeners, recorder);
  else
    g_ptr_array_remove (self->listeners, recorder);
  n = self->listeners->len;
  g_mutex_unlock (&self->lock);
  if (n_before == 0 && n == 1)
    mcu_audio_mixer_set_tap (mcu_room_get_mixer (self->room), on_sound, self, NULL);
  if (n_before == 1 && n == 0)
    mcu_audio_mixer_set_tap (mcu_room_get_mixer (self->room), NULL, NULL, NULL);
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
  recording->is_on_view = mcu_view_add_receiver (view, mcu_recorder_video (recording->recorder),
                                                 receiver, error);
  return recording->is_on_view;
}

static void
free_recording (gpointer data)
{
  Recording *recording = data;

  if (recording->recorder != NULL) {
    leave_view (recording);
    listen (recording->owner, recording->recorder, FALSE);
    mcu_recorder_free (recording->recorder);
  }
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
on_state (McuRecorder *recorder, const McuRecorderStatus *status, gpointer user_data)
{
  Recording *recording = user_data;
  McuRecordings *self = recording->owner;

  tell (recording, status);
  if (status->state != MCU_RECORD_FINISHED && status->state != MCU_RECORD_FAILED)
    return;
  g_hash_table_remove (self->by_id, recording->id);
  look_whether_all_is_over (self);
}

McuRecordings *
mcu_recordings_new (McuRoom *room)
{
  McuRecordings *self = g_new0 (McuRecordings, 1);

  g_mutex_init (&self->lock);
  self->room = room;
  self->directory_fd = -1;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_recording);
  self->listeners = g_ptr_array_new ();
  return self;
}

void
mcu_recordings_free (McuRecordings *self)
{
  g_clear_handle_id (&self->tell, g_source_remove);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->listeners);
  if (self->directory_fd >= 0)
    close (self->directory_fd);
  g_mutex_clear (&self->lock);
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

/* Control has made it; nothing outside can be reached, whatever was put there. */
static int
open_folder (McuRecordings *self, const char *path, GError **error)
{
  struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  int fd;

  if (self->directory_fd < 0 || (path != NULL && !is_folder_path (path))) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "there is no such place for recordings");
    return -1;
  }
  fd = syscall (SYS_openat2, self->directory_fd, path != NULL ? path : ".", &how, sizeof how);
  if (fd < 0)
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "the folder for a recording: %s",
                 g_strerror (errno));
  return fd;
}

static gboolean
read_settings (McuRecordings *self, JsonObject *message, McuRecorderSettings *settings,
               GError **error)
{
  const McuRoomSettings *room = mcu_room_get_settings (self->room);
  const char *id = mcu_json_string (message, "recording");

  *settings = (McuRecorderSettings){
      .audio_only = mcu_json_bool (message, "audio_only", FALSE),
      .width_px = room->width_px,
      .height_px = room->height_px,
      .fps = room->fps,
      .base_time = mcu_room_get_base_time (self->room),
      .fd = -1,
      .part = mcu_json_string (message, "part"),
      .reserve_bytes = MAX (0, mcu_json_int (message, "reserve_bytes", MCU_RECORD_RESERVE_BYTES))};
  if (!mcu_record_format_from_string (mcu_json_string (message, "format"), &settings->format) ||
      !mcu_id_is_valid (id) || !mcu_room_is_set_up (self->room)) {
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

static gboolean
start (McuRecordings *self, JsonObject *message, GError **error)
{
  McuRecorderSettings settings;
  Recording *recording;

  if (!read_settings (self, message, &settings, error))
    return FALSE;
  settings.directory_fd = open_folder (self, mcu_json_string (message, "directory"), error);
  if (settings.directory_fd < 0)
    return FALSE;
  recording = g_new0 (Recording, 1);
  recording->owner = self;
  recording->id = g_strdup (mcu_json_string (message, "recording"));
  /* One view so far; a layout of its own will be a view of its own. */
  recording->view_id = g_strdup (MCU_ROOM_MAIN_VIEW);
  recording->recorder = mcu_recorder_new (&settings, on_state, recording, error);
  close (settings.directory_fd);
  if (recording->recorder == NULL || !join_view (recording, error)) {
    free_recording (recording);
    return FALSE;
  }
  listen (self, recording->recorder, TRUE);
  g_hash_table_insert (self->by_id, recording->id, recording);
  if (self->tell == 0)
    self->tell = g_timeout_add (TELL_INTERVAL_MS, on_tell, self);
  return TRUE;
}

static void
stop (Recording *recording)
{
  leave_view (recording);
  listen (recording->owner, recording->recorder, FALSE);
  mcu_recorder_stop (recording->recorder);
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
  if (g_strcmp0 (type, "recording_pause") == 0)
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
