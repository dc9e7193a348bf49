/* layouts/transition.c - from one placement to the next, a little at a time.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/transition.h"

#include <string.h>

/* Progress is counted in so many steps: finer than a pixel of the largest canvas. */
#define STEPS ((gint64) 1 << 16)

void
mcu_transition_init (McuTransition *self, const McuPlacement *from, guint n_from,
                     const McuPlacement *to, guint n_to, gint64 duration_ms)
{
  memset (self, 0, sizeof *self);
  self->duration_ms = CLAMP (duration_ms, 0, G_MAXINT);
  self->n_from = MIN (n_from, MCU_PLACEMENT_MAX_TILES);
  self->n_to = MIN (n_to, MCU_PLACEMENT_MAX_TILES);
  for (guint i = 0; i < self->n_from; i++)
    self->from[i] = from[i];
  for (guint i = 0; i < self->n_to; i++) {
    self->to[i] = to[i];
    self->from_of[i] = -1;
    for (guint j = 0; j < self->n_from && self->from_of[i] < 0; j++)
      if (!self->stays[j] && mcu_placement_is_of (&from[j], &to[i])) {
        self->from_of[i] = (int) j;
        self->stays[j] = TRUE;
      }
  }
}

gboolean
mcu_transition_is_done (const McuTransition *self, gint64 elapsed_ms)
{
  return MAX (elapsed_ms, 0) >= self->duration_ms;
}

/* Smoothstep, 3t^2 - 2t^3: starts and ends at rest. */
static gint64
ease (gint64 elapsed_ms, gint64 duration_ms)
{
  gint64 t = CLAMP (elapsed_ms, 0, duration_ms) * STEPS / duration_ms;

  return t * t / STEPS * (3 * STEPS - 2 * t) / STEPS;
}

/* Rounds to the nearest by the value itself, not by the way from either end: equal places on the
 * way stay equal, and what is apart by a step never meets. */
static int
between (int from, int to, gint64 progress)
{
  return (int) ((from * (STEPS - progress) + to * progress + STEPS / 2) >> 16);
}

/* from and to are even; so is every stop on the way. */
static int
between_even (int from, int to, gint64 progress)
{
  return 2 * between (from / 2, to / 2, progress);
}

/* Edges move, not sizes: two tiles that touch before and after touch all the way. */
static McuRect
rect_between (const McuRect *from, const McuRect *to, gint64 progress)
{
  int x = between_even (from->x, to->x, progress);
  int y = between_even (from->y, to->y, progress);
  int right = between_even (from->x + from->width, to->x + to->width, progress);
  int bottom = between_even (from->y + from->height, to->y + to->height, progress);

  return (McuRect){x, y, right - x, bottom - y};
}

static guint
add_departures (const McuTransition *self, gint64 progress, McuPlacement *out)
{
  guint room = MCU_PLACEMENT_MAX_TILES - self->n_to, n = 0;

  for (guint i = 0; i < self->n_from && n < room; i++) {
    int alpha = between (self->from[i].alpha, 0, progress);

    if (self->stays[i] || alpha == 0)
      continue;
    out[n] = self->from[i];
    out[n++].alpha = (guint8) alpha;
  }
  return n;
}

static McuPlacement
on_the_way (const McuPlacement *from, const McuPlacement *to, gint64 progress)
{
  McuPlacement tile = *to;

  tile.rect = rect_between (&from->rect, &to->rect, progress);
  tile.radius_px = between (from->radius_px, to->radius_px, progress);
  tile.border_px = between_even (from->border_px, to->border_px, progress);
  tile.alpha = (guint8) between (from->alpha, to->alpha, progress);
  return tile;
}

guint
mcu_transition_at (const McuTransition *self, gint64 elapsed_ms, McuPlacement *out)
{
  guint n;
  gint64 progress;

  if (mcu_transition_is_done (self, elapsed_ms)) {
    for (guint i = 0; i < self->n_to; i++)
      out[i] = self->to[i];
    return self->n_to;
  }

  progress = ease (elapsed_ms, self->duration_ms);
  n = add_departures (self, progress, out);
  for (guint i = 0; i < self->n_to; i++) {
    McuPlacement *tile = &out[n++];

    if (self->from_of[i] >= 0) {
      *tile = on_the_way (&self->from[self->from_of[i]], &self->to[i], progress);
    } else {
      *tile = self->to[i];
      tile->alpha = (guint8) between (0, tile->alpha, progress);
    }
  }
  return n;
}
