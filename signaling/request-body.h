/* signaling/request-body.h - the JSON object that a request brings.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "signaling/request.h"

/**
 * mcu_request_object:
 * @may_be_empty: no body is an empty object
 * @error: MCU_ERROR_UNSUPPORTED_TYPE (a Content-Type that is not application/json or, of PATCH,
 *         application/merge-patch+json; none is taken as JSON), MCU_ERROR_BAD_JSON
 *
 * Returns: (transfer full) (nullable)
 */
JsonObject *mcu_request_object (McuRequest *request, gboolean may_be_empty, GError **error);
