/* signaling/routes.c - every path that exists, and who answers it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/routes.h"

#include <string.h>

#include "mcu/base/error.h"
#include "signaling/guard.h"
#include "signaling/rest-live.h"
#include "signaling/rest-recordings.h"
#include "signaling/rest-rooms.h"
#include "signaling/rest-signs.h"
#include "signaling/rest-snapshot.h"
#include "signaling/rest-tokens.h"
#include "signaling/rest.h"
#include "signaling/signed-link.h"
#include "signaling/static-files.h"
#include "signaling/whip.h"

/* Who may; auth.h says how that is known. */
typedef enum
{
  ACCESS_PUBLIC,
  ACCESS_FIGURES, /* loopback or roomList */
  ACCESS_LIST,    /* roomList */
  ACCESS_ROOM,    /* roomList, or roomAdmin of this room; checks the room's name too */
  ACCESS_ADMIN,   /* roomAdmin of this room; checks its name too */
  ACCESS_OWNER,   /* the same, or roomCreate */
  ACCESS_NODE,    /* roomCreate */
  ACCESS_RECORD,  /* roomRecord, of this room if the token names one; checks the room's name too */
  ACCESS_RECORDS, /* roomRecord: the handler compares only_room with the recording's */
  ACCESS_MEDIA,   /* the same, or a signed link */
  ACCESS_DOOR     /* WHIP, WHEP: the handler asks itself, in the words of its protocol */
} Access;

typedef struct
{
  const char *method; /* GET stands for HEAD too */
  const char *pattern;
  Access access;
  void (*handler) (McuRequest *request);
} Route;

static void
serve_page (McuRequest *request)
{
  if (!mcu_static_files_serve (request->files, request->msg, "index.html"))
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "this build has no page");
}

static void
serve_recordings_page (McuRequest *request)
{
  if (!mcu_static_files_serve (request->files, request->msg, "recordings/index.html"))
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "this build has no page");
}

static void
serve_openapi (McuRequest *request)
{
  if (!mcu_static_files_serve (request->files, request->msg, "openapi.json"))
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is no such file");
}

