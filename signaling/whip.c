/* signaling/whip.c - WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): handlers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/whip.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/server.h"
#include "signaling/listener.h"
#include "signaling/trickle.h"
#include "signaling/whip-sessions.h"

#define SDP_TYPE "application/sdp"
#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"

/* A POST whose answer is awaited; freed when it came. */
typedef struct
{
  SoupServerMessage *msg; /* owned, paused */
  McuServer *server;
  McuKind kind;
  char *room_name;
  char *offer;
  char *handle; /* the session's id to be */
  gulong finished_id;
  GSource *hangup;  /* owned (nullable) */
  gboolean is_gone; /* its message is over */
} Pending;

static GList *waiting; /* (element-type Pending) */

static McuKind
kind_of (McuRequest *request)
{
  return g_str_has_prefix (request->path, "/whep/") ? MCU_KIND_WHEP : MCU_KIND_WHIP;
}

/* Players change their mode of working on a 400 or 406 from WHEP, so it never says that. */
static void
respond_error (SoupServerMessage *msg, McuKind kind, const GError *error)
{
  g_autoptr (GError) other = NULL;

  if (kind == MCU_KIND_WHEP && (g_error_matches (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST) ||
                                g_error_matches (error, MCU_ERROR, MCU_ERROR_BAD_JSON)))
    other = g_error_new_literal (MCU_ERROR, MCU_ERROR_BAD_SDP, error->message);
  else if (kind == MCU_KIND_WHEP && g_error_matches (error, MCU_ERROR, MCU_ERROR_BAD_ROOM_NAME))
    other = g_error_new_literal (MCU_ERROR, MCU_ERROR_NOT_FOUND, error->message);
  mcu_respond_error (msg, other != NULL ? other : error);
}

static void
respond_problem (McuRequest *request, McuError code, const char *detail)
{
  g_autoptr (GError) error = g_error_new_literal (MCU_ERROR, code, detail);

  respond_error (request->msg, kind_of (request), error);
}

void
mcu_whip_add_cors (SoupServerMessage *msg)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);

  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace (headers, "Access-Control-Expose-Headers",
                                "Location, ETag, Link, Accept-Patch, Retry-After");
}

/* Reading a request. */

static gboolean
has_type (McuRequest *request, const char *wanted)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->msg);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  if (g_strcmp0 (type, wanted) == 0)
    return TRUE;
  respond_problem (request, MCU_ERROR_UNSUPPORTED_TYPE, wanted);
  return FALSE;
}

static GBytes *
body_of (McuRequest *request)
{
  return soup_message_body_flatten (soup_server_message_get_request_body (request->msg));
}

static gboolean
may_join (McuRequest *request, const char *room_name, char **name, McuPass **pass)
{
  McuKind kind = kind_of (request);
  g_auto (McuGrant) grant = {0};
  g_autoptr (GError) error = NULL;
  const char *wanted = mcu_request_query (request, "name");

  if (!mcu_auth_check_join (request->auth, mcu_auth_token_of (request->facts), room_name, &grant,
                            &error)) {
    respond_error (request->msg, kind, error);
    return FALSE;
  }
  if (kind == MCU_KIND_WHIP ? !grant.can_publish : !grant.can_subscribe) {
    respond_problem (request, MCU_ERROR_FORBIDDEN, "the token does not allow this direction");
    return FALSE;
  }
  *name = g_strdup (wanted);
  *pass = mcu_grant_to_pass (&grant);
  return TRUE;
}

/* Answering a POST. */

static void
add_link (SoupMessageHeaders *headers, const char *url, JsonObject *ice_server)
{
  const char *username = mcu_json_string (ice_server, "username");
  const char *credential = mcu_json_string (ice_server, "credential");
  g_autofree char *link = NULL;

  if (username != NULL && credential != NULL)
    link = g_strdup_printf ("<%s>; rel=\"ice-server\"; username=\"%s\"; credential=\"%s\"; "
                            "credential-type=\"password\"",
                            url, username, credential);
  else
    link = g_strdup_printf ("<%s>; rel=\"ice-server\"", url);
  soup_message_headers_append (headers, "Link", link);
}

