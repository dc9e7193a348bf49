/* pipelines/record/packet-clock.c - packets of sound at times of our clock; pure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/packet-clock.h"

#define WINDOW_PACKETS 100
/* A window's correction: 2 s of packets, so 2.5 ms a second: many times what crystals differ. */
#define MAX_STEP_NS 5000000
/* Further from its arrival than this it is another time line. */
#define JUMP_NS 400000000

static gint64
begin (McuPacketClock *self, guint32 timestamp, gint64 arrival_ns)
{
  self->has_begun = TRUE;
  self->last_timestamp = timestamp;
  self->last_ns = arrival_ns;
  self->least_late_ns = G_MAXINT64;
  self->n_in_window = 0;
  return arrival_ns;
}

gint64
mcu_packet_clock_time (McuPacketClock *self, guint32 timestamp, gint64 arrival_ns)
{
  gint32 ticks = (gint32) (timestamp - self->last_timestamp);
  gint64 ns = self->last_ns + (gint64) ticks * 1000000000 / self->rate_hz;

  if (!self->has_begun || ABS (arrival_ns - ns) > JUMP_NS)
    return begin (self, timestamp, arrival_ns);
  self->least_late_ns = MIN (self->least_late_ns, arrival_ns - ns);
  if (self->least_late_ns < 0) { /* before it was sent: we began with one that was late */
    ns += self->least_late_ns;
    self->least_late_ns = 0;
  }
  if (++self->n_in_window >= WINDOW_PACKETS) {
    ns += MIN (self->least_late_ns, MAX_STEP_NS);
    self->least_late_ns = G_MAXINT64;
    self->n_in_window = 0;
  }
  self->last_timestamp = timestamp;
  self->last_ns = ns;
  return ns;
}