static const Route routes[] = {
    {"GET", "/", ACCESS_PUBLIC, serve_page},
    {"GET", "/r/{}", ACCESS_PUBLIC, serve_page},
    {"GET", "/recordings", ACCESS_PUBLIC, serve_recordings_page},
    {"GET", "/openapi.json", ACCESS_PUBLIC, serve_openapi},
    {"GET", "/healthz", ACCESS_PUBLIC, mcu_rest_healthz},
    {"GET", "/readyz", ACCESS_PUBLIC, mcu_rest_readyz},
    {"GET", "/metrics", ACCESS_FIGURES, mcu_rest_metrics},
    {"GET", "/v1/stats", ACCESS_FIGURES, mcu_rest_stats},
    {"GET", "/v1/rooms", ACCESS_LIST, mcu_rest_rooms},
    {"POST", "/v1/rooms", ACCESS_NODE, mcu_rest_create_room},
    {"GET", "/v1/rooms/{}", ACCESS_ROOM, mcu_rest_room},
    {"PATCH", "/v1/rooms/{}", ACCESS_OWNER, mcu_rest_patch_room},
    {"DELETE", "/v1/rooms/{}", ACCESS_OWNER, mcu_rest_delete_room},
    {"GET", "/v1/rooms/{}/layout", ACCESS_ROOM, mcu_rest_room_layout},
    {"PUT", "/v1/rooms/{}/layout", ACCESS_ADMIN, mcu_rest_set_room_layout},
    {"GET", "/v1/rooms/{}/caption", ACCESS_ROOM, mcu_rest_caption},
    {"PUT", "/v1/rooms/{}/caption", ACCESS_ADMIN, mcu_rest_set_caption},
    {"DELETE", "/v1/rooms/{}/caption", ACCESS_ADMIN, mcu_rest_remove_caption},
    {"PUT", "/v1/rooms/{}/participants/{}/avatar", ACCESS_ADMIN, mcu_rest_set_avatar},
    {"DELETE", "/v1/rooms/{}/participants/{}/avatar", ACCESS_ADMIN, mcu_rest_remove_avatar},
    {"GET", "/v1/rooms/{}/snapshot.png", ACCESS_ADMIN, mcu_rest_snapshot},
    {"GET", "/v1/layouts", ACCESS_PUBLIC, mcu_rest_layouts},
    {"GET", "/v1/layouts/{}", ACCESS_PUBLIC, mcu_rest_layout},
    {"GET", "/v1/rooms/{}/participants", ACCESS_ROOM, mcu_rest_participants},
    {"POST", "/v1/rooms/{}/tokens", ACCESS_ADMIN, mcu_rest_create_token},
    {"PATCH", "/v1/rooms/{}/participants/{}", ACCESS_ADMIN, mcu_rest_patch_participant},
    {"DELETE", "/v1/rooms/{}/participants/{}", ACCESS_ADMIN, mcu_rest_delete_participant},
    {"POST", "/v1/rooms/{}/streams", ACCESS_ADMIN, mcu_rest_add_stream},
    {"GET", "/v1/rooms/{}/streams", ACCESS_ROOM, mcu_rest_streams},
    {"DELETE", "/v1/rooms/{}/streams/{}", ACCESS_ADMIN, mcu_rest_remove_stream},
    {"POST", "/v1/rooms/{}/inputs", ACCESS_ADMIN, mcu_rest_add_input},
    {"GET", "/v1/rooms/{}/inputs", ACCESS_ROOM, mcu_rest_inputs},
    {"DELETE", "/v1/rooms/{}/inputs/{}", ACCESS_ADMIN, mcu_rest_remove_input},
    {"GET", "/hls/{}/{}", ACCESS_PUBLIC, mcu_rest_hls},
    {"OPTIONS", "/hls/{}/{}", ACCESS_PUBLIC, mcu_rest_hls_options},
    {"POST", "/v1/rooms/{}/recordings", ACCESS_RECORD, mcu_rest_record},
    {"GET", "/v1/rooms/{}/recordings", ACCESS_RECORD, mcu_rest_room_recordings},
    {"GET", "/v1/recordings", ACCESS_RECORDS, mcu_rest_recordings},
    {"GET", "/v1/recordings/{}", ACCESS_RECORDS, mcu_rest_recording},
    {"PATCH", "/v1/recordings/{}", ACCESS_RECORDS, mcu_rest_recording_patch},
    {"DELETE", "/v1/recordings/{}", ACCESS_RECORDS, mcu_rest_recording_delete},
    {"POST", "/v1/recordings/{}/stop", ACCESS_RECORDS, mcu_rest_recording_order},
    {"POST", "/v1/recordings/{}/pause", ACCESS_RECORDS, mcu_rest_recording_order},
    {"POST", "/v1/recordings/{}/resume", ACCESS_RECORDS, mcu_rest_recording_order},
    {"POST", "/v1/recordings/{}/link", ACCESS_RECORDS, mcu_rest_recording_link},
    {"GET", "/v1/recordings/{}/media", ACCESS_MEDIA, mcu_rest_recording_media},
    {"GET", "/v1/recordings/{}/chapters.vtt", ACCESS_MEDIA, mcu_rest_recording_chapters},
    {"PUT", "/v1/node/drain", ACCESS_NODE, mcu_rest_drain},
    {"DELETE", "/v1/node/drain", ACCESS_NODE, mcu_rest_drain},
    {"POST", "/whip/{}", ACCESS_DOOR, mcu_whip_post},
    {"GET", "/whip/{}", ACCESS_DOOR, mcu_whip_get},
    {"OPTIONS", "/whip/{}", ACCESS_DOOR, mcu_whip_options},
    {"PATCH", "/whip/{}/{}", ACCESS_DOOR, mcu_whip_patch},
    {"DELETE", "/whip/{}/{}", ACCESS_DOOR, mcu_whip_delete},
    {"GET", "/whip/{}/{}", ACCESS_DOOR, mcu_whip_get},
    {"OPTIONS", "/whip/{}/{}", ACCESS_DOOR, mcu_whip_options},
    {"POST", "/whep/{}", ACCESS_DOOR, mcu_whip_post},
    {"OPTIONS", "/whep/{}", ACCESS_DOOR, mcu_whip_options},
    {"PATCH", "/whep/{}/{}", ACCESS_DOOR, mcu_whip_patch},
    {"DELETE", "/whep/{}/{}", ACCESS_DOOR, mcu_whip_delete},
    {"OPTIONS", "/whep/{}/{}", ACCESS_DOOR, mcu_whip_options},
};

