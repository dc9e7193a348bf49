/* mcu/recording.c - a recording that runs: what its room's process is told and says.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/recording-view.h"
#include "mcu/room-media.h"
#include "mcu/room-recordings.h"
#include "mcu/room-signs.h"
#include "mcu/roster.h"
#include "mcu/times.h"

/* A recording's file is started, or refused, well within this; a disk that hangs is found by it. */
#define START_TIMEOUT_MS 10000
/* The first picture is said within this; what says that it began earlier is not believed. */
#define MAX_LATE_MS 60000
/* What a process says of its failure goes to everybody in the room: so much of it. */
#define MAX_DETAIL_BYTES 300
/* Parts that ended for no reason of the disk: then it is not to be. */
#define MAX_FAILURES 5

McuRecording *
mcu_recording_new (McuRecordings *owner, McuRecordingInfo *info)
{
  McuRecording *self = g_new0 (McuRecording, 1);

  self->owner = owner;
  self->info = info;
  self->log = mcu_recording_log_new ();
  self->next_part = 1;
  return self;
}

void
mcu_recording_free (McuRecording *self)
{
  mcu_recording_view_drop (self);
  g_clear_pointer (&self->layout, mcu_layout_unref);
  if (self->room != NULL)
    g_ptr_array_remove (self->room->recordings, self);
  g_clear_handle_id (&self->update_source, g_source_remove);
  g_clear_handle_id (&self->empty_source, g_source_remove);
  g_clear_handle_id (&self->lost_source, g_source_remove);
  g_clear_handle_id (&self->save_source, g_source_remove);
  mcu_recording_info_free (self->info);
  mcu_recording_log_free (self->log);
  g_free (self);
}

gint64
mcu_recording_at_ms (McuRecording *self)
{
  return MAX (0, (g_get_real_time () - self->info->started_at_us) / 1000);
}

/* ---- telling ---- */

void
mcu_recording_tell (McuRecording *self)
{
  JsonObject *message;

  if (self->room == NULL)
    return;
  message = mcu_message_new ("recording");
  json_object_set_boolean_member (message, "recording", mcu_room_is_recording (self->room));
  mcu_room_signs_set_recorded (self->room, mcu_room_is_recording (self->room));
  json_object_set_string_member (message, "id", self->info->id);
  json_object_set_string_member (message, "state",
                                 mcu_recording_state_to_string (self->info->state));
  json_object_set_string_member (message, "format", self->info->format);
  if (self->info->error_code != NULL) {
    JsonObject *error = json_object_new ();

    json_object_set_string_member (error, "code", self->info->error_code);
    json_object_set_string_member (error, "detail", self->info->error_detail);
    json_object_set_object_member (message, "error", error);
  }
  mcu_roster_broadcast (self->room, message, NULL);
}

void
mcu_recording_answer (McuRecording *self, const GError *error)
{
  McuRecordingFunc func = g_steal_pointer (&self->started);
  g_autoptr (JsonObject) object = NULL;

  if (func == NULL)
    return;
  object = error == NULL ? mcu_recording_info_to_json (self->info) : NULL;
  func (object, error, self->started_data);
}

/* Of what was cut off by our own end: what is known of its last part. */
static gint64
end_ms (McuRecording *self)
{
  const McuRecordingPart *last = mcu_recording_info_last_part (self->info);

  if (!self->was_lost)
    return mcu_recording_at_ms (self);
  return last != NULL ? last->offset_ms + last->duration_ms : 0;
}

gboolean
mcu_recording_handle (McuRecording *self, McuRecordingEvent event)
{
  McuRecordingState before = self->info->state;
  gboolean was_on = self->room != NULL && mcu_room_is_recording (self->room);

  self->info->state = mcu_recording_state_next (before, event);
  if (self->info->state == before)
    return FALSE;
  g_message ("recording %s of room %s: %s -> %s", self->info->id, self->info->room,
             mcu_recording_state_to_string (before),
             mcu_recording_state_to_string (self->info->state));
  mcu_recording_log_pause (self->log, mcu_recording_at_ms (self),
                           self->info->state == MCU_RECORDING_PAUSED);
  if (self->info->state > MCU_RECORDING_PAUSED && self->info->ended_at_us == 0) {
    self->info->ended_at_us = self->info->started_at_us + end_ms (self) * 1000;
    mcu_recording_log_close (self->log, end_ms (self));
  }
  mcu_recording_tell (self);
  if (self->room != NULL && was_on != mcu_room_is_recording (self->room))
    mcu_room_recordings_turned (self->room);
  mcu_recording_save (self, TRUE);
  mcu_recordings_settle (self->owner, self);
  mcu_recordings_look (self->owner);
  return TRUE;
}

