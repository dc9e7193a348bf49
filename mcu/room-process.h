/* mcu/room-process.h - one tessera-room process: started, pinged, and ended when it hangs.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who is blamed when a room dies again and again is decided in mcu/crash-loop.h.
 * Thread: main loop. Nothing blocks. */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/base/link.h"
#include "mcu/types.h"

#define MCU_ROOM_WARM_MS                                                                           \
  15000 /* until `hello`; a cold machine without a plugin registry is slow                         \
         */
#define MCU_ROOM_PING_MS 1000
#define MCU_ROOM_HANG_MS 5000
#define MCU_ROOM_TEARDOWN_MS 10000
#define MCU_ROOM_KILL_MS 500  /* from SIGABRT to SIGKILL */
#define MCU_ROOM_EXIT_MS 5000 /* from closing its link to SIGKILL; it needs at most 2 s */

/** McuDeath: how a process ended that should not have. */
typedef enum
{
  MCU_DEATH_EXITED, /* it died, or broke the link's rules */
  MCU_DEATH_HUNG    /* no answer, a teardown that does not end, a queue that does not move */
} McuDeath;

/** mcu_death_to_string: (transfer none): "exited" or "hung", for logs and metrics. */
const char *mcu_death_to_string (McuDeath death);

typedef struct
{
  /** message: what the room says; `hello` is not passed on. */
  void (*message) (gpointer owner, JsonObject *message);

  /**
   * died:
   * @well_us: monotonic: when it last gave a sign of life; of one that exited: now
   *
   * At most once, and nothing comes after it; the process may be freed in it.
   */
  void (*died) (gpointer owner, McuDeath death, gint64 well_us);
} McuRoomProcessOps;

/** mcu_room_program: (transfer full): TESSERA_ROOM_PROGRAM, else where tessera-room is found. */
char *mcu_room_program (void);

/**
 * mcu_room_process_spawn:
 * @program: the path
 * @error: MCU_ERROR_INTERNAL
 *
 * Returns: (transfer full) (nullable): a process that is getting warm. It may be written to at
 * once.
 */
McuRoomProcess *mcu_room_process_spawn (const char *program, GError **error);

/**
 * mcu_room_process_spawn_role:
 * @role: (nullable): its only argument: "--stream", "--input"; NULL: a room
 *
 * A process beside a room: the same link, pings and end.
 */
McuRoomProcess *mcu_room_process_spawn_role (const char *program, const char *role, GError **error);

/** mcu_room_process_set_owner: who hears of it; @ops may be NULL. */
void mcu_room_process_set_owner (McuRoomProcess *self, const McuRoomProcessOps *ops,
                                 gpointer owner);

/**
 * mcu_room_process_free:
 *
 * Closes the link: the process exits by itself within 2 s, and is killed after 5.
 */
void mcu_room_process_free (McuRoomProcess *self);

typedef void (*McuRoomExitedFunc) (gpointer user_data);

/**
 * mcu_room_process_drain:
 * @self: (transfer full)
 * @func: called once when it is gone; it is killed when @timeout_ms are over
 */
void mcu_room_process_drain (McuRoomProcess *self, guint timeout_ms, McuRoomExitedFunc func,
                             gpointer user_data);

/** mcu_room_process_send: see mcu_link_send(). */
void mcu_room_process_send (McuRoomProcess *self, JsonObject *message);
/** mcu_room_process_send_with_fd: see mcu_link_send_with_fd(). @fd: (transfer full) */
void mcu_room_process_send_with_fd (McuRoomProcess *self, JsonObject *message, int fd);
/** mcu_room_process_take_fd: see mcu_link_take_fd(). */
int mcu_room_process_take_fd (McuRoomProcess *self, JsonObject *message);
/** mcu_room_process_request: see mcu_link_request(). */
void mcu_room_process_request (McuRoomProcess *self, JsonObject *message, guint timeout_ms,
                               McuLinkReplyFunc func, gpointer user_data);

/** mcu_room_process_is_warm: whether it has said `hello`. */
gboolean mcu_room_process_is_warm (McuRoomProcess *self);
GPid mcu_room_process_get_pid (McuRoomProcess *self);
/** mcu_room_process_get_load: 0..1, of its last ping. */
double mcu_room_process_get_load (McuRoomProcess *self);
/** mcu_room_process_get_late_ms: of its last ping. */
guint mcu_room_process_get_late_ms (McuRoomProcess *self);
/** mcu_room_process_get_cores: how many it used between the last two pings. */
double mcu_room_process_get_cores (McuRoomProcess *self);
/** mcu_room_process_get_cpu_seconds: user and system, read with the last ping. */
double mcu_room_process_get_cpu_seconds (McuRoomProcess *self);

/** mcu_room_process_set_divisor_for_tests: processes spawned from here on have shorter times. */
void mcu_room_process_set_divisor_for_tests (guint divisor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuRoomProcess, mcu_room_process_free)
