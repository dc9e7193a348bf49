/* mcu/room-recordings.c - a room and its recordings: what each hears of the other.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-recordings.h"

#include "mcu/base/json-check.h"
#include "mcu/recording-view.h"
#include "mcu/room-media.h"
#include "mcu/room-signs.h"
#include "mcu/roster.h"
#include "mcu/times.h"

/* As long as its process waits for whoever reloads the page (mcu/room-media.c). */
#define EMPTY_MS 5000

/* A process that ends with files open: number -> ids of recordings. Main loop only. */
typedef struct
{
  McuRecordings *owner;
  GPtrArray *ids; /* owned */
} Wait;

static GHashTable *waits; /* (nullable) owned */
static guint last_wait;

#define FOR_EACH(recording, room)                                                                  \
  for (guint i_ = (room)->recordings->len; i_ > 0; i_--)                                           \
    for (McuRecording *recording = (room)->recordings->pdata[i_ - 1]; recording != NULL;           \
         recording = NULL)

gboolean
mcu_room_is_recording (McuRoom *room)
{
  FOR_EACH (recording, room)
  if (mcu_recording_state_is_on (recording->info->state))
    return TRUE;
  return FALSE;
}

gboolean
mcu_participant_is_left_out (McuParticipant *participant)
{
  return participant->left_out || participant->left_out_by_moderator;
}

gboolean
mcu_participant_is_recorded (McuParticipant *participant)
{
  return mcu_room_is_recording (participant->room) && !mcu_participant_is_left_out (participant) &&
         mcu_participant_can_publish (participant);
}

void
mcu_room_set_recorded (McuRoom *room, McuParticipant *participant, gboolean recorded,
                       gboolean by_moderator)
{
  gboolean was = mcu_participant_is_left_out (participant);

  if (by_moderator)
    participant->left_out_by_moderator = !recorded;
  else
    participant->left_out = !recorded;
  if (mcu_participant_is_left_out (participant) == was)
    return;
  FOR_EACH (recording, room)
  {
    mcu_recording_log_recorded (recording->log, mcu_recording_at_ms (recording), participant->id,
                                was);
    mcu_recording_tell_without (recording);
    /* The size stays, so both parts make one file again: `tessera recordings join`. */
    if (!mcu_recording_view_changed (recording))
      mcu_recording_stop_part (recording);
    mcu_recording_save (recording, TRUE);
  }
  mcu_roster_changed (room, participant);
}

static gboolean
is_running (McuRecording *recording)
{
  return !recording->is_ending && !recording->stop_wanted;
}

static void
on_started (JsonObject *recording, const GError *error, gpointer user_data)
{
  if (error != NULL)
    g_message ("a room's recording: %s", error->message);
}

void
mcu_room_record (McuRoom *room, gboolean on)
{
  g_autoptr (JsonObject) wish = json_object_new ();
  gboolean found = FALSE;

  FOR_EACH (recording, room)
  {
    if (!is_running (recording))
      continue;
    found = TRUE;
    recording->stop_wanted = !on;
    recording->info->is_held = FALSE;
    mcu_recording_update (recording);
  }
  if (on && !found)
    mcu_recordings_start (room->node->recordings, room, wish, FALSE, on_started, NULL);
}

/* ---- what happens in the room ---- */

void
mcu_room_recordings_init (McuRoom *room)
{
  room->recordings = g_ptr_array_new ();
  if (room->node->recordings != NULL)
    mcu_recordings_adopt (room->node->recordings, room);
}

void
mcu_room_recordings_clear (McuRoom *room)
{
  FOR_EACH (recording, room)
  recording->room = NULL;
  g_ptr_array_unref (room->recordings);
}

static void
log_joined (McuRecording *recording, McuParticipant *participant)
{
  McuRecordingLogPerson person = {.id = participant->id,
                                  .name = participant->name,
                                  .identity = participant->identity,
                                  .kind = mcu_kind_to_string (participant->kind),
                                  .recorded = !mcu_participant_is_left_out (participant)};

  if ((participant->rights & MCU_IS_HIDDEN) != 0)
    return;
  mcu_recording_log_joined (recording->log, mcu_recording_at_ms (recording), &person);
  if (participant->screen)
    mcu_recording_log_screen (recording->log, mcu_recording_at_ms (recording), participant->id,
                              TRUE);
}

void
mcu_room_recordings_take (McuRoom *room, McuRecording *recording)
{
  const char *speaker = mcu_floor_get_speaker (room->floor);
  gint64 at_ms = mcu_recording_at_ms (recording);

  recording->room = room;
  room->quiet_from_us = g_get_monotonic_time ();
  room->is_quiet = FALSE;
  recording->was_lost = FALSE;
  mcu_recording_view_restore (recording);
  g_clear_handle_id (&recording->lost_source, g_source_remove);
  g_ptr_array_add (room->recordings, recording);
  for (guint i = 0; i < room->participants->len; i++)
    log_joined (recording, room->participants->pdata[i]);
  if (speaker != NULL)
    mcu_recording_log_speaker (recording->log, at_ms, speaker);
  mcu_recording_log_layout (recording->log, at_ms, room->layout->name);
  mcu_recording_log_chapter (recording->log, at_ms,
                             recording->next_part == 1 ? "Start" : "Continued");
}

