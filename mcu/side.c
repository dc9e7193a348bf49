/* mcu/side.c - one process beside a room, a live output or an input, kept running.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/side.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/room-media.h"
#include "mcu/times.h"

/* What a process says of its failure goes to whoever asks: so much of it. */
#define MAX_DETAIL_BYTES 300

struct _McuSide
{
  /* Set once. */
  McuRoom *room; /* unowned */
  char *id;
  const McuSideOps *ops;
  gpointer owner;

  McuSideState state;
  McuRoomProcess *process; /* owned (nullable) */
  guint retry_source;
  guint failures; /* in a row */
  gint64 live_us; /* monotonic: since when; 0: it is not */
  guint restarts;
  GError *error; /* owned (nullable): the last failure's */
};

static void start (McuSide *self);

const char *
mcu_side_state_to_string (McuSideState state)
{
  switch (state) {
  case MCU_SIDE_CONNECTING:
    return "connecting";
  case MCU_SIDE_LIVE:
    return "live";
  case MCU_SIDE_RETRYING:
    return "retrying";
  case MCU_SIDE_FAILED:
    return "failed";
  case MCU_SIDE_ENDED:
    return "ended";
  case MCU_SIDE_N_STATES:
    break;
  }
  g_assert_not_reached ();
}

static void
clear_timer (guint *source)
{
  if (*source != 0)
    g_source_remove (*source);
  *source = 0;
}

/* The last thing done: the owner may free us. */
static void
change_state (McuSide *self, McuSideState state)
{
  if (state == self->state)
    return;
  g_info ("room %s: %s %s: %s -> %s%s%s", self->room->name, self->ops->id_member, self->id,
          mcu_side_state_to_string (self->state), mcu_side_state_to_string (state),
          self->error != NULL ? ": " : "", self->error != NULL ? self->error->message : "");
  self->state = state;
  if (self->ops->changed != NULL)
    self->ops->changed (self->owner);
}

static void
tell_room_to_forget (McuSide *self)
{
  JsonObject *message = mcu_link_message_new (self->ops->take_of_room);

  json_object_set_string_member (message, self->ops->id_member, self->id);
  mcu_room_media_send (self->room, message);
}

static void
stop (McuSide *self)
{
  clear_timer (&self->retry_source);
  if (self->process == NULL)
    return;
  tell_room_to_forget (self);
  g_clear_pointer (&self->process, mcu_room_process_free);
  if (self->live_us != 0 &&
      g_get_monotonic_time () - self->live_us > mcu_times_us (MCU_SIDE_WELL_MS))
    self->failures = 0;
  self->live_us = 0;
}

static void
set_error (McuSide *self, McuError code, const char *detail)
{
  g_autofree char *valid = g_utf8_make_valid (
      detail != NULL ? detail : "it failed",
      detail != NULL ? (gssize) strnlen (detail, MAX_DETAIL_BYTES) : -1);

  g_clear_error (&self->error);
  self->error = g_error_new_literal (MCU_ERROR, code, valid);
}

static gboolean
on_retry (gpointer data)
{
  McuSide *self = data;

  self->retry_source = 0;
  self->restarts++;
  start (self);
  return G_SOURCE_REMOVE;
}

/* With some chance in it, so that what fell together does not come back together. */
static void
retry_later (McuSide *self)
{
  guint ms = MIN (MCU_SIDE_RETRY_MS << MIN (self->failures, 10), MCU_SIDE_RETRY_MAX_MS);

  stop (self);
  self->failures++;
  ms = ms * 3 / 4 + g_random_int_range (0, ms / 4 + 1);
  self->retry_source = g_timeout_add (mcu_times_ms (ms), on_retry, self);
  change_state (self, MCU_SIDE_RETRYING);
}

static void
end (McuSide *self, McuSideState state)
{
  stop (self);
  change_state (self, state);
}

static void
handle_state (McuSide *self, JsonObject *message)
{
  const char *state = mcu_json_string (message, "state");
  JsonObject *why = mcu_json_object (message, "error");

  if (g_strcmp0 (state, "live") == 0) {
    if (self->live_us == 0)
      self->live_us = g_get_monotonic_time ();
    g_clear_error (&self->error);
    change_state (self, MCU_SIDE_LIVE);
  } else if (g_strcmp0 (state, "ended") == 0) {
    end (self, MCU_SIDE_ENDED);
  } else if (g_strcmp0 (state, "failed") == 0) {
    set_error (self, mcu_error_from_code (why != NULL ? mcu_json_string (why, "code") : NULL),
               why != NULL ? mcu_json_string (why, "detail") : NULL);
    if (mcu_json_bool (message, "final", FALSE))
      end (self, MCU_SIDE_FAILED);
    else
      retry_later (self);
  }
}

