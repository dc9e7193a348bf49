/* pipelines/mix/video/picture.h - one raw picture, shared by threads without a copy.
 * From: ingest/decode (wrapped) and the mixer (pooled).  To: output/encode.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* 64: a cache line, and enough for every vector unit libyuv uses. */
#define MCU_PICTURE_ALIGN 64

typedef struct _McuPicture McuPicture;
typedef struct _McuPicturePool McuPicturePool;

/**
 * McuPicture:
 *
 * I420 (8 bits, 4:2:0, planes Y, U, V). Colours are BT.601 limited range ("video range"), which is
 * what WebRTC senders and receivers assume when a stream says nothing.
 *
 * Who makes it fills it, then hands it on; from there on it is read-only and any thread may read it
 * while holding a reference. The public members never change after that.
 */
struct _McuPicture
{
  int width;  /* px */
  int height; /* px; chroma planes are (width + 1) / 2 by (height + 1) / 2 */
  guint8 *data[3];
  int stride[3]; /* bytes, positive */
  gsize size;    /* bytes from data[0] to the end of plane V when all three lie in one block in that
                    order (pooled pictures), else 0 */

  /*< private >*/
  gatomicrefcount refs;
  gpointer block;       /* pooled: what was allocated */
  McuPicturePool *pool; /* pooled: owned reference */
  GDestroyNotify free_func;
  gpointer user_data;
};

/**
 * mcu_picture_new_wrapped:
 * @width: px, at least 2
 * @height: px, at least 2
 * @data: (array fixed-size=3): planes that stay valid until @free_func
 * @stride: (array fixed-size=3): bytes
 * @free_func: (nullable): called once, with @user_data, when the last reference goes; on whatever
 *   thread that is (decoder, ticker or main loop), so it must not block or change pipeline states
 * @user_data: e.g. a mapped GstVideoFrame
 *
 * Thread: any.  Returns: (transfer full): a picture without a copy.
 */
McuPicture *mcu_picture_new_wrapped (int width, int height, guint8 *const data[3],
                                     const int stride[3], GDestroyNotify free_func,
                                     gpointer user_data);

/**
 * mcu_picture_new_view:
 * @self: a picture
 * @x: px, even
 * @y: px, even
 * @width: px
 * @height: px
 *
 * Thread: any.  Returns: (transfer full): that part of @self, sharing (and keeping) its memory.
 */
McuPicture *mcu_picture_new_view (McuPicture *self, int x, int y, int width, int height);

/** mcu_picture_ref: Thread: any.  Returns: (transfer full): @self. */
McuPicture *mcu_picture_ref (McuPicture *self);
/** mcu_picture_unref: Thread: any. The last one frees, or gives back to the pool. */
void mcu_picture_unref (McuPicture *self);

/** mcu_picture_fill: makes all of @self one colour, before it is handed on. */
void mcu_picture_fill (McuPicture *self, guint8 y, guint8 u, guint8 v);

/**
 * mcu_picture_pool_new:
 * @max_idle: how many unused pictures are kept for reuse, whatever their sizes
 *
 * How many are in use is up to the users; the pool only saves allocations (a fresh 720p block costs
 * more in page faults than composing it).
 *
 * Thread: any.  Returns: (transfer full)
 */
McuPicturePool *mcu_picture_pool_new (guint max_idle);

/**
 * mcu_picture_pool_take:
 * @width: px, 2..8192
 * @height: px, 2..8192
 *
 * Planes are 64-byte aligned, strides multiples of 64, contents undefined.
 *
 * Thread: any.  Returns: (transfer full): a picture that nobody else has. It keeps the pool.
 */
McuPicture *mcu_picture_pool_take (McuPicturePool *self, int width, int height);

/** mcu_picture_pool_ref: Thread: any.  Returns: (transfer full): @self. */
McuPicturePool *mcu_picture_pool_ref (McuPicturePool *self);
/** mcu_picture_pool_unref: Thread: any. Pictures that are out stay valid. */
void mcu_picture_pool_unref (McuPicturePool *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPicture, mcu_picture_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuPicturePool, mcu_picture_pool_unref)
