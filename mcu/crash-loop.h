/* mcu/crash-loop.h - who is blamed when a room process dies again and again: decisions, no I/O.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A room process dies of something that somebody sent, mostly of their offer or their first
 * packets.
 *
 *  * Suspects of a death: whose `peer_add` was unanswered, or answered less than 5 s before it.
 *    Two deaths within 60 s with exactly one suspect in common: that one is blamed at once.
 *  * After the second death within 60 s people come back one at a time. In whose turn it dies again
 *    is blamed. A turn ends 1 s after the connection is made, or after 5 s.
 *  * Who is blamed is refused for 10 minutes.
 *  * After 5 restarts in 10 minutes the next death ends the room.
 *
 * The caller says what time it is (monotonic, us) and who: a participant's id, which survives
 * resume. Thread: any, one at a time. */
#pragma once

#include <glib.h>

#define MCU_CRASH_SUSPECT_MS 5000
#define MCU_CRASH_PAIR_MS 60000
#define MCU_CRASH_TURN_MS 5000
#define MCU_CRASH_TURN_AFTER_CONNECT_MS 1000
#define MCU_CRASH_REFUSE_MS 600000
#define MCU_CRASH_WINDOW_MS 600000
#define MCU_CRASH_MAX_RESTARTS 5

typedef struct _McuCrashLoop McuCrashLoop;

/** McuCrashVerdict: what to do about a death. */
typedef enum
{
  MCU_CRASH_ALL_BACK,   /* restart, everybody may offer at once */
  MCU_CRASH_ONE_BY_ONE, /* restart, mcu_crash_loop_next() says who may offer */
  MCU_CRASH_END         /* no restart: end the room */
} McuCrashVerdict;

McuCrashLoop *mcu_crash_loop_new (void);
void mcu_crash_loop_free (McuCrashLoop *self);

/** mcu_crash_loop_asked: a `peer_add` of @who is on its way. */
void mcu_crash_loop_asked (McuCrashLoop *self, const char *who, gint64 now_us);
/** mcu_crash_loop_answered: it was answered, well or not. */
void mcu_crash_loop_answered (McuCrashLoop *self, const char *who, gint64 now_us);
/** mcu_crash_loop_connected: @who has a connection: their turn ends soon. */
void mcu_crash_loop_connected (McuCrashLoop *self, const char *who, gint64 now_us);
/** mcu_crash_loop_left: @who is no longer in the room: no turn for them. A suspect they remain. */
void mcu_crash_loop_left (McuCrashLoop *self, const char *who);

/**
 * mcu_crash_loop_died:
 * @well_us: when the process last gave a sign of life: a hang began there, however late it is seen
 * @people: (array zero-terminated=1): who is in the room, in order: the queue of a one-by-one
 * return
 * @blamed: (out) (transfer full) (nullable): who did it
 *
 * Returns: what to do.
 */
McuCrashVerdict mcu_crash_loop_died (McuCrashLoop *self, const char *const *people, gint64 well_us,
                                     gint64 now_us, char **blamed);

/**
 * mcu_crash_loop_next:
 *
 * To be called now and then (each 100 ms) while mcu_crash_loop_is_one_by_one().
 *
 * Returns: (transfer none) (nullable): whose turn just began: let them offer.
 */
const char *mcu_crash_loop_next (McuCrashLoop *self, gint64 now_us);

gboolean mcu_crash_loop_is_one_by_one (McuCrashLoop *self);

/**
 * mcu_crash_loop_may_offer:
 *
 * Somebody who is not in the queue yet is put at its end.
 *
 * Returns: FALSE while it is not their turn.
 */
gboolean mcu_crash_loop_may_offer (McuCrashLoop *self, const char *who, gint64 now_us);

/** mcu_crash_loop_refused_ms: how long @who is still refused; 0: not at all. */
guint mcu_crash_loop_refused_ms (McuCrashLoop *self, const char *who, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuCrashLoop, mcu_crash_loop_free)
