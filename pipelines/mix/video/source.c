/* pipelines/mix/video/source.c - one video stream of one participant, at the sizes in use.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/source.h"

#include "pipelines/mix/video/scale.h"

/* For each size: one copy shown, one being made, one that a canvas still holds. */
#define IDLE_PICTURES 4

/* One size in use. */
typedef struct
{
  McuSourceSize size;
  guint users;
  McuSourceFrame frame; /* picture owned */
} Slot;

struct _McuSource
{
  gatomicrefcount refs;

  /* Set once in new(), then used by any thread (it has its own lock). */
  McuPicturePool *pool;

  /* Any thread: hold lock, for pointer swaps only. Nothing is scaled, allocated from the pool or
   * unreferenced while it is held. */
  GMutex lock;
  McuSourceFrame newest; /* unscaled; picture owned */
  GArray *slots;         /* (element-type Slot) */
};

static gboolean
same_size (const McuSourceSize *a, const McuSourceSize *b)
{
  return a->width == b->width && a->height == b->height && a->fit == b->fit;
}

/* Hold lock. */
static Slot *
find_slot (McuSource *self, const McuSourceSize *size)
{
  for (guint i = 0; i < self->slots->len; i++) {
    Slot *slot = &g_array_index (self->slots, Slot, i);

    if (same_size (&slot->size, size))
      return slot;
  }
  return NULL;
}

/* Hold lock. */
static McuSourceFrame
dup_frame (const McuSourceFrame *frame)
{
  McuSourceFrame copy = *frame;

  if (copy.picture != NULL)
    mcu_picture_ref (copy.picture);
  return copy;
}

/* Scaling took time: meanwhile the size may have gone, and a newer picture or a clear may have
 * come. Then the copy is dropped. */
static void
publish (McuSource *self, const McuSourceSize *size, McuSourceFrame *scaled)
{
  g_autoptr (McuPicture) dropped = g_steal_pointer (&scaled->picture);
  Slot *slot;

  g_mutex_lock (&self->lock);
  slot = find_slot (self, size);
  if (slot != NULL && slot->frame.serial < scaled->serial) {
    McuPicture *old = slot->frame.picture;

    slot->frame = *scaled;
    slot->frame.picture = g_steal_pointer (&dropped);
    dropped = old;
  }
  g_mutex_unlock (&self->lock);
}

static void
scale_and_publish (McuSource *self, const McuSourceSize *size, const McuSourceFrame *newest)
{
  McuSourceFrame scaled = *newest;

  scaled.is_scaled = TRUE;
  scaled.picture = mcu_scale_to_tile (newest->picture, size->width, size->height, size->fit,
                                      self->pool);
  publish (self, size, &scaled);
}

McuSource *
mcu_source_new (void)
{
  McuSource *self = g_new0 (McuSource, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->pool = mcu_picture_pool_new (IDLE_PICTURES);
  self->slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  return self;
}

McuSource *
mcu_source_ref (McuSource *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_source_unref (McuSource *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  for (guint i = 0; i < self->slots->len; i++)
    g_clear_pointer (&g_array_index (self->slots, Slot, i).frame.picture, mcu_picture_unref);
  g_array_unref (self->slots);
  g_clear_pointer (&self->newest.picture, mcu_picture_unref);
  mcu_picture_pool_unref (self->pool);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mcu_source_push (McuSource *self, McuPicture *newest, gint64 capture_us, gint64 arrival_us)
{
  McuSourceFrame frame = {newest, 0, capture_us, arrival_us, FALSE};
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (McuSourceSize));
  g_autoptr (McuPicture) old = NULL;

  /* A size that comes after this lock sees the new picture, one that came before is in the list. */
  g_mutex_lock (&self->lock);
  old = self->newest.picture;
  frame.serial = self->newest.serial + 1;
  self->newest = frame;
  mcu_picture_ref (newest);
  for (guint i = 0; i < self->slots->len; i++)
    g_array_append_val (sizes, g_array_index (self->slots, Slot, i).size);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < sizes->len; i++)
    scale_and_publish (self, &g_array_index (sizes, McuSourceSize, i), &frame);
  mcu_picture_unref (newest);
}

void
mcu_source_clear (McuSource *self)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_picture_unref);

  g_mutex_lock (&self->lock);
  if (self->newest.picture != NULL) {
    McuSourceFrame none = {NULL, self->newest.serial + 1, 0, 0, FALSE};

    g_ptr_array_add (old, self->newest.picture);
    self->newest = none;
    for (guint i = 0; i < self->slots->len; i++) {
      Slot *slot = &g_array_index (self->slots, Slot, i);

      if (slot->frame.picture != NULL)
        g_ptr_array_add (old, slot->frame.picture);
      slot->frame = none;
    }
  }
  g_mutex_unlock (&self->lock);
}

gboolean
mcu_source_has_picture (McuSource *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->newest.picture != NULL;
}

gboolean
mcu_source_get_picture_size (McuSource *self, int *width, int *height)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->newest.picture == NULL)
    return FALSE;
  *width = self->newest.picture->width;
  *height = self->newest.picture->height;
  return TRUE;
}

McuPicture *
mcu_source_dup_newest (McuSource *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return dup_frame (&self->newest).picture;
}

gboolean
mcu_source_is_used (McuSource *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->slots->len > 0;
}

void
mcu_source_use (McuSource *self, const McuSourceSize *size)
{
  McuSourceFrame newest = {0};
  Slot *slot;

  g_mutex_lock (&self->lock);
  slot = find_slot (self, size);
  if (slot != NULL) {
    slot->users++;
  } else {
    Slot fresh = {*size, 1, {0}};

    newest = dup_frame (&self->newest);
    if (newest.picture == NULL)
      fresh.frame.serial = newest.serial; /* a push that a clear overtook comes too late here too */
    g_array_append_val (self->slots, fresh);
  }
  g_mutex_unlock (&self->lock);

  if (newest.picture != NULL) {
    scale_and_publish (self, size, &newest);
    mcu_picture_unref (newest.picture);
  }
}

void
mcu_source_unuse (McuSource *self, const McuSourceSize *size)
{
  g_autoptr (McuPicture) old = NULL;
  Slot *slot;

  g_mutex_lock (&self->lock);
  slot = find_slot (self, size);
  if (slot != NULL && --slot->users == 0) {
    old = slot->frame.picture;
    g_array_remove_index_fast (self->slots, (guint) (slot - (Slot *) (void *) self->slots->data));
  }
  g_mutex_unlock (&self->lock);
}

void
mcu_source_get (McuSource *self, const McuSourceSize *size, McuSourceFrame *out)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Slot *slot = find_slot (self, size);

  *out = slot == NULL ? (McuSourceFrame){0} : dup_frame (&slot->frame);
}

void
mcu_source_get_newest (McuSource *self, McuSourceFrame *out)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *out = dup_frame (&self->newest);
}

guint64
mcu_source_get_serial (McuSource *self, const McuSourceSize *size)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Slot *slot = find_slot (self, size);

  return slot == NULL ? 0 : slot->frame.serial;
}
