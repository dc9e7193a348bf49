/* pipelines/mix/video/canvas.h - newest pictures in, one composed picture out.
 * From: mix/video/source.  To: output/encode.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "layouts/placement.h"
#include "pipelines/mix/video/elements.h"
#include "pipelines/mix/video/picture.h"
#include "pipelines/mix/video/source.h"

/**
 * McuCanvas:
 *
 * One view of a room. Two threads use it: the main loop says what is where (place, set_decor), the
 * ticker draws it (compose). Neither waits for the other: they swap one pointer.
 *
 * Text is rendered when it is placed, on the main loop, into a cache that all canvases share;
 * compose only blends.
 */
typedef struct _McuCanvas McuCanvas;

/** McuDecor: what is drawn on a tile beside the picture. */
typedef struct
{
  const char *label;    /* (nullable): the person's name, as the user gave it: any bytes. It is made
                           valid UTF-8, bounded, and freed of control and bidi-override characters */
  gboolean muted;       /* a crossed-out microphone beside the name */
  gboolean show_video;  /* FALSE: the placeholder, even when the source has a picture */
  gboolean speaking;    /* the placement's speaking border, not its other one */
  gboolean hand_raised; /* more marks beside the name; none is drawn where the placement has no */
  gboolean presenter;   /* label */
  gboolean bad_link;
  McuImage *avatar; /* (nullable) (transfer none): instead of initials */
} McuDecor;

/** McuTile: one tile, as the caller describes it; the canvas copies what it keeps. */
typedef struct
{
  McuSource *source;      /* (nullable) (transfer none): NULL shows the placeholder */
  McuPlacement placement; /* the placeholder's colour comes from the participant's id */
  McuDecor decor;
} McuTile;

/** McuPlace: what is said of a placement as a whole. Zero is a cut on the canvas's own background.
 */
typedef struct
{
  guint64 seq;             /* control's number of it, handed back by compose */
  guint transition_ms;     /* 0: a cut; more than MCU_CANVAS_MAX_TRANSITION_MS is that */
  guint32 background_rgba; /* 0xRRGGBBAA; alpha 0: the canvas's own, else its alpha is not used */
  McuElements *elements;   /* (nullable) (transfer none): what is drawn beside tiles */
} McuPlace;

/* Source: layouts/layout.h, MCU_LAYOUT_MAX_TRANSITION_MS. */
#define MCU_CANVAS_MAX_TRANSITION_MS 5000

/** McuComposeInfo: what a composed picture shows. */
typedef struct
{
  gboolean changed;         /* anything differs from the compose before */
  gboolean placed;          /* this is the first picture with placement @seq, or on the way to it */
  guint64 seq;              /* of the placement shown or moved to; 0 before the first */
  guint n_first_shown;      /* frames that tiles already on the canvas show for the first time */
  gint64 newest_arrival_us; /* of those: the greatest and */
  gint64 oldest_arrival_us; /* the least arrival_us; 0 when there is none with a known time */
  gint64 arrival_us[MCU_PLACEMENT_MAX_TILES]; /* (array length=n_first_shown) */
} McuComposeInfo;

/**
 * mcu_canvas_new:
 * @width: px, even, 32..4096
 * @height: px, even, 32..4096
 *
 * Thread: main loop.  Returns: (transfer full): a canvas that shows the background.
 */
McuCanvas *mcu_canvas_new (int width, int height);
/** mcu_canvas_ref: Thread: any.  Returns: (transfer full): @self. */
McuCanvas *mcu_canvas_ref (McuCanvas *self);
/** mcu_canvas_unref: Thread: any. */
void mcu_canvas_unref (McuCanvas *self);

/** mcu_canvas_get_width: px.  Thread: any. */
int mcu_canvas_get_width (McuCanvas *self);
/** mcu_canvas_get_height: px.  Thread: any. */
int mcu_canvas_get_height (McuCanvas *self);

/**
 * mcu_canvas_place:
 * @how: its number, its background, and how long the way to it is
 * @tiles: (array length=n): in no matter what order; see McuPlacement for z. Radius and border are
 *   made to fit the tile
 * @n: 0..MCU_PLACEMENT_MAX_TILES; 0 shows the background
 * @error: MCU_ERROR_BAD_REQUEST: an odd or empty rectangle, one outside the canvas, too many tiles
 *
 * Moves all tiles between two composed pictures, so that no viewer sees half a layout. On error
 * nothing moves. A placement that is replaced before a compose is never seen.
 *
 * With a transition (layouts/transition.h) tiles start from where they are seen at the next
 * compose, be it on the way to somewhere else, and every picture until the end is news. What is
 * placed as it is seen already needs no transition and makes none.
 *
 * Thread: main loop.  Takes effect: next compose.  Cost: up to a few ms for each new text or size.
 *
 * Returns: TRUE when every tile will move.
 */
gboolean mcu_canvas_place (McuCanvas *self, const McuPlace *how, const McuTile *tiles, gsize n,
                           GError **error);

/**
 * mcu_canvas_set_decor:
 * @participant: whose
 * @stream: which tile of theirs
 * @decor: what is drawn from the next compose on
 *
 * Changes name, marks, speaking or placeholder without a new placement, and without disturbing a
 * transition. The same decor again is no news.
 *
 * Thread: main loop.  Returns: FALSE when no such tile is placed.
 */
gboolean mcu_canvas_set_decor (McuCanvas *self, const char *participant, McuVideo stream,
                               const McuDecor *decor);

/**
 * mcu_canvas_set_elements:
 * @elements: (nullable) (transfer none): what is drawn beside tiles from the next compose on
 *
 * Without a new placement, and without disturbing a transition. The same set again is no news.
 *
 * Thread: main loop.
 */
void mcu_canvas_set_elements (McuCanvas *self, McuElements *elements);

/**
 * mcu_canvas_has_news:
 *
 * Thread: the ticker.  Returns: TRUE when compose would say changed. Much cheaper than composing: a
 * still canvas need not be drawn, the last picture is still right.
 */
gboolean mcu_canvas_has_news (McuCanvas *self);

/**
 * mcu_canvas_new_picture:
 *
 * Thread: any.  Returns: (transfer full): an unfilled picture of the canvas's size, from its pool.
 */
McuPicture *mcu_canvas_new_picture (McuCanvas *self);

/**
 * mcu_canvas_compose:
 * @now_us: when @out is due, on any clock that does not go back: transitions go by it
 * @out: of the canvas's size, that nobody else reads yet; every pixel is written
 * @info: (out): what it shows
 *
 * Thread: the ticker; one at a time.  Never waits for a decoder, the main loop or text.
 */
void mcu_canvas_compose (McuCanvas *self, gint64 now_us, McuPicture *out, McuComposeInfo *info);

/**
 * mcu_decor_warm_up:
 *
 * Opens the fonts (Latin, Hangul, Arabic, emoji) and makes libyuv look at the CPU, before a sandbox
 * closes files. What no font has been opened for shows as a box after that.
 *
 * Thread: main loop, once, before the first canvas; takes up to some 100 ms.
 */
void mcu_decor_warm_up (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuCanvas, mcu_canvas_unref)
