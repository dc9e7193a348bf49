/* mcu/recordings.c - all recordings of this machine: those that run, and those that are there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recordings.h"

#include <string.h>

#include "mcu/recordings-private.h"
#include "mcu/room-recordings.h"
#include "mcu/times.h"

#define VARIABLE "TESSERA_RECORDINGS"
#define STATUS_EVERY_MS 10000
#define RETAIN_EVERY_S 3600
/* After a restart pages come back within this (mcu/server.c), or not at all. */
#define RETURN_MS 120000
/* A room process whose control has died finishes within 2 s. */
#define SETTLE_MS 3000
#define END_WAIT_MS 2000

McuRecording *
mcu_recordings_find (McuRecordings *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->running, id) : NULL;
}

/* ---- figures, and what is let go ---- */

static void
on_status (gpointer result, const GError *error, gpointer data)
{
  McuRecordings *self = data;
  const McuRecordingsFigures *found = result;
  gint64 reserve = mcu_config_get_int (self->config, MCU_SETTING_RECORDINGS_RESERVE_BYTES);

  if (error != NULL && !self->figures.is_broken)
    g_warning ("recordings: %s", error->message);
  self->figures.is_broken = found == NULL;
  if (found == NULL)
    return;
  memcpy (self->figures.by_state, found->by_state, sizeof found->by_state);
  self->figures.free_bytes = found->free_bytes;
  self->figures.is_full = found->free_bytes >= 0 && found->free_bytes < reserve;
}

static gboolean
on_status_due (gpointer data)
{
  McuRecordings *self = data;

  mcu_disk_do (self->disk, &mcu_recording_job_status, NULL, on_status, self);
  return G_SOURCE_CONTINUE;
}

void
mcu_recordings_look (McuRecordings *self)
{
  on_status_due (self);
}

static gboolean
on_retain_due (gpointer data)
{
  McuRecordings *self = data;
  gint64 days = mcu_config_get_int (self->config, MCU_SETTING_RECORDINGS_MAX_AGE_DAYS);
  gint64 bytes = mcu_config_get_int (self->config, MCU_SETTING_RECORDINGS_MAX_TOTAL_BYTES);
  McuRetention *limits;

  if (days == 0 && bytes == 0)
    return G_SOURCE_CONTINUE;
  limits = g_new0 (McuRetention, 1);
  limits->max_age_us = days * 24 * 3600 * G_USEC_PER_SEC;
  limits->max_bytes = bytes;
  limits->now_us = g_get_real_time ();
  mcu_disk_do (self->disk, &mcu_recording_job_retain, limits, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void
say_drained (McuRecordings *self)
{
  void (*func) (gpointer) = self->drained;

  if (func == NULL || g_hash_table_size (self->running) > 0)
    return;
  self->drained = NULL;
  func (self->drained_data);
}

void
mcu_recordings_drop (McuRecordings *self, McuRecording *recording)
{
  if (recording->is_unwanted)
    mcu_disk_do (self->disk, &mcu_recording_job_remove, g_strdup (recording->info->id), NULL, NULL);
  g_hash_table_remove (self->running, recording->info->id);
  on_retain_due (self);
  mcu_recordings_look (self);
  say_drained (self);
}

/* ---- what a server before us left open ---- */

static gboolean
on_not_back (gpointer data)
{
  McuRecording *recording = data;

  recording->lost_source = 0;
  recording->stop_wanted = TRUE;
  mcu_recording_update (recording);
  return G_SOURCE_REMOVE;
}

static guint
last_number (const McuRecordingInfo *info)
{
  guint64 number = 0, last = 0;

  for (guint i = 0; i < info->parts->len; i++) {
    number = g_ascii_strtoull (((McuRecordingPart *) info->parts->pdata[i])->file, NULL, 10);
    last = MAX (last, MIN (number, 1000000));
  }
  return last;
}

static void
take_up (McuRecordings *self, McuRecordingFound *found)
{
  McuRecording *recording = mcu_recording_new (self, g_steal_pointer (&found->info));
  McuRecordingInfo *info = recording->info;
  McuRoom *room = self->rooms != NULL ? g_hash_table_lookup (self->rooms, info->room) : NULL;
  gboolean is_ended = info->state == MCU_RECORDING_FINISHING;

  if (found->sidecar != NULL)
    mcu_recording_log_read (recording->log, found->sidecar);
  recording->is_made = recording->was_lost = TRUE;
  recording->next_part = last_number (info) + 1;
  recording->stop_wanted = is_ended;
  g_hash_table_insert (self->running, info->id, recording);
  g_message ("recording %s of room %s was open when the server ended: %s", info->id, info->room,
             is_ended ? "it is put in order" : "it goes on when its room is back");
  mcu_recording_handle (recording, MCU_RECORDING_LOST);
  if (room != NULL && !is_ended) {
    mcu_room_recordings_take (room, recording);
    mcu_recording_update (recording);
    return;
  }
  recording->lost_source = g_timeout_add (mcu_times_ms (is_ended ? SETTLE_MS : RETURN_MS),
                                          on_not_back, recording);
}

static void
on_recovered (gpointer result, const GError *error, gpointer data)
{
  McuRecordings *self = data;
  GPtrArray *all = result;

  if (error != NULL)
    g_warning ("recordings: %s", error->message);
  for (guint i = 0; all != NULL && i < all->len; i++)
    take_up (self, all->pdata[i]);
  mcu_recordings_look (self);
  on_retain_due (self);
}

void
mcu_recordings_adopt (McuRecordings *self, McuRoom *room)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuRecording *recording = value;

    if (recording->lost_source == 0 || recording->stop_wanted ||
        !g_str_equal (recording->info->room, room->name))
      continue;
    mcu_room_recordings_take (room, recording);
    mcu_recording_update (recording);
  }
}

