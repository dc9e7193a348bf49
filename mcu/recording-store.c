/* mcu/recording-store.c - what is done with recordings on the disk's thread.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-store.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define LOCK_FILE "recordings.lock"

struct _McuRecordingStore
{
  char *state_directory;
  char *directory;
  McuRecordingFiles *files; /* (nullable) */
  McuRecordingIndex *index; /* (nullable) */
  int lock_fd;              /* or -1 */
};

McuRecordingStore *
mcu_recording_store_new (const char *state_directory, const char *directory)
{
  McuRecordingStore *self = g_new0 (McuRecordingStore, 1);

  self->lock_fd = -1;
  self->state_directory = g_strdup (state_directory);
  self->directory = g_strdup (directory);
  return self;
}

void
mcu_recording_store_free (McuRecordingStore *self)
{
  if (self == NULL)
    return;
  mcu_recording_index_free (self->index);
  mcu_recording_files_free (self->files);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->state_directory);
  g_free (self->directory);
  g_free (self);
}

static void
log_problem (const char *problem, gpointer user_data)
{
  g_warning ("recordings: %s", problem);
}

gboolean
mcu_recording_store_open (McuRecordingStore *self, GError **error)
{
  g_autofree char *path = NULL;
  gboolean made = FALSE;

  if (self->files == NULL)
    self->files = mcu_recording_files_open (self->directory, error);
  if (self->files == NULL)
    return FALSE;
  if (self->index != NULL)
    return TRUE;
  path = g_build_filename (self->state_directory, MCU_RECORDING_INDEX_FILE, NULL);
  self->index = mcu_recording_index_open (path, &made, error);
  if (self->index == NULL)
    return FALSE;
  return !made || mcu_recording_store_rebuild (self, log_problem, NULL, error) >= 0;
}

gboolean
mcu_recording_store_lock (McuRecordingStore *self)
{
  g_autofree char *path = g_build_filename (self->state_directory, LOCK_FILE, NULL);
  int fd = self->lock_fd >= 0 ? -1 : open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    return self->lock_fd >= 0;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0) {
    self->lock_fd = fd;
    return TRUE;
  }
  close (fd);
  return FALSE;
}

McuRecordingFiles *
mcu_recording_store_get_files (McuRecordingStore *self)
{
  return self->files;
}

McuRecordingIndex *
mcu_recording_store_get_index (McuRecordingStore *self)
{
  return self->index;
}

gboolean
mcu_recording_store_begin (McuRecordingStore *self, const McuRecordingInfo *info,
                           const char *sidecar, GError **error)
{
  if (!mcu_recording_store_open (self, error) ||
      !mcu_recording_files_make_folder (self->files, info->folder, error))
    return FALSE;
  if (mcu_recording_store_save (self, info, sidecar, error))
    return TRUE;
  mcu_recording_files_remove (self->files, info->folder, NULL);
  return FALSE;
}

