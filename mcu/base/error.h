/* mcu/base/error.h - the one error domain, with the stable codes that users see.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_ERROR (mcu_error_quark ())

/**
 * McuError:
 *
 * One code per stable string of the outside contract ("bad_sdp", "room_full", ...), in its order,
 * so that a failure keeps its name from the place that found it to the user. Only
 * signaling/http-error.c turns a code into an HTTP status.
 */
typedef enum
{
  MCU_ERROR_BAD_REQUEST,
  MCU_ERROR_BAD_JSON,
  MCU_ERROR_BAD_ROOM_NAME,
  MCU_ERROR_TOKEN_MISSING,
  MCU_ERROR_TOKEN_INVALID,
  MCU_ERROR_TOKEN_EXPIRED,
  MCU_ERROR_FORBIDDEN,
  MCU_ERROR_BANNED,
  MCU_ERROR_ROOM_LOCKED,
  MCU_ERROR_NOT_FOUND,
  MCU_ERROR_METHOD_NOT_ALLOWED,
  MCU_ERROR_EXISTS,
  MCU_ERROR_GONE,
  MCU_ERROR_PRECONDITION_FAILED,
  MCU_ERROR_TOO_LARGE,
  MCU_ERROR_UNSUPPORTED_TYPE,
  MCU_ERROR_BAD_SDP,
  MCU_ERROR_NO_COMMON_CODEC,
  MCU_ERROR_TOO_MANY_STREAMS,
  MCU_ERROR_ICE_RESTART_UNSUPPORTED,
  MCU_ERROR_PRECONDITION_REQUIRED,
  MCU_ERROR_RATE_LIMITED,
  MCU_ERROR_INTERNAL,
  MCU_ERROR_ROOM_FULL,
  MCU_ERROR_VIEW_BUDGET,
  MCU_ERROR_OVERLOADED,
  MCU_ERROR_DRAINING,
  MCU_ERROR_TIMEOUT,
  MCU_ERROR_DISK_FULL,
  /* Not an answer of REST, only a reason in `bye`: the peer made its room process die. */
  MCU_ERROR_MEDIA_FAULT,
  MCU_ERROR_N_CODES
} McuError;

GQuark mcu_error_quark (void);

/**
 * mcu_error_to_code:
 * @code: any #McuError
 *
 * Thread: any.  Returns: (transfer none): the stable string, e.g. "bad_sdp".
 */
const char *mcu_error_to_code (McuError code);

/**
 * mcu_error_from_code:
 * @text: (nullable): a stable string, e.g. from the link
 *
 * Thread: any.  Returns: the code; MCU_ERROR_INTERNAL for what is not known.
 */
McuError mcu_error_from_code (const char *text);

/**
 * mcu_error_code_of:
 * @error: (nullable): an error of any domain
 *
 * Thread: any.  Returns: (transfer none): its stable string; "internal" for other domains.
 */
const char *mcu_error_code_of (const GError *error);
