/* pipelines/ingest/sender-clock.c - how long a stream's packets take, on its sender's own clock.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/ingest/sender-clock.h"

#include <string.h>

#define RTCP_SENDER_REPORT 200
#define SENDER_REPORT_BYTES 28 /* header, SSRC and sender information */

void
mcu_sender_clock_report (McuSenderClock *self, guint64 ntp, guint32 rtp)
{
  self->has_report = TRUE;
  self->report_us = (gint64) ((ntp >> 32) * G_USEC_PER_SEC) +
                    (gint64) (((ntp & 0xffffffff) * G_USEC_PER_SEC) >> 32);
  self->report_rtp = rtp;
}

void
mcu_sender_clock_packet (McuSenderClock *self, guint32 rtp, gint64 arrival_us)
{
  gint64 capture_us, path_us;

  if (!self->has_report || self->rate_hz == 0)
    return;
  /* The cast makes the difference signed: timestamps wrap. */
  capture_us = self->report_us +
               (gint64) (gint32) (rtp - self->report_rtp) * G_USEC_PER_SEC / self->rate_hz;
  path_us = arrival_us - capture_us;
  if (!self->has_path) {
    self->has_path = TRUE;
    self->window_began_us = arrival_us;
    self->least_us[0] = self->least_us[1] = path_us;
  } else if (arrival_us - self->window_began_us > MCU_SENDER_CLOCK_WINDOW_US) {
    self->window_began_us = arrival_us;
    self->least_us[0] = self->least_us[1];
    self->least_us[1] = path_us;
  }
  self->least_us[1] = MIN (self->least_us[1], path_us);
}

gboolean
mcu_sender_clock_get_path_us (const McuSenderClock *self, gint64 *path_us)
{
  *path_us = MIN (self->least_us[0], self->least_us[1]);
  return self->has_path;
}

static guint32
read_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_BE (value);
}

void
mcu_sender_reports_find (const guint8 *rtcp, gsize size, McuSenderReportFunc func,
                         gpointer user_data)
{
  gsize at = 0;

  while (size - at >= 4) {
    gsize length = ((gsize) (rtcp[at + 2] << 8 | rtcp[at + 3]) + 1) * 4;

    if (length > size - at)
      return;
    if (rtcp[at + 1] == RTCP_SENDER_REPORT && length >= SENDER_REPORT_BYTES)
      func (read_u32 (rtcp + at + 4),
            (guint64) read_u32 (rtcp + at + 8) << 32 | read_u32 (rtcp + at + 12),
            read_u32 (rtcp + at + 16), user_data);
    at += length;
  }
}
