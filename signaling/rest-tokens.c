/* signaling/rest-tokens.c - tokens for those who do not make them themselves.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/rest-tokens.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/config.h"
#include "mcu/room-settings.h"
#include "signaling/jwt.h"
#include "signaling/request-body.h"

#define DEFAULT_TTL_S 3600
/* A token that makes tokens must not make itself last for ever. */
#define MAX_TTL_S (24 * 3600)
#define MAX_SOURCES 8
/* Source: the outside contract, "identity" and the names of people. */
#define MAX_TEXT_BYTES 256

typedef enum
{
  GRANT_BOOL,
  GRANT_SOURCES
} GrantType;

static const struct
{
  const char *name;
  GrantType type;
} grants[] = {
    {"roomAdmin", GRANT_BOOL},      {"roomRecord", GRANT_BOOL},
    {"canPublish", GRANT_BOOL},     {"canPublishSources", GRANT_SOURCES},
    {"canPublishData", GRANT_BOOL}, {"canSubscribe", GRANT_BOOL},
    {"hidden", GRANT_BOOL},         {"recorder", GRANT_BOOL},
};

static gboolean
refuse (GError **error, McuError code, const char *member, const char *why)
{
  g_set_error (error, MCU_ERROR, code, "%s: %s", mcu_room_member_label (member), why);
  return FALSE;
}

static gboolean
has_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
take_text (JsonObject *claims, const char *claim, const char *member, JsonNode *node, gsize max,
           GError **error)
{
  if (!has_type (node, G_TYPE_STRING))
    return refuse (error, MCU_ERROR_BAD_REQUEST, member, "text is wanted");
  if (strlen (json_node_get_string (node)) > max)
    return refuse (error, MCU_ERROR_TOO_LARGE, member, "too long");
  json_object_set_member (claims, claim, json_node_copy (node));
  return TRUE;
}

static gboolean
take_ttl (JsonObject *claims, JsonNode *node, gint64 now_s, GError **error)
{
  gint64 ttl_s = has_type (node, G_TYPE_INT64) ? json_node_get_int (node) : 0;

  if (ttl_s < 1 || ttl_s > MAX_TTL_S)
    return refuse (error, MCU_ERROR_BAD_REQUEST, "ttl_s",
                   "a whole number from 1 to 86400 is wanted");
  json_object_set_int_member (claims, "exp", now_s + ttl_s);
  return TRUE;
}

static gboolean
take_role (JsonObject *video, JsonNode *node, GError **error)
{
  McuRole role;

  if (!has_type (node, G_TYPE_STRING) || !mcu_role_from_string (json_node_get_string (node), &role))
    return refuse (error, MCU_ERROR_BAD_REQUEST, "role", "viewer, participant or moderator");
  if (role == MCU_ROLE_MODERATOR)
    json_object_set_boolean_member (video, "roomAdmin", TRUE);
  if (role == MCU_ROLE_VIEWER)
    json_object_set_boolean_member (video, "canPublish", FALSE);
  return TRUE;
}

static gboolean
is_sources (JsonNode *node)
{
  static const char *const known[] = {"camera", "microphone", "screen_share", "screen_share_audio",
                                      NULL};
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) > MAX_SOURCES)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *one = json_array_get_element (array, i);
    if (!has_type (one, G_TYPE_STRING) || !g_strv_contains (known, json_node_get_string (one)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
take_grant (JsonObject *video, const char *name, JsonNode *node, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (grants); i++) {
    gboolean fits = grants[i].type == GRANT_BOOL ? has_type (node, G_TYPE_BOOLEAN)
                                                 : is_sources (node);

    if (!g_str_equal (grants[i].name, name))
      continue;
    if (!fits)
      return refuse (error, MCU_ERROR_BAD_REQUEST, name, "not a value that it can have");
    json_object_set_member (video, name, json_node_copy (node));
    return TRUE;
  }
  return refuse (error, MCU_ERROR_BAD_REQUEST, name, "no grant that can be given here");
}

static gboolean
take_grants (JsonObject *video, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, MCU_ERROR_BAD_REQUEST, "video", "an object is wanted");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (!take_grant (video, name, value, error))
      return FALSE;
  return TRUE;
}

