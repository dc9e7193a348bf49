/* mcu/server-private.h - the server's record, for the files that make it up: server (life, rooms),
 * client (WebSocket), whip (WHIP and WHEP), lists (REST and metrics).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/node.h"
#include "mcu/overload.h"
#include "mcu/room.h"
#include "mcu/server.h"

typedef struct _McuServerStop McuServerStop;

struct _McuServer
{
  McuNode node;
  GHashTable *rooms; /* name -> McuRoom, owned */
  GHashTable *whips; /* id -> McuWhip, owned */

  McuOverload overload;
  guint overload_source;

  /* While stopping. */
  McuServerStoppedFunc stopped_func; /* (nullable): NULL once called */
  gpointer stopped_data;
  McuServerStop *stop; /* (nullable): freed when the last process has exited */
  guint stop_source;
};

/** mcu_server_find_room: (transfer none) (nullable) */
McuRoom *mcu_server_find_room (McuServer *self, const char *name);

/**
 * mcu_server_open_room:
 * @resume: (nullable): who comes with it was in it before a restart of ours: no auto_create needed
 * @error: MCU_ERROR_DRAINING, MCU_ERROR_BAD_ROOM_NAME, MCU_ERROR_NOT_FOUND (no auto_create),
 *         MCU_ERROR_OVERLOADED (max_rooms)
 *
 * Returns: (transfer none) (nullable): the room that somebody is about to join.
 */
McuRoom *mcu_server_open_room (McuServer *self, const char *name, const McuResume *resume,
                               GError **error);

/**
 * mcu_server_make_room:
 * @settings: (nullable): instead of the defaults for its name
 * @error: MCU_ERROR_DRAINING, MCU_ERROR_BAD_ROOM_NAME, MCU_ERROR_OVERLOADED (max_rooms)
 *
 * Returns: (transfer none) (nullable): a room of a name that none has.
 */
McuRoom *mcu_server_make_room (McuServer *self, const char *name, const McuRoomSettings *settings,
                               GError **error);

/** mcu_server_participant_to_json: (transfer full): with `media`, as lists have it. */
JsonObject *mcu_server_participant_to_json (McuParticipant *participant);

/** mcu_server_measure: the worst of all rooms, now. */
McuOverloadSample mcu_server_measure (McuServer *self);

/** mcu_server_may_remake: whether pages that come back now may be taken at their token's word. */
gboolean mcu_server_may_remake (McuServer *self);

/** mcu_whip_free: ends the session; whoever awaits its answer is told MCU_ERROR_GONE. */
void mcu_whip_free (gpointer whip);

/** mcu_server_live_init: what the processes of live outputs and inputs find in their environment.
 */
void mcu_server_live_init (McuConfig *config);
