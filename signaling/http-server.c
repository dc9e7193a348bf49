/* signaling/http-server.c - HTTP and WebSocket on top of the door.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/http-server.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

#include "mcu/base/error.h"
#include "mcu/config.h"
#include "mcu/server.h"
#include "signaling/auth.h"
#include "signaling/listener.h"
#include "signaling/page-headers.h"
#include "signaling/refusal.h"
#include "signaling/request.h"
#include "signaling/rest-recordings.h"
#include "signaling/rest-snapshot.h"
#include "signaling/routes.h"
#include "signaling/static-files.h"
#include "signaling/whip.h"
#include "signaling/ws-session.h"

#define ROOMS_PATH "/v1/rooms"

struct _McuHttpServer
{
  McuConfig *config; /* owned */
  McuServer *server; /* unowned */
  McuAuth *auth;
  McuStaticFiles *files;
  SoupServer *soup;
  McuListener *listener;
  GHashTable *sockets; /* (element-type McuWsSession) owned */
  GSocket *keep_alive; /* owned: see keep_connections() */
};

/* How far a request is, told to its connection's guard. */

static void
enter (SoupServerMessage *msg, McuGuardPhase phase)
{
  McuGuardedStream *stream = mcu_listener_stream_of (soup_server_message_get_remote_address (msg));
  McuGuardPhase now;

  if (stream == NULL)
    return;
  now = mcu_guarded_stream_get_guard (stream)->phase;
  if (now != MCU_GUARD_WEBSOCKET && now != MCU_GUARD_REFUSED)
    mcu_guarded_stream_enter (stream, phase);
}

static void
on_got_body (SoupServerMessage *msg, gpointer user_data)
{
  enter (msg, MCU_GUARD_RESPONSE);
}

static void
on_request_finished (SoupServer *soup, SoupServerMessage *msg, gpointer user_data)
{
  enter (msg, MCU_GUARD_IDLE);
}

static gsize
max_body_of (SoupServerMessage *msg)
{
  return mcu_routes_max_body (g_uri_get_path (soup_server_message_get_uri (msg)));
}

static GError *
new_too_large (gsize max)
{
  return g_error_new (MCU_ERROR, MCU_ERROR_TOO_LARGE, "a body is at most %" G_GSIZE_FORMAT " bytes",
                      max);
}

/* A chunked body says its length only by being read. */
static void
on_got_chunk (SoupServerMessage *msg, GBytes *chunk, gpointer user_data)
{
  gsize max = max_body_of (msg);
  g_autoptr (GError) error = NULL;

  if ((gsize) soup_server_message_get_request_body (msg)->length <= max)
    return;
  g_signal_handlers_disconnect_by_func (msg, on_got_chunk, user_data);
  error = new_too_large (max);
  mcu_refuse_now (msg, error);
}

static void
on_request_started (SoupServer *soup, SoupServerMessage *msg, gpointer user_data)
{
  g_signal_connect (msg, "got-chunk", G_CALLBACK (on_got_chunk), user_data);
  g_signal_connect (msg, "got-body", G_CALLBACK (on_got_body), user_data);
}

/* Before the body. */

static gboolean
is_upgrade (SoupServerMessage *msg)
{
  return soup_message_headers_header_contains (soup_server_message_get_request_headers (msg),
                                               "Upgrade", "websocket");
}

static gboolean
check_size (SoupServerMessage *msg, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
      (gsize) soup_message_headers_get_content_length (headers) <= max_body_of (msg))
    return TRUE;
  g_propagate_error (error, new_too_large (max_body_of (msg)));
  return FALSE;
}

static gboolean
check_upgrade (McuHttpServer *self, SoupServerMessage *msg, const McuRequestFacts *facts,
               GError **error)
{
  if (!is_upgrade (msg))
    return TRUE;
  if (!mcu_routes_is_signal (g_uri_get_path (soup_server_message_get_uri (msg)), NULL)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "no WebSocket at this path");
    return FALSE;
  }
  return mcu_auth_check_origin (self->auth, facts, FALSE, error);
}

/* Source: RFC 9112, 3.2: a request of HTTP/1.1 without exactly one Host is a 400. */
static gboolean
check_host (McuHttpServer *self, SoupServerMessage *msg, const McuRequestFacts *facts,
            GError **error)
{
  if (facts->host == NULL && soup_server_message_get_http_version (msg) == SOUP_HTTP_1_1) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "a Host header is needed");
    return FALSE;
  }
  return mcu_auth_check_host (self->auth, facts, error);
}

static void
allow_body (SoupServerMessage *msg)
{
  McuGuardedStream *stream = mcu_listener_stream_of (soup_server_message_get_remote_address (msg));

  if (stream != NULL)
    mcu_guard_allow_body (mcu_guarded_stream_get_guard (stream), max_body_of (msg));
}

