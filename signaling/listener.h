/* signaling/listener.h - the door: every connection from outside comes through here.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "signaling/guarded-stream.h"

/**
 * McuListenerLimits:
 * @max_connections: at one time
 * @max_per_address: of one IPv4 address or one IPv6 /64; loopback (a reverse proxy, tests) is bound
 *   by @max_connections alone
 */
typedef struct
{
  guint max_connections;
  guint max_per_address;
} McuListenerLimits;

/**
 * McuListener: accepts, counts, agrees on TLS, and once a second cuts who is overdue.
 * Main loop only.
 */
typedef struct _McuListener McuListener;

/**
 * McuListenerFunc:
 * @stream: ready for HTTP
 * @local: where it came in
 * @remote: from where; mcu_listener_stream_of() finds @stream by it
 */
typedef void (*McuListenerFunc) (McuGuardedStream *stream, GSocketAddress *local,
                                 GSocketAddress *remote, gpointer user_data);

/** mcu_listener_new: nothing is accepted before mcu_listener_listen(). */
McuListener *mcu_listener_new (const McuListenerLimits *limits, McuListenerFunc on_stream,
                               gpointer user_data);

/**
 * mcu_listener_set_certificate:
 * @certificate: (nullable): for connections from now on; %NULL speaks plain HTTP
 */
void mcu_listener_set_certificate (McuListener *self, GTlsCertificate *certificate);

/**
 * mcu_listener_listen:
 * @address: a literal IPv4 or IPv6 address
 * @port: 0 lets the system choose
 * @error: of GIO, e.g. the port is taken
 */
gboolean mcu_listener_listen (McuListener *self, const char *address, guint16 port, GError **error);

/** mcu_listener_get_port: the real one. */
guint16 mcu_listener_get_port (McuListener *self);

guint mcu_listener_count (McuListener *self);

/** mcu_listener_cut_total: connections cut or turned away since the start, for the metrics. */
guint64 mcu_listener_cut_total (McuListener *self);

/** mcu_listener_stop: accepts no more; what is there goes on. */
void mcu_listener_stop (McuListener *self);

/** mcu_listener_free: stops, and cuts what is left. */
void mcu_listener_free (McuListener *self);

/** mcu_listener_stream_of: (transfer none) (nullable): by the @remote given to McuListenerFunc. */
McuGuardedStream *mcu_listener_stream_of (GSocketAddress *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuListener, mcu_listener_free)
