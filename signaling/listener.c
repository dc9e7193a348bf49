/* signaling/listener.c - the door: every connection from outside comes through here.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

/* The end of every connection that is kept alive, and no offence. */
static const char idle_too_long[] = "idle";
#define STREAM_KEY "mcu-guarded-stream"
/* What the kernel keeps for a client that does not read; by itself it would keep 4 MB. */
#define SEND_BUFFER_BYTES (128 * 1024)

struct _McuListener
{
  McuListenerLimits limits;
  McuListenerFunc on_stream;
  gpointer user_data;

  GSocketService *service;      /* owned */
  GTlsCertificate *certificate; /* (nullable) owned */
  guint16 port;
  GHashTable *streams;     /* (element-type McuGuardedStream char*) unowned stream to its address */
  GHashTable *per_address; /* (element-type char* guint) how many of each */
  guint tick_id;           /* 0 while there are no streams */
  guint64 cut_total;
};

/* A connection whose TLS is still being agreed on. */
typedef struct
{
  McuListener *listener;    /* unowned: cuts its streams before it goes; NULL in `closed` */
  McuGuardedStream *stream; /* owned */
  GSocketAddress *local;    /* owned */
  GSocketAddress *remote;   /* owned */
} Handshake;

/* Counting. */

/* An IPv6 client commonly has a whole /64 to choose addresses from. */
static char *
address_key (GSocketAddress *remote)
{
  GInetAddress *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_strdup_printf ("%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
  return g_strdup_printf ("%02x%02x:%02x%02x:%02x%02x:%02x%02x", bytes[0], bytes[1], bytes[2],
                          bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
}

static gboolean
is_loopback (GSocketAddress *remote)
{
  return g_inet_address_get_is_loopback (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
}

static gboolean
has_room_for (McuListener *self, GSocketAddress *remote)
{
  g_autofree char *key = address_key (remote);
  guint here = GPOINTER_TO_UINT (g_hash_table_lookup (self->per_address, key));

  if (g_hash_table_size (self->streams) >= self->limits.max_connections)
    return FALSE;
  return is_loopback (remote) || here < self->limits.max_per_address;
}

static gboolean
on_tick (gpointer user_data)
{
  McuListener *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    McuGuardedStream *stream = key;
    McuGuardVerdict verdict = mcu_guard_check (mcu_guarded_stream_get_guard (stream), now_us);

    if (verdict == MCU_GUARD_FINE || mcu_guarded_stream_get_cut_reason (stream) != NULL)
      continue;
    mcu_guarded_stream_cut (stream, mcu_guarded_stream_get_guard (stream)->phase == MCU_GUARD_IDLE
                                        ? idle_too_long
                                        : mcu_guard_verdict_to_string (verdict));
  }
  return G_SOURCE_CONTINUE;
}

static void
on_stream_closed (McuGuardedStream *stream, gpointer user_data)
{
  McuListener *self = user_data;
  char *key = g_hash_table_lookup (self->streams, stream);
  guint here = GPOINTER_TO_UINT (g_hash_table_lookup (self->per_address, key));
  const char *why = mcu_guarded_stream_get_cut_reason (stream);

  if (why != NULL && why != idle_too_long)
    self->cut_total++;
  if (why != NULL)
    g_info ("connection from %s cut: %s", key, why);
  if (here > 1)
    g_hash_table_insert (self->per_address, g_strdup (key), GUINT_TO_POINTER (here - 1));
  else
    g_hash_table_remove (self->per_address, key);
  g_hash_table_remove (self->streams, stream);
  if (g_hash_table_size (self->streams) == 0)
    g_clear_handle_id (&self->tick_id, g_source_remove);
}

static void
count_in (McuListener *self, McuGuardedStream *stream, GSocketAddress *remote)
{
  char *key = address_key (remote);
  guint here = GPOINTER_TO_UINT (g_hash_table_lookup (self->per_address, key));

  g_hash_table_insert (self->per_address, g_strdup (key), GUINT_TO_POINTER (here + 1));
  g_hash_table_insert (self->streams, stream, key);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, on_tick, self);
}

/* Accepting. */

static void
hand_over (McuListener *self, McuGuardedStream *stream, GSocketAddress *local,
           GSocketAddress *remote)
{
  mcu_guarded_stream_enter (stream, MCU_GUARD_HEADER);
  g_object_set_data_full (G_OBJECT (remote), STREAM_KEY, g_object_ref (stream), g_object_unref);
  self->on_stream (stream, local, remote, self->user_data);
}

static void
free_handshake (Handshake *handshake)
{
  g_clear_object (&handshake->stream);
  g_clear_object (&handshake->local);
  g_clear_object (&handshake->remote);
  g_free (handshake);
}

static void
on_handshake (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handshake *handshake = user_data;
  g_autoptr (GError) error = NULL;
  McuGuardedStream *stream = handshake->stream;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error) ||
      mcu_guarded_stream_get_cut_reason (stream) != NULL) {
    g_debug ("no TLS: %s", error != NULL ? error->message : "cut");
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  } else {
    hand_over (handshake->listener, stream, handshake->local, handshake->remote);
  }
  free_handshake (handshake);
}

