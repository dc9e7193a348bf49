/* signaling/request.h - one HTTP request on its way through the routes, and the answers to it.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "mcu/types.h"
#include "signaling/auth.h"
#include "signaling/types.h"

#define MCU_REQUEST_MAX_SEGMENTS 6

/** McuDoorFigures: what the door counts, for the metrics. */
typedef struct
{
  guint n_connections; /* now */
  guint n_websockets;  /* now */
  guint64 n_cut;       /* since the start: overdue, too much, or one too many */
} McuDoorFigures;

/**
 * McuRequest: lives during its handler only; a handler that answers later keeps @msg.
 */
struct _McuRequest
{
  SoupServerMessage *msg;
  McuServer *server;
  McuAuth *auth;
  McuConfig *config;
  const McuStaticFiles *files;
  const McuRequestFacts *facts;
  const McuDoorFigures *door;
  GHashTable *query; /* (nullable) (element-type utf8 utf8) */
  const char *path;
  /* What stood for each {} of the route's pattern, decoded. */
  char *params[MCU_REQUEST_MAX_SEGMENTS];
  char *only_room; /* (nullable): of recordings: the token is for these alone */
};

/** mcu_request_query: (nullable) (transfer none): the parameter @name. */
const char *mcu_request_query (McuRequest *self, const char *name);

/**
 * mcu_request_room:
 * @error: MCU_ERROR_BAD_ROOM_NAME
 *
 * Returns: (transfer none) (nullable): the first parameter, where it can be the name of a room.
 */
const char *mcu_request_room (McuRequest *self, GError **error);

/** mcu_respond_json: @object: (transfer full). */
void mcu_respond_json (SoupServerMessage *msg, guint status, JsonObject *object);

/** mcu_respond_text: @text: (transfer full). */
void mcu_respond_text (SoupServerMessage *msg, const char *content_type, char *text);

/** mcu_respond_error: problem+json; also adds WWW-Authenticate or Retry-After where they belong. */
void mcu_respond_error (SoupServerMessage *msg, const GError *error);

/** mcu_respond_problem: the same from a code and a sentence. */
void mcu_respond_problem (SoupServerMessage *msg, guint error_code, const char *detail);

/** mcu_request_facts_init: @facts points into @msg's headers and @query. */
void mcu_request_facts_init (McuRequestFacts *facts, SoupServerMessage *msg, GHashTable *query);
void mcu_request_facts_clear (McuRequestFacts *facts);
