/* mcu/send-bound.h - how much of a picture is worth sending: the contract's `send`, decided.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A picture larger than the tile that shows it is encoded, carried and decoded for nothing: 640x360
 * shown at 426x240 costs 2.2 times the decoding. Pure: the time is given.  Thread: any. */
#pragma once

#include <glib.h>

/** McuSendBound: what a sender is asked for; a bound, in the sender's own orientation. */
typedef struct
{
  gboolean active; /* FALSE: it is on no canvas, send nothing; the rest is 0 */
  int width;       /* px */
  int height;      /* px */
  guint fps;
  guint bitrate_bps;
} McuSendBound;

/**
 * mcu_send_bound_of_camera:
 * @tile_width: px, of the largest tile that shows it
 * @tile_height: px
 * @picture_width: px, as it comes now: its shape is kept
 * @picture_height: px
 * @canvas_fps: no tile shows more
 *
 * The picture is to cover the tile, as MCU_FIT_COVER does; then the next height that a 640x360 or
 * 1280x720 camera is scaled to well (whole numbers of px at 1, 3/4, 2/3, 1/2, 3/8, 1/3, 1/4: the
 * ratios that grids prefer too, layouts/grid.c). The width is given 2 % of slack, so that it is the
 * height that decides and a ratio such as 1.5 is met exactly: 640x360 becomes 426x240.
 *
 * The bit rate is 900 kbit/s for 640x360 at 30, what the page sends by itself; other sizes by the
 * 3/4th power of their pixels a second (small pictures need more bits for each pixel), 100 to
 * 2,500 kbit/s.
 */
McuSendBound mcu_send_bound_of_camera (int tile_width, int tile_height, int picture_width,
                                       int picture_height, guint canvas_fps);

/**
 * mcu_send_bound_of_screen:
 *
 * Text stays sharp whatever its tile: the canvas's size, at most 15 frames a second (what the page
 * captures), 1.5 Mbit/s.
 */
McuSendBound mcu_send_bound_of_screen (int canvas_width, int canvas_height, guint canvas_fps);

/** mcu_send_bound_is_near: TRUE when telling @b after @a would change nothing worth an encoder's
 * restart. */
gboolean mcu_send_bound_is_near (const McuSendBound *a, const McuSendBound *b);

/**
 * McuSendState: one sender's picture: what it was told, and what it will be. Zeroed it has been
 * told nothing.
 */
typedef struct
{
  gboolean has_said;
  gboolean has_wanted;
  McuSendBound said;
  McuSendBound wanted;
  gint64 said_us;
  gint64 wanted_us; /* since when it is wanted */
} McuSendState;

/* At most one message a second for a stream. Source: contract, `send`. */
#define MCU_SEND_EVERY_MS 1000
/* More is asked for at once, or the tile is blurred; less only when it has been less for so long:
 * who joins for a moment, or comes back after a reload, changes nobody's encoder twice. */
#define MCU_SEND_SETTLE_MS 5000

/** mcu_send_state_want: what should be sent, as of @now_us. */
void mcu_send_state_want (McuSendState *self, const McuSendBound *bound, gint64 now_us);

/** mcu_send_state_due_us: when `wanted` is to be said; G_MAXINT64: there is nothing to say. */
gint64 mcu_send_state_due_us (const McuSendState *self);

/** mcu_send_state_said: it was. */
void mcu_send_state_said (McuSendState *self, gint64 now_us);
