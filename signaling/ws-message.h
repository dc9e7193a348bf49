/* signaling/ws-message.h - what a WebSocket frame says. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#define MCU_WS_MESSAGE_MAX_BYTES (64 * 1024)
#define MCU_WS_MESSAGE_MAX_TYPE_BYTES 32

/**
 * mcu_ws_message_parse:
 * @data: (array length=length): a text frame's payload
 * @error: MCU_ERROR_TOO_LARGE, MCU_ERROR_BAD_JSON (no object), MCU_ERROR_BAD_REQUEST (no `type` of
 *         lower case letters and underscores)
 *
 * What each type's members mean, and what they may hold, is known to mcu/client.h alone.
 *
 * Thread: any.  Returns: (transfer full) (nullable): an object with a `type`.
 */
JsonObject *mcu_ws_message_parse (const char *data, gsize length, GError **error);

/** mcu_ws_message_error: (transfer full): the `error` that answers a frame which was none. */
JsonObject *mcu_ws_message_error (const GError *error, gboolean fatal);

/**
 * mcu_ws_close_code:
 * @bye_code: a `bye.code` of the contract
 *
 * Source: the outside contract: 1000, 1001 draining, 1008 policy, 1013 try again.
 * Returns: the close code that goes with it.
 */
guint16 mcu_ws_close_code (const char *bye_code);
