/* mcu/room.c - a room: who is in it, how they come and go.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room.h"

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/display-name.h"
#include "mcu/peers.h"
#include "mcu/room-layout.h"
#include "mcu/room-live.h"
#include "mcu/room-lobby.h"
#include "mcu/room-media.h"
#include "mcu/room-recordings.h"
#include "mcu/room-send.h"
#include "mcu/room-signs.h"
#include "mcu/room-views.h"
#include "mcu/roster.h"
#include "mcu/times.h"

/* Source: contract, resume. */
#define AWAY_MS 30000
/* After a restart of ours: a moderator's page needs about as long as anybody's to come back. */
#define MODERATOR_GRACE_MS 30000
/* Only looked at for two minutes after our start; a flood of joins in them is no reason to grow. */
#define MAX_DEPARTED 10000

static gboolean
on_empty_for_long (gpointer data)
{
  McuRoom *self = data;

  self->empty_source = 0;
  if (self->lobby->len > 0 && !self->ending) {
    mcu_room_wait (self);
    return G_SOURCE_REMOVE;
  }
  self->on_ended (self, self->user_data); /* frees us */
  return G_SOURCE_REMOVE;
}

static void
clear_timer (guint *source)
{
  if (*source != 0)
    g_source_remove (*source);
  *source = 0;
}

void
mcu_room_wait (McuRoom *self)
{
  clear_timer (&self->empty_source);
  if (!self->ending)
    self->empty_source = g_timeout_add (mcu_times_ms (self->settings.empty_timeout_s * 1000),
                                        on_empty_for_long, self);
}

static gboolean
has_moderator (McuRoom *self)
{
  for (guint i = 0; i < self->participants->len; i++) {
    McuParticipant *one = self->participants->pdata[i];
    if (one->role == MCU_ROLE_MODERATOR)
      return TRUE;
  }
  return FALSE;
}

static gboolean
may_moderate (McuParticipant *participant)
{
  return participant->kind == MCU_KIND_BROWSER && participant->role == MCU_ROLE_PARTICIPANT;
}

/* With keys a token says who moderates, and nobody else does. */
static gboolean
has_passes (McuRoom *self)
{
  return mcu_config_has_keys (self->node->config);
}

/* Who has been there longest follows; somebody who is there rather than somebody away. */
void
mcu_room_ensure_moderator (McuRoom *self)
{
  McuParticipant *next = NULL;

  if (has_passes (self) || self->moderator_source != 0 || self->ending || has_moderator (self))
    return;
  for (guint i = 0; i < self->participants->len; i++) {
    McuParticipant *one = self->participants->pdata[i];
    if (may_moderate (one) && (next == NULL || (next->ops == NULL && one->ops != NULL)))
      next = one;
  }
  if (next == NULL) {
    mcu_lobby_promote_first (self);
    return;
  }
  next->role = MCU_ROLE_MODERATOR;
  mcu_roster_changed (self, next);
  mcu_lobby_role_changed (self, next);
}

static gboolean
on_moderator_grace_over (gpointer data)
{
  McuRoom *self = data;

  self->moderator_source = 0;
  mcu_room_ensure_moderator (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_away_too_long (gpointer data)
{
  McuParticipant *participant = data;

  participant->away_source = 0;
  mcu_room_leave (participant->room, participant, "timeout");
  return G_SOURCE_REMOVE;
}

static void
sit_down (McuParticipant *participant, const McuSeatOps *ops, gpointer holder)
{
  participant->ops = ops;
  participant->holder = holder;
  participant->n_offers = 0;
  clear_timer (&participant->away_source);
}

void
mcu_room_seat (McuRoom *self, McuParticipant *participant)
{
  participant->order = self->next_order++;
  g_ptr_array_add (self->participants, participant);
  g_hash_table_insert (self->by_id, participant->id, participant);
  clear_timer (&self->empty_source);
  clear_timer (&self->linger_source);
}

static gboolean
check_may_enter (McuRoom *self, gboolean only_lobby, GError **error)
{
  if (self->ending) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_GONE, "the room has ended");
    return FALSE;
  }
  if (!only_lobby && self->participants->len >= self->settings.max_participants) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_ROOM_FULL, "the room is full");
    return FALSE;
  }
  return TRUE;
}

