/* signaling/auth.h - the one place that every request passes: who asks, and what they may.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/pass.h"

/**
 * McuRequestFacts: what a request says of itself, and what we know of it. All (nullable) texts are
 * from outside and (transfer none).
 */
typedef struct
{
  gboolean peer_is_loopback;
  gboolean is_forwarded; /* it has Forwarded or any X-Forwarded-* */
  const char *host;
  const char *origin;
  const char *own_address;   /* (not nullable): the literal address that it came in on */
  const char *authorization; /* the header */
  const char *access_token;  /* of the query */
} McuRequestFacts;

/**
 * McuGrant: what somebody may do. By value; texts are (transfer none) of @claims.
 */
typedef struct
{
  JsonObject *claims;   /* (nullable) owned; NULL without keys */
  const char *identity; /* (nullable) */
  const char *name;     /* (nullable) */
  const char *room;     /* (nullable): the only room it is for */
  gboolean room_join;
  gboolean room_admin;
  gboolean room_create;
  gboolean room_list;
  gboolean room_record;
  gboolean can_publish;
  guint denied_sources; /* of McuRights, MCU_NO_...: what `canPublishSources` leaves out */
  gboolean can_publish_data;
  gboolean can_subscribe;
  gboolean hidden;
} McuGrant;

void mcu_grant_clear (McuGrant *self);

/**
 * mcu_grant_to_pass:
 *
 * Returns: (transfer full) (nullable): what mcu/ is told of it; NULL without keys.
 */
McuPass *mcu_grant_to_pass (const McuGrant *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (McuGrant, mcu_grant_clear)

/** McuAuth: keys and rules of this server. Main loop only. */
typedef struct _McuAuth McuAuth;

/**
 * mcu_auth_new:
 * @config: a reference is kept
 * @open: the command line said --open
 */
McuAuth *mcu_auth_new (McuConfig *config, gboolean open);
void mcu_auth_free (McuAuth *self);

/** mcu_auth_set_config: new keys (SIGHUP). */
void mcu_auth_set_config (McuAuth *self, McuConfig *config);

/** mcu_auth_has_keys: whether tokens are asked for. */
gboolean mcu_auth_has_keys (McuAuth *self);

/**
 * mcu_auth_check_listening:
 * @error: MCU_ERROR_FORBIDDEN
 *
 * Listening beyond loopback without a key is refused unless told --open.
 */
gboolean mcu_auth_check_listening (McuAuth *self, GError **error);

/**
 * mcu_auth_check_host:
 * @error: MCU_ERROR_FORBIDDEN
 *
 * For every request, pages too: on loopback without keys the browser's name for us must be a
 * loopback name or our own address, or any page of the web could make itself our origin by DNS.
 */
gboolean mcu_auth_check_host (McuAuth *self, const McuRequestFacts *facts, GError **error);

/**
 * mcu_auth_check_origin:
 * @cross_origin: WHIP and WHEP, which pages of other origins may use with a token
 * @error: MCU_ERROR_FORBIDDEN
 */
gboolean mcu_auth_check_origin (McuAuth *self, const McuRequestFacts *facts, gboolean cross_origin,
                                GError **error);

/**
 * mcu_auth_check_rest:
 * @error: MCU_ERROR_FORBIDDEN, MCU_ERROR_TOKEN_MISSING, _INVALID, _EXPIRED
 *
 * Without keys: only requests of this machine, nothing forwarded; they may everything. With keys:
 * what the token says.
 */
gboolean mcu_auth_check_rest (McuAuth *self, const McuRequestFacts *facts, McuGrant *grant,
                              GError **error);

/**
 * mcu_auth_check_figures:
 *
 * Metrics and stats: loopback (nothing forwarded) or a token with `roomList`.
 */
gboolean mcu_auth_check_figures (McuAuth *self, const McuRequestFacts *facts, GError **error);

/**
 * mcu_auth_check_join:
 * @token: (nullable): of `join`, of the header or of the query
 * @room_name: where they want to go
 * @error: MCU_ERROR_TOKEN_MISSING, _INVALID, _EXPIRED, MCU_ERROR_FORBIDDEN
 *
 * Without keys everybody may.
 */
gboolean mcu_auth_check_join (McuAuth *self, const char *token, const char *room_name,
                              McuGrant *grant, GError **error);

/** mcu_auth_token_of: (transfer none) (nullable): the token that the header or the query carries.
 */
const char *mcu_auth_token_of (const McuRequestFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuAuth, mcu_auth_free)