/* ---- life ---- */

static char *
directory_of (McuConfig *config, const char *state_directory)
{
  const char *given = mcu_config_get_string (config, MCU_SETTING_RECORDINGS_DIRECTORY);

  return *given != '\0' ? g_canonicalize_filename (given, NULL)
                        : g_build_filename (state_directory, "recordings", NULL);
}

McuRecordings *
mcu_recordings_new (McuConfig *config, const char *state_directory, const char *room_program)
{
  McuRecordings *self = g_new0 (McuRecordings, 1);
  g_autoptr (McuRecordingFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  self->config = mcu_config_ref (config);
  self->directory = directory_of (config, state_directory);
  self->room_program = g_strdup (room_program);
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) mcu_recording_free);
  self->to_finish = g_queue_new ();
  self->requests = g_queue_new ();
  self->figures.free_bytes = -1;
  /* Here, not on the thread: a room process that is started before it is there could not write. */
  files = mcu_recording_files_open (self->directory, &error);
  if (files == NULL)
    g_warning ("%s", error->message);
  g_setenv (VARIABLE, self->directory, TRUE);
  self->disk = mcu_disk_new (mcu_recording_store_new (state_directory, self->directory),
                             (GDestroyNotify) mcu_recording_store_free);
  mcu_disk_do (self->disk, &mcu_recording_job_recover, NULL, on_recovered, self);
  self->status_source = g_timeout_add (mcu_times_ms (STATUS_EVERY_MS), on_status_due, self);
  self->retain_source = g_timeout_add_seconds (RETAIN_EVERY_S, on_retain_due, self);
  return self;
}

static void
save_all (McuRecordings *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    mcu_recording_save_last (value);
}

void
mcu_recordings_free (McuRecordings *self)
{
  if (self == NULL)
    return;
  g_source_remove (self->status_source);
  g_source_remove (self->retain_source);
  mcu_room_recordings_forget (self);
  save_all (self);
  mcu_recording_finish_stop (self);
  mcu_disk_free (self->disk, END_WAIT_MS);
  g_hash_table_unref (self->running);
  mcu_recordings_forget_requests (self);
  mcu_recordings_forget_questions (self);
  g_queue_free_full (self->to_finish, g_free);
  mcu_config_unref (self->config);
  g_free (self->directory);
  g_free (self->room_program);
  g_free (self);
}

void
mcu_recordings_set_config (McuRecordings *self, McuConfig *config)
{
  mcu_config_ref (config);
  mcu_config_unref (self->config);
  self->config = config;
}

void
mcu_recordings_set_rooms (McuRecordings *self, GHashTable *rooms)
{
  self->rooms = rooms;
}

void
mcu_recordings_drain (McuRecordings *self, void (*func) (gpointer), gpointer user_data)
{
  GHashTableIter iter;
  gpointer value;

  self->drained = func;
  self->drained_data = user_data;
  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    McuRecording *recording = value;

    recording->stop_wanted = TRUE;
    mcu_recording_update (recording);
  }
  say_drained (self);
}

void
mcu_recordings_get_figures (McuRecordings *self, McuRecordingsFigures *figures)
{
  GHashTableIter iter;
  gpointer value;

  *figures = self->figures;
  figures->is_full = figures->is_full || self->failed_full;
  for (McuRecordingState i = MCU_RECORDING_STARTING; i <= MCU_RECORDING_FINISHING; i++)
    figures->by_state[i] = 0;
  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const McuRecording *recording = value;

    if (!mcu_recording_state_is_over (recording->info->state))
      figures->by_state[recording->info->state]++;
  }
}