static void
start_tls (McuListener *self, GSocketConnection *connection, GSocketAddress *local,
           GSocketAddress *remote)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream)
      tls = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, &error);
  const char *const protocols[] = {"http/1.1", NULL};
  Handshake *handshake;

  if (tls == NULL) {
    g_warning ("TLS: %s", error->message);
    return;
  }
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);
  handshake = g_new0 (Handshake, 1);
  handshake->listener = self;
  handshake->stream = mcu_guarded_stream_new (tls, g_socket_connection_get_socket (connection),
                                              MCU_GUARD_HANDSHAKE, on_stream_closed, self);
  handshake->local = g_object_ref (local);
  handshake->remote = g_object_ref (remote);
  count_in (self, handshake->stream, remote);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, on_handshake,
                                    handshake);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source,
             gpointer user_data)
{
  McuListener *self = user_data;
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (McuGuardedStream) stream = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (remote) || !G_IS_INET_SOCKET_ADDRESS (local))
    return TRUE;
  if (!has_room_for (self, remote)) {
    self->cut_total++;
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
    return TRUE;
  }
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES, NULL);
  if (self->certificate != NULL) {
    start_tls (self, connection, local, remote);
    return TRUE;
  }
  stream = mcu_guarded_stream_new (G_IO_STREAM (connection), socket, MCU_GUARD_HEADER,
                                   on_stream_closed, self);
  count_in (self, stream, remote);
  hand_over (self, stream, local, remote);
  return TRUE;
}

/* Public. */

McuListener *
mcu_listener_new (const McuListenerLimits *limits, McuListenerFunc on_stream, gpointer user_data)
{
  McuListener *self = g_new0 (McuListener, 1);

  self->limits = *limits;
  self->on_stream = on_stream;
  self->user_data = user_data;
  self->streams = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->per_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->service = g_socket_service_new ();
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), 128);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  return self;
}

void
mcu_listener_set_certificate (McuListener *self, GTlsCertificate *certificate)
{
  g_set_object (&self->certificate, certificate);
}

gboolean
mcu_listener_listen (McuListener *self, const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GSocketAddress) got = NULL;

  if (wanted == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'%s' is not an address", address);
    return FALSE;
  }
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got,
                                      error))
    return FALSE;
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  g_socket_service_start (self->service);
  return TRUE;
}

guint16
mcu_listener_get_port (McuListener *self)
{
  return self->port;
}

guint
mcu_listener_count (McuListener *self)
{
  return g_hash_table_size (self->streams);
}

guint64
mcu_listener_cut_total (McuListener *self)
{
  return self->cut_total;
}

void
mcu_listener_stop (McuListener *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
}

void
mcu_listener_free (McuListener *self)
{
  g_autoptr (GList) streams = g_hash_table_get_keys (self->streams);

  mcu_listener_stop (self);
  for (GList *l = streams; l != NULL; l = l->next)
    g_object_ref (l->data);
  for (GList *l = streams; l != NULL; l = l->next) {
    mcu_guarded_stream_cut (l->data, "server ends");
    g_io_stream_close (l->data, NULL, NULL);
    g_object_unref (l->data);
  }
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_object_unref (self->service);
  g_clear_object (&self->certificate);
  g_hash_table_unref (self->streams);
  g_hash_table_unref (self->per_address);
  g_free (self);
}

McuGuardedStream *
mcu_listener_stream_of (GSocketAddress *remote)
{
  return remote != NULL ? g_object_get_data (G_OBJECT (remote), STREAM_KEY) : NULL;
}