void
mcu_recording_fail (McuRecording *self, const char *code, const char *detail)
{
  g_autoptr (GError) error = g_error_new (MCU_ERROR, mcu_error_from_code (code), "%s", detail);

  g_warning ("recording %s of room %s failed: %s: %s", self->info->id, self->info->room, code,
             detail);
  mcu_recording_info_set_error (self->info, code, detail);
  self->owner->failed_full = g_str_equal (code, "disk_full");
  mcu_recording_answer (self, error);
  mcu_recording_finish (self);
}

/* ---- parts ---- */

static McuRoomProcess *
process_of (McuRecording *self)
{
  return self->room != NULL ? self->room->process : NULL;
}

static void
say (McuRecording *self, const char *type)
{
  JsonObject *message = mcu_message_new (type);

  json_object_set_string_member (message, "recording", self->info->id);
  mcu_room_media_send (self->room, message);
}

static JsonArray *
without (McuRoom *room)
{
  g_auto (GStrv) ids = mcu_recording_view_left_out (room);
  JsonArray *array = json_array_new ();

  for (guint i = 0; ids[i] != NULL; i++)
    json_array_add_string_element (array, ids[i]);
  return array;
}

void
mcu_recording_tell_without (McuRecording *self)
{
  JsonObject *message;

  if (!self->part_open && !self->part_asked)
    return;
  message = mcu_message_new ("recording_without");
  json_object_set_string_member (message, "recording", self->info->id);
  json_object_set_array_member (message, "without", without (self->room));
  mcu_room_media_send (self->room, message);
}

static JsonObject *
start_message (McuRecording *self, const char *part, const char *view)
{
  JsonObject *message = mcu_message_new ("recording_start");
  McuConfig *config = self->owner->config;

  json_object_set_string_member (message, "recording", self->info->id);
  json_object_set_string_member (message, "format", self->info->format);
  json_object_set_string_member (message, "directory", self->info->folder);
  json_object_set_string_member (message, "part", part);
  json_object_set_string_member (message, "view", view);
  json_object_set_boolean_member (message, "audio_only", self->info->audio_only);
  json_object_set_boolean_member (message, "tracks", self->info->tracks);
  json_object_set_boolean_member (message, "tone",
                                  mcu_config_get_bool (config, MCU_SETTING_RECORDINGS_TONE));
  json_object_set_array_member (message, "without", without (self->room));
  json_object_set_int_member (message, "reserve_bytes",
                              mcu_config_get_int (config, MCU_SETTING_RECORDINGS_RESERVE_BYTES));
  return message;
}

static void
end_part (McuRecording *self)
{
  self->part_asked = self->part_open = self->part_resting = FALSE;
  self->part_stopping = self->part_started = FALSE;
}

void
mcu_recording_part_ended (McuRecording *self)
{
  end_part (self);
  mcu_recording_save (self, TRUE);
  mcu_recording_update (self);
}

/* A part that came to nothing is none. */
static void
forget_empty_part (McuRecording *self)
{
  McuRecordingPart *last = mcu_recording_info_last_part (self->info);

  if (last != NULL && last->bytes == 0 && last->duration_ms == 0)
    g_ptr_array_remove_index (self->info->parts, self->info->parts->len - 1);
}

