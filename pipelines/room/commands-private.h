/* pipelines/room/commands-private.h - what commands.c and commands-peers.c share.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Each command: @message: (transfer none): as it came; @id: 0 when no reply is wanted. */
#pragma once

#include "mcu/base/json-check.h"
#include "pipelines/room/commands.h"
#include "pipelines/room/inputs.h"
#include "pipelines/room/outputs.h"
#include "pipelines/room/recordings.h"
#include "pipelines/room/reports.h"
#include "pipelines/room/signs.h"
#include "pipelines/room/snapshot.h"

struct _McuCommands
{
  /* Main loop only. */
  McuLink *link;             /* owned */
  McuRoom *room;             /* owned */
  McuReports *reports;       /* owned */
  McuRecordings *recordings; /* owned */
  McuSigns *signs;           /* owned */
  McuOutputs *outputs;       /* owned */
  McuInputs *inputs;         /* owned */
  McuSnapshots *snapshots;   /* owned */
  GMainLoop *loop;           /* unowned */
  GQueue waiting;            /* of JsonObject, owned: what came behind a peer_add, in order */
  guint turn;                /* source id: while something waits */
};

void mcu_commands_peer_add (McuCommands *self, JsonObject *message, gint64 id);
void mcu_commands_peer_candidate (McuCommands *self, JsonObject *message, gint64 id);
void mcu_commands_peer_remove (McuCommands *self, JsonObject *message, gint64 id);
void mcu_commands_peer_view (McuCommands *self, JsonObject *message, gint64 id);

/** mcu_commands_on_answer: an McuRoomAnswerFunc. */
void mcu_commands_on_answer (McuPeer *peer, const char *answer, const GError *error,
                             gint64 request_id, gpointer user_data);
