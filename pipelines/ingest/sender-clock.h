/* pipelines/ingest/sender-clock.h - how long a stream's packets take, on its sender's own clock;
 * pure. SPDX-License-Identifier: Apache-2.0
 *
 * A sender report says which moment of the sender's clock an RTP timestamp is (RFC 3550, 6.4.1).
 * All streams of one sender share that clock, so the difference of two streams' figures is what lip
 * sync has to make good, whatever the clock's offset to ours. */
#pragma once

#include <glib.h>

/* The least over the last one to two of these: what is left when jitter is taken away. */
#define MCU_SENDER_CLOCK_WINDOW_US 3000000

/** McuSenderClock: zero and then a rate. One thread at a time; its owner locks. */
typedef struct
{
  guint rate_hz;
  gboolean has_report;
  gint64 report_us; /* on the sender's clock */
  guint32 report_rtp;
  gboolean has_path;
  gint64 window_began_us;
  gint64 least_us[2]; /* of the window before, and of this one */
} McuSenderClock;

/** mcu_sender_clock_report: @ntp: 32.32 s, as in a sender report. */
void mcu_sender_clock_report (McuSenderClock *self, guint64 ntp, guint32 rtp);

/** mcu_sender_clock_packet: @arrival_us: monotonic. */
void mcu_sender_clock_packet (McuSenderClock *self, guint32 rtp, gint64 arrival_us);

/** mcu_sender_clock_get_path_us: arrival on our clock less capture on theirs; FALSE: not known yet.
 */
gboolean mcu_sender_clock_get_path_us (const McuSenderClock *self, gint64 *path_us);

/**
 * McuSenderReportFunc: a sender report was found.
 */
typedef void (*McuSenderReportFunc) (guint32 ssrc, guint64 ntp, guint32 rtp, gpointer user_data);

/** mcu_sender_reports_find: @rtcp: (array length=size): a compound that the guard let pass. */
void mcu_sender_reports_find (const guint8 *rtcp, gsize size, McuSenderReportFunc func,
                              gpointer user_data);
