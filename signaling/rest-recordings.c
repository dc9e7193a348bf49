/* signaling/rest-recordings.c - handlers of the REST requests about recordings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest-recordings.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/config.h"
#include "mcu/participant.h"
#include "mcu/recordings.h"
#include "mcu/server.h"
#include "signaling/media-reply.h"
#include "signaling/request-body.h"
#include "signaling/signed-link.h"

/* A request whose answer is awaited. */
typedef struct _Pending Pending;
struct _Pending
{
  SoupServerMessage *msg; /* owned, paused */
  McuRecordings *recordings;
  McuConfig *config; /* owned */
  char *id;          /* (nullable) of the recording */
  char *only_room;   /* (nullable): what the token is for */
  guint part, track;
  JsonObject *members;             /* (nullable) owned: of a change */
  void (*then) (Pending *pending); /* what is done once we know that they may */
  gulong finished_id;
  gboolean is_gone; /* its message is over */
};

static GList *waiting; /* (element-type Pending) */

static void
on_finished (SoupServerMessage *msg, gpointer data)
{
  ((Pending *) data)->is_gone = TRUE;
}

/* Returns: 0 when it is not asked for. */
static guint
number_of (McuRequest *request, const char *name)
{
  const char *text = mcu_request_query (request, name);
  guint64 number;

  if (text == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &number, NULL))
    return number;
  return G_MAXINT; /* there is none of that number */
}

static Pending *
wait_for_answer (McuRequest *request)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->msg = g_object_ref (request->msg);
  pending->recordings = mcu_server_get_recordings (request->server);
  pending->config = mcu_config_ref (request->config);
  pending->id = g_strdup (request->params[0]);
  pending->only_room = g_strdup (request->only_room);
  pending->part = number_of (request, "part");
  pending->track = number_of (request, "track");
  pending->finished_id = g_signal_connect (request->msg, "finished", G_CALLBACK (on_finished),
                                           pending);
  waiting = g_list_prepend (waiting, pending);
  /* Without a status libsoup takes what is paused below /v1/rooms for a failed WebSocket handshake.
   * Source: libsoup 3.2, soup-server.c, got_body(). */
  soup_server_message_set_status (request->msg, 202, NULL);
  soup_server_message_pause (request->msg);
  return pending;
}

static void
free_pending (Pending *pending)
{
  waiting = g_list_remove (waiting, pending);
  g_signal_handler_disconnect (pending->msg, pending->finished_id);
  g_object_unref (pending->msg);
  mcu_config_unref (pending->config);
  g_free (pending->id);
  g_free (pending->only_room);
  g_clear_pointer (&pending->members, json_object_unref);
  g_free (pending);
}

static void
add_links (Pending *pending, JsonObject *recording)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  const char *id = mcu_json_string (recording, "id");
  g_autofree char *media = mcu_signed_link_new (pending->config, id, "media", now_s);
  g_autofree char *chapters = mcu_signed_link_new (pending->config, id, "chapters.vtt", now_s);

  json_object_set_string_member (recording, "media_url", media);
  json_object_set_string_member (recording, "chapters_url", chapters);
}

static JsonObject *
copy (JsonObject *object)
{
  g_autofree char *text = mcu_json_to_text (object);

  return mcu_json_parse_object (text, strlen (text), NULL);
}

static void
respond (Pending *pending, guint status, JsonObject *object, const GError *error)
{
  if (!pending->is_gone) {
    if (error != NULL)
      mcu_respond_error (pending->msg, error);
    else if (status == 204)
      soup_server_message_set_status (pending->msg, 204, NULL);
    else
      mcu_respond_json (pending->msg, status, json_object_ref (object));
    soup_server_message_unpause (pending->msg);
  }
  free_pending (pending);
}

static void
respond_problem (Pending *pending, McuError code, const char *detail)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, detail);

  respond (pending, 0, NULL, error);
}

static gboolean
is_allowed (Pending *pending, const char *room)
{
  return pending->only_room == NULL || g_strcmp0 (pending->only_room, room) == 0;
}