McuRoom *
mcu_room_new (McuNode *node, const char *name, const McuRoomSettings *settings,
              McuRoomEndedFunc on_ended, gpointer user_data)
{
  McuRoom *self = g_new0 (McuRoom, 1);

  self->node = node;
  self->name = g_strdup (name);
  self->created_at_us = g_get_real_time ();
  self->on_ended = on_ended;
  self->user_data = user_data;
  if (settings != NULL)
    mcu_room_settings_copy (&self->settings, settings);
  else
    mcu_room_settings_init (&self->settings, node->config, name);
  mcu_room_settings_copy (&self->made_with, &self->settings);
  self->canvas_width_px = self->settings.canvas_width_px;
  self->canvas_height_px = self->settings.canvas_height_px;
  self->canvas_fps = self->settings.canvas_fps;
  self->participants = g_ptr_array_new ();
  self->lobby = g_ptr_array_new ();
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->kicked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->banned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->at_fault = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->crash_loop = mcu_crash_loop_new ();
  self->floor = mcu_floor_new ();
  mcu_room_layout_start (self);
  mcu_room_recordings_init (self);
  mcu_room_wait (self);
  return self;
}

static void
dismiss_all (McuRoom *self, const char *code, const char *reason, guint retry_after_ms)
{
  self->ending = TRUE;
  mcu_lobby_dismiss (self, NULL, code, reason);
  while (self->participants->len > 0)
    mcu_room_dismiss (self, self->participants->pdata[self->participants->len - 1], code, reason,
                      retry_after_ms);
}

void
mcu_room_free (McuRoom *self)
{
  dismiss_all (self, "room_ended", "the room has ended", 0);
  g_clear_pointer (&self->live, mcu_room_live_free);
  mcu_room_media_stop (self);
  clear_timer (&self->empty_source);
  clear_timer (&self->moderator_source);
  clear_timer (&self->changed_source);
  clear_timer (&self->linger_source);
  clear_timer (&self->tick_source);
  clear_timer (&self->stats_source);
  clear_timer (&self->place_source);
  clear_timer (&self->send_source);
  mcu_room_layout_stop (self);
  mcu_room_signs_stop (self);
  mcu_room_recordings_clear (self);
  g_clear_pointer (&self->stats, json_object_unref);
  mcu_crash_loop_free (self->crash_loop);
  mcu_floor_free (self->floor);
  g_hash_table_unref (self->kicked);
  g_hash_table_unref (self->banned);
  g_hash_table_unref (self->at_fault);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->participants);
  g_ptr_array_unref (self->lobby);
  mcu_room_settings_clear (&self->settings);
  mcu_room_settings_clear (&self->made_with);
  g_free (self->name);
  g_free (self);
}

void
mcu_room_end (McuRoom *self, const char *code, const char *reason)
{
  dismiss_all (self, code, reason, 0);
  clear_timer (&self->empty_source);
  /* Later: this may be called from what the room's own process says. */
  self->empty_source = g_idle_add (on_empty_for_long, self);
}

static McuRole
first_role (McuRoom *self, McuKind kind, gboolean viewer, const McuPass *pass)
{
  if (viewer || kind == MCU_KIND_WHEP)
    return MCU_ROLE_VIEWER;
  if (pass != NULL)
    return pass->role;
  if (kind == MCU_KIND_BROWSER && !has_passes (self) && self->moderator_source == 0 &&
      !has_moderator (self))
    return MCU_ROLE_MODERATOR;
  return MCU_ROLE_PARTICIPANT;
}

static gboolean
check_identity (McuRoom *self, const char *identity, GError **error)
{
  const gint64 *until_us = identity != NULL ? g_hash_table_lookup (self->at_fault, identity) : NULL;

  if (identity != NULL && g_hash_table_contains (self->banned, identity)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BANNED, "a moderator sent you out");
    return FALSE;
  }
  if (until_us != NULL && g_get_monotonic_time () < *until_us) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_MEDIA_FAULT,
                         "your connection made the room's media fail");
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_here (McuRoom *self, const char *identity)
{
  for (guint i = 0; identity != NULL && i < self->participants->len; i++)
    if (g_strcmp0 (((McuParticipant *) self->participants->pdata[i])->identity, identity) == 0)
      return TRUE;
  return FALSE;
}

/* Who takes their own place is not one more. */
static gboolean
check_load (McuRoom *self, const McuPass *pass, GError **error)
{
  if (!self->node->overloaded || (pass != NULL && is_here (self, pass->identity)))
    return TRUE;
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "the server has all it can do");
  return FALSE;
}

