/* layouts/picture-files.c - the operator's pictures beside their layout files.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/picture-files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"

#define NS_PER_S 1000000000
#define COPY_BYTES (64 * 1024)
/* As many as tell PNG from JPEG from neither. */
#define MAGIC_BYTES 8

static void
fail_read (const char *name, GError **error)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "%s: cannot be read: %s", name,
               g_strerror (errno));
}

/* Never waits: a FIFO or a device is no picture. Returns: -1 with @error set. */
static int
open_regular (const char *directory, const char *name, struct stat *status, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  gboolean is_known = fd >= 0 && fstat (fd, status) == 0;

  if (is_known && S_ISREG (status->st_mode) && status->st_size > 0 &&
      status->st_size <= MCU_PICTURE_FILE_MAX_BYTES)
    return fd;
  if (!is_known)
    fail_read (name, error);
  else if (!S_ISREG (status->st_mode) || status->st_size == 0)
    g_set_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "%s: empty, or no regular file", name);
  else
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "%s: more than %d bytes", name,
                 MCU_PICTURE_FILE_MAX_BYTES);
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
write_all (int fd, const char *bytes, gssize n)
{
  while (n > 0) {
    gssize written = write (fd, bytes, (gsize) n);

    if (written < 0 && errno != EINTR)
      return FALSE;
    if (written > 0) {
      bytes += written;
      n -= written;
    }
  }
  return TRUE;
}

/* It may grow meanwhile: not more than may be. */
static gboolean
copy (int from, int to, gsize *bytes)
{
  char buffer[COPY_BYTES];

  *bytes = 0;
  for (;;) {
    gssize n = read (from, buffer, MIN (sizeof buffer, MCU_PICTURE_FILE_MAX_BYTES - *bytes));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n == 0 && *bytes > 0;
    if (!write_all (to, buffer, n))
      return FALSE;
    *bytes += (gsize) n;
  }
}

static gboolean
is_picture (int fd)
{
  static const guint8 png[MAGIC_BYTES] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  static const guint8 jpeg[] = {0xff, 0xd8, 0xff};
  guint8 magic[MAGIC_BYTES] = {0};

  return pread (fd, magic, sizeof magic, 0) == sizeof magic &&
         (memcmp (magic, png, sizeof png) == 0 || memcmp (magic, jpeg, sizeof jpeg) == 0);
}

/* Returns: -1 with @error set. */
static int
make_memfd (const char *name, int from, gsize *bytes, GError **error)
{
  int fd = memfd_create ("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0 || !copy (from, fd, bytes)) {
    fail_read (name, error);
  } else if (!is_picture (fd)) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "%s: neither PNG nor JPEG", name);
  } else if (fcntl (fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) <
             0) {
    fail_read (name, error);
  } else {
    return fd;
  }
  if (fd >= 0)
    close (fd);
  return -1;
}

static gint64
changed_ns (const struct stat *status)
{
  return (gint64) status->st_mtim.tv_sec * NS_PER_S + status->st_mtim.tv_nsec;
}

static gboolean
is_same (const McuPictureFile *known, const struct stat *status)
{
  return known->device == status->st_dev && known->inode == status->st_ino &&
         known->bytes == (gsize) status->st_size && known->changed_ns == changed_ns (status);
}

McuPictureFile *
mcu_picture_file_read (const char *directory, const char *name, McuPictureFile *known,
                       GError **error)
{
  static guint64 last_number;
  struct stat status;
  int from = open_regular (directory, name, &status, error);
  McuPictureFile *self;
  gsize bytes;
  int fd;

  if (from < 0)
    return NULL;
  if (known != NULL && is_same (known, &status)) {
    close (from);
    return mcu_picture_file_ref (known);
  }
  fd = make_memfd (name, from, &bytes, error);
  close (from);
  if (fd < 0)
    return NULL;
  self = g_new0 (McuPictureFile, 1);
  g_atomic_ref_count_init (&self->refs);
  self->name = g_strdup (name);
  self->fd = fd;
  self->bytes = bytes;
  self->number = ++last_number;
  self->device = status.st_dev;
  self->inode = status.st_ino;
  self->changed_ns = changed_ns (&status);
  return self;
}

McuPictureFile *
mcu_picture_file_ref (McuPictureFile *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_picture_file_unref (McuPictureFile *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  close (self->fd);
  g_free (self->name);
  g_free (self);
}

static void
add (GHashTable *files, McuPictureFile *file, gsize *bytes, GPtrArray *errors)
{
  *bytes += file->bytes;
  if (g_hash_table_size (files) < MCU_PICTURE_FILES_MAX && *bytes <= MCU_PICTURE_FILES_MAX_BYTES) {
    g_hash_table_insert (files, g_strdup (file->name), file);
    return;
  }
  g_ptr_array_add (errors,
                   g_error_new (MCU_ERROR, MCU_ERROR_TOO_LARGE,
                                "%s: one too many: at most %d pictures of together %d bytes",
                                file->name, MCU_PICTURE_FILES_MAX, MCU_PICTURE_FILES_MAX_BYTES));
  mcu_picture_file_unref (file);
}

GHashTable *
mcu_picture_files_read (const char *directory, GHashTable *known, GPtrArray *errors)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) mcu_picture_file_unref);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint before = errors->len;
  gsize bytes = 0;
  const char *name;

  while (dir != NULL && errors->len - before < MCU_PICTURE_FILES_MAX &&
         (name = g_dir_read_name (dir)) != NULL) {
    McuPictureFile *old = known != NULL ? g_hash_table_lookup (known, name) : NULL;
    GError *error = NULL;
    McuPictureFile *file;

    if (!mcu_image_name_is_valid (name))
      continue;
    file = mcu_picture_file_read (directory, name, old, &error);
    if (file != NULL)
      add (files, file, &bytes, errors);
    else
      g_ptr_array_add (errors, error);
  }
  return files;
}

typedef struct
{
  GHashTable *files;
  const char *missing;
} Search;

static gboolean
is_there (const char *name, gpointer user_data)
{
  Search *search = user_data;

  if (search->files != NULL && g_hash_table_contains (search->files, name))
    return TRUE;
  search->missing = name;
  return FALSE;
}

gboolean
mcu_picture_files_check (GHashTable *files, const McuLayout *layout, const char *file,
                         GError **error)
{
  Search search = {files, NULL};

  if (mcu_layout_foreach_image (layout, is_there, &search))
    return TRUE;
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST,
               "%s: %s: there is no such picture in the folder of layouts", file, search.missing);
  return FALSE;
}
