/* pipelines/record/source-file.c - a file that is read in small pieces, within its bounds.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/source-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"

#define WINDOW_BYTES (1024 * 1024)

struct _McuSourceFile
{
  int fd; /* owned */
  guint64 size;
  guint mode;
  guint8 *window; /* owned */
  guint64 window_at;
  gsize window_size;
};

McuSourceFile *
mcu_source_file_new (int fd, GError **error)
{
  McuSourceFile *self;
  struct stat status;

  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "not an ordinary file");
    close (fd);
    return NULL;
  }
  self = g_new0 (McuSourceFile, 1);
  self->fd = fd;
  self->size = status.st_size;
  self->mode = status.st_mode & 0777;
  self->window = g_malloc (WINDOW_BYTES);
  posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return self;
}

void
mcu_source_file_free (McuSourceFile *self)
{
  close (self->fd);
  g_free (self->window);
  g_free (self);
}

guint64
mcu_source_file_size (McuSourceFile *self)
{
  return self->size;
}

guint
mcu_source_file_mode (McuSourceFile *self)
{
  return self->mode;
}

static gboolean
read_all (McuSourceFile *self, guint64 offset, guint8 *out, gsize size, GError **error)
{
  while (size > 0) {
    gssize n = pread (self->fd, out, size, offset);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "read: %s",
                   n == 0 ? "the file became shorter" : g_strerror (errno));
      return FALSE;
    }
    out += n;
    offset += n;
    size -= n;
  }
  return TRUE;
}

gboolean
mcu_source_file_read (McuSourceFile *self, guint64 offset, gpointer out, gsize size, GError **error)
{
  if (offset > self->size || size > self->size - offset) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "read: behind the file's end");
    return FALSE;
  }
  if (size > WINDOW_BYTES)
    return read_all (self, offset, out, size, error);
  if (offset < self->window_at || offset + size > self->window_at + self->window_size) {
    gsize n = MIN (WINDOW_BYTES, self->size - offset);

    self->window_size = 0;
    if (!read_all (self, offset, self->window, n, error))
      return FALSE;
    self->window_at = offset;
    self->window_size = n;
  }
  memcpy (out, self->window + (offset - self->window_at), size);
  return TRUE;
}

GBytes *
mcu_source_file_bytes (McuSourceFile *self, guint64 offset, gsize size)
{
  g_autofree guint8 *data = NULL;

  if (offset > self->size || size > self->size - offset)
    return NULL;
  data = g_try_malloc (MAX (size, 1));
  if (data == NULL || !mcu_source_file_read (self, offset, data, size, NULL))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}
