/* mcu/client.h - one WebSocket connection, as far as it concerns people: the contract's messages.
 * SPDX-License-Identifier: Apache-2.0
 *
 * signaling/ owns the socket: bytes, frames, sizes, JSON depth, liveness of the connection. It
 * gives every text frame's object to mcu_client_receive() and delivers what comes through
 * #McuClientOps. All types of the contract's table, `join`'s deadline of 5 s, rates and bounds are
 * handled here.
 *
 *   client = mcu_client_new (server, room, &ops, connection)   when the upgrade is done
 *   mcu_client_receive (client, message)                       for each frame
 *   mcu_client_free (client)                                   when the socket is gone, always
 *
 * Thread: main loop. */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/pass.h"

/**
 * McuClientOps:
 *
 * Called from the main loop, also from inside mcu_client_receive() and mcu_client_new(); an
 * implementation only queues bytes. It must not call into mcu/ from inside them.
 */
typedef struct
{
  /**
   * send:
   * @message: (transfer none): a complete message of the contract, `type` and all; serialise it now
   */
  void (*send) (gpointer owner, JsonObject *message);

  /**
   * bye:
   * @code: (transfer none): a `bye.code` of the contract, e.g. "room_full"
   * @reason: (transfer none): a sentence
   * @retry_after_ms: 0: say nothing of it
   *
   * Send `bye` and close (1001 for draining, 1013 for what may be tried again, else 1008; 1000 for
   * "left"). Called at most once; after it the client is mute: nothing more is called, what is
   * received is ignored, and only mcu_client_free() remains.
   */
  void (*bye) (gpointer owner, const char *code, const char *reason, guint retry_after_ms);
} McuClientOps;

/**
 * mcu_client_new:
 * @room_name: from the path; an invalid one gets `bye protocol`
 * @ops: static; @owner: (unowned): lives until mcu_client_free()
 *
 * Nothing is kept or made before a good `join` but the client itself. What can be refused at once
 * (draining, room full) is refused with `bye` in here.
 *
 * Returns: (transfer full): never NULL.
 */
McuClient *mcu_client_new (McuServer *server, const char *room_name, const McuClientOps *ops,
                           gpointer owner);

/**
 * mcu_client_free:
 *
 * Whoever had joined is `away` for 30 s unless they said `leave`.
 */
void mcu_client_free (McuClient *self);

/** mcu_client_receive: one frame's object, (transfer none). Wrong members answer with `error`. */
void mcu_client_receive (McuClient *self, JsonObject *message);

/**
 * mcu_client_close:
 *
 * What the door found: too slow a reader ("slow"), a frame that is no object ("protocol").
 * Ends it as mcu_client_free() would (they are `away`, and may come back), with `bye`.
 */
void mcu_client_close (McuClient *self, const char *code, const char *reason);

/**
 * mcu_client_set_pass:
 * @pass: (nullable): copied; what a verified token says
 *
 * Before `join` is passed on, when keys are configured. Without it everybody is a participant or,
 * as asked, a viewer, and the first in a room is its moderator.
 */
void mcu_client_set_pass (McuClient *self, const McuPass *pass);

/**
 * mcu_client_set_only_resume:
 * @code: a `bye.code`; @why: a sentence
 *
 * Before `join` is passed on, when its token is missing or has expired: a good `resume` needs none.
 * Without one, or when it is of no use any more, the join is refused so.
 */
void mcu_client_set_only_resume (McuClient *self, const char *code, const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuClient, mcu_client_free)
