/* signaling/http-server.h - HTTP and WebSocket on top of the door.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "mcu/types.h"
#include "signaling/types.h"

/**
 * mcu_http_server_new:
 * @config: finished; a reference is kept
 * @server: (unowned): outlives this
 * @open: the command line said --open
 * @error: MCU_ERROR_FORBIDDEN (beyond loopback without a key), GIO's of the certificate's files
 *
 * Thread: main loop, as everything here.  Returns: (transfer full) (nullable).
 */
McuHttpServer *mcu_http_server_new (McuConfig *config, McuServer *server, gboolean open,
                                    GError **error);

/** mcu_http_server_listen: on every [http] address.  @error: GIO's, e.g. a port that is taken. */
gboolean mcu_http_server_listen (McuHttpServer *self, GError **error);

/** mcu_http_server_get_url: (transfer full): where a browser on this machine finds the page. */
char *mcu_http_server_get_url (McuHttpServer *self);

/**
 * mcu_http_server_reload:
 * @config: finished; keys, origins and certificates are taken from it from now on
 * @error: as of mcu_http_server_new(); then everything stays as it was
 */
gboolean mcu_http_server_reload (McuHttpServer *self, McuConfig *config, GError **error);

/** mcu_http_server_count: connections that are open now. */
guint mcu_http_server_count (McuHttpServer *self);

/** mcu_http_server_count_sockets: WebSockets that are open now. */
guint mcu_http_server_count_sockets (McuHttpServer *self);

/** mcu_http_server_free: cuts what is left. */
void mcu_http_server_free (McuHttpServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuHttpServer, mcu_http_server_free)
