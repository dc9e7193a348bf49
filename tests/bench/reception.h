/* tests/bench/reception.h - what a receiver report says of one stream (RFC 3550, A.1, A.3, A.8).
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/rtp.h"

/** McuReception: zero-initialise but for clock_hz. One thread. */
typedef struct
{
  guint clock_hz;
  guint32 ssrc;          /* 0: nothing received */
  guint32 base, highest; /* extended sequence numbers */
  guint32 n_received;
  guint32 expected_before, received_before;
  double jitter; /* in clock units */
  gint64 last_arrival_ns;
  guint32 last_timestamp;
  guint32 lsr;
  gint64 lsr_ns;
} McuReception;

void mcu_reception_add (McuReception *self, const McuRtpHeader *header, gint64 arrival_ns);
/** mcu_reception_take_sr: @body of an SR of any SSRC; others' are ignored. */
void mcu_reception_take_sr (McuReception *self, const guint8 *body, gsize size, gint64 now_ns);
/** mcu_reception_report: fills a block and begins the next interval. */
void mcu_reception_report (McuReception *self, McuRtcpBlock *block, gint64 now_ns);
/** mcu_reception_lost: all in all, never negative. */
guint32 mcu_reception_lost (const McuReception *self);
