/* pipelines/room/inputs.c - a room's inputs: participants whose frames come from a process of ours.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/inputs.h"

#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/link.h"
#include "pipelines/live/guest.h"

#define LOOK_INTERVAL_MS 250

struct _McuInputs
{
  McuRoom *room;     /* unowned */
  GHashTable *by_id; /* owned, (element-type utf8 Input) */
  guint look;        /* source id: while there are inputs */
};

typedef struct
{
  McuRoom *room;
  char *participant;   /* owned */
  McuSource *source;   /* owned */
  McuLiveGuest *guest; /* owned */
  guint port;          /* in the mixer; 0: none */
  gboolean was_live;   /* as last reported */
} Input;

static void
report (Input *input, const char *state, const McuLiveGuestStats *stats)
{
  JsonObject *message = mcu_link_message_new ("stream_state");

  json_object_set_string_member (message, "participant", input->participant);
  json_object_set_string_member (message, "stream", mcu_stream_to_string (MCU_STREAM_CAMERA));
  json_object_set_string_member (message, "state", state);
  if (stats != NULL) {
    json_object_set_int_member (message, "width", stats->width_px);
    json_object_set_int_member (message, "height", stats->height_px);
  }
  mcu_room_report (input->room, message);
}

static void
free_input (gpointer data)
{
  Input *input = data;

  mcu_live_guest_free (input->guest);
  if (input->port != 0)
    mcu_audio_mixer_remove (mcu_room_get_mixer (input->room), input->port);
  mcu_source_clear (input->source);
  if (input->was_live)
    report (input, "none", NULL);
  mcu_source_unref (input->source);
  g_free (input->participant);
  g_free (input);
}

/* A camera without pictures for 2 s shows its placeholder, never a frozen picture. */
static void
look_at (Input *input)
{
  gint64 now_us = g_get_monotonic_time ();
  McuLiveGuestStats stats;
  gboolean is_live;

  mcu_live_guest_get_stats (input->guest, &stats);
  is_live = stats.last_picture_us != 0 && now_us - stats.last_picture_us < MCU_GUEST_STALL_US;
  if (is_live == input->was_live)
    return;
  input->was_live = is_live;
  if (!is_live)
    mcu_source_clear (input->source);
  report (input, is_live ? "live" : "stalled", &stats);
}

static gboolean
on_look (gpointer user_data)
{
  McuInputs *self = user_data;
  GHashTableIter iter;
  gpointer input;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &input))
    look_at (input);
  return G_SOURCE_CONTINUE;
}

McuInputs *
mcu_inputs_new (McuRoom *room)
{
  McuInputs *self = g_new0 (McuInputs, 1);

  self->room = room;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_input);
  return self;
}

void
mcu_inputs_free (McuInputs *self)
{
  g_clear_handle_id (&self->look, g_source_remove);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

static void
join_mixer (Input *input, McuPlayout *playout, gboolean is_muted)
{
  McuAudioMixer *mixer = mcu_room_get_mixer (input->room);
  McuAudioPort port = {
      .participant = input->participant, .playout = playout, .codec = MCU_CODEC_NONE};
  g_autoptr (GError) error = NULL;

  input->port = mcu_audio_mixer_add (mixer, &port, &error);
  if (input->port == 0)
    g_warning ("input of %s has no sound: %s", input->participant, error->message);
  else
    mcu_audio_mixer_set_muted (mixer, input->participant, is_muted);
}

gboolean
mcu_inputs_add (McuInputs *self, const char *id, const char *participant, int fd, GError **error)
{
  McuPerson *person = mcu_room_find_person (self->room, participant);
  g_autoptr (McuPlayout) playout = NULL;
  Input *input;

  mcu_inputs_remove (self, id);
  if (id == NULL || !mcu_id_is_valid (id) || person == NULL || fd < 0 ||
      g_hash_table_size (self->by_id) >= MCU_INPUTS_MAX) {
    if (fd >= 0)
      close (fd);
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
                         "an input without its members, or too many");
    return FALSE;
  }
  playout = mcu_playout_new (MCU_CODEC_OPUS);
  input = g_new0 (Input, 1);
  input->room = self->room;
  input->participant = g_strdup (participant);
  input->source = mcu_source_ref (mcu_person_get_source (person, MCU_VIDEO_CAMERA));
  input->guest = mcu_live_guest_new (fd, input->source, playout);
  join_mixer (input, playout, person->audio_muted);
  g_hash_table_insert (self->by_id, g_strdup (id), input);
  if (self->look == 0)
    self->look = g_timeout_add (LOOK_INTERVAL_MS, on_look, self);
  return TRUE;
}

void
mcu_inputs_remove (McuInputs *self, const char *id)
{
  if (id != NULL)
    g_hash_table_remove (self->by_id, id);
  if (g_hash_table_size (self->by_id) == 0)
    g_clear_handle_id (&self->look, g_source_remove);
}