/* Decodes what stands for each {}; a segment that decodes to nothing or holds a slash fits none. */
static gboolean
matches (const char *pattern, char **segments, char **params)
{
  g_auto (GStrv) wanted = g_strsplit (pattern + 1, "/", -1);
  guint n_params = 0;
  guint i;

  for (i = 0; wanted[i] != NULL && segments[i] != NULL; i++) {
    if (strcmp (wanted[i], "{}") != 0) {
      if (strcmp (wanted[i], segments[i]) != 0)
        break;
      continue;
    }
    g_free (params[n_params]);
    params[n_params] = g_uri_unescape_string (segments[i], "/");
    if (params[n_params] == NULL || *params[n_params] == '\0')
      break;
    n_params++;
  }
  if (wanted[i] == NULL && segments[i] == NULL)
    return TRUE;
  for (guint j = 0; j < MCU_REQUEST_MAX_SEGMENTS; j++)
    g_clear_pointer (&params[j], g_free);
  return FALSE;
}

gboolean
mcu_routes_is_signal (const char *path, char **room_name)
{
  g_auto (GStrv) segments = g_strsplit (path + 1, "/", MCU_REQUEST_MAX_SEGMENTS + 1);
  char *params[MCU_REQUEST_MAX_SEGMENTS] = {NULL};

  if (*path != '/' || !matches ("/v1/rooms/{}/signal", segments, params))
    return FALSE;
  if (room_name != NULL)
    *room_name = g_steal_pointer (&params[0]);
  g_free (params[0]);
  return TRUE;
}

gsize
mcu_routes_max_body (const char *path)
{
  return g_str_has_prefix (path, "/v1/rooms/") && g_str_has_suffix (path, "/avatar")
             ? MCU_GUARD_MAX_AVATAR_BYTES
             : MCU_GUARD_MAX_BODY_BYTES;
}

gboolean
mcu_routes_is_cross_origin (const char *path)
{
  return g_str_has_prefix (path, "/whip/") || g_str_has_prefix (path, "/whep/");
}

static gboolean
may_record (McuRequest *request, Access access, const McuGrant *grant)
{
  request->only_room = g_strdup (grant->room);
  return grant->room_record && (access != ACCESS_RECORD || grant->room == NULL ||
                                strcmp (grant->room, request->params[0]) == 0);
}

static gboolean
may_by_token (McuRequest *request, Access access, const McuGrant *grant)
{
  gboolean is_admin = grant->room_admin && g_strcmp0 (grant->room, request->params[0]) == 0;

  switch (access) {
  case ACCESS_PUBLIC:
  case ACCESS_DOOR:
    return TRUE;
  case ACCESS_FIGURES:
  case ACCESS_LIST:
    return grant->room_list;
  case ACCESS_ROOM:
    return grant->room_list || is_admin;
  case ACCESS_ADMIN:
    return is_admin;
  case ACCESS_OWNER:
    return grant->room_create || is_admin;
  case ACCESS_NODE:
    return grant->room_create;
  case ACCESS_RECORD:
  case ACCESS_RECORDS:
  case ACCESS_MEDIA:
    return may_record (request, access, grant);
  }
  g_assert_not_reached ();
}

