/* mcu/recording-retention.c - which recordings are let go.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-retention.h"

static gboolean
is_too_old (const McuRetention *limits, const McuRecordingInfo *info)
{
  gint64 ended_at_us = info->ended_at_us != 0 ? info->ended_at_us : info->started_at_us;

  return limits->max_age_us > 0 && limits->now_us - ended_at_us > limits->max_age_us;
}

GPtrArray *
mcu_recording_retention_choose (const McuRetention *limits, const GPtrArray *all,
                                const gint64 *bytes)
{
  GPtrArray *chosen = g_ptr_array_new ();
  gint64 total = 0;

  for (guint i = 0; i < all->len; i++)
    total += bytes[i];
  for (guint i = 0; i < all->len; i++) {
    McuRecordingInfo *info = all->pdata[i];

    if (!mcu_recording_state_is_over (info->state) ||
        !(is_too_old (limits, info) || (limits->max_bytes > 0 && total > limits->max_bytes)))
      continue;
    g_ptr_array_add (chosen, info);
    total -= bytes[i];
  }
  return chosen;
}
