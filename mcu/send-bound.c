/* mcu/send-bound.c - how much of a picture is worth sending.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/send-bound.h"

#include <math.h>

#include "mcu/times.h"

#define REFERENCE_BPS 900000.0
#define REFERENCE_PIXELS_PER_S (640.0 * 360 * 30)
#define MIN_BPS 100000.0
#define MAX_BPS 2500000.0
#define BPS_STEP 10000
#define SCREEN_MAX_FPS 15
#define SCREEN_BPS 1500000
#define WIDTH_SLACK 1.02
/* Of the width: a shape that was measured on a scaled-down picture is off by a pixel or two. */
#define NEAR 0.04

static const int heights_px[] = {90, 120, 136, 180, 240, 270, 360, 480, 540, 720, 1080};

/* What cameras have, wide and upright. */
static const double shapes[] = {16.0 / 9, 16.0 / 10, 3.0 / 2,   4.0 / 3, 1,
                                3.0 / 4,  2.0 / 3,   10.0 / 16, 9.0 / 16};
#define SAME_SHAPE 0.02

/* A picture that was scaled down is off its shape by up to a pixel; the bound must not follow. */
static double
shape_of (int width, int height)
{
  double shape = (double) width / height;

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (fabs (shape - shapes[i]) <= SAME_SHAPE * shapes[i])
      return shapes[i];
  return shape;
}

static int
next_height (double wanted_px)
{
  gsize i = 0;

  while (i + 1 < G_N_ELEMENTS (heights_px) && heights_px[i] + 0.5 < wanted_px)
    i++;
  return heights_px[i];
}

static guint
bitrate_for (double pixels_per_s)
{
  double bps = REFERENCE_BPS * pow (pixels_per_s / REFERENCE_PIXELS_PER_S, 0.75);

  return (guint) (CLAMP (bps, MIN_BPS, MAX_BPS) / BPS_STEP + 0.5) * BPS_STEP;
}

McuSendBound
mcu_send_bound_of_camera (int tile_width, int tile_height, int picture_width, int picture_height,
                          guint canvas_fps)
{
  double shape = shape_of (picture_width, picture_height);
  double tile_shape = (double) tile_width / tile_height;
  /* Shapes that differ by 1 % are the same, as in layouts/fit.h. */
  double height_px = shape > tile_shape * 0.99 ? tile_height : tile_width / shape;
  McuSendBound bound = {.active = TRUE, .height = next_height (height_px), .fps = canvas_fps};
  double width_px = bound.height * shape;

  bound.width = (int) ceil (width_px * WIDTH_SLACK);
  bound.bitrate_bps = bitrate_for (width_px * bound.height * canvas_fps);
  return bound;
}

McuSendBound
mcu_send_bound_of_screen (int canvas_width, int canvas_height, guint canvas_fps)
{
  return (McuSendBound){.active = TRUE,
                        .width = canvas_width,
                        .height = canvas_height,
                        .fps = MIN (canvas_fps, SCREEN_MAX_FPS),
                        .bitrate_bps = SCREEN_BPS};
}

gboolean
mcu_send_bound_is_near (const McuSendBound *a, const McuSendBound *b)
{
  return a->active == b->active && a->height == b->height && a->fps == b->fps &&
         ABS (a->width - b->width) <= NEAR * MAX (a->width, b->width);
}

static gboolean
is_less (const McuSendBound *a, const McuSendBound *than)
{
  if (!a->active || !than->active)
    return !a->active;
  return (gint64) a->width * a->height < (gint64) than->width * than->height;
}

void
mcu_send_state_want (McuSendState *self, const McuSendBound *bound, gint64 now_us)
{
  if (self->has_wanted && mcu_send_bound_is_near (&self->wanted, bound))
    return;
  self->has_wanted = TRUE;
  self->wanted = *bound;
  self->wanted_us = now_us;
}

gint64
mcu_send_state_due_us (const McuSendState *self)
{
  gint64 soonest_us;

  if (!self->has_wanted)
    return G_MAXINT64;
  if (!self->has_said)
    return self->wanted_us;
  if (mcu_send_bound_is_near (&self->said, &self->wanted))
    return G_MAXINT64;
  soonest_us = self->said_us + mcu_times_us (MCU_SEND_EVERY_MS);
  if (is_less (&self->wanted, &self->said))
    return MAX (soonest_us, self->wanted_us + mcu_times_us (MCU_SEND_SETTLE_MS));
  return MAX (soonest_us, self->wanted_us);
}

void
mcu_send_state_said (McuSendState *self, gint64 now_us)
{
  self->has_said = TRUE;
  self->said = self->wanted;
  self->said_us = now_us;
}