static void
add_links (SoupMessageHeaders *headers, McuServer *server)
{
  g_autoptr (JsonArray) servers = mcu_server_ice_servers (server);

  for (guint i = 0; i < json_array_get_length (servers); i++) {
    JsonObject *ice_server = mcu_json_array_object (servers, i);
    JsonArray *urls = ice_server != NULL ? mcu_json_array (ice_server, "urls") : NULL;

    for (guint j = 0; urls != NULL && j < json_array_get_length (urls); j++)
      add_link (headers, json_array_get_string_element (urls, j), ice_server);
    if (ice_server != NULL && mcu_json_string (ice_server, "urls") != NULL)
      add_link (headers, mcu_json_string (ice_server, "urls"), ice_server);
  }
}

static void
respond_created (Pending *pending, const char *session_id, const char *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (pending->msg);
  g_autofree char *location = g_strdup_printf ("/%s/%s/%s", mcu_kind_to_string (pending->kind),
                                               pending->room_name, session_id);
  const char *etag = mcu_server_whip_etag (pending->server, pending->room_name, pending->kind,
                                           session_id);

  soup_message_headers_replace (headers, "Location", location);
  if (etag != NULL)
    soup_message_headers_replace (headers, "ETag", etag);
  soup_message_headers_replace (headers, "Accept-Patch", FRAGMENT_TYPE);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  add_links (headers, pending->server);
  mcu_whip_sessions_add (pending->server, pending->room_name, pending->kind, session_id,
                         pending->offer);
  soup_server_message_set_status (pending->msg, 201, NULL);
  soup_server_message_set_response (pending->msg, SDP_TYPE, SOUP_MEMORY_COPY, answer,
                                    strlen (answer));
}

static void
free_pending (Pending *pending)
{
  waiting = g_list_remove (waiting, pending);
  g_signal_handler_disconnect (pending->msg, pending->finished_id);
  if (pending->hangup != NULL) {
    g_source_destroy (pending->hangup);
    g_source_unref (pending->hangup);
  }
  g_object_unref (pending->msg);
  g_free (pending->room_name);
  g_free (pending->offer);
  g_free (pending->handle);
  g_free (pending);
}

static void
on_answer (const char *session_id, const char *answer, const GError *error, gpointer user_data)
{
  Pending *pending = user_data;

  if (pending->is_gone) {
    if (session_id != NULL)
      mcu_server_whip_remove (pending->server, session_id);
  } else {
    if (error != NULL)
      respond_error (pending->msg, pending->kind, error);
    else
      respond_created (pending, session_id, answer);
    soup_server_message_unpause (pending->msg);
  }
  free_pending (pending);
}

static void
on_finished (SoupServerMessage *msg, gpointer user_data)
{
  Pending *pending = user_data;

  pending->is_gone = TRUE;
  mcu_server_whip_remove (pending->server, pending->handle); /* and with it @pending */
}

/* Who does not wait shall not sit in the room until their media are missed. */
static gboolean
on_hangup (gpointer user_data)
{
  Pending *pending = user_data;

  mcu_server_whip_remove (pending->server, pending->handle); /* on_answer() ends it */
  return G_SOURCE_REMOVE;
}

static void
watch (Pending *pending)
{
  McuGuardedStream *stream = mcu_listener_stream_of (
      soup_server_message_get_remote_address (pending->msg));

  if (stream != NULL)
    pending->hangup = mcu_guarded_stream_watch_hangup (stream, on_hangup, pending);
}

static void
ask (McuRequest *request, const char *room_name, const char *name, const McuPass *pass,
     GBytes *offer)
{
  Pending *pending = g_new0 (Pending, 1);
  gsize length;
  const char *text = g_bytes_get_data (offer, &length);

  pending->msg = g_object_ref (request->msg);
  pending->server = request->server;
  pending->kind = kind_of (request);
  pending->room_name = g_strdup (room_name);
  pending->offer = g_strndup (text, length);
  pending->finished_id = g_signal_connect (request->msg, "finished", G_CALLBACK (on_finished),
                                           pending);
  waiting = g_list_prepend (waiting, pending);
  soup_server_message_pause (request->msg);
  pending->handle = mcu_server_whip_add (request->server, room_name, pending->kind, name, pass,
                                         pending->offer, on_answer, pending);
  watch (pending);
}

void
mcu_whip_post (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) offer = NULL;
  g_autofree char *name = NULL;
  g_autoptr (McuPass) pass = NULL;
  const char *room_name = mcu_request_room (request, &error);
  gsize length;
  const char *text;

  if (room_name == NULL) {
    respond_error (request->msg, kind_of (request), error);
    return;
  }
  if (!may_join (request, room_name, &name, &pass) || !has_type (request, SDP_TYPE))
    return;
  offer = body_of (request);
  text = g_bytes_get_data (offer, &length);
  if (length == 0 || memchr (text, '\0', length) != NULL) {
    respond_problem (request, MCU_ERROR_BAD_SDP, "the body is no session description");
    return;
  }
  ask (request, room_name, name, pass, offer);
}

