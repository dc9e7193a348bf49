/* signaling/routes.h - every path that exists, and who answers it.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

/**
 * mcu_routes_dispatch:
 * @request: its params are filled in here
 *
 * Finds the route, lets auth.h speak, and calls the handler. Unknown paths get 404, unknown methods
 * 405 with Allow. HEAD is answered as GET is.
 */
void mcu_routes_dispatch (McuRequest *request);

/**
 * mcu_routes_is_signal:
 * @path: of a request, still encoded
 * @room_name: (out) (optional) (transfer full): of the path, decoded, not checked
 *
 * Returns: TRUE for /v1/rooms/{room}/signal.
 */
gboolean mcu_routes_is_signal (const char *path, char **room_name);

/** mcu_routes_max_body: bytes that a request's body may have at @path. */
gsize mcu_routes_max_body (const char *path);

/** mcu_routes_is_cross_origin: WHIP and WHEP, which pages of other origins use. */
gboolean mcu_routes_is_cross_origin (const char *path);
