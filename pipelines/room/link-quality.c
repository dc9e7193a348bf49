/* pipelines/room/link-quality.c - whether somebody's link is bad enough to be marked.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/link-quality.h"

#define STEPS_TO_BAD 2
#define STEPS_TO_GOOD 3
/* Of fewer packets one lost is no share. */
#define MIN_PACKETS 20

typedef enum
{
  GOOD,
  BETWEEN,
  BAD
} Verdict;

static guint
loss_percent (McuLinkQuality *self, guint64 packets, guint64 lost)
{
  guint64 came = packets - self->packets, missed = lost - self->lost;

  if (!self->has_counts || packets < self->packets || lost < self->lost ||
      came + missed < MIN_PACKETS)
    return 0;
  return (guint) (100 * missed / (came + missed));
}

static Verdict
judge (guint percent, guint rtt_ms)
{
  if (percent >= MCU_LINK_QUALITY_BAD_LOSS_PERCENT || rtt_ms >= MCU_LINK_QUALITY_BAD_RTT_MS)
    return BAD;
  if (percent <= MCU_LINK_QUALITY_GOOD_LOSS_PERCENT && rtt_ms <= MCU_LINK_QUALITY_GOOD_RTT_MS)
    return GOOD;
  return BETWEEN;
}

gboolean
mcu_link_quality_step (McuLinkQuality *self, guint64 packets, guint64 lost, guint rtt_ms)
{
  Verdict verdict = judge (loss_percent (self, packets, lost), rtt_ms);

  self->packets = packets;
  self->lost = lost;
  self->has_counts = TRUE;
  self->n_against = verdict == (self->is_bad ? GOOD : BAD) ? self->n_against + 1 : 0;
  if (self->n_against >= (self->is_bad ? STEPS_TO_GOOD : STEPS_TO_BAD)) {
    self->is_bad = !self->is_bad;
    self->n_against = 0;
  }
  return self->is_bad;
}
