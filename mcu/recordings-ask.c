/* mcu/recordings-ask.c - what others ask of recordings: start, orders, lists, files.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/recording-chapters.h"
#include "mcu/recording-view.h"
#include "mcu/room-recordings.h"
#include "mcu/times.h"

#define MAX_IN_ALL 400 /* at a time; each is a file that grows */
#define ORDER_MS 2500

typedef struct
{
  McuRecordings *owner;
  McuRecordingFunc func; /* (nullable) */
  McuRecordingMediaFunc media_func;
  McuRecordingTextFunc text_func;
  guint part; /* or the order, or the error's code */
  char *id;   /* (nullable) */
  gboolean is_order;
  guint source; /* 0: the disk answers */
  gpointer user_data;
} Request;

static Request *
new_request (McuRecordings *self, McuRecordingFunc func, gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->owner = self;
  request->func = func;
  request->user_data = user_data;
  g_queue_push_tail (self->requests, request);
  return request;
}

static void
free_request (Request *request)
{
  g_queue_remove (request->owner->requests, request);
  g_free (request->id);
  g_free (request);
}

/* ---- one begins ---- */

static gboolean
on_refused (gpointer data)
{
  Request *request = data;
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, request->part, request->id);

  if (request->func != NULL)
    request->func (NULL, error, request->user_data);
  free_request (request);
  return G_SOURCE_REMOVE;
}

/* Never from inside the call. */
static void
refuse (McuRecordings *self, const GError *error, McuRecordingFunc func, gpointer user_data)
{
  Request *request = new_request (self, func, user_data);

  request->part = error->code;
  request->id = g_strdup (error->message);
  request->source = g_idle_add (on_refused, request);
}

static gboolean
check_format (JsonObject *wish, const char *format, GError **error)
{
  const char *why = NULL;

  if (mcu_recording_extension (format, FALSE) == NULL)
    why = "format is mp4, webm, mkv or ogg";
  else if (g_str_equal (format, "ogg") && !mcu_json_bool (wish, "audio_only", TRUE))
    why = "ogg has sound only";
  if (why != NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, why);
  return why == NULL;
}

static McuRecording *
new_recording (McuRecordings *self, McuRoom *room, JsonObject *wish, const char *format)
{
  g_autofree char *id = mcu_id_new ("rec");
  McuRecordingInfo *info = mcu_recording_info_new (id, room->name, format, g_get_real_time ());
  McuRecording *recording = mcu_recording_new (self, info);

  info->layout = g_strdup (room->layout->name);
  info->width = room->canvas_width_px;
  info->height = room->canvas_height_px;
  info->fps = room->canvas_fps;
  info->audio_only = mcu_json_bool (wish, "audio_only", FALSE) || g_str_equal (format, "ogg");
  info->tracks = mcu_json_bool (wish, "tracks", FALSE);
  return recording;
}

void
mcu_recordings_start (McuRecordings *self, McuRoom *room, JsonObject *wish, gboolean automatic,
                      McuRecordingFunc func, gpointer user_data)
{
  const char *format = json_object_has_member (wish, "format") ? mcu_json_string (wish, "format")
                                                               : "mp4";
  g_autoptr (GError) error = NULL;
  McuRecording *recording;

  if (!check_format (wish, format, &error)) {
    refuse (self, error, func, user_data);
    return;
  }
  if (room->recordings->len >= MCU_RECORDINGS_PER_ROOM ||
      g_hash_table_size (self->running) >= MAX_IN_ALL) {
    error = g_error_new_literal (MCU_ERROR, MCU_ERROR_OVERLOADED, "too many recordings");
    refuse (self, error, func, user_data);
    return;
  }
  recording = new_recording (self, room, wish, format);
  if (!mcu_recording_view_wish (recording, room, wish, &error)) {
    refuse (self, error, func, user_data);
    mcu_recording_free (recording);
    return;
  }
  recording->info->is_automatic = automatic;
  recording->started = func;
  recording->started_data = user_data;
  g_hash_table_insert (self->running, recording->info->id, recording);
  mcu_room_recordings_take (room, recording);
  mcu_recording_make (recording);
  mcu_recording_tell (recording);
  mcu_room_recordings_turned (room);
}

/* ---- those that run ---- */

