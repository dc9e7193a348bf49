/* signaling/guard.c - what one connection may do: phases, deadlines, byte budgets.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/guard.h"

void
mcu_guard_init (McuGuard *self, McuGuardPhase phase, gint64 now_us)
{
  *self = (McuGuard){.phase = phase,
                     .entered_us = now_us,
                     .last_read_us = now_us,
                     .max_body_bytes = MCU_GUARD_MAX_BODY_BYTES};
}

void
mcu_guard_enter (McuGuard *self, McuGuardPhase phase, gint64 now_us)
{
  self->phase = phase;
  self->entered_us = now_us;
  if (phase == MCU_GUARD_IDLE || phase == MCU_GUARD_WEBSOCKET || phase == MCU_GUARD_REFUSED) {
    self->bytes = 0;
    self->max_body_bytes = MCU_GUARD_MAX_BODY_BYTES;
  }
  if (phase == MCU_GUARD_WEBSOCKET)
    self->last_read_us = now_us;
}

static gsize
budget_bytes (const McuGuard *self)
{
  switch (self->phase) {
  case MCU_GUARD_HANDSHAKE:
  case MCU_GUARD_IDLE:
  case MCU_GUARD_HEADER:
    return MCU_GUARD_MAX_HEADER_BYTES;
  case MCU_GUARD_BODY:
  case MCU_GUARD_RESPONSE:
    return MCU_GUARD_MAX_HEADER_BYTES + self->max_body_bytes + MCU_GUARD_FRAMING_BYTES;
  case MCU_GUARD_WEBSOCKET:
    return MCU_GUARD_MAX_BODY_BYTES + MCU_GUARD_FRAMING_BYTES;
  case MCU_GUARD_REFUSED:
    return MCU_GUARD_MAX_DISCARD_BYTES;
  }
  return 0;
}

static gint64
deadline_ms (McuGuardPhase phase)
{
  switch (phase) {
  case MCU_GUARD_HANDSHAKE:
    return MCU_GUARD_HANDSHAKE_MS;
  case MCU_GUARD_HEADER:
    return MCU_GUARD_HEADER_MS;
  case MCU_GUARD_BODY:
    return MCU_GUARD_BODY_MS;
  case MCU_GUARD_RESPONSE:
    return MCU_GUARD_RESPONSE_MS;
  case MCU_GUARD_IDLE:
    return MCU_GUARD_IDLE_MS;
  case MCU_GUARD_REFUSED:
    return MCU_GUARD_REFUSED_MS;
  case MCU_GUARD_WEBSOCKET:
    return G_MAXINT32; /* lives by its signs of life */
  }
  return 0;
}

void
mcu_guard_allow_body (McuGuard *self, gsize n_bytes)
{
  self->max_body_bytes = n_bytes;
}

gsize
mcu_guard_allowance (const McuGuard *self)
{
  gsize budget = budget_bytes (self);

  return self->bytes < budget ? budget - self->bytes : 0;
}

void
mcu_guard_read (McuGuard *self, gsize n_bytes, gint64 now_us)
{
  if (self->phase == MCU_GUARD_IDLE && n_bytes > 0)
    mcu_guard_enter (self, MCU_GUARD_HEADER, now_us);
  self->bytes += n_bytes;
  self->read_total_bytes += n_bytes;
  self->last_read_us = now_us;
}

void
mcu_guard_wrote (McuGuard *self, gsize n_bytes)
{
  self->written_total_bytes += n_bytes;
  self->write_blocked_us = 0;
}

void
mcu_guard_write_blocked (McuGuard *self, gint64 now_us)
{
  if (self->write_blocked_us == 0)
    self->write_blocked_us = now_us;
}

void
mcu_guard_message (McuGuard *self)
{
  self->bytes = 0;
}

void
mcu_guard_forgive (McuGuard *self, gsize n_bytes)
{
  self->bytes -= MIN (self->bytes, n_bytes);
}

McuGuardVerdict
mcu_guard_check (const McuGuard *self, gint64 now_us)
{
  if (mcu_guard_allowance (self) == 0)
    return MCU_GUARD_TOO_MUCH;
  if (self->write_blocked_us != 0 && now_us - self->write_blocked_us > MCU_GUARD_STUCK_MS * 1000)
    return MCU_GUARD_NOT_READING;
  if (self->phase == MCU_GUARD_WEBSOCKET)
    return now_us - self->last_read_us > MCU_GUARD_SILENCE_MS * 1000 ? MCU_GUARD_SILENT
                                                                     : MCU_GUARD_FINE;
  return now_us - self->entered_us > deadline_ms (self->phase) * 1000 ? MCU_GUARD_TOO_SLOW
                                                                      : MCU_GUARD_FINE;
}

const char *
mcu_guard_verdict_to_string (McuGuardVerdict verdict)
{
  switch (verdict) {
  case MCU_GUARD_FINE:
    return "fine";
  case MCU_GUARD_TOO_SLOW:
    return "too slow";
  case MCU_GUARD_TOO_MUCH:
    return "too much";
  case MCU_GUARD_SILENT:
    return "silent";
  case MCU_GUARD_NOT_READING:
    return "not reading";
  }
  return "unknown";
}