static void
on_headers (SoupServer *soup, SoupServerMessage *msg, const char *path, GHashTable *query,
            gpointer user_data)
{
  McuHttpServer *self = user_data;
  g_autoptr (GError) error = NULL;
  McuRequestFacts facts;

  enter (msg, MCU_GUARD_BODY);
  allow_body (msg);
  mcu_request_facts_init (&facts, msg, query);
  mcu_add_page_headers (soup_server_message_get_response_headers (msg), self->config, facts.host);
  if (mcu_routes_is_cross_origin (path))
    mcu_whip_add_cors (msg);
  if (!check_size (msg, &error))
    mcu_refuse_now (msg, error);
  else if (!check_host (self, msg, &facts, &error) || !check_upgrade (self, msg, &facts, &error))
    mcu_respond_error (msg, error);
  mcu_request_facts_clear (&facts);
}

/* After the body. */

static void
on_request (SoupServer *soup, SoupServerMessage *msg, const char *path, GHashTable *query,
            gpointer user_data)
{
  McuHttpServer *self = user_data;
  McuRequestFacts facts;
  McuRequest request;
  McuDoorFigures door = {.n_connections = mcu_listener_count (self->listener),
                         .n_websockets = g_hash_table_size (self->sockets),
                         .n_cut = mcu_listener_cut_total (self->listener)};

  if (is_upgrade (msg)) /* the WebSocket's handler comes next, and its path was looked at */
    return;
  if (soup_server_message_is_options_ping (msg)) {
    soup_server_message_set_status (msg, 204, NULL);
    return;
  }
  mcu_request_facts_init (&facts, msg, query);
  request = (McuRequest){.msg = msg,
                         .server = self->server,
                         .auth = self->auth,
                         .config = self->config,
                         .files = self->files,
                         .facts = &facts,
                         .door = &door,
                         .query = query,
                         .path = g_uri_get_path (soup_server_message_get_uri (msg))};
  mcu_routes_dispatch (&request);
  mcu_request_facts_clear (&facts);
}

static void
on_socket_closed (McuWsSession *session, gpointer user_data)
{
  McuHttpServer *self = user_data;

  g_hash_table_remove (self->sockets, session);
}

static void
on_upgraded (SoupServer *soup, SoupServerMessage *msg, const char *path,
             SoupWebsocketConnection *connection, gpointer user_data)
{
  McuHttpServer *self = user_data;
  GUri *uri = soup_server_message_get_uri (msg);
  g_autoptr (GHashTable)
      query = g_uri_get_query (uri) != NULL ? soup_form_decode (g_uri_get_query (uri)) : NULL;
  g_autofree char *room_name = NULL;
  McuRequestFacts facts;

  mcu_request_facts_init (&facts, msg, query);
  if (mcu_routes_is_signal (g_uri_get_path (uri), &room_name))
    g_hash_table_add (
        self->sockets,
        mcu_ws_session_new (self->server, self->auth, room_name, mcu_auth_token_of (&facts),
                            connection,
                            mcu_listener_stream_of (soup_server_message_get_remote_address (msg)),
                            on_socket_closed, self));
  mcu_request_facts_clear (&facts);
}

static void
on_stream (McuGuardedStream *stream, GSocketAddress *local, GSocketAddress *remote,
           gpointer user_data)
{
  McuHttpServer *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (stream), local, remote, &error)) {
    g_warning ("connection: %s", error->message);
    mcu_guarded_stream_cut (stream, "not taken");
  }
}

/* Setting up. */

static gboolean
load_certificate (McuListener *listener, McuConfig *config, GError **error)
{
  const char *file = mcu_config_get_string (config, MCU_SETTING_HTTP_TLS_CERTIFICATE);
  const char *key = mcu_config_get_string (config, MCU_SETTING_HTTP_TLS_KEY);
  g_autoptr (GTlsCertificate) certificate = NULL;

  if (*file == '\0')
    return TRUE;
  certificate = *key != '\0' ? g_tls_certificate_new_from_files (file, key, error)
                             : g_tls_certificate_new_from_file (file, error);
  if (certificate == NULL)
    return FALSE;
  mcu_listener_set_certificate (listener, certificate);
  return TRUE;
}

/* libsoup closes every connection after its first request unless the server has a listener of its
 * own. This one is an end of a socket pair: nothing can ever connect to it.
 * Source: libsoup 3.2, soup-server.c, request_finished(). */
static gboolean
keep_connections (McuHttpServer *self, GError **error)
{
  g_autoptr (GSocket) listener = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no socket pair for keep-alive");
    return FALSE;
  }
  listener = g_socket_new_from_fd (ends[0], NULL);
  self->keep_alive = g_socket_new_from_fd (ends[1], NULL);
  return soup_server_listen_socket (self->soup, listener, 0, error);
}