/* Each identity is there once: the newest wins, away or not. */
static void
replace_identity (McuRoom *self, const char *identity)
{
  for (guint i = self->participants->len; identity != NULL && i > 0; i--) {
    McuParticipant *one = self->participants->pdata[i - 1];
    if (g_strcmp0 (one->identity, identity) == 0)
      mcu_room_dismiss (self, one, "replaced", "you are here from somewhere else", 0);
  }
  if (identity != NULL)
    mcu_lobby_dismiss (self, identity, "replaced", "you are here from somewhere else");
}

static void
set_pass (McuParticipant *participant, const char *identity, guint rights)
{
  participant->identity = g_strdup (identity);
  participant->rights = rights;
}

McuParticipant *
mcu_room_join (McuRoom *self, const char *name, McuKind kind, gboolean viewer, const McuPass *pass,
               const McuSeatOps *ops, gpointer holder, GError **error)
{
  g_autofree char *id = mcu_id_new ("p");
  g_autofree char *guest = g_strdup_printf ("Guest %u", self->n_guests + 1);
  g_autofree char *clean = mcu_display_name_clean (name != NULL || pass == NULL ? name : pass->name,
                                                   guest);
  McuRole role = first_role (self, kind, viewer, pass);
  gboolean is_back = pass != NULL && is_here (self, pass->identity);
  McuParticipant *participant;

  if ((pass != NULL && !check_identity (self, pass->identity, error)) ||
      !check_load (self, pass, error) || !mcu_lobby_check_door (self, kind, role, is_back, error))
    return NULL;
  if (pass != NULL && !self->ending)
    replace_identity (self, pass->identity);
  if (!check_may_enter (self, mcu_lobby_must_wait (self, role, is_back), error))
    return NULL;
  if (g_str_equal (clean, guest))
    self->n_guests++;
  participant = mcu_participant_new (self, id, clean, kind, role);
  if (pass != NULL)
    set_pass (participant, pass->identity, pass->rights);
  sit_down (participant, ops, holder);
  if (mcu_lobby_must_wait (self, role, is_back))
    return mcu_lobby_enter (self, participant, error) ? participant : NULL;
  mcu_room_seat (self, participant);
  return participant;
}

static McuParticipant *
take_seat_again (McuParticipant *participant, const McuSeatOps *ops, gpointer holder)
{
  if (participant->ops != NULL)
    participant->ops->bye (participant->holder, "replaced", "you are here from somewhere else", 0);
  sit_down (participant, ops, holder);
  mcu_participant_handle (participant, MCU_PARTICIPANT_SOCKET_BACK);
  mcu_room_send_forget (participant);
  mcu_room_layout_changed (participant->room);
  if (participant->current != NULL && participant->current->connected)
    mcu_participant_handle (participant, MCU_PARTICIPANT_CONNECTED);
  return participant;
}

McuParticipant *
mcu_room_resume (McuRoom *self, const McuResume *resume, gboolean may_remake, const McuSeatOps *ops,
                 gpointer holder, guint *retry_after_ms, GError **error)
{
  McuParticipant *known = mcu_room_find (self, resume->participant);
  McuParticipant *participant;

  if (!check_identity (self, resume->identity, error))
    return NULL;
  if (g_hash_table_contains (self->kicked, resume->participant)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BANNED, "a moderator sent you out");
    return NULL;
  }
  *retry_after_ms = mcu_crash_loop_refused_ms (self->crash_loop, resume->participant,
                                               g_get_monotonic_time ());
  if (*retry_after_ms > 0) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_MEDIA_FAULT,
                         "your connection made the room's media fail");
    return NULL;
  }
  if (known != NULL && known->kind == MCU_KIND_BROWSER)
    return take_seat_again (known, ops, holder);
  if (known != NULL || !may_remake ||
      g_hash_table_contains (self->node->departed, resume->participant)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "not here any more");
    return NULL;
  }
  replace_identity (self, resume->identity);
  if (!check_may_enter (self, FALSE, error))
    return NULL;
  if (!has_passes (self) && resume->role != MCU_ROLE_MODERATOR && !has_moderator (self) &&
      self->moderator_source == 0 && mcu_room_is_empty (self))
    self->moderator_source = g_timeout_add (mcu_times_ms (MODERATOR_GRACE_MS),
                                            on_moderator_grace_over, self);
  participant = mcu_participant_new (self, resume->participant, resume->name, MCU_KIND_BROWSER,
                                     resume->role);
  mcu_room_seat (self, participant);
  set_pass (participant, resume->identity, resume->rights);
  sit_down (participant, ops, holder);
  return participant;
}