/* Lists. */

static void
on_list (JsonObject *list, const GError *error, gpointer data)
{
  Pending *pending = data;
  JsonArray *all = list != NULL ? mcu_json_array (list, "recordings") : NULL;

  for (guint i = 0; all != NULL && i < json_array_get_length (all); i++)
    add_links (pending, mcu_json_array_object (all, i));
  respond (pending, 200, list, error);
}

static guint
limit_of (McuRequest *request)
{
  const char *text = mcu_request_query (request, "limit");
  guint64 limit;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, MCU_LIST_MAX, &limit, NULL))
    return MCU_LIST_MAX;
  return limit;
}

static void
list (McuRequest *request, const char *room)
{
  mcu_recordings_list (mcu_server_get_recordings (request->server), room, limit_of (request),
                       mcu_request_query (request, "after"), on_list, wait_for_answer (request));
}

void
mcu_rest_room_recordings (McuRequest *request)
{
  list (request, request->params[0]);
}

void
mcu_rest_recordings (McuRequest *request)
{
  const char *room = mcu_request_query (request, "room");

  if (room != NULL && request->only_room != NULL && strcmp (room, request->only_room) != 0)
    mcu_respond_problem (request->msg, MCU_ERROR_FORBIDDEN, "the token is not for this room");
  else if (room != NULL && !mcu_room_name_is_valid (room))
    mcu_respond_problem (request->msg, MCU_ERROR_BAD_ROOM_NAME, "not a room's name");
  else
    list (request, room != NULL ? room : request->only_room);
}

/* A new one. */

static void
on_started (JsonObject *recording, const GError *error, gpointer data)
{
  Pending *pending = data;
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *location = NULL;

  if (recording == NULL) {
    respond (pending, 0, NULL, error);
    return;
  }
  object = copy (recording);
  add_links (pending, object);
  location = g_strdup_printf ("/v1/recordings/%s", mcu_json_string (object, "id"));
  soup_message_headers_replace (soup_server_message_get_response_headers (pending->msg), "Location",
                                location);
  respond (pending, 201, object, NULL);
}

void
mcu_rest_record (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) wish = mcu_request_object (request, TRUE, &error);

  if (wish == NULL)
    mcu_respond_error (request->msg, error);
  else
    mcu_server_record (request->server, request->params[0], wish, on_started,
                       wait_for_answer (request));
}

/* One of them: first whose it is, then what is wanted. */

static void
on_known (JsonObject *recording, const GError *error, gpointer data)
{
  Pending *pending = data;

  if (recording == NULL || pending->is_gone)
    respond (pending, 0, NULL, error);
  else if (!is_allowed (pending, mcu_json_string (recording, "room")))
    respond_problem (pending, MCU_ERROR_FORBIDDEN, "the token is not for its room");
  else
    pending->then (pending);
}

/* @members: (transfer full) (nullable) */
static void
look_up_with (McuRequest *request, JsonObject *members, void (*then) (Pending *pending))
{
  g_autoptr (JsonObject) ours = members;
  Pending *pending;

  if (!mcu_id_is_valid (request->params[0])) {
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such recording");
    return;
  }
  pending = wait_for_answer (request);
  pending->then = then;
  pending->members = g_steal_pointer (&ours);
  mcu_recordings_get (pending->recordings, pending->id, on_known, pending);
}

static void
look_up (McuRequest *request, void (*then) (Pending *pending))
{
  look_up_with (request, NULL, then);
}

static void
on_one (JsonObject *recording, const GError *error, gpointer data)
{
  Pending *pending = data;
  g_autoptr (JsonObject) object = recording != NULL ? copy (recording) : NULL;

  if (object != NULL)
    add_links (pending, object);
  respond (pending, 200, object, error);
}

static void
get_one (Pending *pending)
{
  mcu_recordings_get (pending->recordings, pending->id, on_one, pending);
}

void
mcu_rest_recording (McuRequest *request)
{
  look_up (request, get_one);
}

static void
on_deleted (JsonObject *nothing, const GError *error, gpointer data)
{
  respond (data, 204, NULL, error);
}

