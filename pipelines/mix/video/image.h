/* pipelines/mix/video/image.h - a still picture from somebody's file: bounded, decoded, made small.
 * From: the link (a layout's pictures, avatars).  To: mix/video/elements, mix/video/decor.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>

#include "layouts/fit.h"
#include "pipelines/mix/video/overlay.h"

#define MCU_IMAGE_MAX_BYTES (4 * 1024 * 1024)
#define MCU_IMAGE_MAX_SIDE_PX 4096

/** McuImage: decoded; never changes. */
typedef struct _McuImage McuImage;

/**
 * mcu_image_decode:
 * @bytes: (array length=length): PNG or JPEG, from outside
 * @keep_side_px: 2..MCU_IMAGE_MAX_SIDE_PX: what is larger is made smaller, for good
 * @error: MCU_ERROR_UNSUPPORTED_TYPE: neither; MCU_ERROR_TOO_LARGE: over the bounds above, by its
 *   header, before anything is decoded; MCU_ERROR_BAD_REQUEST: damaged, or less than 2 pixels
 *
 * Takes at most some 100 ms and 70 MB meanwhile: 4 bytes for each pixel.
 *
 * Thread: any, but the ticker.  Returns: (transfer full) (nullable)
 */
McuImage *mcu_image_decode (const guint8 *bytes, gsize length, int keep_side_px, GError **error);

/** mcu_image_ref: Thread: any.  Returns: (transfer full): @self. */
McuImage *mcu_image_ref (McuImage *self);
/** mcu_image_unref: Thread: any. */
void mcu_image_unref (McuImage *self);

/** mcu_image_get_serial: no two images of this process have the same. Thread: any. */
guint64 mcu_image_get_serial (const McuImage *self);
/** mcu_image_get_bytes: what it keeps in memory. Thread: any. */
gsize mcu_image_get_bytes (const McuImage *self);

/**
 * mcu_image_draw:
 * @width: px, even, of where it goes
 * @height: px, even
 * @alpha: 1..255
 * @inner: (out): where in that the drawing goes
 *
 * Thread: main loop; some ms for a large one.  Returns: (transfer full): as large as @inner.
 */
McuOverlay *mcu_image_draw (const McuImage *self, McuFit fit, int width, int height, guint8 alpha,
                            McuRect *inner);

/**
 * mcu_image_paint_disc:
 * @size_px: of the square that it covers from 0,0 on; only the disc inside is painted
 *
 * Thread: main loop.
 */
void mcu_image_paint_disc (const McuImage *self, cairo_t *cr, int size_px);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuImage, mcu_image_unref)
