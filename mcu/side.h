/* mcu/side.h - one process beside a room, a live output or an input, kept running.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Started when the room has media, connected with the room's process by a socket pair of their own,
 * replaced with growing pauses when it fails, hangs or dies; the room does not notice.
 * Thread: main loop. Nothing blocks. */
#pragma once

#include "mcu/room.h"

/* From a failure to the next attempt: doubled each time, from the first to the second. */
#define MCU_SIDE_RETRY_MS 1000
#define MCU_SIDE_RETRY_MAX_MS 30000
/* What was live for so long begins with the short pause again. */
#define MCU_SIDE_WELL_MS 10000

/** McuSideState: the contract's. */
typedef enum
{
  MCU_SIDE_CONNECTING,
  MCU_SIDE_LIVE,
  MCU_SIDE_RETRYING, /* until it is live again */
  MCU_SIDE_FAILED,   /* for good: to try again is of no use */
  MCU_SIDE_ENDED,    /* for good */
  MCU_SIDE_N_STATES
} McuSideState;

/** mcu_side_state_to_string: (transfer none): "connecting", ... */
const char *mcu_side_state_to_string (McuSideState state);

typedef struct _McuSide McuSide;

typedef struct
{
  const char *role;         /* "--stream", "--input" */
  const char *to_process;   /* message that brings the process its end of the socket pair */
  const char *add_to_room;  /* ... and the room; has `id_member` */
  const char *take_of_room; /* the room is to forget it */
  const char *id_member;    /* "output", "input" */

  /** open: (transfer full) (nullable): the first message to a new process; NULL with @error: it
   *  fails for good. @fd: (out) (transfer full): goes with it; -1 */
  JsonObject *(*open) (gpointer owner, int *fd, GError **error);
  /** add: (nullable): further members for `add_to_room`. */
  void (*add) (gpointer owner, JsonObject *message);
  /** message: (nullable): what the process says but `side_state`; @process: to take descriptors of.
   */
  void (*message) (gpointer owner, McuRoomProcess *process, JsonObject *message);
  /** changed: (nullable): the state did; the last thing done: the side may be freed in it. */
  void (*changed) (gpointer owner);
} McuSideOps;

/** mcu_side_new: (transfer full): @room: (unowned); @ops: static. Connecting, but without a process
 * before mcu_side_attach(). */
McuSide *mcu_side_new (McuRoom *room, const char *id, const McuSideOps *ops, gpointer owner);

/** mcu_side_free: its process ends by itself, and is killed when it does not. */
void mcu_side_free (McuSide *self);

/** mcu_side_attach: the room has a process, or another one than before. */
void mcu_side_attach (McuSide *self);

/** mcu_side_detach: the room has none for a while. */
void mcu_side_detach (McuSide *self);

McuSideState mcu_side_get_state (McuSide *self);
/** mcu_side_is_over: failed or ended. */
gboolean mcu_side_is_over (McuSide *self);
/** mcu_side_get_restarts: how often it was begun anew. */
guint mcu_side_get_restarts (McuSide *self);

/** mcu_side_to_json: sets `state`, and `error` {code, detail} of the last failure while it is not
 * live. */
void mcu_side_to_json (McuSide *self, JsonObject *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuSide, mcu_side_free)