void
mcu_room_announce (McuRoom *self, McuParticipant *participant)
{
  if (participant->announced) {
    mcu_roster_changed (self, participant);
    return;
  }
  participant->announced = TRUE;
  mcu_roster_tell_joined (self, participant);
  /* Without a process now, the room's tick tries again. */
  mcu_room_media_start (self, NULL);
  mcu_room_media_tell (self, participant);
  mcu_room_recordings_joined (self, participant);
}

void
mcu_room_away (McuRoom *self, McuParticipant *participant)
{
  participant->ops = NULL;
  participant->holder = NULL;
  if (!participant->announced) {
    mcu_room_leave (self, participant, "left");
    return;
  }
  mcu_participant_handle (participant, MCU_PARTICIPANT_SOCKET_LOST);
  participant->away_source = g_timeout_add (mcu_times_ms (AWAY_MS), on_away_too_long, participant);
  mcu_roster_changed (self, participant);
  mcu_room_layout_changed (self);
}

void
mcu_room_leave (McuRoom *self, McuParticipant *participant, const char *reason)
{
  if (participant->state == MCU_PARTICIPANT_WAITING) {
    mcu_lobby_leave (self, participant, reason);
    return;
  }
  participant->ops = NULL;
  if (g_hash_table_size (self->node->departed) < MAX_DEPARTED)
    g_hash_table_add (self->node->departed, g_strdup (participant->id));
  mcu_participant_handle (participant, MCU_PARTICIPANT_LEFT);
  mcu_peers_close (participant);
  mcu_crash_loop_left (self->crash_loop, participant->id);
  mcu_floor_remove (self->floor, participant->id);
  g_hash_table_remove (self->by_id, participant->id);
  g_ptr_array_remove (self->participants, participant);
  mcu_room_views_left (self, participant);
  mcu_room_media_forget (self, participant);
  mcu_room_recordings_left (self, participant);
  if (participant->announced)
    mcu_roster_tell_left (self, participant, reason);
  if (participant->has_seat)
    mcu_room_layout_changed (self);
  mcu_participant_free (participant);
  mcu_room_ensure_moderator (self);
  if (mcu_room_is_empty (self) && !self->ending) {
    mcu_room_recordings_emptied (self);
    mcu_room_media_linger (self);
    mcu_room_wait (self);
  }
}

void
mcu_room_dismiss (McuRoom *self, McuParticipant *participant, const char *code, const char *reason,
                  guint retry_after_ms)
{
  const McuSeatOps *ops = g_steal_pointer (&participant->ops);

  if (ops != NULL)
    ops->bye (participant->holder, code, reason, retry_after_ms);
  mcu_room_leave (self, participant, code);
}

/* At most five can be blamed before the room ends (mcu/crash-loop.h), so the table stays small. */
void
mcu_room_blame (McuRoom *self, McuParticipant *participant)
{
  gint64 *until_us;

  if (participant->identity != NULL) {
    until_us = g_new (gint64, 1);
    *until_us = g_get_monotonic_time () + mcu_times_us (MCU_CRASH_REFUSE_MS);
    g_hash_table_insert (self->at_fault, g_strdup (participant->identity), until_us);
  }
  mcu_room_dismiss (self, participant, "media_fault", "your connection made the room's media fail",
                    MCU_CRASH_REFUSE_MS);
}

McuParticipant *
mcu_room_find (McuRoom *self, const char *id)
{
  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

void
mcu_room_set_state (McuRoom *self, McuParticipant *participant, JsonObject *state)
{
  gboolean had_screen = participant->screen;
  gboolean hand = mcu_json_bool (state, "hand_raised", participant->hand_raised_at_us != 0);

  participant->audio_muted = mcu_json_bool (state, "audio_muted", participant->audio_muted);
  participant->video_muted = mcu_json_bool (state, "video_muted", participant->video_muted);
  participant->screen = mcu_json_bool (state, "screen", participant->screen);
  if (hand != (participant->hand_raised_at_us != 0))
    participant->hand_raised_at_us = hand ? g_get_real_time () : 0;
  mcu_room_media_tell (self, participant);
  mcu_roster_changed (self, participant);
  if (json_object_has_member (state, "recorded"))
    mcu_room_set_recorded (self, participant, mcu_json_bool (state, "recorded", TRUE), FALSE);
  if (participant->screen != had_screen)
    mcu_room_recordings_screen (self, participant);
  if (participant->screen && !had_screen)
    participant->screen_started_ms = g_get_monotonic_time () / 1000;
  mcu_room_layout_changed (self);
}

gboolean
mcu_room_is_empty (McuRoom *self)
{
  return self->participants->len == 0;
}