static void
delete_one (Pending *pending)
{
  mcu_recordings_remove (pending->recordings, pending->id, on_deleted, pending);
}

void
mcu_rest_recording_delete (McuRequest *request)
{
  look_up (request, delete_one);
}

static void
change_one (Pending *pending)
{
  mcu_recordings_change (pending->recordings, pending->id, pending->members, on_one, pending);
}

void
mcu_rest_recording_patch (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  JsonObject *members = mcu_request_object (request, FALSE, &error);

  if (members != NULL)
    look_up_with (request, members, change_one);
  else
    mcu_respond_error (request->msg, error);
}

static void
stop_one (Pending *pending)
{
  mcu_recordings_order (pending->recordings, pending->id, MCU_RECORDING_STOP, on_one, pending);
}

static void
pause_one (Pending *pending)
{
  mcu_recordings_order (pending->recordings, pending->id, MCU_RECORDING_PAUSE, on_one, pending);
}

static void
resume_one (Pending *pending)
{
  mcu_recordings_order (pending->recordings, pending->id, MCU_RECORDING_RESUME, on_one, pending);
}

void
mcu_rest_recording_order (McuRequest *request)
{
  if (g_str_has_suffix (request->path, "/stop"))
    look_up (request, stop_one);
  else if (g_str_has_suffix (request->path, "/pause"))
    look_up (request, pause_one);
  else
    look_up (request, resume_one);
}

static void
make_link (Pending *pending)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *expires = mcu_time_to_json (g_get_real_time () +
                                               (gint64) MCU_SIGNED_LINK_TTL_S * G_USEC_PER_SEC);

  json_object_set_string_member (object, "id", pending->id);
  add_links (pending, object);
  json_object_remove_member (object, "id");
  json_object_set_string_member (object, "expires_at", expires);
  respond (pending, 201, object, NULL);
}

void
mcu_rest_recording_link (McuRequest *request)
{
  look_up (request, make_link);
}

/* Its files. */

static void
on_media (McuRecordingMedia *media, const GError *error, gpointer data)
{
  Pending *pending = data;
  g_autoptr (McuRecordingMedia) ours = media;

  if (ours == NULL || pending->is_gone) {
    respond (pending, 0, NULL, error);
  } else if (!is_allowed (pending, ours->room)) {
    respond_problem (pending, MCU_ERROR_FORBIDDEN, "the token is not for its room");
  } else {
    mcu_media_reply (pending->msg, g_steal_pointer (&ours));
    free_pending (pending);
  }
}

static gboolean
check_id (McuRequest *request)
{
  if (mcu_id_is_valid (request->params[0]))
    return TRUE;
  mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such recording");
  return FALSE;
}

void
mcu_rest_recording_media (McuRequest *request)
{
  Pending *pending = check_id (request) ? wait_for_answer (request) : NULL;

  if (pending != NULL)
    mcu_recordings_open_media (pending->recordings, pending->id, pending->part, pending->track,
                               on_media, pending);
}

static void
on_chapters (const char *room, const char *text, const GError *error, gpointer data)
{
  Pending *pending = data;

  if (error != NULL || pending->is_gone) {
    respond (pending, 0, NULL, error);
  } else if (!is_allowed (pending, room)) {
    respond_problem (pending, MCU_ERROR_FORBIDDEN, "the token is not for its room");
  } else {
    mcu_respond_text (pending->msg, "text/vtt; charset=utf-8", g_strdup (text));
    soup_server_message_unpause (pending->msg);
    free_pending (pending);
  }
}

void
mcu_rest_recording_chapters (McuRequest *request)
{
  Pending *pending = check_id (request) ? wait_for_answer (request) : NULL;

  if (pending != NULL)
    mcu_recordings_chapters (pending->recordings, pending->id, pending->part, on_chapters, pending);
}

void
mcu_rest_recordings_forget_all (void)
{
  for (GList *l = waiting; l != NULL; l = l->next)
    ((Pending *) l->data)->is_gone = TRUE;
}
