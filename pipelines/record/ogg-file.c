/* pipelines/record/ogg-file.c - Opus in Ogg (RFC 3533, RFC 7845), whole or cut off anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/ogg-file.h"

#include <string.h>

#include "mcu/base/error.h"

#define HEADER_BYTES 27
#define MAX_PAGE_BYTES (HEADER_BYTES + 255 + 255 * 255)
#define MAX_PAGES (10 * 1000 * 1000)
#define AT_FLAGS 5
#define AT_GRANULE 6
#define AT_SERIAL 14
#define AT_SEQUENCE 18
#define AT_CRC 22
#define AT_SEGMENTS 26
#define CONTINUED 1
#define BEGINS 2
#define ENDS 4
#define CRC_POLYNOMIAL 0x04c11db7

static guint64
get_le (const guint8 *from, guint bytes)
{
  guint64 value = 0;

  for (guint i = bytes; i-- > 0;)
    value = value << 8 | from[i];
  return value;
}

static void
set_le (guint8 *to, guint64 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++)
    to[i] = value >> (8 * i);
}

static guint32
crc_of (const guint8 *data, gsize n)
{
  static guint32 table[256];
  static gsize is_made;
  guint32 crc = 0;

  if (g_once_init_enter (&is_made)) {
    for (guint i = 0; i < 256; i++) {
      guint32 value = (guint32) i << 24;

      for (guint bit = 0; bit < 8; bit++)
        value = value << 1 ^ (value & 0x80000000 ? CRC_POLYNOMIAL : 0);
      table[i] = value;
    }
    g_once_init_leave (&is_made, 1);
  }
  for (gsize i = 0; i < n; i++)
    crc = crc << 8 ^ table[(crc >> 24) ^ data[i]];
  return crc;
}

/* Returns: the page's size, or 0: there is no whole and right page at @at. */
static gsize
load_page (McuSourceFile *file, guint64 at, guint8 *page)
{
  guint64 left = mcu_source_file_size (file) - at;
  gsize size = HEADER_BYTES;
  guint32 crc;

  if (left < HEADER_BYTES || !mcu_source_file_read (file, at, page, HEADER_BYTES, NULL) ||
      memcmp (page, "OggS", 5) != 0)
    return 0;
  size += page[AT_SEGMENTS];
  if (left < size || !mcu_source_file_read (file, at, page, size, NULL))
    return 0;
  for (guint i = 0; i < page[AT_SEGMENTS]; i++)
    size += page[HEADER_BYTES + i];
  if (left < size || !mcu_source_file_read (file, at, page, size, NULL))
    return 0;
  crc = get_le (page + AT_CRC, 4);
  set_le (page + AT_CRC, 0, 4);
  if (crc_of (page, size) != crc)
    return 0;
  return size;
}

static gboolean
read_head (McuOggFile *self, const guint8 *page, gsize size)
{
  gsize at = HEADER_BYTES + page[AT_SEGMENTS];

  if ((page[AT_FLAGS] & BEGINS) == 0 || size < at + 19 || memcmp (page + at, "OpusHead", 8) != 0)
    return FALSE;
  self->pre_skip = get_le (page + at + 10, 2);
  self->serial = get_le (page + AT_SERIAL, 4);
  return TRUE;
}

/* RFC 7845, 3: comments may be longer than a page; sound begins with a page of its own. */
static gboolean
is_comment (const guint8 *page, gsize size, gboolean was_comment)
{
  gsize at = HEADER_BYTES + page[AT_SEGMENTS];

  return (size >= at + 8 && memcmp (page + at, "OpusTags", 8) == 0) ||
         (was_comment && (page[AT_FLAGS] & CONTINUED) != 0);
}

McuOggFile *
mcu_ogg_file_read (McuSourceFile *file, GError **error)
{
  g_autoptr (McuOggFile) self = g_new0 (McuOggFile, 1);
  g_autofree guint8 *page = g_malloc (MAX_PAGE_BYTES);
  gboolean was_comment = TRUE;
  gsize size;

  self->file = file;
  self->pages = g_array_new (FALSE, FALSE, sizeof (guint64));
  size = load_page (file, 0, page);
  if (size == 0 || !read_head (self, page, size)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "there is no sound in it");
    return NULL;
  }
  self->headers_end = size;
  for (guint64 at = size; (size = load_page (file, at, page)) > 0 && self->pages->len < MAX_PAGES;
       at += size) {
    guint64 granule = get_le (page + AT_GRANULE, 8);

    if (get_le (page + AT_SERIAL, 4) != self->serial)
      break;
    self->end = at + size;
    was_comment = was_comment && is_comment (page, size, was_comment);
    if (was_comment) {
      self->headers_end = self->end;
      continue;
    }
    g_array_append_val (self->pages, at);
    if (granule != G_MAXUINT64 && granule > self->pre_skip && granule < G_MAXINT64 / 2)
      self->samples = granule - self->pre_skip;
  }
  return g_steal_pointer (&self);
}

void
mcu_ogg_file_free (McuOggFile *self)
{
  g_array_unref (self->pages);
  mcu_source_file_free (self->file);
  g_free (self);
}

gboolean
mcu_ogg_file_is_whole (McuOggFile *self)
{
  guint n = self->pages->len;
  guint8 flags = 0;

  if (n == 0 || self->end != mcu_source_file_size (self->file))
    return FALSE;
  mcu_source_file_read (self->file, g_array_index (self->pages, guint64, n - 1) + AT_FLAGS, &flags,
                        1, NULL);
  return (flags & ENDS) != 0;
}

static void
put_page (McuTargetFile *out, McuOggFile *part, guint64 at, guint64 shift, guint32 serial,
          guint32 *sequence, gboolean is_last, guint8 *page)
{
  gsize size = load_page (part->file, at, page);
  guint64 granule = get_le (page + AT_GRANULE, 8);

  if (size == 0)
    return;
  if (granule != G_MAXUINT64)
    set_le (page + AT_GRANULE, granule + shift, 8);
  page[AT_FLAGS] = (page[AT_FLAGS] & ~ENDS) | (is_last ? ENDS : 0);
  set_le (page + AT_SERIAL, serial, 4);
  set_le (page + AT_SEQUENCE, (*sequence)++, 4);
  set_le (page + AT_CRC, crc_of (page, size), 4);
  mcu_target_file_put (out, page, size);
}

void
mcu_ogg_file_join (McuTargetFile *out, McuOggFile **parts, guint n, guint64 *offset_samples)
{
  g_autofree guint8 *page = g_malloc (MAX_PAGE_BYTES);
  guint64 shift = 0, headers = 0;
  guint32 sequence = 0;

  for (guint64 at = 0; at < parts[0]->headers_end; at += headers) {
    headers = load_page (parts[0]->file, at, page);
    if (headers == 0)
      break;
    put_page (out, parts[0], at, 0, parts[0]->serial, &sequence, FALSE, page);
  }
  for (guint i = 0; i < n; i++) {
    GArray *pages = parts[i]->pages;

    offset_samples[i] = shift;
    for (guint k = 0; k < pages->len; k++)
      put_page (out, parts[i], g_array_index (pages, guint64, k), shift, parts[0]->serial,
                &sequence, i + 1 == n && k + 1 == pages->len, page);
    /* What a later part skips at its beginning is heard here. */
    shift += parts[i]->samples + (i + 1 < n ? parts[i]->pre_skip : 0);
  }
}
