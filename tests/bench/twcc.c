/* tests/bench/twcc.c - see twcc.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/twcc.h"

#include "tests/bench/rtp.h"

#define REFERENCE_NS G_GINT64_CONSTANT (64000000)
#define DELTA_NS G_GINT64_CONSTANT (250000)

enum
{
  STATUS_LOST,
  STATUS_SMALL,
  STATUS_LARGE
};

static gint64 *
arrival_of (McuTwcc *self, guint16 seq)
{
  return &self->arrivals_ns[seq % MCU_TWCC_WINDOW];
}

void
mcu_twcc_add (McuTwcc *self, guint16 seq, gint64 arrival_ns)
{
  if (!self->has_any) {
    self->next = seq;
    self->highest = (guint16) (seq - 1);
    self->has_any = TRUE;
  }
  gint16 ahead = (gint16) (seq - self->highest);
  if (ahead > MCU_TWCC_WINDOW / 2) { /* a jump: tell only of what follows */
    self->next = seq;
    self->highest = (guint16) (seq - 1);
    ahead = 1;
  }
  for (; ahead > 0; ahead--)
    *arrival_of (self, ++self->highest) = 0;
  if ((gint16) (seq - self->next) >= 0)
    *arrival_of (self, seq) = arrival_ns;
}

typedef struct
{
  guint8 deltas[2 * MCU_TWCC_MAX_PACKETS];
  gsize n_delta_bytes;
  guint8 statuses[MCU_TWCC_MAX_PACKETS];
  guint n;
} Report;

static void
add_packet (Report *report, gint64 *last, gint64 arrival)
{
  gint64 delta = arrival == 0 ? 0 : (arrival - *last) / DELTA_NS;
  guint8 status = arrival == 0                 ? STATUS_LOST
                  : delta >= 0 && delta <= 255 ? STATUS_SMALL
                                               : STATUS_LARGE;

  report->statuses[report->n++] = status;
  if (status == STATUS_LOST)
    return;
  /* What is rounded off must not add up. */
  *last += delta * DELTA_NS;
  if (status == STATUS_SMALL) {
    report->deltas[report->n_delta_bytes++] = (guint8) delta;
  } else {
    mcu_write_u16 (report->deltas + report->n_delta_bytes,
                   (guint16) (gint16) CLAMP (delta, -32768, 32767));
    report->n_delta_bytes += 2;
  }
}

static gsize
write_chunks (guint8 *out, const Report *report)
{
  gsize at = 0;

  for (guint i = 0; i < report->n; i += 7, at += 2) {
    guint chunk = 0xc000; /* a status vector of two-bit symbols */

    for (guint k = 0; k < 7 && i + k < report->n; k++)
      chunk |= (guint) report->statuses[i + k] << (12 - 2 * k);
    mcu_write_u16 (out + at, chunk);
  }
  return at;
}

gsize
mcu_twcc_write (McuTwcc *self, guint8 *out, guint32 ssrc, guint32 media_ssrc)
{
  if (!self->has_any)
    return 0;
  while ((gint16) (self->highest - self->next) >= 0 && *arrival_of (self, self->next) == 0)
    self->next++; /* the base must have arrived: its time is the reference */
  guint n = MIN ((guint16) (self->highest + 1 - self->next), MCU_TWCC_MAX_PACKETS);
  if ((gint16) (self->highest - self->next) < 0 || n == 0)
    return 0;

  Report report = {.n = 0};
  gint64 reference = *arrival_of (self, self->next) / REFERENCE_NS;
  gint64 last = reference * REFERENCE_NS;
  guint16 base = self->next;
  for (guint i = 0; i < n; i++)
    add_packet (&report, &last, *arrival_of (self, self->next++));

  mcu_write_u32 (out + 4, ssrc);
  mcu_write_u32 (out + 8, media_ssrc);
  mcu_write_u16 (out + 12, base);
  mcu_write_u16 (out + 14, n);
  mcu_write_u32 (out + 16, (guint32) (reference & 0xffffff) << 8 | self->n_sent++);
  gsize at = 20 + write_chunks (out + 20, &report);
  for (gsize i = 0; i < report.n_delta_bytes; i++)
    out[at++] = report.deltas[i];
  gsize padding = (4 - at % 4) % 4;
  for (gsize i = 0; i < padding; i++)
    out[at++] = i + 1 == padding ? (guint8) padding : 0;
  out[0] = (guint8) (0x80 | (padding > 0 ? 0x20 : 0) | 15);
  out[1] = 205;
  mcu_write_u16 (out + 2, (guint) (at / 4 - 1));
  return at;
}
