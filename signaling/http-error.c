/* signaling/http-error.c - the only map from our error codes to HTTP.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/http-error.h"

#include "mcu/base/error.h"

typedef struct
{
  guint status;
  const char *title;
} Row;

static const Row rows[MCU_ERROR_N_CODES] = {
    [MCU_ERROR_BAD_REQUEST] = {400, "The request is not understood"},
    [MCU_ERROR_BAD_JSON] = {400, "The body is not the JSON object that is expected"},
    [MCU_ERROR_BAD_ROOM_NAME] = {400, "This cannot be the name of a room"},
    [MCU_ERROR_TOKEN_MISSING] = {401, "A token is needed"},
    [MCU_ERROR_TOKEN_INVALID] = {401, "The token is not valid"},
    [MCU_ERROR_TOKEN_EXPIRED] = {401, "The token has expired"},
    [MCU_ERROR_FORBIDDEN] = {403, "This is not allowed"},
    [MCU_ERROR_BANNED] = {403, "Banned from this room"},
    [MCU_ERROR_ROOM_LOCKED] = {403, "The room is locked"},
    [MCU_ERROR_NOT_FOUND] = {404, "There is no such thing"},
    [MCU_ERROR_METHOD_NOT_ALLOWED] = {405, "This method does not work here"},
    [MCU_ERROR_EXISTS] = {409, "It exists already"},
    [MCU_ERROR_GONE] = {410, "It is gone"},
    [MCU_ERROR_PRECONDITION_FAILED] = {412, "A condition is not met"},
    [MCU_ERROR_TOO_LARGE] = {413, "The request is too large"},
    [MCU_ERROR_UNSUPPORTED_TYPE] = {415, "The content type is not supported"},
    [MCU_ERROR_BAD_SDP] = {422, "The session description cannot be used"},
    [MCU_ERROR_NO_COMMON_CODEC] = {422, "No codec in common"},
    [MCU_ERROR_TOO_MANY_STREAMS] = {422, "Too many streams of one kind"},
    [MCU_ERROR_ICE_RESTART_UNSUPPORTED] = {422, "ICE restarts are not supported"},
    [MCU_ERROR_PRECONDITION_REQUIRED] = {428, "If-Match is needed"},
    [MCU_ERROR_RATE_LIMITED] = {429, "Too many requests"},
    [MCU_ERROR_INTERNAL] = {500, "The server failed"},
    [MCU_ERROR_ROOM_FULL] = {503, "The room is full"},
    [MCU_ERROR_VIEW_BUDGET] = {503, "No private views left in this room"},
    [MCU_ERROR_OVERLOADED] = {503, "The server is at its limit"},
    [MCU_ERROR_DRAINING] = {503, "The server is shutting down"},
    [MCU_ERROR_TIMEOUT] = {504, "It took too long"},
    [MCU_ERROR_DISK_FULL] = {507, "The disk is full"},
    /* A person whose media made the room's process die; the contract has no REST code for it. */
    [MCU_ERROR_MEDIA_FAULT] = {403, "Refused after a media fault"},
};

static McuError
code_of (const GError *error)
{
  return error != NULL && error->domain == MCU_ERROR && (guint) error->code < MCU_ERROR_N_CODES
             ? error->code
             : MCU_ERROR_INTERNAL;
}

guint
mcu_http_status_of (const GError *error)
{
  return rows[code_of (error)].status;
}

JsonObject *
mcu_http_problem (const GError *error)
{
  McuError code = code_of (error);
  const char *name = mcu_error_to_code (code);
  g_autofree char *type = g_strdup_printf ("urn:tessera:error:%s", name);
  JsonObject *problem = json_object_new ();

  json_object_set_string_member (problem, "type", type);
  json_object_set_string_member (problem, "title", rows[code].title);
  json_object_set_int_member (problem, "status", rows[code].status);
  json_object_set_string_member (problem, "detail",
                                 error != NULL && error->domain == MCU_ERROR ? error->message
                                                                             : rows[code].title);
  json_object_set_string_member (problem, "code", name);
  return problem;
}
