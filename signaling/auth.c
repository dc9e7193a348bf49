/* signaling/auth.c - the one place that every request passes: who asks, and what they may.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/auth.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/config.h"
#include "signaling/jwt.h"
#include "signaling/origin.h"

/* Source: the outside contract, "identity". */
#define MAX_IDENTITY_BYTES 256

struct _McuAuth
{
  McuConfig *config; /* owned */
  gboolean open;
};

static gboolean
refuse (GError **error, McuError code, const char *why)
{
  g_set_error_literal (error, MCU_ERROR, code, why);
  return FALSE;
}

static const char *
secret_of (const char *issuer, gpointer user_data)
{
  return mcu_config_get_key (((McuAuth *) user_data)->config, issuer);
}

void
mcu_grant_clear (McuGrant *self)
{
  g_clear_pointer (&self->claims, json_object_unref);
}

static McuRole
role_of (const McuGrant *self)
{
  if (self->room_admin)
    return MCU_ROLE_MODERATOR;
  return self->can_publish ? MCU_ROLE_PARTICIPANT : MCU_ROLE_VIEWER;
}

McuPass *
mcu_grant_to_pass (const McuGrant *self)
{
  McuPass pass = {
      .identity = (char *) self->identity, .name = (char *) self->name, .role = role_of (self)};

  if (self->claims == NULL)
    return NULL;
  if (self->can_publish)
    pass.rights |= MCU_MAY_PUBLISH;
  if (self->can_subscribe)
    pass.rights |= MCU_MAY_SUBSCRIBE;
  if (self->can_publish_data)
    pass.rights |= MCU_MAY_CHAT;
  if (self->hidden)
    pass.rights |= MCU_IS_HIDDEN;
  pass.rights |= self->denied_sources;
  return mcu_pass_copy (&pass);
}

static void
grant_everything (McuGrant *grant)
{
  *grant = (McuGrant){.room_join = TRUE,
                      .room_admin = TRUE,
                      .room_create = TRUE,
                      .room_list = TRUE,
                      .room_record = TRUE,
                      .can_publish = TRUE,
                      .can_publish_data = TRUE,
                      .can_subscribe = TRUE};
}

/* Source: LiveKit's grants: no list, or an empty one, allows everything. A page mixes the sound of
 * a shared screen into its microphone's, so that `screen_share_audio` alone is no track of ours. */
static guint
read_denied_sources (JsonObject *video)
{
  JsonArray *sources = mcu_json_array (video, "canPublishSources");
  guint denied = MCU_NO_MICROPHONE | MCU_NO_CAMERA | MCU_NO_SCREEN;

  if (!json_object_has_member (video, "canPublishSources") ||
      json_object_get_null_member (video, "canPublishSources") ||
      (sources != NULL && json_array_get_length (sources) == 0))
    return 0;
  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++) {
    JsonNode *node = json_array_get_element (sources, i);
    const char *source = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

    if (g_strcmp0 (source, "microphone") == 0)
      denied &= ~MCU_NO_MICROPHONE;
    else if (g_strcmp0 (source, "camera") == 0)
      denied &= ~MCU_NO_CAMERA;
    else if (g_strcmp0 (source, "screen_share") == 0)
      denied &= ~MCU_NO_SCREEN;
  }
  return denied;
}

static void
read_claims (McuGrant *grant, JsonObject *claims)
{
  JsonObject *video = mcu_json_object (claims, "video");

  *grant = (McuGrant){.claims = claims};
  grant->identity = mcu_json_string (claims, "sub");
  grant->name = mcu_json_string (claims, "name");
  if (video == NULL)
    return;
  grant->room = mcu_json_string (video, "room");
  grant->room_join = mcu_json_bool (video, "roomJoin", FALSE);
  grant->room_admin = mcu_json_bool (video, "roomAdmin", FALSE);
  grant->room_create = mcu_json_bool (video, "roomCreate", FALSE);
  grant->room_list = mcu_json_bool (video, "roomList", FALSE);
  grant->room_record = mcu_json_bool (video, "roomRecord", FALSE);
  grant->can_publish = mcu_json_bool (video, "canPublish", TRUE);
  grant->denied_sources = read_denied_sources (video);
  grant->can_publish_data = mcu_json_bool (video, "canPublishData", TRUE);
  grant->hidden = mcu_json_bool (video, "hidden", FALSE);
  grant->can_subscribe = mcu_json_bool (video, "canSubscribe", TRUE);
}

