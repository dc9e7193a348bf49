/* signaling/rest-snapshot.c - a room's picture as it is now.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest-snapshot.h"

#include "mcu/snapshot.h"

typedef struct
{
  SoupServerMessage *msg; /* owned */
  gulong finished_id;
  gboolean is_gone; /* who asked hung up */
} Pending;

static GList *waiting; /* (element-type Pending) */

static void
on_finished (SoupServerMessage *msg, gpointer user_data)
{
  Pending *pending = user_data;

  pending->is_gone = TRUE;
}

static void
respond (SoupServerMessage *msg, GBytes *png)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  SoupMessageBody *body = soup_server_message_get_response_body (msg);

  soup_message_headers_replace (headers, "Content-Type", "image/png");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_server_message_set_status (msg, 200, NULL);
  soup_message_body_truncate (body); /* of what libsoup says of a request that is no WebSocket's */
  soup_message_body_append_bytes (body, png);
}

static void
on_snapshot (GBytes *png, const GError *error, gpointer user_data)
{
  Pending *pending = user_data;

  waiting = g_list_remove (waiting, pending);
  g_signal_handler_disconnect (pending->msg, pending->finished_id);
  if (!pending->is_gone) {
    if (png != NULL)
      respond (pending->msg, png);
    else
      mcu_respond_error (pending->msg, error);
    soup_server_message_unpause (pending->msg);
  }
  g_object_unref (pending->msg);
  g_free (pending);
}

void
mcu_rest_snapshot (McuRequest *request)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->msg = g_object_ref (request->msg);
  pending->finished_id = g_signal_connect (request->msg, "finished", G_CALLBACK (on_finished),
                                           pending);
  waiting = g_list_prepend (waiting, pending);
  soup_server_message_pause (request->msg);
  mcu_server_take_snapshot (request->server, request->params[0], on_snapshot, pending);
}

void
mcu_rest_snapshot_forget_all (void)
{
  for (GList *l = waiting; l != NULL; l = l->next)
    ((Pending *) l->data)->is_gone = TRUE;
}