/* What is no fault of the disk is tried again, in another file. */
static void
part_failed (McuRecording *self, const char *code, const char *detail)
{
  gboolean is_for_good = g_strcmp0 (code, "disk_full") == 0 || g_strcmp0 (code, "timeout") == 0 ||
                         g_strcmp0 (code, "bad_request") == 0;

  forget_empty_part (self);
  end_part (self);
  if (is_for_good || ++self->n_failures > MAX_FAILURES ||
      self->info->parts->len >= MCU_RECORDING_MAX_PARTS) {
    mcu_recording_fail (self, code != NULL ? code : "internal", detail != NULL ? detail : "");
    return;
  }
  g_message ("recording %s: part %u ended: %s: %s", self->info->id, self->next_part - 1,
             code != NULL ? code : "", detail != NULL ? detail : "");
  mcu_recording_handle (self, MCU_RECORDING_LOST);
  mcu_recording_save (self, TRUE);
  mcu_recording_update (self);
}

static void
refused (McuRecording *self, const GError *error)
{
  g_autofree char *detail = g_utf8_make_valid (error->message,
                                               strnlen (error->message, MAX_DETAIL_BYTES));

  part_failed (self, mcu_error_code_of (error), detail);
}

static void
on_part_taken (JsonObject *reply, const GError *error, gpointer data)
{
  McuRecording *self = mcu_recording_answered (data, NULL);

  /* Without part_asked that process is gone, and this is not about the part of now. */
  if (self == NULL || !self->part_asked)
    return;
  self->part_asked = FALSE;
  if (error == NULL)
    self->part_open = TRUE;
  else if (!self->part_open)
    refused (self, error);
  if (self->part_open)
    mcu_recording_answer (self, NULL);
  mcu_recording_update (self);
}

static void
begin_part (McuRecording *self)
{
  const char *view = mcu_recording_view_get (self);
  g_autofree char *part = g_strdup_printf ("%u", self->next_part++);
  g_autofree char *file = g_strdup_printf (
      "%s.%s", part, mcu_recording_extension (self->info->format, self->info->audio_only));

  if (view == NULL || self->info->parts->len >= MCU_RECORDING_MAX_PARTS) {
    mcu_recording_fail (self, view == NULL ? "view_budget" : "internal",
                        view == NULL ? "the room has too many pictures" : "too many parts");
    return;
  }
  mcu_recording_info_add_part (self->info, file,
                               self->info->parts->len > 0 ? mcu_recording_at_ms (self) : 0);
  mcu_recording_save (self, TRUE);
  self->part_asked = TRUE;
  mcu_room_process_request (process_of (self), start_message (self, part, view),
                            mcu_times_ms (START_TIMEOUT_MS), on_part_taken,
                            mcu_recording_ask (self));
}

/* The first picture says when the part, and with the first part the recording, began. */
static void
set_start (McuRecording *self, McuRecordingPart *part)
{
  gint64 duration_ms = MIN (part->duration_ms, MAX_LATE_MS);

  if (self->part_started)
    return;
  self->part_started = TRUE;
  if (self->info->parts->len == 1)
    self->info->started_at_us = g_get_real_time () / 1000 * 1000 - duration_ms * 1000;
  else
    part->offset_ms = MAX (0, mcu_recording_at_ms (self) - duration_ms);
  mcu_recording_save (self, TRUE);
}

static void
hear_tracks (McuRecording *self, JsonObject *message, const McuRecordingPart *part)
{
  JsonArray *tracks = mcu_json_array (message, "tracks");
  guint n = tracks != NULL ? MIN (json_array_get_length (tracks), MCU_RECORDING_MAX_TRACKS) : 0;

  for (guint i = 0; i < n; i++) {
    JsonObject *one = mcu_json_array_object (tracks, i);

    if (one != NULL)
      mcu_recording_info_set_track (self->info, mcu_json_string (one, "participant"),
                                    mcu_json_string (one, "file"),
                                    part->offset_ms + mcu_recording_read_ms (one, "offset_ms", 0));
  }
}

/* Only codes that we have, and so much of its words. */
static void
hear_failure (McuRecording *self, JsonObject *why)
{
  g_autoptr (GError) error = NULL;
  const char *detail = why != NULL ? mcu_json_string (why, "detail") : NULL;
  g_autofree char *valid = g_utf8_make_valid (
      detail != NULL ? detail : "",
      detail != NULL ? (gssize) strnlen (detail, MAX_DETAIL_BYTES) : -1);

  error = g_error_new_literal (
      MCU_ERROR, mcu_error_from_code (why != NULL ? mcu_json_string (why, "code") : NULL), valid);
  part_failed (self, mcu_error_code_of (error), error->message);
}

