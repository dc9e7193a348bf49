/* signaling/request-body.c - the JSON object that a request brings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/request-body.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define JSON "application/json"
#define MERGE_PATCH "application/merge-patch+json" /* Source: RFC 7396, 4 */

static gboolean
check_type (McuRequest *request, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->msg);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  gboolean is_patch = strcmp (soup_server_message_get_method (request->msg), "PATCH") == 0;

  if (soup_message_headers_get_one (headers, "Content-Type") == NULL ||
      (type != NULL && g_ascii_strcasecmp (type, JSON) == 0) ||
      (type != NULL && is_patch && g_ascii_strcasecmp (type, MERGE_PATCH) == 0))
    return TRUE;
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, JSON " is wanted");
  return FALSE;
}

JsonObject *
mcu_request_object (McuRequest *request, gboolean may_be_empty, GError **error)
{
  g_autoptr (GBytes)
      body = soup_message_body_flatten (soup_server_message_get_request_body (request->msg));
  gsize size;
  const char *text = g_bytes_get_data (body, &size);

  if (size == 0 && may_be_empty)
    return json_object_new ();
  return check_type (request, error) ? mcu_json_parse_object (text, size, error) : NULL;
}
