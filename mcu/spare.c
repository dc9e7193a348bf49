/* mcu/spare.c - one room process kept warm, so that a room is ready at once.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/spare.h"

#include "mcu/base/error.h"
#include "mcu/times.h"

/* Not at once: getting warm costs CPU that the one who is joining just now needs. */
#define REFILL_MS 500
#define REFILL_MAX_MS 30000

struct _McuSpare
{
  char *program;
  McuRoomProcess *process; /* owned (nullable) */
  guint refill_source;
  guint failures;   /* in a row */
  gint64 failed_us; /* monotonic: the last time that not even a start was possible */
  gboolean was_warm;
};

static void refill_after (McuSpare *self, guint ms);

static guint
backoff_ms (McuSpare *self)
{
  return MIN (REFILL_MS << MIN (self->failures, 10), REFILL_MAX_MS);
}

static void
on_spare_message (gpointer owner, JsonObject *message)
{
  /* Nothing a spare could say matters yet. */
}

static void
on_spare_died (gpointer owner, McuDeath death, gint64 well_us)
{
  McuSpare *self = owner;

  g_clear_pointer (&self->process, mcu_room_process_free);
  self->was_warm = FALSE;
  self->failures++;
  refill_after (self, backoff_ms (self));
}

static const McuRoomProcessOps spare_ops = {on_spare_message, on_spare_died};

static McuRoomProcess *
spawn (McuSpare *self, GError **error)
{
  gint64 now_us = g_get_monotonic_time ();
  McuRoomProcess *process = NULL;

  if (self->failed_us != 0 && now_us - self->failed_us < mcu_times_us (REFILL_MS))
    g_set_error (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "%s cannot be started", self->program);
  else
    process = mcu_room_process_spawn (self->program, error);
  self->failed_us = process == NULL ? now_us : 0;
  if (process == NULL) {
    self->was_warm = FALSE;
    self->failures++;
  }
  return process;
}

static gboolean
on_refill (gpointer data)
{
  McuSpare *self = data;
  g_autoptr (GError) error = NULL;

  self->refill_source = 0;
  self->process = spawn (self, &error);
  if (self->process != NULL) {
    mcu_room_process_set_owner (self->process, &spare_ops, self);
  } else {
    g_warning ("no room process can be started: %s", error->message);
    refill_after (self, backoff_ms (self));
  }
  return G_SOURCE_REMOVE;
}

static void
refill_after (McuSpare *self, guint ms)
{
  if (self->refill_source == 0 && self->process == NULL)
    self->refill_source = g_timeout_add (mcu_times_ms (ms), on_refill, self);
}

McuSpare *
mcu_spare_new (const char *program)
{
  McuSpare *self = g_new0 (McuSpare, 1);

  self->program = g_strdup (program);
  refill_after (self, 0);
  return self;
}

void
mcu_spare_free (McuSpare *self)
{
  if (self == NULL)
    return;
  if (self->refill_source != 0)
    g_source_remove (self->refill_source);
  mcu_room_process_free (self->process);
  g_free (self->program);
  g_free (self);
}

McuRoomProcess *
mcu_spare_take (McuSpare *self, GError **error)
{
  McuRoomProcess *process = g_steal_pointer (&self->process);

  if (process == NULL)
    process = spawn (self, error);
  else if (mcu_room_process_is_warm (process))
    self->failures = 0;
  self->was_warm = process != NULL && (mcu_room_process_is_warm (process) || self->was_warm);
  if (process != NULL)
    mcu_room_process_set_owner (process, NULL, NULL);
  refill_after (self, backoff_ms (self));
  return process;
}

gboolean
mcu_spare_is_ready (McuSpare *self)
{
  return self->was_warm || (self->process != NULL && mcu_room_process_is_warm (self->process));
}
