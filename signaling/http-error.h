/* signaling/http-error.h - the only map from our error codes to HTTP.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

/**
 * mcu_http_status_of:
 * @error: (nullable): of any domain; what is not of MCU_ERROR is a 500
 *
 * Source: the outside contract's table of codes.  Thread: any.
 */
guint mcu_http_status_of (const GError *error);

/**
 * mcu_http_problem:
 * @error: of any domain; the text of other domains than MCU_ERROR stays inside
 *
 * Thread: any.
 * Returns: (transfer full): a problem detail (RFC 9457) with our `code` as a further member.
 */
JsonObject *mcu_http_problem (const GError *error);
