/* tests/bench/frames.c - see frames.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/frames.h"

#include <string.h>

#include "tests/bench/clock.h"

#define NACK_EVERY_NS (60 * MCU_LOAD_MS)
#define MAX_NACKS 12

McuFrames *
mcu_frames_new (McuFramesFunc func, gpointer user_data)
{
  McuFrames *self = g_new0 (McuFrames, 1);

  self->func = func;
  self->user_data = user_data;
  return self;
}

void
mcu_frames_keep_payloads (McuFrames *self, gboolean keep)
{
  self->keep_payloads = keep;
  for (gsize i = 0; !keep && i < MCU_FRAMES_WINDOW; i++)
    g_clear_pointer (&self->slots[i].payload, g_free);
}

void
mcu_frames_free (McuFrames *self)
{
  mcu_frames_keep_payloads (self, FALSE);
  g_free (self);
}

McuFramesSlot *
mcu_frames_slot (McuFrames *self, guint16 seq)
{
  return &self->slots[seq % MCU_FRAMES_WINDOW];
}

static void
start_at (McuFrames *self, guint16 seq)
{
  self->has_any = TRUE;
  self->first = self->next = seq;
  self->highest = (guint16) (seq - 1);
}

static void
reset_slot (McuFramesSlot *slot, gint64 now_ns)
{
  slot->has_arrived = FALSE;
  slot->n_nacks = 0;
  slot->nack_ns = now_ns;
}

static gboolean
make_room (McuFrames *self, guint16 seq, gint64 now_ns)
{
  gint16 ahead = (gint16) (seq - self->highest);

  if (ahead > MCU_FRAMES_WINDOW / 2 || (gint16) (seq - self->first) >= MCU_FRAMES_WINDOW) {
    self->n_skipped++;
    start_at (self, seq);
    ahead = 1;
  }
  for (; ahead > 0; ahead--) {
    self->highest++;
    if (self->highest == 0)
      self->n_cycles++;
    reset_slot (mcu_frames_slot (self, self->highest), now_ns);
  }
  return (gint16) (seq - self->first) >= 0 && !mcu_frames_slot (self, seq)->has_arrived;
}

static void
store (McuFrames *self, McuFramesSlot *slot, const McuFramesPacket *packet)
{
  slot->has_arrived = TRUE;
  slot->marker = packet->marker;
  slot->timestamp = packet->timestamp;
  slot->arrival_ns = packet->arrival_ns;
  if (!self->keep_payloads || packet->payload == NULL)
    return;
  g_free (slot->payload);
  slot->payload = g_memdup2 (packet->payload, packet->payload_size);
  slot->payload_size = packet->payload_size;
}

static void
finish_frame (McuFrames *self)
{
  gint64 arrival = 0;

  for (guint16 seq = self->first; seq != self->next; seq++)
    arrival = MAX (arrival, mcu_frames_slot (self, seq)->arrival_ns);
  self->n_frames++;
  self->func (self, self->first, (guint16) (self->next - 1), arrival, self->user_data);
  self->first = self->next;
}

static void
advance (McuFrames *self)
{
  while ((gint16) (self->highest - self->next) >= 0 &&
         mcu_frames_slot (self, self->next)->has_arrived) {
    gboolean marker = mcu_frames_slot (self, self->next)->marker;

    self->next++;
    if (marker)
      finish_frame (self);
  }
}

void
mcu_frames_add (McuFrames *self, const McuFramesPacket *packet)
{
  if (!self->has_any)
    start_at (self, packet->seq);
  if (!make_room (self, packet->seq, packet->arrival_ns))
    return;
  McuFramesSlot *slot = mcu_frames_slot (self, packet->seq);

  if (slot->n_nacks > 0)
    self->n_recovered++;
  self->n_packets++;
  store (self, slot, packet);
  advance (self);
}

/* The hole at next stays: go on behind the end of a frame after it. */
static void
skip_hole (McuFrames *self)
{
  guint16 seq = self->next;

  self->n_skipped++;
  while (seq != (guint16) (self->highest + 1)) {
    McuFramesSlot *slot = mcu_frames_slot (self, seq++);

    if (slot->has_arrived && slot->marker)
      break;
  }
  self->first = self->next = seq;
  advance (self);
}

guint
mcu_frames_missing (McuFrames *self, gint64 now_ns, guint16 *seqs, guint max)
{
  guint n = 0;

  if (!self->has_any)
    return 0;
  if ((gint16) (self->highest - self->next) > 0 &&
      mcu_frames_slot (self, self->next)->n_nacks >= MAX_NACKS)
    skip_hole (self);
  for (guint16 seq = self->next; (gint16) (self->highest - seq) > 0 && n < max; seq++) {
    McuFramesSlot *slot = mcu_frames_slot (self, seq);

    if (slot->has_arrived || now_ns < slot->nack_ns)
      continue;
    slot->n_nacks++;
    slot->nack_ns = now_ns + NACK_EVERY_NS;
    seqs[n++] = seq;
  }
  return n;
}