static gboolean
take_member (JsonObject *claims, JsonObject *video, const char *name, JsonNode *node, gint64 now_s,
             GError **error)
{
  if (g_str_equal (name, "identity"))
    return take_text (claims, "sub", name, node, MAX_TEXT_BYTES, error);
  if (g_str_equal (name, "name"))
    return take_text (claims, name, name, node, MAX_TEXT_BYTES, error);
  if (g_str_equal (name, "metadata"))
    return take_text (claims, name, name, node, MCU_METADATA_MAX_BYTES, error);
  if (g_str_equal (name, "ttl_s"))
    return take_ttl (claims, node, now_s, error);
  if (g_str_equal (name, "role"))
    return take_role (video, node, error);
  if (g_str_equal (name, "video"))
    return take_grants (video, node, error);
  return refuse (error, MCU_ERROR_BAD_REQUEST, name, "no such member");
}

/* Source: the outside contract, "Tokens": the claims are LiveKit's. */
static JsonObject *
claims_of (McuRequest *request, JsonObject *members, const char *key, GError **error)
{
  g_autoptr (JsonObject) claims = json_object_new ();
  g_autoptr (JsonObject) video = json_object_new ();
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_set_string_member (claims, "iss", key);
  json_object_set_int_member (claims, "nbf", now_s);
  json_object_set_int_member (claims, "exp", now_s + DEFAULT_TTL_S);
  json_object_set_string_member (video, "room", request->params[0]);
  json_object_set_boolean_member (video, "roomJoin", TRUE);
  json_object_iter_init (&iter, members);
  while (json_object_iter_next (&iter, &name, &node))
    if (!take_member (claims, video, name, node, now_s, error))
      return NULL;
  json_object_set_object_member (claims, "video", g_steal_pointer (&video));
  return g_steal_pointer (&claims);
}

static gboolean
may_record (JsonObject *claims)
{
  JsonObject *video = claims != NULL ? mcu_json_object (claims, "video") : NULL;

  return video != NULL && mcu_json_bool (video, "roomRecord", FALSE);
}

/* Returns: (transfer full) (nullable): the token; @claims (out). */
static char *
make_token (McuRequest *request, JsonObject *members, JsonObject **claims, GError **error)
{
  g_auto (McuGrant) grant = {0};
  const char *key = NULL;
  char *token;

  if (!mcu_auth_has_keys (request->auth)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_PRECONDITION_FAILED,
                         "no API key is configured: nothing to sign with, and no token is needed");
    return NULL;
  }
  if (!mcu_auth_check_rest (request->auth, request->facts, &grant, error))
    return NULL;
  key = mcu_json_string (grant.claims, "iss");
  *claims = claims_of (request, members, key, error);
  if (*claims == NULL)
    return NULL;
  if (may_record (*claims) && !may_record (grant.claims)) {
    refuse (error, MCU_ERROR_FORBIDDEN, "roomRecord", "only who has it can give it");
    return NULL;
  }
  token = mcu_jwt_sign (*claims, mcu_config_get_key (request->config, key));
  if (strlen (token) <= MCU_JWT_MAX_BYTES)
    return token;
  g_free (token);
  refuse (error, MCU_ERROR_TOO_LARGE, "metadata", "the token gets too long");
  return NULL;
}

static void
respond_token (McuRequest *request, const char *token, JsonObject *claims)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GDateTime) expires = g_date_time_new_from_unix_utc (mcu_json_int (claims, "exp", 0));
  g_autofree char *expires_at = g_date_time_format (expires, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *url = g_strdup_printf ("/r/%s#token=%s", request->params[0], token);

  json_object_set_string_member (object, "token", token);
  json_object_set_string_member (object, "room", request->params[0]);
  if (json_object_has_member (claims, "sub"))
    json_object_set_string_member (object, "identity", mcu_json_string (claims, "sub"));
  json_object_set_string_member (object, "expires_at", expires_at);
  json_object_set_string_member (object, "url", url);
  mcu_respond_json (request->msg, 201, object);
}

void
mcu_rest_create_token (McuRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) members = mcu_request_object (request, TRUE, &error);
  g_autoptr (JsonObject) claims = NULL;
  g_autofree char *token = members != NULL ? make_token (request, members, &claims, &error) : NULL;

  if (token != NULL)
    respond_token (request, token, claims);
  else
    mcu_respond_error (request->msg, error);
}
