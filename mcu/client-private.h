/* mcu/client-private.h - the record shared by client and client-messages.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/base/error.h"
#include "mcu/client.h"
#include "mcu/rate.h"
#include "mcu/room.h"

struct _McuClient
{
  McuServer *server; /* unowned */
  char *room_name;
  const McuClientOps *ops; /* (nullable): NULL once `bye` was said */
  gpointer owner;
  McuParticipant *participant; /* unowned (nullable): until we or the room let go */
  McuPass *pass;               /* owned (nullable): of a token */
  char *refusal_code;          /* owned (nullable): only a good `resume` lets them in */
  char *refusal_why;
  guint join_source;
  McuRate message_rate;
  McuRate chat_rate;
  McuRate report_rate;
  McuRate view_rate;
};

/* ---- client.c ---- */

/** mcu_client_say: nothing once `bye` was said. */
void mcu_client_say (McuClient *self, JsonObject *message);

/** mcu_client_say_error: @answered_type: of the message that it answers */
void mcu_client_say_error (McuClient *self, const GError *error, const char *answered_type);

/** mcu_client_say_problem: the same from a code and a sentence. */
void mcu_client_say_problem (McuClient *self, McuError code, const char *why,
                             const char *answered_type);

/** mcu_client_say_bye: the last thing said. */
void mcu_client_say_bye (McuClient *self, const char *code, const char *reason,
                         guint retry_after_ms);

/* ---- client-messages.c ---- */

/**
 * mcu_client_handle: a message of somebody who is in the room.
 *
 * Returns: FALSE when there is no such @type.
 */
gboolean mcu_client_handle (McuClient *self, const char *type, JsonObject *message);