static void
make_soup (McuHttpServer *self)
{
  char *protocols[] = {"tessera.v1", NULL};

  self->soup = soup_server_new (NULL, NULL);
  soup_server_remove_websocket_extension (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (on_request_started), self);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (on_request_finished), self);
  /* libsoup takes the handlers of the longest path, and only those. */
  soup_server_add_early_handler (self->soup, "/", on_headers, self, NULL);
  soup_server_add_handler (self->soup, "/", on_request, self, NULL);
  soup_server_add_early_handler (self->soup, ROOMS_PATH, on_headers, self, NULL);
  soup_server_add_handler (self->soup, ROOMS_PATH, on_request, self, NULL);
  soup_server_add_websocket_handler (self->soup, ROOMS_PATH, NULL, protocols, on_upgraded, self,
                                     NULL);
}

McuHttpServer *
mcu_http_server_new (McuConfig *config, McuServer *server, gboolean open, GError **error)
{
  g_autoptr (McuHttpServer) self = g_new0 (McuHttpServer, 1);
  McuListenerLimits limits = {
      .max_connections = mcu_config_get_int (config, MCU_SETTING_HTTP_MAX_CONNECTIONS),
      .max_per_address = mcu_config_get_int (config, MCU_SETTING_HTTP_MAX_CONNECTIONS_PER_ADDRESS)};

  self->config = mcu_config_ref (config);
  self->server = server;
  self->auth = mcu_auth_new (config, open);
  self->files = mcu_static_files_new ();
  self->sockets = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) mcu_ws_session_free, NULL);
  make_soup (self);
  self->listener = mcu_listener_new (&limits, on_stream, self);
  if (!keep_connections (self, error) || !mcu_auth_check_listening (self->auth, error) ||
      !load_certificate (self->listener, config, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
mcu_http_server_listen (McuHttpServer *self, GError **error)
{
  const char *const *addresses = mcu_config_get_strings (self->config, MCU_SETTING_HTTP_ADDRESS);
  guint16 port = mcu_config_get_int (self->config, MCU_SETTING_HTTP_PORT);

  for (guint i = 0; addresses[i] != NULL; i++) {
    if (!mcu_listener_listen (self->listener, addresses[i], port, error)) {
      g_prefix_error (error, "%s port %u: ", addresses[i], port);
      return FALSE;
    }
    port = mcu_listener_get_port (self->listener); /* the same on all, also when it was 0 */
  }
  return TRUE;
}

/* An address to listen on may be none to go to. */
static const char *
host_of (const char *address)
{
  if (strcmp (address, "0.0.0.0") == 0)
    return "127.0.0.1";
  return strcmp (address, "::") == 0 ? "::1" : address;
}

char *
mcu_http_server_get_url (McuHttpServer *self)
{
  const char *const *addresses = mcu_config_get_strings (self->config, MCU_SETTING_HTTP_ADDRESS);
  const char *host = host_of (addresses[0]);
  gboolean is_tls = *mcu_config_get_string (self->config, MCU_SETTING_HTTP_TLS_CERTIFICATE) != '\0';
  gboolean is_ipv6 = strchr (host, ':') != NULL;

  return g_strdup_printf ("%s://%s%s%s:%u/", is_tls ? "https" : "http", is_ipv6 ? "[" : "", host,
                          is_ipv6 ? "]" : "", mcu_listener_get_port (self->listener));
}

gboolean
mcu_http_server_reload (McuHttpServer *self, McuConfig *config, GError **error)
{
  g_autoptr (McuConfig) before = mcu_config_ref (self->config);

  mcu_auth_set_config (self->auth, config);
  if (!mcu_auth_check_listening (self->auth, error) ||
      !load_certificate (self->listener, config, error)) {
    mcu_auth_set_config (self->auth, before);
    return FALSE;
  }
  mcu_server_set_config (self->server, config);
  mcu_config_unref (self->config);
  self->config = mcu_config_ref (config);
  return TRUE;
}

guint
mcu_http_server_count (McuHttpServer *self)
{
  return mcu_listener_count (self->listener);
}

guint
mcu_http_server_count_sockets (McuHttpServer *self)
{
  return g_hash_table_size (self->sockets);
}

void
mcu_http_server_free (McuHttpServer *self)
{
  mcu_whip_forget_all ();
  mcu_rest_recordings_forget_all ();
  mcu_rest_snapshot_forget_all ();
  g_hash_table_unref (self->sockets);
  g_clear_pointer (&self->listener, mcu_listener_free);
  g_signal_handlers_disconnect_by_data (self->soup, self);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  g_clear_object (&self->keep_alive);
  mcu_static_files_free (self->files);
  mcu_auth_free (self->auth);
  mcu_config_unref (self->config);
  g_free (self);
}
