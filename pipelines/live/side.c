/* pipelines/live/side.c - what the processes beside a room have in common: their link to control.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/side.h"

#include "config.h"

#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"

struct _McuSide
{
  McuLink *link; /* owned */
  GMainLoop *loop;
  McuSideMessageFunc func;
  gpointer user_data;
};

static void
answer_ping (McuSide *self, JsonObject *message)
{
  JsonObject *members = json_object_new ();

  json_object_set_int_member (members, "late_ms", 0);
  json_object_set_int_member (members, "teardown_ms", 0);
  json_object_set_int_member (members, "load", 0);
  mcu_link_reply (self->link, mcu_json_int (message, "id", 0), members);
}

static void
on_message (McuLink *link, JsonObject *message, gpointer user_data)
{
  McuSide *self = user_data;

  if (g_strcmp0 (mcu_json_string (message, "type"), "ping") == 0)
    answer_ping (self, message);
  else
    self->func (self, message, self->user_data);
}

static void
on_closed (McuLink *link, const char *reason, gpointer user_data)
{
  McuSide *self = user_data;

  g_main_loop_quit (self->loop);
}

McuSide *
mcu_side_new (GMainLoop *loop, McuSideMessageFunc func, gpointer user_data)
{
  McuSide *self = g_new0 (McuSide, 1);
  JsonObject *hello = mcu_link_message_new ("hello");

  self->loop = loop;
  self->func = func;
  self->user_data = user_data;
  self->link = mcu_link_new (MCU_LINK_FD, on_message, on_closed, self);
  json_object_set_int_member (hello, "pid", getpid ());
  json_object_set_string_member (hello, "version", TESSERA_VERSION);
  mcu_link_send (self->link, hello);
  return self;
}

void
mcu_side_free (McuSide *self)
{
  mcu_link_free (self->link);
  g_free (self);
}

void
mcu_side_send (McuSide *self, JsonObject *message, int fd)
{
  mcu_link_send_with_fd (self->link, message, fd);
}

int
mcu_side_take_fd (McuSide *self, JsonObject *message)
{
  return mcu_link_take_fd (self->link, message);
}

void
mcu_side_tell (McuSide *self, const char *state, const GError *error, gboolean is_final)
{
  JsonObject *message = mcu_link_message_new ("side_state");

  json_object_set_string_member (message, "state", state);
  if (error != NULL) {
    JsonObject *why = json_object_new ();

    json_object_set_string_member (why, "code", mcu_error_code_of (error));
    json_object_set_string_member (why, "detail", error->message);
    json_object_set_object_member (message, "error", why);
    json_object_set_boolean_member (message, "final", is_final);
  }
  mcu_link_send (self->link, message);
}
