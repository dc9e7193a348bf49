/* mcu/recording-finish.c - a recording's end: its files are put in order in the background, one
 * recording at a time.  SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/json-check.h"
#include "mcu/recording-chapters.h"
#include "mcu/recording-tool.h"
#include "mcu/recording-view.h"

/* Rewriting is reading and writing once: 6 s a GB on the disks we know, ten times that here. */
#define TOOL_MIN_S 60
#define TOOL_MAX_S (24 * 3600)
#define TOOL_BYTES_PER_S (16 * 1024 * 1024)

/* A recording that failed without leaving anything is over as soon as that is written down. */
static void
end (McuRecording *self)
{
  if (self->info->error_code == NULL && self->info->parts->len == 0)
    mcu_recording_info_set_error (self->info, "internal", "nothing was recorded");
  if (self->info->error_code == NULL)
    self->owner->failed_full = FALSE;
  mcu_recording_handle (self, self->info->error_code != NULL ? MCU_RECORDING_FAILS
                                                             : MCU_RECORDING_COMPLETES);
  if (!self->is_made)
    mcu_recordings_drop (self->owner, self);
}

static char *
chapters_of (McuRecording *self, guint part)
{
  g_autoptr (JsonObject) about = mcu_recording_info_to_json (self->info);
  g_autoptr (JsonObject) outline = mcu_recording_log_outline (self->log, about);

  return mcu_recording_chapters_to_json (outline, part);
}

static void look_at_next_part (McuRecording *self);

static void
on_part_finished (JsonObject *result, const GError *error, gpointer data)
{
  McuRecordings *owner;
  McuRecording *self = mcu_recording_answered (data, &owner);
  McuRecordingPart *part;
  const char *sha256 = result != NULL ? mcu_json_string (result, "sha256") : NULL;

  if (owner == NULL)
    return;
  owner->tool = NULL;
  if (self == NULL) {
    owner->is_finishing = FALSE;
    mcu_recordings_finish_next (owner);
    return;
  }
  part = self->info->parts->pdata[self->finish_at];
  if (error != NULL)
    g_warning ("recording %s: %s stays as it was written: %s", self->info->id, part->file,
               error->message);
  if (result != NULL) {
    part->bytes = mcu_recording_read_bytes (result, part->bytes);
    part->duration_ms = mcu_recording_read_ms (result, "duration_ms", part->duration_ms);
  }
  if (sha256 != NULL && strlen (sha256) == 64) {
    g_free (part->sha256);
    part->sha256 = g_strdup (sha256);
  }
  self->finish_at++;
  look_at_next_part (self);
}

static void
look_at_next_part (McuRecording *self)
{
  McuRecordings *owner = self->owner;
  g_autofree char *directory = g_build_filename (owner->directory, self->info->folder, NULL);
  g_autofree char *reserve = g_strdup_printf (
      "%" G_GINT64_FORMAT,
      mcu_config_get_int (owner->config, MCU_SETTING_RECORDINGS_RESERVE_BYTES));
  const char *arguments[] = {"--finish",   directory,         NULL,    "--chapters",
                             "/dev/stdin", "--reserve-bytes", reserve, NULL};
  g_autofree char *chapters = NULL;
  McuRecordingPart *part;

  if (self->finish_at >= self->info->parts->len) {
    owner->is_finishing = FALSE;
    end (self);
    mcu_recordings_finish_next (owner);
    return;
  }
  part = self->info->parts->pdata[self->finish_at];
  arguments[2] = part->file;
  chapters = chapters_of (self, self->finish_at + 1);
  owner->tool = mcu_recording_tool_run (owner->room_program, arguments, chapters,
                                        TOOL_MIN_S +
                                            MIN (part->bytes / TOOL_BYTES_PER_S, TOOL_MAX_S),
                                        on_part_finished, mcu_recording_ask (self));
}

void
mcu_recording_finish_stop (McuRecordings *self)
{
  if (self->tool != NULL)
    mcu_recording_tool_stop (self->tool);
  self->tool = NULL;
}

void
mcu_recordings_finish_next (McuRecordings *self)
{
  while (!self->is_finishing && !g_queue_is_empty (self->to_finish)) {
    g_autofree char *id = g_queue_pop_head (self->to_finish);
    McuRecording *recording = mcu_recordings_find (self, id);

    if (recording == NULL)
      continue;
    self->is_finishing = TRUE;
    recording->finish_at = 0;
    look_at_next_part (recording);
  }
}

/* Parts of which nothing has reached the disk are none. */
static void
take_sizes (McuRecording *self, const McuRecordingInfo *measured)
{
  for (guint i = measured->parts->len; i > 0; i--) {
    const McuRecordingPart *found = measured->parts->pdata[i - 1];
    McuRecordingPart *part = self->info->parts->pdata[i - 1];

    part->bytes = found->bytes;
    if (found->bytes == 0)
      g_ptr_array_remove_index (self->info->parts, i - 1);
  }
}

static void
on_measured (gpointer result, const GError *error, gpointer data)
{
  McuRecording *self = mcu_recording_answered (data, NULL);

  if (self == NULL)
    return;
  if (result != NULL)
    take_sizes (self, result);
  /* Where there is no room on the disk, nothing is written anew. */
  if (self->info->error_code != NULL) {
    end (self);
    return;
  }
  mcu_recording_save (self, TRUE);
  g_queue_push_tail (self->owner->to_finish, g_strdup (self->info->id));
  mcu_recordings_finish_next (self->owner);
}

void
mcu_recording_finish (McuRecording *self)
{
  if (self->is_ending)
    return;
  self->is_ending = TRUE;
  mcu_recording_view_drop (self);
  if (self->info->error_code == NULL)
    mcu_recording_handle (self, MCU_RECORDING_STOPS);
  if (self->started != NULL)
    mcu_recording_answer (self, NULL);
  if (!self->is_made) {
    end (self);
    return;
  }
  mcu_disk_do (self->owner->disk, &mcu_recording_job_measure, mcu_recording_info_copy (self->info),
               on_measured, mcu_recording_ask (self));
}