static void
on_message (gpointer owner, JsonObject *message)
{
  McuSide *self = owner;

  if (g_strcmp0 (mcu_json_string (message, "type"), "side_state") == 0)
    handle_state (self, message);
  else if (self->ops->message != NULL)
    self->ops->message (self->owner, self->process, message);
}

static void
on_died (gpointer owner, McuDeath death, gint64 well_us)
{
  McuSide *self = owner;

  set_error (self, MCU_ERROR_INTERNAL,
             death == MCU_DEATH_HUNG ? "its process hung" : "its process died");
  retry_later (self);
}

static const McuRoomProcessOps process_ops = {on_message, on_died};

/* Frames go between the two without us. */
static void
connect_to_room (McuSide *self)
{
  JsonObject *to_room = mcu_link_message_new (self->ops->add_to_room);
  int fds[2];

  if (self->room->process == NULL ||
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    json_object_unref (to_room);
    return;
  }
  json_object_set_string_member (to_room, self->ops->id_member, self->id);
  if (self->ops->add != NULL)
    self->ops->add (self->owner, to_room);
  mcu_room_process_send_with_fd (self->room->process, to_room, fds[0]);
  mcu_room_process_send_with_fd (self->process, mcu_link_message_new (self->ops->to_process),
                                 fds[1]);
}

static void
start (McuSide *self)
{
  g_autofree char *program = mcu_room_program ();
  g_autoptr (GError) error = NULL;
  JsonObject *message;
  int fd = -1;

  message = self->ops->open (self->owner, &fd, &error);
  if (message == NULL) {
    set_error (self, error->code, error->message);
    end (self, MCU_SIDE_FAILED);
    return;
  }
  self->process = mcu_room_process_spawn_role (program, self->ops->role, &error);
  if (self->process == NULL) {
    json_object_unref (message);
    if (fd >= 0)
      close (fd);
    set_error (self, MCU_ERROR_OVERLOADED, error->message);
    retry_later (self);
    return;
  }
  mcu_room_process_set_owner (self->process, &process_ops, self);
  mcu_room_process_send_with_fd (self->process, message, fd);
  connect_to_room (self);
}

McuSide *
mcu_side_new (McuRoom *room, const char *id, const McuSideOps *ops, gpointer owner)
{
  McuSide *self = g_new0 (McuSide, 1);

  self->room = room;
  self->id = g_strdup (id);
  self->ops = ops;
  self->owner = owner;
  return self;
}

void
mcu_side_free (McuSide *self)
{
  if (self == NULL)
    return;
  stop (self);
  g_clear_error (&self->error);
  g_free (self->id);
  g_free (self);
}

void
mcu_side_attach (McuSide *self)
{
  if (mcu_side_is_over (self) || self->retry_source != 0)
    return;
  if (self->process != NULL)
    connect_to_room (self);
  else
    start (self);
}

void
mcu_side_detach (McuSide *self)
{
  if (mcu_side_is_over (self))
    return;
  stop (self);
  change_state (self, MCU_SIDE_CONNECTING);
}

McuSideState
mcu_side_get_state (McuSide *self)
{
  return self->state;
}

gboolean
mcu_side_is_over (McuSide *self)
{
  return self->state == MCU_SIDE_FAILED || self->state == MCU_SIDE_ENDED;
}

guint
mcu_side_get_restarts (McuSide *self)
{
  return self->restarts;
}

void
mcu_side_to_json (McuSide *self, JsonObject *object)
{
  JsonObject *error;

  json_object_set_string_member (object, "state", mcu_side_state_to_string (self->state));
  if (self->error == NULL || self->state == MCU_SIDE_LIVE)
    return;
  error = json_object_new ();
  json_object_set_string_member (error, "code", mcu_error_code_of (self->error));
  json_object_set_string_member (error, "detail", self->error->message);
  json_object_set_object_member (object, "error", error);
}
