/* mcu/recording-save.c - a recording is written down; and answers that come when it may be gone.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recordings-private.h"
#include "mcu/times.h"

/* Besides what changes, how far it has come is written down as often as this. */
#define SAVE_EVERY_MS 10000

typedef struct
{
  McuRecordings *owner;
  char *id;
} Question;

/* Main loop only. Number -> Question, owned: who answers has only the number. */
static GHashTable *questions;
static guint last_question;

static void
free_question (gpointer data)
{
  Question *question = data;

  g_free (question->id);
  g_free (question);
}

gpointer
mcu_recording_ask (McuRecording *self)
{
  Question *question = g_new0 (Question, 1);
  gpointer number = GUINT_TO_POINTER (++last_question);

  if (questions == NULL)
    questions = g_hash_table_new_full (NULL, NULL, NULL, free_question);
  question->owner = self->owner;
  question->id = g_strdup (self->info->id);
  g_hash_table_insert (questions, number, question);
  return number;
}

McuRecording *
mcu_recording_answered (gpointer number, McuRecordings **owner)
{
  const Question *question = questions != NULL ? g_hash_table_lookup (questions, number) : NULL;
  McuRecording *self = question != NULL ? mcu_recordings_find (question->owner, question->id)
                                        : NULL;

  if (owner != NULL)
    *owner = question != NULL ? question->owner : NULL;
  if (question != NULL)
    g_hash_table_remove (questions, number);
  return self;
}

static gboolean
is_of (gpointer number, gpointer question, gpointer owner)
{
  return ((const Question *) question)->owner == owner;
}

void
mcu_recordings_forget_questions (McuRecordings *self)
{
  if (questions == NULL)
    return;
  g_hash_table_foreach_remove (questions, is_of, self);
  if (g_hash_table_size (questions) == 0)
    g_clear_pointer (&questions, g_hash_table_unref);
}

McuRecordingSave *
mcu_recording_make_save (McuRecording *self)
{
  McuRecordingSave *save = g_new0 (McuRecordingSave, 1);
  g_autoptr (JsonObject) about = mcu_recording_info_to_json (self->info);

  save->info = mcu_recording_info_copy (self->info);
  save->sidecar = mcu_recording_log_to_text (self->log, about);
  save->reserve_bytes = mcu_config_get_int (self->owner->config,
                                            MCU_SETTING_RECORDINGS_RESERVE_BYTES);
  return save;
}

/* What was decided while it was saved, is saved next. */
static void
on_saved (gpointer result, const GError *error, gpointer data)
{
  McuRecording *self = mcu_recording_answered (data, NULL);

  if (self == NULL)
    return;
  self->is_saving = FALSE;
  if (error != NULL)
    g_warning ("recording %s: not written down: %s", self->info->id, error->message);
  if (mcu_recording_state_is_over (self->info->state) && !self->is_dirty)
    mcu_recordings_drop (self->owner, self);
  else if (self->is_dirty)
    mcu_recording_save (self, self->is_urgent);
}

static void
save_now (McuRecording *self)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->is_dirty = self->is_urgent = FALSE;
  self->is_saving = TRUE;
  mcu_disk_do (self->owner->disk, &mcu_recording_job_save, mcu_recording_make_save (self), on_saved,
               mcu_recording_ask (self));
}

static gboolean
on_save_due (gpointer data)
{
  McuRecording *self = data;

  self->save_source = 0;
  save_now (self);
  return G_SOURCE_REMOVE;
}

void
mcu_recording_save (McuRecording *self, gboolean at_once)
{
  self->is_dirty = TRUE;
  self->is_urgent = self->is_urgent || at_once;
  if (!self->is_made || self->is_saving)
    return;
  if (self->is_urgent) {
    save_now (self);
    return;
  }
  if (self->save_source == 0)
    self->save_source = g_timeout_add (mcu_times_ms (SAVE_EVERY_MS), on_save_due, self);
}

void
mcu_recording_save_last (McuRecording *self)
{
  if (self->is_made && self->is_dirty)
    mcu_disk_do (self->owner->disk, &mcu_recording_job_save, mcu_recording_make_save (self), NULL,
                 NULL);
}