static gboolean
has_screen (McuRoom *room)
{
  for (guint i = 0; i < room->participants->len; i++) {
    const McuParticipant *one = room->participants->pdata[i];

    if (one->screen && one->has_screen)
      return TRUE;
  }
  return FALSE;
}

void
mcu_room_recordings_tick (McuRoom *room, gint64 now_us)
{
  gint64 most_s = mcu_config_get_int (room->node->config, MCU_SETTING_RECORDINGS_PAUSE_SILENCE_S);
  gboolean was_quiet = room->is_quiet;

  if (most_s == 0 || room->recordings->len == 0)
    return;
  room->quiet_from_us = has_screen (room) ? now_us
                                          : MAX (room->quiet_from_us,
                                                 mcu_floor_last_voice_us (room->floor, now_us));
  room->is_quiet = now_us - room->quiet_from_us > mcu_times_us (1000) * most_s;
  if (room->is_quiet == was_quiet)
    return;
  FOR_EACH (recording, room)
  mcu_recording_update (recording);
}

static gboolean
has_automatic (McuRoom *room)
{
  FOR_EACH (recording, room)
  if (recording->info->is_automatic && is_running (recording))
    return TRUE;
  return FALSE;
}

static void
record_by_itself (McuRoom *room)
{
  g_autoptr (JsonObject) wish = json_object_new ();

  if (room->settings.record && !has_automatic (room) && !mcu_room_is_empty (room))
    mcu_recordings_start (room->node->recordings, room, wish, TRUE, on_started, NULL);
}

void
mcu_room_recordings_configured (McuRoom *room, gboolean recorded_before)
{
  if (recorded_before == room->settings.record)
    return;
  record_by_itself (room);
  FOR_EACH (recording, room)
  {
    if (room->settings.record || !recording->info->is_automatic)
      continue;
    recording->stop_wanted = TRUE;
    mcu_recording_update (recording);
  }
}

void
mcu_room_recordings_joined (McuRoom *room, McuParticipant *participant)
{
  FOR_EACH (recording, room)
  {
    if (recording->is_ending)
      continue;
    g_clear_handle_id (&recording->empty_source, g_source_remove);
    log_joined (recording, participant);
    mcu_recording_save (recording, FALSE);
    mcu_recording_update (recording);
  }
  record_by_itself (room);
}

void
mcu_room_recordings_left (McuRoom *room, McuParticipant *participant)
{
  FOR_EACH (recording, room)
  {
    if (recording->is_ending)
      continue;
    mcu_recording_log_left (recording->log, mcu_recording_at_ms (recording), participant->id);
    mcu_recording_save (recording, FALSE);
  }
}

static gboolean
on_empty (gpointer data)
{
  McuRecording *recording = data;

  recording->empty_source = 0;
  recording->stop_wanted = TRUE;
  mcu_recording_update (recording);
  return G_SOURCE_REMOVE;
}

void
mcu_room_recordings_emptied (McuRoom *room)
{
  FOR_EACH (recording, room)
  {
    if (recording->info->is_automatic && recording->empty_source == 0)
      recording->empty_source = g_timeout_add (mcu_times_ms (EMPTY_MS), on_empty, recording);
    mcu_recording_update (recording);
  }
}

void
mcu_room_recordings_screen (McuRoom *room, McuParticipant *participant)
{
  FOR_EACH (recording, room)
  {
    gint64 at_ms = mcu_recording_at_ms (recording);
    g_autofree char *title = g_strdup_printf ("%s %s", participant->name,
                                              participant->screen ? "shares their screen"
                                                                  : "has stopped sharing");

    if (recording->is_ending)
      continue;
    mcu_recording_log_screen (recording->log, at_ms, participant->id, participant->screen);
    mcu_recording_log_chapter (recording->log, at_ms, title);
    mcu_recording_save (recording, FALSE);
  }
}

void
mcu_room_recordings_speaker (McuRoom *room, const char *id)
{
  FOR_EACH (recording, room)
  {
    if (recording->is_ending)
      continue;
    mcu_recording_log_speaker (recording->log, mcu_recording_at_ms (recording), id);
    mcu_recording_save (recording, FALSE);
  }
}

