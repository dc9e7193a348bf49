/* tests/bench/reception.c - see reception.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/reception.h"

#include <stdlib.h>

#include "tests/bench/clock.h"

static void
add_jitter (McuReception *self, const McuRtpHeader *header, gint64 arrival_ns)
{
  if (header->timestamp == self->last_timestamp)
    return; /* packets of one frame are no measure */
  if (self->last_arrival_ns != 0) {
    double spent = (double) (arrival_ns - self->last_arrival_ns) * self->clock_hz / 1e9;
    double sent = (gint32) (header->timestamp - self->last_timestamp);

    self->jitter += (ABS (spent - sent) - self->jitter) / 16;
  }
  self->last_arrival_ns = arrival_ns;
  self->last_timestamp = header->timestamp;
}

void
mcu_reception_add (McuReception *self, const McuRtpHeader *header, gint64 arrival_ns)
{
  if (self->ssrc != header->ssrc) {
    guint clock_hz = self->clock_hz;

    *self = (McuReception){.clock_hz = clock_hz, .ssrc = header->ssrc};
    self->base = self->highest = 0x10000u + header->seq;
  }
  gint16 ahead = (gint16) (header->seq - (guint16) self->highest);
  if (ahead > 0)
    self->highest += (guint32) ahead;
  self->n_received++;
  add_jitter (self, header, arrival_ns);
}

void
mcu_reception_take_sr (McuReception *self, const guint8 *body, gsize size, gint64 now_ns)
{
  if (size < 24 || mcu_read_u32 (body) != self->ssrc)
    return;
  self->lsr = (guint32) mcu_read_u16 (body + 6) << 16 | mcu_read_u16 (body + 8);
  self->lsr_ns = now_ns;
}

guint32
mcu_reception_lost (const McuReception *self)
{
  guint32 expected = self->ssrc == 0 ? 0 : self->highest - self->base + 1;

  return expected > self->n_received ? expected - self->n_received : 0;
}

void
mcu_reception_report (McuReception *self, McuRtcpBlock *block, gint64 now_ns)
{
  guint32 expected = self->highest - self->base + 1;
  guint32 expected_now = expected - self->expected_before;
  guint32 received_now = self->n_received - self->received_before;

  self->expected_before = expected;
  self->received_before = self->n_received;
  *block = (McuRtcpBlock){.ssrc = self->ssrc,
                          .lost = mcu_reception_lost (self),
                          .highest = self->highest - 0x10000u,
                          .jitter = (guint32) self->jitter,
                          .lsr = self->lsr};
  if (self->lsr != 0)
    block->dlsr = (guint32) ((now_ns - self->lsr_ns) * 65536 / MCU_LOAD_S);
  if (expected_now > received_now)
    block->fraction = (guint8) MIN (255, (expected_now - received_now) * 256 / expected_now);
}
