/* signaling/jwt.h - signed tokens: HS256 and nothing else. Pure: the time is given.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#define MCU_JWT_MAX_BYTES 8192
#define MCU_JWT_LEEWAY_S 60

/**
 * McuJwtSecretFunc:
 * @issuer: text from outside
 *
 * Returns: (transfer none) (nullable): the secret of the API key @issuer.
 */
typedef const char *(*McuJwtSecretFunc) (const char *issuer, gpointer user_data);

/**
 * mcu_jwt_verify:
 * @token: text from outside
 * @now_s: unix time
 * @error: MCU_ERROR_TOKEN_INVALID; MCU_ERROR_TOKEN_EXPIRED, only of a token that is good otherwise
 *
 * `alg` is never taken from the token: one that says anything but HS256 is invalid. `iss` and `exp`
 * are required, `nbf` is honoured, both with MCU_JWT_LEEWAY_S.
 * Source: RFC 7515, RFC 7519, RFC 8725 (3.1, 3.2).
 *
 * Returns: (transfer full) (nullable): the claims.
 */
JsonObject *mcu_jwt_verify (const char *token, gint64 now_s, McuJwtSecretFunc secret_of,
                            gpointer user_data, GError **error);

/** mcu_jwt_sign: (transfer full): the token that says @claims. */
char *mcu_jwt_sign (JsonObject *claims, const char *secret);