static void
answer_now (Request *request)
{
  McuRecording *recording = mcu_recordings_find (request->owner, request->id);

  if (recording == NULL) {
    mcu_recordings_get (request->owner, request->id, request->func, request->user_data);
  } else if (request->func != NULL) {
    g_autoptr (JsonObject) object = mcu_recording_info_to_json (recording->info);

    request->func (object, NULL, request->user_data);
  }
  free_request (request);
}

static gboolean
is_done (McuRecordingState state, McuRecordingOrder order)
{
  switch (order) {
  case MCU_RECORDING_STOP:
    return state > MCU_RECORDING_PAUSED;
  case MCU_RECORDING_PAUSE:
    return state >= MCU_RECORDING_PAUSED;
  case MCU_RECORDING_RESUME:
    return state != MCU_RECORDING_PAUSED;
  }
  g_assert_not_reached ();
}

/* Later: who hears of it may ask for the next thing at once. */
static gboolean
on_settled (gpointer data)
{
  Request *request = data;

  answer_now (request);
  return G_SOURCE_REMOVE;
}

void
mcu_recordings_settle (McuRecordings *self, McuRecording *recording)
{
  for (GList *link = self->requests->head; link != NULL; link = link->next) {
    Request *request = link->data;

    if (!request->is_order || !g_str_equal (request->id, recording->info->id) ||
        !is_done (recording->info->state, request->part))
      continue;
    g_source_remove (request->source);
    request->source = g_idle_add_full (G_PRIORITY_DEFAULT, on_settled, request, NULL);
  }
}

static void
on_not_running (gpointer result, const GError *error, gpointer data)
{
  Request *request = data;
  g_autoptr (GError)
      gone = g_error_new_literal (MCU_ERROR, MCU_ERROR_GONE, "this recording is over");

  if (request->func != NULL)
    request->func (NULL, error != NULL ? error : gone, request->user_data);
  free_request (request);
}

void
mcu_recordings_order (McuRecordings *self, const char *id, McuRecordingOrder order,
                      McuRecordingFunc func, gpointer user_data)
{
  McuRecording *recording = mcu_recordings_find (self, id);
  Request *request = new_request (self, func, user_data);

  if (recording == NULL ||
      (order != MCU_RECORDING_STOP && (recording->is_ending || recording->stop_wanted))) {
    mcu_disk_do (self->disk, &mcu_recording_job_get, g_strdup (id), on_not_running, request);
    return;
  }
  if (order == MCU_RECORDING_STOP)
    recording->stop_wanted = TRUE;
  else
    recording->info->is_held = order == MCU_RECORDING_PAUSE;
  mcu_recording_update (recording);
  /* Answered when it is so, or when the room's process takes its time. */
  request->id = g_strdup (id);
  request->part = order;
  request->source = g_timeout_add (mcu_times_ms (ORDER_MS), on_settled, request);
  request->is_order = TRUE;
  mcu_recordings_settle (self, recording);
}

void
mcu_recordings_change (McuRecordings *self, const char *id, JsonObject *members,
                       McuRecordingFunc func, gpointer user_data)
{
  McuRecording *recording = mcu_recordings_find (self, id);
  g_autoptr (GError) error = NULL;

  if (recording == NULL || recording->is_ending || recording->stop_wanted ||
      recording->room == NULL)
    mcu_disk_do (self->disk, &mcu_recording_job_get, g_strdup (id), on_not_running,
                 new_request (self, func, user_data));
  else if (mcu_recording_view_change (recording, members, &error))
    mcu_recordings_get (self, id, func, user_data);
  else
    refuse (self, error, func, user_data);
}

void
mcu_recordings_forget_requests (McuRecordings *self)
{
  while (!g_queue_is_empty (self->requests)) {
    Request *request = g_queue_peek_head (self->requests);

    if (request->source != 0)
      g_source_remove (request->source);
    free_request (request);
  }
  g_queue_free (self->requests);
}

/* ---- those that are there ---- */

static void
on_got (gpointer result, const GError *error, gpointer data)
{
  Request *request = data;
  g_autoptr (JsonObject) object = result != NULL ? mcu_recording_info_to_json (result) : NULL;

  if (request->func != NULL)
    request->func (object, error, request->user_data);
  free_request (request);
}

static gboolean
on_known (gpointer data)
{
  answer_now (data);
  return G_SOURCE_REMOVE;
}

