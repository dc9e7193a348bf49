/* pipelines/mix/video/corners.c - the masks of round corners, by radius.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/corners.h"

#include <math.h>
#include <string.h>

/* Half a pixel's diagonal: from the edge's distance on, a pixel is all in or all out. */
#define REACH 0.71

/* Of the pixel whose middle is @dx,@dy from the circle's, by its distance from the edge: within
 * 16/255 of the pixel's area inside, and none on average. */
static guint8
coverage (double dx, double dy, double radius)
{
  double inside = radius - sqrt (dx * dx + dy * dy) + 0.5;

  return (guint8) (255 * CLAMP (inside, 0, 1) + 0.5);
}

/* One row of the upper left corner, @dy above the circle's middle. */
static void
draw_row (guint8 *row, int side, double radius, double dy)
{
  double outer = radius + REACH, inner = MAX (radius - REACH, 0);
  double outer_x = dy < outer ? sqrt (outer * outer - dy * dy) : 0;
  double inner_x = dy < inner ? sqrt (inner * inner - dy * dy) : 0;
  int first = CLAMP ((int) floor (radius - outer_x - 0.5), 0, side);
  int last = CLAMP ((int) ceil (radius - inner_x), first, side);

  memset (row, 0, (gsize) first);
  for (int x = first; x < last; x++)
    row[x] = x + 0.5 >= radius ? coverage (0, dy, radius) : coverage (radius - x - 0.5, dy, radius);
  memset (row + last, 255, (gsize) (side - last));
}

static void
draw_luma (McuCorners *self)
{
  int side = self->side_px;

  for (int y = 0; y < side; y++) {
    guint8 *row = self->masks[0][0] + (gsize) y * side;
    double dy = self->radius_px - y - 0.5;

    if (dy < 0)
      memset (row, 255, (gsize) side); /* the row that made the side even */
    else
      draw_row (row, side, self->radius_px, dy);
  }
}

static void
draw_chroma (McuCorners *self)
{
  int side = self->side_px, half = side / 2;

  for (int y = 0; y < half; y++)
    for (int x = 0; x < half; x++) {
      const guint8 *luma = self->masks[0][0] + (gsize) (2 * y) * side + 2 * x;

      self->masks[1][0][y * half + x] = (guint8) ((luma[0] + luma[1] + luma[side] + luma[side + 1] +
                                                   2) /
                                                  4);
    }
}

static void
mirror (const guint8 *from, guint8 *to, int side)
{
  for (int y = 0; y < side; y++, from += side, to += side)
    for (int x = 0; x < side; x++)
      to[x] = from[side - 1 - x];
}

McuCorners *
mcu_corners_new (int radius_px)
{
  McuCorners *self;
  gsize luma, chroma;

  if (radius_px <= 0)
    return NULL;

  self = g_new0 (McuCorners, 1);
  g_atomic_ref_count_init (&self->refs);
  self->radius_px = radius_px;
  self->side_px = radius_px + (radius_px & 1);
  luma = (gsize) self->side_px * self->side_px;
  chroma = luma / 4;
  self->masks[0][0] = g_malloc (2 * luma + 2 * chroma);
  self->masks[0][1] = self->masks[0][0] + luma;
  self->masks[1][0] = self->masks[0][1] + luma;
  self->masks[1][1] = self->masks[1][0] + chroma;
  draw_luma (self);
  draw_chroma (self);
  mirror (self->masks[0][0], self->masks[0][1], self->side_px);
  mirror (self->masks[1][0], self->masks[1][1], self->side_px / 2);
  return self;
}

McuCorners *
mcu_corners_ref (McuCorners *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_corners_unref (McuCorners *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->masks[0][0]);
  g_free (self);
}
