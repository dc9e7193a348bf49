/* pipelines/record/target-file.c - a file that is written front to back, and its SHA-256.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/target-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "mcu/base/error.h"

#define BUFFER_BYTES (1024 * 1024)
/* The disk works while we read on, instead of all at once at the end. */
#define WRITE_BEHIND_BYTES (16 * 1024 * 1024)

struct _McuTargetFile
{
  int fd;             /* owned, or -1 */
  EVP_MD_CTX *digest; /* owned; GLib's is three times as slow */
  guint8 *buffer;     /* owned */
  gsize n_buffered;
  guint64 written;
  guint64 started; /* to be written by the kernel */
  GError *error;   /* owned (nullable): the first */
};

McuTargetFile *
mcu_target_file_new (int fd)
{
  McuTargetFile *self = g_new0 (McuTargetFile, 1);

  self->fd = fd;
  self->buffer = g_malloc (BUFFER_BYTES);
  self->digest = EVP_MD_CTX_new ();
  g_assert (self->digest != NULL);
  if (EVP_DigestInit_ex (self->digest, EVP_sha256 (), NULL) != 1)
    g_set_error_literal (&self->error, MCU_ERROR, MCU_ERROR_INTERNAL, "no SHA-256");
  return self;
}

void
mcu_target_file_free (McuTargetFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  EVP_MD_CTX_free (self->digest);
  g_clear_error (&self->error);
  g_free (self->buffer);
  g_free (self);
}

static void
fail (McuTargetFile *self, const char *what)
{
  gboolean is_full = errno == ENOSPC || errno == EDQUOT;

  g_set_error (&self->error, MCU_ERROR, is_full ? MCU_ERROR_DISK_FULL : MCU_ERROR_INTERNAL,
               "%s: %s", what, g_strerror (errno));
}

static void
flush (McuTargetFile *self)
{
  const guint8 *data = self->buffer;
  gsize left = self->n_buffered;

  if (self->error == NULL)
    EVP_DigestUpdate (self->digest, data, left);
  while (self->fd >= 0 && left > 0 && self->error == NULL) {
    gssize n = write (self->fd, data, left);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      fail (self, "write");
      break;
    }
    data += n;
    left -= n;
  }
  self->written += self->n_buffered;
  self->n_buffered = 0;
  if (self->fd >= 0 && self->written - self->started >= WRITE_BEHIND_BYTES) {
    sync_file_range (self->fd, self->started, self->written - self->started, SYNC_FILE_RANGE_WRITE);
    self->started = self->written;
  }
}

void
mcu_target_file_put (McuTargetFile *self, gconstpointer data, gsize size)
{
  const guint8 *from = data;

  while (size > 0) {
    gsize n = MIN (size, BUFFER_BYTES - self->n_buffered);

    memcpy (self->buffer + self->n_buffered, from, n);
    self->n_buffered += n;
    from += n;
    size -= n;
    if (self->n_buffered == BUFFER_BYTES)
      flush (self);
  }
}

void
mcu_target_file_put_array (McuTargetFile *self, const GByteArray *data)
{
  mcu_target_file_put (self, data->data, data->len);
}

void
mcu_target_file_copy (McuTargetFile *self, McuSourceFile *from, guint64 offset, guint64 size)
{
  while (size > 0 && self->error == NULL) {
    gsize n = MIN (size, BUFFER_BYTES - self->n_buffered);

    if (!mcu_source_file_read (from, offset, self->buffer + self->n_buffered, n, &self->error))
      return;
    self->n_buffered += n;
    offset += n;
    size -= n;
    if (self->n_buffered == BUFFER_BYTES)
      flush (self);
  }
}

guint64
mcu_target_file_size (McuTargetFile *self)
{
  return self->written + self->n_buffered;
}

char *
mcu_target_file_end (McuTargetFile *self, GError **error)
{
  guint8 sum[EVP_MAX_MD_SIZE];
  guint n = 0;
  GString *text;

  flush (self);
  if (self->error == NULL && self->fd >= 0 && fsync (self->fd) != 0)
    fail (self, "fsync");
  if (self->error == NULL && EVP_DigestFinal_ex (self->digest, sum, &n) != 1)
    g_set_error_literal (&self->error, MCU_ERROR, MCU_ERROR_INTERNAL, "no SHA-256");
  if (self->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->error));
    return NULL;
  }
  text = g_string_sized_new (2 * n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%02x", sum[i]);
  return g_string_free (text, FALSE);
}
