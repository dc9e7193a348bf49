/* pipelines/output/keyframe-policy.h - when a rung makes a keyframe; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A keyframe is some ten times a delta frame, paid by everybody on the rung: so those who see a
 * picture already share one a second, and those who see none yet wait at most a quarter. */
#define MCU_KEYFRAME_RUNNING_INTERVAL_US 1000000
#define MCU_KEYFRAME_JOIN_INTERVAL_US 250000
/* What is written to a file can be sought to, and cut, at a keyframe. */
#define MCU_KEYFRAME_STEADY_INTERVAL_US 2000000

/** McuKeyframeReason: who asks. */
typedef enum
{
  MCU_KEYFRAME_NONE,
  MCU_KEYFRAME_STEADY,  /* the clock, for a receiver that writes a file */
  MCU_KEYFRAME_REQUEST, /* a receiver that has a picture: PLI, FIR, recovery */
  MCU_KEYFRAME_JOIN,    /* a receiver that has none yet */
  MCU_KEYFRAME_N_REASONS
} McuKeyframeReason;

/** McuKeyframePolicy: zero-initialised is a policy that has seen nothing. One thread at a time. */
typedef struct
{
  gboolean made_any;
  gint64 last_made_us;
  McuKeyframeReason waiting; /* the stronger of what is asked and not yet served */
} McuKeyframePolicy;

/**
 * mcu_keyframe_policy_ask:
 *
 * Remembers a wish; wishes merge.
 */
void mcu_keyframe_policy_ask (McuKeyframePolicy *self, McuKeyframeReason reason);

/** mcu_keyframe_policy_ask_steady: remembers a wish if the newest keyframe that was asked for is
 * MCU_KEYFRAME_STEADY_INTERVAL_US old. */
void mcu_keyframe_policy_ask_steady (McuKeyframePolicy *self, gint64 now_us);

/**
 * mcu_keyframe_policy_take:
 * @now_us: monotonic
 *
 * Returns: why a keyframe is to be made now, which counts as made; MCU_KEYFRAME_NONE when not yet.
 */
McuKeyframeReason mcu_keyframe_policy_take (McuKeyframePolicy *self, gint64 now_us);

/** mcu_keyframe_policy_served: a keyframe went to everybody, so nobody waits any more. */
void mcu_keyframe_policy_served (McuKeyframePolicy *self);