static gboolean
is_of_room (Access access)
{
  return access == ACCESS_ROOM || access == ACCESS_ADMIN || access == ACCESS_OWNER ||
         access == ACCESS_RECORD;
}

static gboolean
may (McuRequest *request, Access access, GError **error)
{
  g_auto (McuGrant) grant = {0};

  if (access == ACCESS_PUBLIC)
    return TRUE;
  if (access == ACCESS_DOOR)
    return mcu_auth_check_origin (request->auth, request->facts, TRUE, error);
  if (!mcu_auth_has_keys (request->auth) &&
      !mcu_auth_check_origin (request->auth, request->facts, FALSE, error))
    return FALSE;
  if (access == ACCESS_MEDIA && mcu_signed_link_is_good (request->config, request->params[0],
                                                         mcu_request_query (request, "expires"),
                                                         mcu_request_query (request, "signature"),
                                                         g_get_real_time () / G_USEC_PER_SEC))
    return TRUE;
  if (access == ACCESS_FIGURES)
    return mcu_auth_check_figures (request->auth, request->facts, error);
  if (!mcu_auth_check_rest (request->auth, request->facts, &grant, error))
    return FALSE;
  if (grant.claims != NULL && !may_by_token (request, access, &grant)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_FORBIDDEN, "the token does not allow this");
    return FALSE;
  }
  return !is_of_room (access) || mcu_request_room (request, error) != NULL;
}

static void
call (McuRequest *request, const Route *route)
{
  g_autoptr (GError) error = NULL;

  if (may (request, route->access, &error))
    route->handler (request);
  else
    mcu_respond_error (request->msg, error);
}

static gboolean
has_method (const Route *route, const char *method)
{
  return strcmp (route->method, method) == 0 ||
         (strcmp (method, "HEAD") == 0 && strcmp (route->method, "GET") == 0);
}

/* Everything under /web/, and for short names at the root too. */
static gboolean
serve_file (McuRequest *request)
{
  const char *name = request->path + 1;

  if (g_str_has_prefix (name, "web/"))
    name += strlen ("web/");
  return mcu_static_files_serve (request->files, request->msg, name);
}

static void
respond_without_route (McuRequest *request, const char *method, GString *allowed)
{
  gboolean is_get = strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0;

  if (allowed->len > 0) {
    soup_message_headers_replace (soup_server_message_get_response_headers (request->msg), "Allow",
                                  allowed->str);
    mcu_respond_problem (request->msg, MCU_ERROR_METHOD_NOT_ALLOWED, allowed->str);
  } else if (!is_get || !serve_file (request)) {
    mcu_respond_problem (request->msg, MCU_ERROR_NOT_FOUND, "there is nothing at this path");
  }
}

void
mcu_routes_dispatch (McuRequest *request)
{
  const char *method = soup_server_message_get_method (request->msg);
  g_auto (GStrv) segments = g_strsplit (request->path + 1, "/", MCU_REQUEST_MAX_SEGMENTS + 1);
  g_autoptr (GString) allowed = g_string_new (NULL);
  const Route *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (routes) && found == NULL; i++) {
    if (!matches (routes[i].pattern, segments, request->params))
      continue;
    g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? ", " : "", routes[i].method);
    if (strcmp (routes[i].method, "GET") == 0)
      g_string_append (allowed, ", HEAD");
    if (has_method (&routes[i], method))
      found = &routes[i];
  }
  if (found != NULL)
    call (request, found);
  else
    respond_without_route (request, method, allowed);
  for (guint i = 0; i < MCU_REQUEST_MAX_SEGMENTS; i++)
    g_clear_pointer (&request->params[i], g_free);
  g_clear_pointer (&request->only_room, g_free);
}
