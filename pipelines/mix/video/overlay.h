/* pipelines/mix/video/overlay.h - a small drawing with transparency, ready to be blended.
 * From: mix/video/decor.  To: mix/video/canvas.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>

#include "layouts/rect.h"
#include "pipelines/mix/video/picture.h"

/** McuOverlay: premultiplied YUV 4:2:0 with alpha; never changes, so any thread may read it. */
typedef struct _McuOverlay McuOverlay;

/**
 * mcu_overlay_new:
 * @surface: an image surface in CAIRO_FORMAT_ARGB32, both sides even
 *
 * Thread: any.  Returns: (transfer full): its colours in the canvas's own form.
 */
McuOverlay *mcu_overlay_new (cairo_surface_t *surface);
/** mcu_overlay_ref: Thread: any.  Returns: (transfer full): @self. */
McuOverlay *mcu_overlay_ref (McuOverlay *self);
/** mcu_overlay_unref: Thread: any. */
void mcu_overlay_unref (McuOverlay *self);

/** mcu_overlay_get_width: px, even. */
int mcu_overlay_get_width (const McuOverlay *self);
/** mcu_overlay_get_height: px, even. */
int mcu_overlay_get_height (const McuOverlay *self);
/** mcu_overlay_get_bytes: what it keeps in memory. */
gsize mcu_overlay_get_bytes (const McuOverlay *self);

/**
 * mcu_overlay_blend:
 * @out: what it is drawn over
 * @x: px, even; the overlay lies inside @out
 * @y: px, even
 *
 * Thread: the one that fills @out.
 */
void mcu_overlay_blend (const McuOverlay *self, McuPicture *out, int x, int y);

/**
 * mcu_overlay_blend_within:
 * @x: px, even; may be outside of @clip
 * @y: px, even; the same
 * @clip: inside @out, even; nothing is drawn outside
 *
 * Thread: the one that fills @out.
 */
void mcu_overlay_blend_within (const McuOverlay *self, McuPicture *out, int x, int y,
                               const McuRect *clip);

/**
 * mcu_overlay_blend_sized:
 * @rect: inside @out, even, at most 4096 px wide: where all of @self goes, made larger or smaller
 *   by repeating or leaving out pixels: for what moves, nobody sees more
 *
 * Thread: the one that fills @out.
 */
void mcu_overlay_blend_sized (const McuOverlay *self, McuPicture *out, const McuRect *rect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuOverlay, mcu_overlay_unref)
