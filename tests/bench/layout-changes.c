/* tests/bench/layout-changes.c - see layout-changes.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/layout-changes.h"

#include <string.h>

#include "tests/bench/clock.h"

/* No multiple of a frame's time, so that requests meet every phase of the mixer's clock. */
#define EVERY_NS (311 * MCU_LOAD_MS)

struct _McuLayoutChanges
{
  SoupSession *session; /* unowned */
  char *url;
  char *token; /* (nullable) */
  GArray *ms;  /* (element-type double) */
  guint n_asked;
  char *name; /* (nullable): of the one that is awaited */
  gint64 asked_ns;
  gboolean is_told;
  guint32 timestamp; /* of the first picture that shows it */
};

McuLayoutChanges *
mcu_layout_changes_new (SoupSession *session, const char *server, const char *room,
                        const char *token)
{
  McuLayoutChanges *self = g_new0 (McuLayoutChanges, 1);

  self->session = session;
  self->url = g_strdup_printf ("%s/v1/rooms/%s/layout", server, room);
  self->token = g_strdup (token);
  self->ms = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

void
mcu_layout_changes_free (McuLayoutChanges *self)
{
  g_array_unref (self->ms);
  g_free (self->name);
  g_free (self->token);
  g_free (self->url);
  g_free (self);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes)
      body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (body == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_printerr ("a layout: %s\n", error->message);
}

/* In turn: the whole canvas, and its left half. */
static void
ask (McuLayoutChanges *self, gint64 now_ns)
{
  g_autofree char *text = NULL;
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", self->token != NULL ? self->token : "");
  g_autoptr (SoupMessage) message = soup_message_new ("PUT", self->url);
  g_autoptr (GBytes) body = NULL;

  g_free (self->name);
  self->name = g_strdup_printf ("n%u", self->n_asked++);
  self->is_told = FALSE;
  self->asked_ns = now_ns;
  text = g_strdup_printf (
      "{\"name\":\"%s\",\"transition_ms\":0,\"arrangements\":[{\"people\":\"1+\",\"slots\":"
      "[{\"x\":0,\"y\":0,\"width\":\"%s\",\"height\":1,\"grid\":true}]}]}",
      self->name, self->n_asked % 2 == 0 ? "1/1" : "1/2");
  body = g_bytes_new (text, strlen (text));
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  if (self->token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_answered,
                                    NULL);
}

void
mcu_layout_changes_told (McuLayoutChanges *self, JsonObject *layout)
{
  const char *name = json_object_get_string_member_with_default (layout, "name", "");

  if (g_strcmp0 (name, self->name) != 0 || self->is_told)
    return;
  self->is_told = TRUE;
  self->timestamp = (guint32) json_object_get_int_member_with_default (layout, "rtp_timestamp", 0);
}

void
mcu_layout_changes_step (McuLayoutChanges *self, McuClient *watcher, gint64 now_ns)
{
  gint64 arrival_ns;

  if (self->name != NULL && self->is_told &&
      mcu_client_find_frame (watcher, self->timestamp, &arrival_ns)) {
    double ms = (double) (arrival_ns - self->asked_ns) / MCU_LOAD_MS;

    g_array_append_val (self->ms, ms);
    g_clear_pointer (&self->name, g_free);
  }
  if (now_ns - self->asked_ns >= EVERY_NS && self->name == NULL)
    ask (self, now_ns);
}

GArray *
mcu_layout_changes_get_ms (McuLayoutChanges *self)
{
  return self->ms;
}
