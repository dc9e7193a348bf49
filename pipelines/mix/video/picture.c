/* pipelines/mix/video/picture.c - one raw picture, shared by threads without a copy.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/picture.h"

#include <libyuv.h>
#include <stdlib.h>

#define MAX_SIDE_PX 8192
/* libyuv's vector loops may read (never write) this far past a row's end. */
#define BLOCK_SLACK 64

struct _McuPicturePool
{
  gatomicrefcount refs;
  guint max_idle; /* set once */

  /* Any thread: hold lock. */
  GMutex lock;
  GPtrArray *idle; /* (element-type McuPicture): owned; they hold no reference to the pool, so an
                      unused pool goes with them */
};

static gsize
round_up (gsize n)
{
  return (n + MCU_PICTURE_ALIGN - 1) / MCU_PICTURE_ALIGN * MCU_PICTURE_ALIGN;
}

static McuPicture *
new_picture (int width, int height)
{
  McuPicture *self = g_new0 (McuPicture, 1);

  g_atomic_ref_count_init (&self->refs);
  self->width = width;
  self->height = height;
  return self;
}

static McuPicture *
new_block (int width, int height)
{
  McuPicture *self = new_picture (width, height);
  gsize luma_stride = round_up ((gsize) width);
  gsize chroma_stride = round_up (((gsize) width + 1) / 2);
  gsize luma_size = luma_stride * (gsize) height;
  gsize chroma_size = chroma_stride * (((gsize) height + 1) / 2);

  self->size = luma_size + 2 * chroma_size;
  self->block = aligned_alloc (MCU_PICTURE_ALIGN, round_up (self->size + BLOCK_SLACK));
  if (self->block == NULL)
    g_error ("no memory for a picture of %dx%d", width, height);
  self->data[0] = self->block;
  self->data[1] = self->data[0] + luma_size;
  self->data[2] = self->data[1] + chroma_size;
  self->stride[0] = (int) luma_stride;
  self->stride[1] = self->stride[2] = (int) chroma_stride;
  return self;
}

static void
free_picture (McuPicture *self)
{
  free (self->block);
  g_free (self);
}

/* The picture is taken back when there is room for it. */
static gboolean
keep_idle (McuPicturePool *pool, McuPicture *picture)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);

  if (pool->idle->len >= pool->max_idle)
    return FALSE;
  g_ptr_array_add (pool->idle, picture);
  return TRUE;
}

McuPicture *
mcu_picture_new_wrapped (int width, int height, guint8 *const data[3], const int stride[3],
                         GDestroyNotify free_func, gpointer user_data)
{
  McuPicture *self = new_picture (width, height);

  for (int i = 0; i < 3; i++) {
    self->data[i] = data[i];
    self->stride[i] = stride[i];
  }
  self->free_func = free_func;
  self->user_data = user_data;
  return self;
}

McuPicture *
mcu_picture_new_view (McuPicture *self, int x, int y, int width, int height)
{
  g_return_val_if_fail (((x | y) & 1) == 0 && x >= 0 && y >= 0, NULL);
  g_return_val_if_fail (width <= self->width - x && height <= self->height - y, NULL);
  guint8 *const data[3] = {
      self->data[0] + (gsize) y * self->stride[0] + x,
      self->data[1] + (gsize) (y / 2) * self->stride[1] + x / 2,
      self->data[2] + (gsize) (y / 2) * self->stride[2] + x / 2,
  };

  return mcu_picture_new_wrapped (width, height, data, self->stride,
                                  (GDestroyNotify) mcu_picture_unref, mcu_picture_ref (self));
}

McuPicture *
mcu_picture_ref (McuPicture *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_picture_unref (McuPicture *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  if (self->pool != NULL) {
    g_autoptr (McuPicturePool) pool = g_steal_pointer (&self->pool);

    if (!keep_idle (pool, self))
      free_picture (self);
    return;
  }
  if (self->free_func != NULL)
    self->free_func (self->user_data);
  free_picture (self);
}

void
mcu_picture_fill (McuPicture *self, guint8 y, guint8 u, guint8 v)
{
  I420Rect (self->data[0], self->stride[0], self->data[1], self->stride[1], self->data[2],
            self->stride[2], 0, 0, self->width, self->height, y, u, v);
}

McuPicturePool *
mcu_picture_pool_new (guint max_idle)
{
  McuPicturePool *self = g_new0 (McuPicturePool, 1);

  g_atomic_ref_count_init (&self->refs);
  self->max_idle = max_idle;
  g_mutex_init (&self->lock);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify) free_picture);
  return self;
}

/* The most recently used of that size: its memory is the likeliest to be in the cache. */
static McuPicture *
steal_idle (McuPicturePool *self, int width, int height)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = self->idle->len; i > 0; i--) {
    McuPicture *picture = g_ptr_array_index (self->idle, i - 1);

    if (picture->width == width && picture->height == height)
      return g_ptr_array_steal_index (self->idle, i - 1);
  }
  /* Nobody uses the sizes it keeps any more: make room, oldest first. */
  if (self->idle->len > 0 && self->idle->len == self->max_idle)
    g_ptr_array_remove_index (self->idle, 0);
  return NULL;
}

McuPicture *
mcu_picture_pool_take (McuPicturePool *self, int width, int height)
{
  McuPicture *picture;

  g_return_val_if_fail (width >= 2 && width <= MAX_SIDE_PX, NULL);
  g_return_val_if_fail (height >= 2 && height <= MAX_SIDE_PX, NULL);

  picture = steal_idle (self, width, height);
  if (picture == NULL)
    picture = new_block (width, height);
  else
    g_atomic_ref_count_init (&picture->refs);
  picture->pool = mcu_picture_pool_ref (self);
  return picture;
}

McuPicturePool *
mcu_picture_pool_ref (McuPicturePool *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_picture_pool_unref (McuPicturePool *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->idle);
  g_mutex_clear (&self->lock);
  g_free (self);
}
