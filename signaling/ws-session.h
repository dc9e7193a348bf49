/* signaling/ws-session.h - one WebSocket: bytes and frames here, people in mcu/client.h.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <libsoup/soup.h>

#include "mcu/types.h"
#include "signaling/auth.h"
#include "signaling/guarded-stream.h"

/** McuWsSession: main loop only. */
typedef struct _McuWsSession McuWsSession;
typedef void (*McuWsSessionClosedFunc) (McuWsSession *self, gpointer user_data);

/* A meeting of 100 announces itself with about 100 kB; who is this far behind does not read. */
#define MCU_WS_MAX_QUEUED_BYTES (1024 * 1024)

/**
 * mcu_ws_session_new:
 * @connection: just upgraded; a reference is kept
 * @stream: (nullable): the door's stream under it; a reference is kept
 * @token: (nullable): of the request's header or query
 * @on_closed: called once, from the main loop, when the socket is gone; free it in there
 *
 * Returns: (transfer full): it may have said `bye` already.
 */
McuWsSession *mcu_ws_session_new (McuServer *server, McuAuth *auth, const char *room_name,
                                  const char *token, SoupWebsocketConnection *connection,
                                  McuGuardedStream *stream, McuWsSessionClosedFunc on_closed,
                                  gpointer user_data);
void mcu_ws_session_free (McuWsSession *self);