void
mcu_recordings_get (McuRecordings *self, const char *id, McuRecordingFunc func, gpointer user_data)
{
  Request *request = new_request (self, func, user_data);

  if (mcu_recordings_find (self, id) == NULL) {
    mcu_disk_do (self->disk, &mcu_recording_job_get, g_strdup (id), on_got, request);
    return;
  }
  request->id = g_strdup (id);
  request->source = g_idle_add (on_known, request);
}

static void
on_listed (gpointer result, const GError *error, gpointer data)
{
  Request *request = data;
  McuRecordingPage *page = result;
  g_autoptr (JsonObject) list = NULL;
  JsonArray *items;

  if (page != NULL) {
    list = json_object_new ();
    items = json_array_new ();
    for (guint i = 0; i < page->rows->len; i++) {
      const McuRecordingInfo *info = page->rows->pdata[i];
      const McuRecording *running = mcu_recordings_find (request->owner, info->id);

      json_array_add_object_element (
          items, mcu_recording_info_to_json (running != NULL ? running->info : info));
    }
    json_object_set_array_member (list, "recordings", items);
    if (page->next != NULL)
      json_object_set_string_member (list, "next", page->next);
    else
      json_object_set_null_member (list, "next");
  }
  request->func (list, error, request->user_data);
  free_request (request);
}

static McuRecordingPage *
new_page (const char *text, guint limit, const char *after)
{
  McuRecordingPage *page = g_new0 (McuRecordingPage, 1);

  page->text = g_strdup (text);
  page->after = g_strdup (after);
  page->limit = limit;
  return page;
}

void
mcu_recordings_list (McuRecordings *self, const char *room, guint limit, const char *after,
                     McuRecordingFunc func, gpointer user_data)
{
  mcu_disk_do (self->disk, &mcu_recording_job_list, new_page (room, limit, after), on_listed,
               new_request (self, func, user_data));
}

static void
on_removed (gpointer result, const GError *error, gpointer data)
{
  Request *request = data;
  g_autoptr (JsonObject) nothing = error == NULL ? json_object_new () : NULL;

  if (error == NULL)
    mcu_recordings_look (request->owner);
  request->func (nothing, error, request->user_data);
  free_request (request);
}

void
mcu_recordings_remove (McuRecordings *self, const char *id, McuRecordingFunc func,
                       gpointer user_data)
{
  McuRecording *recording = mcu_recordings_find (self, id);

  if (recording == NULL) {
    mcu_disk_do (self->disk, &mcu_recording_job_remove, g_strdup (id), on_removed,
                 new_request (self, func, user_data));
    return;
  }
  recording->is_unwanted = TRUE;
  mcu_recordings_order (self, id, MCU_RECORDING_STOP, func, user_data);
}

static void
on_media (gpointer result, const GError *error, gpointer data)
{
  Request *request = data;
  McuRecordingMedia **box = result;

  request->media_func (box != NULL ? g_steal_pointer (box) : NULL, error, request->user_data);
  free_request (request);
}

void
mcu_recordings_open_media (McuRecordings *self, const char *id, guint part, guint track,
                           McuRecordingMediaFunc func, gpointer user_data)
{
  McuRecordingPage *page = new_page (id, part, NULL);
  Request *request = new_request (self, NULL, user_data);

  request->media_func = func;
  page->track = track;
  mcu_disk_do (self->disk, &mcu_recording_job_media, page, on_media, request);
}

static void
on_found (gpointer result, const GError *error, gpointer data)
{
  Request *request = data;
  const McuRecordingFound *found = result;
  g_autofree char *text = NULL;

  if (found != NULL && found->sidecar != NULL)
    text = mcu_recording_chapters_to_vtt (found->sidecar, request->part);
  else if (found != NULL)
    text = g_strdup ("WEBVTT\n");
  request->text_func (found != NULL ? found->info->room : NULL, text, error, request->user_data);
  free_request (request);
}

void
mcu_recordings_chapters (McuRecordings *self, const char *id, guint part, McuRecordingTextFunc func,
                         gpointer user_data)
{
  Request *request = new_request (self, NULL, user_data);

  request->text_func = func;
  request->part = part;
  mcu_disk_do (self->disk, &mcu_recording_job_find, g_strdup (id), on_found, request);
}
