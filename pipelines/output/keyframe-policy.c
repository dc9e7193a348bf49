/* pipelines/output/keyframe-policy.c - when a rung makes a keyframe; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/output/keyframe-policy.h"

void
mcu_keyframe_policy_ask (McuKeyframePolicy *self, McuKeyframeReason reason)
{
  self->waiting = MAX (self->waiting, reason);
}

void
mcu_keyframe_policy_ask_steady (McuKeyframePolicy *self, gint64 now_us)
{
  if (self->made_any && now_us - self->last_made_us >= MCU_KEYFRAME_STEADY_INTERVAL_US)
    mcu_keyframe_policy_ask (self, MCU_KEYFRAME_STEADY);
}

McuKeyframeReason
mcu_keyframe_policy_take (McuKeyframePolicy *self, gint64 now_us)
{
  McuKeyframeReason reason = self->waiting;
  gint64 interval_us = reason == MCU_KEYFRAME_JOIN ? MCU_KEYFRAME_JOIN_INTERVAL_US
                                                   : MCU_KEYFRAME_RUNNING_INTERVAL_US;

  if (reason == MCU_KEYFRAME_NONE)
    return MCU_KEYFRAME_NONE;
  if (self->made_any && now_us - self->last_made_us < interval_us)
    return MCU_KEYFRAME_NONE;
  self->made_any = TRUE;
  self->last_made_us = now_us;
  self->waiting = MCU_KEYFRAME_NONE;
  return reason;
}

void
mcu_keyframe_policy_served (McuKeyframePolicy *self)
{
  self->waiting = MCU_KEYFRAME_NONE;
}