static gboolean
read_token (McuAuth *self, const char *token, McuGrant *grant, GError **error)
{
  JsonObject *claims;

  if (token == NULL || *token == '\0')
    return refuse (error, MCU_ERROR_TOKEN_MISSING, "a token is needed");
  claims = mcu_jwt_verify (token, g_get_real_time () / G_USEC_PER_SEC, secret_of, self, error);
  if (claims == NULL)
    return FALSE;
  read_claims (grant, claims);
  if (grant->identity != NULL && strlen (grant->identity) > MAX_IDENTITY_BYTES) {
    mcu_grant_clear (grant);
    return refuse (error, MCU_ERROR_TOKEN_INVALID, "its sub is too long");
  }
  return TRUE;
}

static gboolean
is_local (const McuRequestFacts *facts)
{
  return facts->peer_is_loopback && !facts->is_forwarded &&
         (mcu_host_is_loopback (facts->host) ||
          mcu_host_is_address (facts->host, facts->own_address));
}

McuAuth *
mcu_auth_new (McuConfig *config, gboolean open)
{
  McuAuth *self = g_new0 (McuAuth, 1);

  self->config = mcu_config_ref (config);
  self->open = open;
  return self;
}

void
mcu_auth_free (McuAuth *self)
{
  mcu_config_unref (self->config);
  g_free (self);
}

void
mcu_auth_set_config (McuAuth *self, McuConfig *config)
{
  mcu_config_ref (config);
  mcu_config_unref (self->config);
  self->config = config;
}

gboolean
mcu_auth_has_keys (McuAuth *self)
{
  return mcu_config_has_keys (self->config);
}

gboolean
mcu_auth_check_listening (McuAuth *self, GError **error)
{
  if (self->open || mcu_auth_has_keys (self) || mcu_config_http_is_loopback (self->config))
    return TRUE;
  return refuse (error, MCU_ERROR_FORBIDDEN,
                 "listening beyond loopback needs a key in [keys] (see `tessera keys`), "
                 "or --open to let everybody in");
}

gboolean
mcu_auth_check_host (McuAuth *self, const McuRequestFacts *facts, GError **error)
{
  if (self->open || mcu_auth_has_keys (self) || mcu_host_is_loopback (facts->host) ||
      mcu_host_is_address (facts->host, facts->own_address))
    return TRUE;
  return refuse (error, MCU_ERROR_FORBIDDEN, "this server does not go by that name");
}

gboolean
mcu_auth_check_origin (McuAuth *self, const McuRequestFacts *facts, gboolean cross_origin,
                       GError **error)
{
  const char *origin = facts->origin;
  const char *const *allowed = mcu_config_get_strings (self->config,
                                                       MCU_SETTING_HTTP_ALLOWED_ORIGINS);

  /* Programs send none, and no page can keep a browser from sending it. */
  if (origin == NULL || mcu_origin_is_listed (origin, allowed))
    return TRUE;
  if (mcu_origin_is_own (origin, facts->host) && (allowed == NULL || allowed[0] == NULL))
    return TRUE;
  /* A token says more than an origin; without tokens a page of this machine may. */
  if (cross_origin && (mcu_auth_has_keys (self) || mcu_origin_is_loopback (origin)))
    return TRUE;
  return refuse (error, MCU_ERROR_FORBIDDEN, "pages of that origin may not use this server");
}

gboolean
mcu_auth_check_rest (McuAuth *self, const McuRequestFacts *facts, McuGrant *grant, GError **error)
{
  if (mcu_auth_has_keys (self))
    return read_token (self, mcu_auth_token_of (facts), grant, error);
  if (!is_local (facts))
    return refuse (error, MCU_ERROR_FORBIDDEN,
                   "without a configured key only requests of this machine are answered");
  grant_everything (grant);
  return TRUE;
}

gboolean
mcu_auth_check_figures (McuAuth *self, const McuRequestFacts *facts, GError **error)
{
  g_auto (McuGrant) grant = {0};

  if (is_local (facts))
    return TRUE;
  if (!mcu_auth_check_rest (self, facts, &grant, error))
    return FALSE;
  return grant.room_list || refuse (error, MCU_ERROR_FORBIDDEN, "this needs roomList");
}

gboolean
mcu_auth_check_join (McuAuth *self, const char *token, const char *room_name, McuGrant *grant,
                     GError **error)
{
  if (!mcu_auth_has_keys (self)) {
    grant_everything (grant);
    return TRUE;
  }
  if (!read_token (self, token, grant, error))
    return FALSE;
  if (grant->room_join && g_strcmp0 (grant->room, room_name) == 0)
    return TRUE;
  mcu_grant_clear (grant);
  return refuse (error, MCU_ERROR_FORBIDDEN, "the token is not for this room");
}

const char *
mcu_auth_token_of (const McuRequestFacts *facts)
{
  if (facts->authorization != NULL &&
      g_ascii_strncasecmp (facts->authorization, "Bearer ", strlen ("Bearer ")) == 0)
    return facts->authorization + strlen ("Bearer ");
  return facts->access_token;
}