gboolean
mcu_recording_store_save (McuRecordingStore *self, const McuRecordingInfo *info,
                          const char *sidecar, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (!mcu_recording_store_open (self, error))
    return FALSE;
  /* On a full disk the index, which may be on another one, shall know it all the same. */
  if (sidecar != NULL)
    mcu_recording_files_write_sidecar (self->files, info, sidecar, &why);
  if (!mcu_recording_index_put (self->index, info, error))
    return FALSE;
  if (why == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

McuRecordingInfo *
mcu_recording_store_get (McuRecordingStore *self, const char *id, GError **error)
{
  g_autoptr (GError) why = NULL;
  McuRecordingInfo *info;

  if (!mcu_recording_store_open (self, error))
    return NULL;
  info = mcu_recording_index_get (self->index, id, &why);
  if (info == NULL && why == NULL)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such recording");
  else if (info == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return info;
}

gboolean
mcu_recording_store_remove (McuRecordingStore *self, const char *id, GError **error)
{
  g_autoptr (McuRecordingInfo) info = mcu_recording_store_get (self, id, error);

  /* The files first: an entry without files is found by `check`, files without one come back. */
  return info != NULL && mcu_recording_files_remove (self->files, info->folder, error) &&
         mcu_recording_index_remove (self->index, id, error);
}

guint
mcu_recording_store_retain (McuRecordingStore *self, const McuRetention *limits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = mcu_recording_store_open (self, &error)
                                  ? mcu_recording_index_all (self->index, &error)
                                  : NULL;
  g_autofree gint64 *bytes = NULL;
  g_autoptr (GPtrArray) chosen = NULL;
  guint n = 0;

  if (all == NULL || (limits->max_age_us <= 0 && limits->max_bytes <= 0))
    return 0;
  bytes = g_new0 (gint64, all->len + 1);
  for (guint i = 0; i < all->len; i++)
    bytes[i] = mcu_recording_files_measure (self->files,
                                            ((McuRecordingInfo *) all->pdata[i])->folder);
  chosen = mcu_recording_retention_choose (limits, all, bytes);
  for (guint i = 0; i < chosen->len; i++) {
    const McuRecordingInfo *info = chosen->pdata[i];

    g_clear_error (&error);
    if (mcu_recording_store_remove (self, info->id, &error)) {
      g_message ("recording %s of room %s is let go: too old, or too much", info->id, info->room);
      n++;
    } else {
      g_warning ("recording %s: %s", info->id, error->message);
    }
  }
  return n;
}

void
mcu_recording_media_free (McuRecordingMedia *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->etag);
  g_free (self->name);
  g_free (self->room);
  g_free (self);
}

/* Returns: (nullable): the file of @part, and its sum where it stays as it is. */
static const char *
file_of (const McuRecordingInfo *info, guint part, guint track, const char **sha256)
{
  const McuRecordingPart *found;

  *sha256 = NULL;
  if (track > info->tracks_of->len)
    return NULL;
  if (track > 0)
    return ((McuRecordingTrack *) info->tracks_of->pdata[track - 1])->file;
  if (part == 0 && info->joined != NULL)
    return info->joined;
  part = MAX (part, 1);
  if (part > info->parts->len)
    return NULL;
  found = info->parts->pdata[part - 1];
  *sha256 = found->sha256;
  return found->file;
}

/* While it grows, what has been read stays good: a reader may go on where it was. When the file is
 * replaced by the ordinary one its number is another. */
static char *
etag_of (const struct stat *status, const char *sha256, const char *id)
{
  if (sha256 != NULL)
    return g_strdup_printf ("\"%.32s\"", sha256);
  return g_strdup_printf ("\"%s-%" G_GINT64_MODIFIER "x\"", id, (guint64) status->st_ino);
}

static char *
saved_name (const McuRecordingInfo *info, const char *file)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (info->started_at_us / G_USEC_PER_SEC);
  g_autofree char *when = g_date_time_format (time, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("%s-%s-%s", info->room, when, file);
}

McuRecordingMedia *
mcu_recording_store_open_media (McuRecordingStore *self, const char *id, guint part, guint track,
                                GError **error)
{
  g_autoptr (McuRecordingInfo) info = mcu_recording_store_get (self, id, error);
  g_autoptr (McuRecordingMedia) media = g_new0 (McuRecordingMedia, 1);
  const char *sha256 = NULL;
  const char *file = info != NULL ? file_of (info, part, track, &sha256) : NULL;
  struct stat status;

  media->fd = -1;
  if (info == NULL)
    return NULL;
  if (file != NULL)
    media->fd = mcu_recording_files_open_file (self->files, info->folder, file, NULL);
  if (media->fd < 0 || fstat (media->fd, &status) != 0) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such file");
    return NULL;
  }
  media->bytes = status.st_size;
  media->content_type = mcu_recording_content_type (file);
  media->etag = etag_of (&status, sha256, id);
  media->name = saved_name (info, file);
  media->n_parts = info->parts->len;
  media->is_growing = !mcu_recording_state_is_over (info->state) && sha256 == NULL;
  media->room = g_strdup (info->room);
  return g_steal_pointer (&media);
}

void
mcu_recording_found_free (McuRecordingFound *self)
{
  if (self == NULL)
    return;
  mcu_recording_info_free (self->info);
  g_clear_pointer (&self->sidecar, json_object_unref);
  g_free (self);
}

McuRecordingFound *
mcu_recording_store_find (McuRecordingStore *self, const char *id, GError **error)
{
  g_autoptr (McuRecordingInfo) info = mcu_recording_store_get (self, id, error);
  McuRecordingFound *found;

  if (info == NULL)
    return NULL;
  found = g_new0 (McuRecordingFound, 1);
  found->sidecar = mcu_recording_files_read_sidecar (self->files, info->folder, NULL);
  found->info = g_steal_pointer (&info);
  return found;
}
