/* mcu/participant.c - one person in a room.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/participant.h"

#include "mcu/peers.h"
#include "mcu/room-recordings.h"

/* Source: issue, at most one offer a second, three at once. */
#define OFFER_BURST 3
#define OFFERS_PER_SECOND 1

McuParticipant *
mcu_participant_new (McuRoom *room, const char *id, const char *name, McuKind kind, McuRole role)
{
  McuParticipant *self = g_new0 (McuParticipant, 1);

  self->room = room;
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->kind = kind;
  self->role = role;
  self->rights = MCU_RIGHTS_DEFAULT;
  self->state = MCU_PARTICIPANT_JOINING;
  self->joined_at_us = g_get_real_time ();
  mcu_rate_init (&self->offer_rate, OFFER_BURST, OFFERS_PER_SECOND, g_get_monotonic_time ());
  return self;
}

void
mcu_participant_free (McuParticipant *self)
{
  if (self == NULL)
    return;
  mcu_peers_forget (self);
  if (self->away_source != 0)
    g_source_remove (self->away_source);
  g_clear_pointer (&self->avatar, g_bytes_unref);
  g_free (self->id);
  g_free (self->name);
  g_free (self->identity);
  g_free (self->report);
  g_free (self->wish.pin);
  g_free (self);
}

gboolean
mcu_participant_handle (McuParticipant *self, McuParticipantEvent event)
{
  McuParticipantState before = self->state;

  self->state = mcu_participant_state_next (before, event);
  if (self->state == before)
    return FALSE;
  g_info ("%s: %s -> %s (%s)", self->id, mcu_participant_state_to_string (before),
          mcu_participant_state_to_string (self->state), mcu_participant_event_to_string (event));
  return TRUE;
}

gboolean
mcu_participant_is_seen (McuParticipant *self)
{
  return self->announced && (self->rights & MCU_IS_HIDDEN) == 0;
}

gboolean
mcu_participant_can_publish (McuParticipant *self)
{
  return self->role != MCU_ROLE_VIEWER && self->kind != MCU_KIND_WHEP &&
         (self->rights & (MCU_MAY_PUBLISH | MCU_IS_HIDDEN)) == MCU_MAY_PUBLISH;
}

void
mcu_participant_send (McuParticipant *self, JsonObject *message)
{
  if (self->ops != NULL)
    self->ops->send (self->holder, message);
}

char *
mcu_time_to_json (gint64 real_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (real_us / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, (int) (real_us % G_USEC_PER_SEC / 1000));
}

static void
set_time (JsonObject *object, const char *name, gint64 real_us)
{
  g_autofree char *text = mcu_time_to_json (real_us);

  json_object_set_string_member (object, name, text);
}

JsonObject *
mcu_participant_to_json (McuParticipant *self, gboolean speaking)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", self->id);
  if (self->identity != NULL)
    json_object_set_string_member (object, "identity", self->identity);
  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "role", mcu_role_to_string (self->role));
  json_object_set_string_member (object, "kind", mcu_kind_to_string (self->kind));
  json_object_set_string_member (object, "state", mcu_participant_state_to_string (self->state));
  set_time (object, "joined_at", self->joined_at_us);
  json_object_set_boolean_member (object, "audio_muted", self->audio_muted);
  json_object_set_boolean_member (object, "video_muted", self->video_muted);
  json_object_set_boolean_member (object, "audio_muted_by_moderator",
                                  self->audio_muted_by_moderator);
  json_object_set_boolean_member (object, "video_muted_by_moderator",
                                  self->video_muted_by_moderator);
  json_object_set_boolean_member (object, "screen", self->screen);
  if (self->hand_raised_at_us != 0)
    set_time (object, "hand_raised_at", self->hand_raised_at_us);
  json_object_set_boolean_member (object, "speaking", speaking);
  json_object_set_boolean_member (object, "recorded", mcu_participant_is_recorded (self));
  return object;
}
