/* pipelines/mix/video/source.h - one video stream of one participant, at the sizes in use.
 * From: ingest/decode.  To: mix/video/canvas.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/fit.h"
#include "pipelines/mix/video/picture.h"

/**
 * McuSource:
 *
 * Keeps the newest decoded picture and one scaled copy of it for each size in use, whoever uses it:
 * two canvases with tiles of one size share the copy. It outlives peers: a new connection of the
 * same participant pushes into the same source.
 *
 * Nobody waits for anybody: the lock inside is held for pointer swaps only, never while scaling.
 */
typedef struct _McuSource McuSource;

/** McuSourceSize: what a tile needs. */
typedef struct
{
  int width;  /* px, even */
  int height; /* px, even */
  McuFit fit;
} McuSourceSize;

/** McuSourceFrame: what is to be shown at one size now. */
typedef struct
{
  McuPicture *picture; /* (nullable) (transfer full): NULL when there is nothing to show. With
                          cover of the asked size; with contain it may be smaller, and is centred */
  guint64 serial;      /* counts pictures (and clears) of this source; never goes back */
  gint64 capture_us;   /* as given to push */
  gint64 arrival_us;   /* as given to push */
  gboolean is_scaled;  /* FALSE: the picture as it came */
} McuSourceFrame;

/** mcu_source_new: Thread: any.  Returns: (transfer full): a source that has no picture. */
McuSource *mcu_source_new (void);
/** mcu_source_ref: Thread: any.  Returns: (transfer full): @self. */
McuSource *mcu_source_ref (McuSource *self);
/** mcu_source_unref: Thread: any. */
void mcu_source_unref (McuSource *self);

/**
 * mcu_source_push:
 * @newest: (transfer full): the callee owns the reference in any case
 * @capture_us: when it was captured, on the room's clock; 0 when not known
 * @arrival_us: g_get_monotonic_time() when its last packet came; 0 when not known
 *
 * Replaces the newest picture and scales it to the sizes in use, here, on the caller's thread.
 *
 * Thread: the decoder's; one at a time for each source.  Cost for each size of a 640x360 picture:
 * about 0.03 ms at 2/3, 0.005 at 1/2, 0.1 at ratios without a short way (docs/canvas.md).
 */
void mcu_source_push (McuSource *self, McuPicture *newest, gint64 capture_us, gint64 arrival_us);

/**
 * mcu_source_clear:
 *
 * Nothing to show (no RTP for 2 s, camera off, peer gone): its tiles show their placeholder from
 * the next compose on. A push that is scaling meanwhile does not bring the old picture back.
 *
 * Thread: any.
 */
void mcu_source_clear (McuSource *self);

/** mcu_source_has_picture: Thread: any. */
gboolean mcu_source_has_picture (McuSource *self);

/**
 * mcu_source_get_picture_size:
 * @width: (out): px of the newest picture
 * @height: (out): px
 *
 * Thread: any.  Returns: FALSE when there is none.
 */
gboolean mcu_source_get_picture_size (McuSource *self, int *width, int *height);

/**
 * mcu_source_dup_newest:
 *
 * Thread: any.  Returns: (transfer full) (nullable): the newest picture, unscaled.
 */
McuPicture *mcu_source_dup_newest (McuSource *self);

/**
 * mcu_source_is_used:
 *
 * Thread: any.  Returns: TRUE when some canvas shows it. What is not shown need not be decoded.
 */
gboolean mcu_source_is_used (McuSource *self);

/* For canvases. */

/**
 * mcu_source_use:
 * @size: a size that is in use until mcu_source_unuse()
 *
 * The first use of a size makes the copy of the newest picture, here, on the caller's thread.
 *
 * Thread: main loop (any is safe; not the ticker: it scales).
 */
void mcu_source_use (McuSource *self, const McuSourceSize *size);

/** mcu_source_unuse: Thread: any. The last user's size and copy go. */
void mcu_source_unuse (McuSource *self, const McuSourceSize *size);

/**
 * mcu_source_get:
 * @size: a size that the caller has in use
 * @out: (out): what to show now; unref its picture
 *
 * Thread: any; never waits for a decoder.
 */
void mcu_source_get (McuSource *self, const McuSourceSize *size, McuSourceFrame *out);

/**
 * mcu_source_get_newest:
 * @out: (out): the newest picture, unscaled; unref its picture
 *
 * Thread: any; never waits for a decoder.
 */
void mcu_source_get_newest (McuSource *self, McuSourceFrame *out);

/** mcu_source_get_serial: Thread: any.  Returns: the serial that mcu_source_get() would give. */
guint64 mcu_source_get_serial (McuSource *self, const McuSourceSize *size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuSource, mcu_source_unref)
