/* pipelines/room/still-images.c - the still pictures that control gave a room, by id.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/still-images.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/hop.h"

#define MAX_ID 160 /* bytes */

/* One to decode. The thread's alone while it runs. */
typedef struct
{
  char *id;       /* owned */
  guint64 number; /* of its entry */
  int fd;         /* owned */
  int keep_side_px;
  McuHop *hop;     /* owned */
  McuImage *image; /* owned (nullable): the outcome, or */
  GError *error;   /* owned (nullable) */
} Job;

typedef struct
{
  guint64 number;
  McuImage *image; /* owned (nullable) */
} Entry;

struct _McuStillImages
{
  /* Main loop only. */
  guint max_images;
  gsize max_bytes;
  McuStillImageFunc func;
  gpointer user_data;
  McuHop *hop;         /* owned */
  GHashTable *entries; /* owned, (element-type utf8 Entry) */
  GQueue waiting;      /* of Job, owned */
  gboolean is_busy;    /* a thread has one */
  guint64 number;
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->image, mcu_image_unref);
  g_free (entry);
}

static void
free_job (gpointer data)
{
  Job *job = data;

  if (job->fd >= 0)
    close (job->fd);
  g_clear_pointer (&job->image, mcu_image_unref);
  g_clear_error (&job->error);
  mcu_hop_unref (job->hop);
  g_free (job->id);
  g_free (job);
}

/* From the beginning, whatever other processes with the same descriptor read meanwhile. Returns how
 * many, at most @size; -1 with errno set. */
static gssize
read_all (int fd, guint8 *bytes, gsize size)
{
  gsize length = 0;

  while (length < size) {
    gssize n = pread (fd, bytes + length, size - length, (off_t) length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    length += (gsize) n;
  }
  return (gssize) length;
}

static McuImage *
read_image (const Job *job, GError **error)
{
  /* One more than may be, to see that there is more. */
  g_autofree guint8 *bytes = g_malloc (MCU_IMAGE_MAX_BYTES + 1);
  gssize length = read_all (job->fd, bytes, MCU_IMAGE_MAX_BYTES + 1);

  if (length < 0) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_GONE, "it cannot be read: %s", g_strerror (errno));
    return NULL;
  }
  return mcu_image_decode (bytes, (gsize) length, job->keep_side_px, error);
}

static void handle_done (gpointer owner, gpointer data);

/* Thread: `picture`. */
static gpointer
run_job (gpointer data)
{
  Job *job = data;
  McuHop *hop = mcu_hop_ref (job->hop);

  job->image = read_image (job, &job->error);
  mcu_hop_send (hop, handle_done, job, free_job);
  mcu_hop_unref (hop);
  return NULL;
}

static void
start_next (McuStillImages *self)
{
  if (self->is_busy || g_queue_is_empty (&self->waiting))
    return;
  self->is_busy = TRUE;
  g_thread_unref (g_thread_new ("picture", run_job, g_queue_pop_head (&self->waiting)));
}

static gsize
count_bytes (McuStillImages *self)
{
  GHashTableIter iter;
  gpointer entry;
  gsize bytes = 0;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    if (((Entry *) entry)->image != NULL)
      bytes += mcu_image_get_bytes (((Entry *) entry)->image);
  return bytes;
}

static void
handle_done (gpointer owner, gpointer data)
{
  McuStillImages *self = owner;
  Job *job = data;
  Entry *entry = g_hash_table_lookup (self->entries, job->id);

  self->is_busy = FALSE;
  start_next (self);
  if (entry == NULL || entry->number != job->number)
    return; /* meanwhile it was taken away, or there is a newer one */
  g_clear_pointer (&entry->image, mcu_image_unref);
  if (job->image != NULL &&
      count_bytes (self) + mcu_image_get_bytes (job->image) > self->max_bytes) {
    g_clear_pointer (&job->image, mcu_image_unref);
    g_set_error_literal (&job->error, MCU_ERROR, MCU_ERROR_TOO_LARGE,
                         "all pictures together are too large");
  }
  if (job->image != NULL)
    entry->image = mcu_image_ref (job->image);
  else
    g_hash_table_remove (self->entries, job->id);
  self->func (job->id, job->image, job->error, self->user_data);
}

McuStillImages *
mcu_still_images_new (guint max_images, gsize max_bytes, McuStillImageFunc func, gpointer user_data)
{
  McuStillImages *self = g_new0 (McuStillImages, 1);

  self->max_images = max_images;
  self->max_bytes = max_bytes;
  self->func = func;
  self->user_data = user_data;
  self->hop = mcu_hop_new (NULL, self);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_entry);
  g_queue_init (&self->waiting);
  return self;
}

void
mcu_still_images_free (McuStillImages *self)
{
  mcu_hop_close (self->hop);
  g_queue_clear_full (&self->waiting, free_job);
  g_hash_table_unref (self->entries);
  mcu_hop_unref (self->hop);
  g_free (self);
}

void
mcu_still_images_add (McuStillImages *self, const char *id, int fd, int keep_side_px)
{
  Entry *entry = g_hash_table_lookup (self->entries, id);
  Job *job;

  if (entry == NULL && g_hash_table_size (self->entries) < self->max_images &&
      strlen (id) <= MAX_ID) {
    entry = g_new0 (Entry, 1);
    g_hash_table_insert (self->entries, g_strdup (id), entry);
  }
  if (entry == NULL) {
    if (fd >= 0)
      close (fd);
    return;
  }
  entry->number = ++self->number;
  job = g_new0 (Job, 1);
  job->id = g_strdup (id);
  job->number = entry->number;
  job->fd = fd;
  job->keep_side_px = keep_side_px;
  job->hop = mcu_hop_ref (self->hop);
  g_queue_push_tail (&self->waiting, job);
  start_next (self);
}

void
mcu_still_images_remove (McuStillImages *self, const char *id)
{
  g_hash_table_remove (self->entries, id);
}

McuImage *
mcu_still_images_find (McuStillImages *self, const char *id)
{
  const Entry *entry = g_hash_table_lookup (self->entries, id);

  return entry != NULL ? entry->image : NULL;
}
