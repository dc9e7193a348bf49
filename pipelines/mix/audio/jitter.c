/* pipelines/mix/audio/jitter.c - how late packets are, and so how long to wait for them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/jitter.h"

#include <string.h>

#define LATE_SHARE                                                                                 \
  0.04                 /* of packets may come later than we wait: FEC and concealment cover them   \
                        */
#define MAX_RANK 21    /* LATE_SHARE of the window, rounded up */
#define FEW_PACKETS 50 /* 1 s: until then, at least FIRST_JITTER_US */
#define FIRST_JITTER_US 8000
#define STALL_US 90000     /* a packet that comes so much later than the one before */
#define PILE_MAX_US 300000 /* what is still late after that is the new normal */
#define PILE_MARGIN_US 15000
#define PILE_PAUSE_US 2000000

void
mcu_jitter_forget (McuJitter *self)
{
  memset (self, 0, sizeof *self);
}

static void
drop_old (McuJitter *self, gint64 now_us)
{
  while (self->n > 0) {
    guint oldest = (self->head + MCU_JITTER_MAX_PACKETS - self->n) % MCU_JITTER_MAX_PACKETS;

    if (now_us - self->arrival_us[oldest] <= MCU_JITTER_WINDOW_US)
      return;
    self->n--;
  }
}

static void
remember (McuJitter *self, gint64 transit_us, gint64 arrival_us)
{
  self->transit_us[self->head] = transit_us;
  self->arrival_us[self->head] = arrival_us;
  self->head = (self->head + 1) % MCU_JITTER_MAX_PACKETS;
  self->n = MIN (self->n + 1, MCU_JITTER_MAX_PACKETS);
  self->total++;
}

/* Keeps the @rank greatest seen so far in @top, greatest first. */
static void
keep_greatest (gint64 *top, guint *n_top, guint rank, gint64 value)
{
  guint at = *n_top;

  if (at == rank) {
    if (value <= top[rank - 1])
      return;
    at = rank - 1;
  } else {
    (*n_top)++;
  }
  for (; at > 0 && top[at - 1] < value; at--)
    top[at] = top[at - 1];
  top[at] = value;
}

static void
measure (McuJitter *self)
{
  gint64 top[MAX_RANK], earliest = G_MAXINT64;
  guint n_top = 0;
  guint rank = CLAMP ((guint) (self->n * LATE_SHARE) + 1, 1, MAX_RANK);

  for (guint i = 1; i <= self->n; i++) {
    gint64 transit =
        self->transit_us[(self->head + MCU_JITTER_MAX_PACKETS - i) % MCU_JITTER_MAX_PACKETS];

    earliest = MIN (earliest, transit);
    keep_greatest (top, &n_top, rank, transit);
  }
  self->earliest_us = earliest;
  self->jitter_us = top[n_top - 1] - earliest;
  if (self->total < FEW_PACKETS)
    self->jitter_us = MAX (self->jitter_us, FIRST_JITTER_US);
}

/* Whether this packet belongs to a pile behind a stall and says nothing about jitter. */
static gboolean
is_in_pile (McuJitter *self, gint64 transit_us, gint64 arrival_us)
{
  if (self->pile_began_us == 0) {
    if (self->n == 0 || transit_us - self->last_transit_us < STALL_US ||
        (self->pile_ended_us != 0 && arrival_us - self->pile_ended_us < PILE_PAUSE_US))
      return FALSE;
    self->pile_began_us = arrival_us;
    return TRUE;
  }
  if (transit_us <= self->earliest_us + self->jitter_us + PILE_MARGIN_US) {
    self->pile_began_us = 0;
    self->pile_ended_us = arrival_us;
    return FALSE;
  }
  if (arrival_us - self->pile_began_us <= PILE_MAX_US)
    return TRUE;
  mcu_jitter_forget (self); /* not a pile: the sender paused, or the path changed */
  return FALSE;
}

void
mcu_jitter_add (McuJitter *self, gint64 media_us, gint64 arrival_us)
{
  gint64 transit_us = arrival_us - media_us;
  gboolean piled = is_in_pile (self, transit_us, arrival_us);

  self->last_arrival_us = arrival_us;
  self->last_transit_us = transit_us;
  if (piled)
    return;
  drop_old (self, arrival_us);
  remember (self, transit_us, arrival_us);
  measure (self);
}
