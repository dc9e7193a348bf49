/* mcu/base/error.c - names of the stable error codes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"

static const char *const code_names[MCU_ERROR_N_CODES] = {
    [MCU_ERROR_BAD_REQUEST] = "bad_request",
    [MCU_ERROR_BAD_JSON] = "bad_json",
    [MCU_ERROR_BAD_ROOM_NAME] = "bad_room_name",
    [MCU_ERROR_TOKEN_MISSING] = "token_missing",
    [MCU_ERROR_TOKEN_INVALID] = "token_invalid",
    [MCU_ERROR_TOKEN_EXPIRED] = "token_expired",
    [MCU_ERROR_FORBIDDEN] = "forbidden",
    [MCU_ERROR_BANNED] = "banned",
    [MCU_ERROR_ROOM_LOCKED] = "room_locked",
    [MCU_ERROR_NOT_FOUND] = "not_found",
    [MCU_ERROR_METHOD_NOT_ALLOWED] = "method_not_allowed",
    [MCU_ERROR_EXISTS] = "exists",
    [MCU_ERROR_GONE] = "gone",
    [MCU_ERROR_PRECONDITION_FAILED] = "precondition_failed",
    [MCU_ERROR_TOO_LARGE] = "too_large",
    [MCU_ERROR_UNSUPPORTED_TYPE] = "unsupported_type",
    [MCU_ERROR_BAD_SDP] = "bad_sdp",
    [MCU_ERROR_NO_COMMON_CODEC] = "no_common_codec",
    [MCU_ERROR_TOO_MANY_STREAMS] = "too_many_streams",
    [MCU_ERROR_ICE_RESTART_UNSUPPORTED] = "ice_restart_unsupported",
    [MCU_ERROR_PRECONDITION_REQUIRED] = "precondition_required",
    [MCU_ERROR_RATE_LIMITED] = "rate_limited",
    [MCU_ERROR_INTERNAL] = "internal",
    [MCU_ERROR_ROOM_FULL] = "room_full",
    [MCU_ERROR_VIEW_BUDGET] = "view_budget",
    [MCU_ERROR_OVERLOADED] = "overloaded",
    [MCU_ERROR_DRAINING] = "draining",
    [MCU_ERROR_TIMEOUT] = "timeout",
    [MCU_ERROR_DISK_FULL] = "disk_full",
    [MCU_ERROR_MEDIA_FAULT] = "media_fault",
};

/* clang-format off */
G_DEFINE_QUARK (mcu-error-quark, mcu_error)
/* clang-format on */

const char *
mcu_error_to_code (McuError code)
{
  return (guint) code < MCU_ERROR_N_CODES ? code_names[code] : "internal";
}

McuError
mcu_error_from_code (const char *text)
{
  for (guint i = 0; i < MCU_ERROR_N_CODES; i++)
    if (g_strcmp0 (code_names[i], text) == 0)
      return i;
  return MCU_ERROR_INTERNAL;
}

const char *
mcu_error_code_of (const GError *error)
{
  return error != NULL && error->domain == MCU_ERROR ? mcu_error_to_code (error->code) : "internal";
}