void
mcu_recording_hear (McuRecording *self, JsonObject *message)
{
  const char *state = mcu_json_string (message, "state");
  McuRecordingPart *part = mcu_recording_info_last_part (self->info);

  if (part == NULL || (!self->part_open && !self->part_asked) || state == NULL)
    return;
  part->bytes = MAX (part->bytes, mcu_recording_read_bytes (message, 0));
  part->duration_ms = MAX (part->duration_ms, mcu_recording_read_ms (message, "duration_ms", 0));
  hear_tracks (self, message, part);
  if (g_str_equal (state, "recording") && !self->part_resting) {
    set_start (self, part);
    mcu_recording_handle (self, MCU_RECORDING_RUNS);
  } else if (g_str_equal (state, "paused") && self->part_resting) {
    mcu_recording_handle (self, MCU_RECORDING_RESTS);
  } else if (g_str_equal (state, "finished")) {
    mcu_recording_part_ended (self);
  } else if (g_str_equal (state, "failed")) {
    hear_failure (self, mcu_json_object (message, "error"));
  }
  mcu_recording_save (self, FALSE);
}

/* ---- what is to be, against what is ---- */

static gboolean
is_to_write (McuRecording *self)
{
  return self->room != NULL && !self->info->is_held && !self->room->is_quiet &&
         (!mcu_room_is_empty (self->room) ||
          !mcu_config_get_bool (self->owner->config, MCU_SETTING_RECORDINGS_PAUSE_EMPTY));
}

void
mcu_recording_stop_part (McuRecording *self)
{
  if (self->part_stopping || !self->part_open)
    return;
  self->part_stopping = TRUE;
  say (self, "recording_stop");
}

static void
write_on (McuRecording *self)
{
  if (self->part_open && self->part_resting) {
    self->part_resting = FALSE;
    say (self, "recording_resume");
  } else if (!self->part_open && !self->part_asked) {
    if (process_of (self) == NULL && mcu_room_is_empty (self->room))
      mcu_room_media_start (self->room, NULL);
    if (process_of (self) != NULL)
      begin_part (self);
  }
}

static void
rest (McuRecording *self)
{
  if (self->part_open && !self->part_resting) {
    self->part_resting = TRUE;
    say (self, "recording_pause");
  }
  if (!self->part_asked && (self->info->parts->len > 0 || self->info->is_held))
    mcu_recording_handle (self, MCU_RECORDING_RESTS);
  mcu_recording_answer (self, NULL);
}

static void
compare (McuRecording *self)
{
  if (self->is_ending || !self->is_made)
    return;
  if (self->stop_wanted && self->part_open && process_of (self) != NULL)
    mcu_recording_stop_part (self);
  else if (self->stop_wanted && (self->part_asked || self->part_open))
    return; /* the reply, or the end of the process comes first */
  else if (self->stop_wanted)
    mcu_recording_finish (self);
  else if (self->part_stopping)
    return; /* its end comes first */
  else if (is_to_write (self))
    write_on (self);
  else
    rest (self);
}

static gboolean
on_update (gpointer data)
{
  McuRecording *self = data;

  self->update_source = 0;
  compare (self);
  return G_SOURCE_REMOVE;
}

/* Later: this is called from what a process says and from its end. */
void
mcu_recording_update (McuRecording *self)
{
  if (self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_update, self, NULL);
}

/* ---- the beginning ---- */

static void
on_made (gpointer result, const GError *error, gpointer data)
{
  McuRecording *self = mcu_recording_answered (data, NULL);

  if (self == NULL)
    return;
  self->is_made = error == NULL;
  if (error == NULL)
    mcu_recording_update (self);
  else
    mcu_recording_fail (self, mcu_error_code_of (error), error->message);
}

void
mcu_recording_make (McuRecording *self)
{
  mcu_disk_do (self->owner->disk, &mcu_recording_job_begin, mcu_recording_make_save (self), on_made,
               mcu_recording_ask (self));
}