/* A session's URL. It is a secret of 128 bits; whoever knows it was let in by POST. */

static const char *
etag_of (McuRequest *request)
{
  const char *etag = mcu_server_whip_etag (request->server, request->params[0], kind_of (request),
                                           request->params[1]);

  if (etag == NULL)
    respond_problem (request, MCU_ERROR_NOT_FOUND, "there is no such session");
  return etag;
}

static gboolean
check_if_match (McuRequest *request, const char *etag)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->msg);
  const char *if_match = soup_message_headers_get_list (headers, "If-Match");
  g_autofree char *weak = g_strconcat ("W/", etag, NULL);

  if (if_match == NULL) {
    respond_problem (request, MCU_ERROR_PRECONDITION_REQUIRED, "send the session's ETag");
    return FALSE;
  }
  /* RFC 9110, 13.1.1: compared strongly. RFC 9725 sends * with an ICE restart. */
  if (strcmp (if_match, "*") == 0 ||
      (strstr (if_match, etag) != NULL && strstr (if_match, weak) == NULL))
    return TRUE;
  respond_problem (request, MCU_ERROR_PRECONDITION_FAILED, "that is another session's ETag");
  return FALSE;
}

static gboolean
pass_on (McuRequest *request, McuTrickle *trickle, GError **error)
{
  const char *session_id = request->params[1];

  for (guint i = 0; i < trickle->candidates->len; i++)
    if (!mcu_server_whip_candidate (request->server, session_id, trickle->candidates->pdata[i],
                                    trickle->mids->pdata[i], error))
      return FALSE;
  return !trickle->is_end ||
         mcu_server_whip_candidate (request->server, session_id, NULL, "", error);
}

void
mcu_whip_patch (McuRequest *request)
{
  const char *etag = etag_of (request);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (McuTrickle) trickle = NULL;
  g_autoptr (GError) error = NULL;

  if (etag == NULL || !has_type (request, FRAGMENT_TYPE) || !check_if_match (request, etag))
    return;
  body = body_of (request);
  trickle = mcu_trickle_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), &error);
  if (trickle == NULL) {
    respond_error (request->msg, kind_of (request), error);
    return;
  }
  if (trickle->ufrag != NULL && !mcu_whip_sessions_has_ufrag (request->params[1], trickle->ufrag)) {
    respond_problem (request, MCU_ERROR_ICE_RESTART_UNSUPPORTED,
                     "this session goes on; for new ICE credentials make a new one");
    return;
  }
  if (pass_on (request, trickle, &error))
    soup_server_message_set_status (request->msg, 204, NULL);
  else
    respond_error (request->msg, kind_of (request), error);
}

void
mcu_whip_delete (McuRequest *request)
{
  if (etag_of (request) == NULL)
    return;
  mcu_server_whip_remove (request->server, request->params[1]);
  mcu_whip_sessions_remove (request->params[1]);
  soup_server_message_set_status (request->msg, 200, NULL);
}

void
mcu_whip_get (McuRequest *request)
{
  if (request->params[1] != NULL && etag_of (request) == NULL)
    return;
  soup_server_message_set_status (request->msg, 204, NULL);
}

void
mcu_whip_options (McuRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->msg);
  gboolean is_session = request->params[1] != NULL;

  soup_message_headers_replace (headers, "Access-Control-Allow-Methods",
                                is_session ? "PATCH, DELETE, GET, HEAD, OPTIONS"
                                           : "POST, GET, HEAD, OPTIONS");
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers",
                                "Authorization, Content-Type, If-Match");
  soup_message_headers_replace (headers, "Access-Control-Max-Age", "86400");
  if (is_session)
    soup_message_headers_replace (headers, "Accept-Patch", FRAGMENT_TYPE);
  else
    soup_message_headers_replace (headers, "Accept-Post", SDP_TYPE);
  soup_server_message_set_status (request->msg, 204, NULL);
}

void
mcu_whip_forget_all (void)
{
  for (GList *l = waiting; l != NULL; l = l->next)
    ((Pending *) l->data)->is_gone = TRUE;
}
