/* tests/support/fake-side.c - a live output or input that is none: does what its URL says.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/fake-side.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mcu/base/json-check.h"
#include "mcu/base/link.h"

#define HANG_S 10

static GMainLoop *loop;
static void (*note) (const char *type, const char *detail);

static void
say (McuLink *link, const char *state, gboolean is_final)
{
  JsonObject *message = mcu_link_message_new ("side_state");

  json_object_set_string_member (message, "state", state);
  if (g_str_equal (state, "failed")) {
    JsonObject *error = json_object_new ();

    json_object_set_string_member (error, "code", is_final ? "forbidden" : "timeout");
    json_object_set_string_member (error, "detail", "told to");
    json_object_set_object_member (message, "error", error);
    json_object_set_boolean_member (message, "final", is_final);
  }
  mcu_link_send (link, message);
}

static void
send_segment (McuLink *link, gboolean is_sealed)
{
  JsonObject *message = mcu_link_message_new ("stream_segment");
  int fd = memfd_create ("segment", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (write (fd, "G", 1) != 1 ||
      (is_sealed && fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE) != 0))
    abort ();
  json_object_set_int_member (message, "duration_ms", 2000);
  mcu_link_send_with_fd (link, message, fd);
}

static void
open_side (McuLink *link, JsonObject *message)
{
  const char *url = mcu_json_string (message, "url");

  note ("open", url);
  if (url == NULL) {
    send_segment (link, FALSE);
    for (int i = 0; i < 4; i++)
      send_segment (link, TRUE);
  } else if (strstr (url, "die") != NULL) {
    abort ();
  } else if (strstr (url, "hang") != NULL) {
    alarm (HANG_S); /* should nobody end us */
    for (;;)
      pause ();
  } else if (strstr (url, "refuse") != NULL || strstr (url, "forbid") != NULL) {
    say (link, "failed", strstr (url, "forbid") != NULL);
    return;
  } else if (strstr (url, "end") != NULL) {
    say (link, "ended", FALSE);
    return;
  }
  say (link, "live", FALSE);
}

static void
on_message (McuLink *link, JsonObject *message, gpointer data)
{
  const char *type = mcu_json_string (message, "type");

  if (g_str_equal (type, "ping"))
    mcu_link_reply (link, mcu_json_int (message, "id", -1), NULL);
  else if (g_str_has_suffix (type, "_open"))
    open_side (link, message);
  else if (g_str_has_suffix (type, "_feed"))
    note (type, mcu_link_take_fd (link, message) >= 0 ? "socket" : "nothing");
}

static void
on_closed (McuLink *link, const char *reason, gpointer data)
{
  g_main_loop_quit (loop);
}

int
fake_side_main (void (*note_func) (const char *type, const char *detail))
{
  McuLink *link;

  note = note_func;
  loop = g_main_loop_new (NULL, FALSE);
  link = mcu_link_new (MCU_LINK_FD, on_message, on_closed, NULL);
  mcu_link_send (link, mcu_link_message_new ("hello"));
  g_main_loop_run (loop);
  mcu_link_free (link);
  g_main_loop_unref (loop);
  return 0;
}