void
mcu_room_recordings_layout (McuRoom *room)
{
  FOR_EACH (recording, room)
  {
    if (recording->is_ending || recording->layout != NULL)
      continue;
    g_free (recording->info->layout);
    recording->info->layout = g_strdup (room->layout->name);
    mcu_recording_log_layout (recording->log, mcu_recording_at_ms (recording), room->layout->name);
    mcu_recording_save (recording, FALSE);
  }
}

void
mcu_room_recordings_chat (McuRoom *room, McuParticipant *from, const char *text)
{
  FOR_EACH (recording, room)
  {
    if (recording->is_ending || mcu_participant_is_left_out (from) ||
        !mcu_config_get_bool (room->node->config, MCU_SETTING_RECORDINGS_CHAT))
      continue;
    mcu_recording_log_chat (recording->log, mcu_recording_at_ms (recording), from->id, from->name,
                            text);
    mcu_recording_save (recording, FALSE);
  }
}

void
mcu_room_recordings_turned (McuRoom *room)
{
  mcu_room_signs_set_recorded (room, mcu_room_is_recording (room));
  if (room->ending)
    return;
  for (guint i = 0; i < room->participants->len; i++)
    mcu_roster_changed (room, room->participants->pdata[i]);
  mcu_roster_tell_room (room);
}

/* ---- what happens to its process ---- */

void
mcu_room_recordings_heard (McuRoom *room, JsonObject *message)
{
  const char *id = mcu_json_string (message, "recording");

  FOR_EACH (recording, room)
  if (g_strcmp0 (recording->info->id, id) == 0) {
    mcu_recording_hear (recording, message);
    return;
  }
}

void
mcu_room_recordings_process_started (McuRoom *room)
{
  FOR_EACH (recording, room)
  mcu_recording_update (recording);
}

void
mcu_room_recordings_process_lost (McuRoom *room)
{
  FOR_EACH (recording, room)
  {
    if (!recording->part_open && !recording->part_asked)
      continue;
    g_message ("recording %s: part %u was cut off, the next one follows", recording->info->id,
               recording->next_part - 1);
    mcu_recording_handle (recording, MCU_RECORDING_LOST);
    mcu_recording_part_ended (recording);
  }
}

gboolean
mcu_room_recordings_may_stop (McuRoom *room)
{
  gboolean may = TRUE;

  FOR_EACH (recording, room)
  {
    if (!recording->part_open && !recording->part_asked)
      continue;
    may = FALSE;
    if (recording->part_open && recording->part_resting && !recording->part_stopping) {
      JsonObject *message = mcu_message_new ("recording_stop");

      recording->part_stopping = TRUE;
      json_object_set_string_member (message, "recording", recording->info->id);
      mcu_room_media_send (room, message);
    }
  }
  return may;
}

static void
free_wait (gpointer data)
{
  Wait *wait = data;

  g_ptr_array_unref (wait->ids);
  g_free (wait);
}

static Wait *
new_wait (McuRecordings *owner, guint *number)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->owner = owner;
  wait->ids = g_ptr_array_new_with_free_func (g_free);
  if (waits == NULL)
    waits = g_hash_table_new_full (NULL, NULL, NULL, free_wait);
  *number = ++last_wait;
  g_hash_table_insert (waits, GUINT_TO_POINTER (*number), wait);
  return wait;
}

gpointer
mcu_room_recordings_leave (McuRoom *room)
{
  Wait *wait = NULL;
  guint number = 0;

  FOR_EACH (recording, room)
  {
    gboolean is_open = recording->part_open || recording->part_asked;

    recording->stop_wanted = TRUE;
    recording->view = NULL; /* the room's, and goes with it */
    recording->room = NULL;
    g_ptr_array_remove (room->recordings, recording);
    if (!is_open || room->process == NULL) {
      mcu_recording_part_ended (recording);
      continue;
    }
    if (wait == NULL)
      wait = new_wait (room->node->recordings, &number);
    g_ptr_array_add (wait->ids, g_strdup (recording->info->id));
  }
  return GUINT_TO_POINTER (number);
}

void
mcu_room_recordings_exited (gpointer number)
{
  Wait *wait = waits != NULL ? g_hash_table_lookup (waits, number) : NULL;

  for (guint i = 0; wait != NULL && i < wait->ids->len; i++) {
    McuRecording *recording = mcu_recordings_find (wait->owner, wait->ids->pdata[i]);

    if (recording != NULL)
      mcu_recording_part_ended (recording);
  }
  if (wait != NULL)
    g_hash_table_remove (waits, number);
}

static gboolean
is_of (gpointer number, gpointer wait, gpointer owner)
{
  return ((const Wait *) wait)->owner == owner;
}

void
mcu_room_recordings_forget (McuRecordings *recordings)
{
  if (waits == NULL)
    return;
  g_hash_table_foreach_remove (waits, is_of, recordings);
  if (g_hash_table_size (waits) == 0)
    g_clear_pointer (&waits, g_hash_table_unref);
}
