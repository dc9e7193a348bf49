/* tests/bench/material.c - see material.h.
 * File: "TSML", kind, number of frames; per frame: size, flags, bytes. 32 bit, host order: it is a
 * cache, not an exchange format.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/material.h"

#include <gio/gio.h>
#include <string.h>

#define MAGIC 0x4c4d5354u
/* RTP header and extensions, SRTP tag and UDP stay below 1200 + 100. */
#define MAX_PAYLOAD 1100

char *
mcu_material_path (const char *directory, const char *name)
{
  return g_strdup_printf ("%s/%s-v%d.tsml", directory, name, MCU_MATERIAL_VERSION);
}

static void
add_packet (McuMaterial *self, const guint8 *data, gsize size)
{
  McuMaterialPacket packet = {.data = data, .size = (guint16) size};

  g_array_append_val (self->packets, packet);
}

static void
packetize_plain (McuMaterial *self, const guint8 *data, gsize size)
{
  gsize n = (size + MAX_PAYLOAD - 1) / MAX_PAYLOAD;

  for (gsize i = 0; i < n; i++)
    add_packet (self, data + size * i / n, size * (i + 1) / n - size * i / n);
}

/* RFC 6184, 5.6 and 5.8: a NAL unit as it is, or in FU-A fragments. */
static void
packetize_nal (McuMaterial *self, const guint8 *nal, gsize size)
{
  if (size <= MAX_PAYLOAD) {
    add_packet (self, nal, size);
    return;
  }
  guint first = self->packets->len;
  packetize_plain (self, nal + 1, size - 1);
  for (guint i = first; i < self->packets->len; i++) {
    McuMaterialPacket *packet = &g_array_index (self->packets, McuMaterialPacket, i);

    packet->prefix[0] = (nal[0] & 0xe0) | 28;
    packet->prefix[1] = nal[0] & 0x1f;
    if (i == first)
      packet->prefix[1] |= 0x80;
    if (i == self->packets->len - 1)
      packet->prefix[1] |= 0x40;
    packet->n_prefix = 2;
  }
}

/* Returns: the start of the next start code (00 00 01) at or after @from, or @size. */
static gsize
find_start_code (const guint8 *data, gsize size, gsize from)
{
  for (gsize i = from; i + 3 <= size; i++)
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1)
      return i;
  return size;
}

static void
packetize_h264 (McuMaterial *self, const guint8 *data, gsize size)
{
  gsize start = find_start_code (data, size, 0);

  while (start < size) {
    gsize nal = start + 3;
    gsize end = start = find_start_code (data, size, nal);

    while (end > nal && data[end - 1] == 0)
      end--;
    if (end > nal)
      packetize_nal (self, data + nal, end - nal);
  }
}

static void
packetize (McuMaterial *self, McuMaterialFrame *frame)
{
  frame->first_packet = self->packets->len;
  if (self->kind == MCU_MATERIAL_H264)
    packetize_h264 (self, frame->data, frame->size);
  else if (self->kind == MCU_MATERIAL_VP8)
    packetize_plain (self, frame->data, frame->size);
  else
    add_packet (self, frame->data, frame->size);
  frame->n_packets = self->packets->len - frame->first_packet;
  if (frame->n_packets == 0)
    return;
  g_array_index (self->packets, McuMaterialPacket, frame->first_packet).first = 1;
  g_array_index (self->packets, McuMaterialPacket, self->packets->len - 1).last = 1;
}

static guint32
read_u32 (const char *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return value;
}

static gboolean
index_frames (McuMaterial *self, gsize size)
{
  if (size < 12 || read_u32 (self->bytes) != MAGIC ||
      read_u32 (self->bytes + 4) > MCU_MATERIAL_OPUS)
    return FALSE;
  self->kind = read_u32 (self->bytes + 4);
  guint32 n = read_u32 (self->bytes + 8);
  gsize at = 12;

  for (guint32 i = 0; i < n; i++) {
    if (size - at < 8 || size - at - 8 < read_u32 (self->bytes + at))
      return FALSE;
    McuMaterialFrame frame = {.data = (const guint8 *) self->bytes + at + 8,
                              .size = read_u32 (self->bytes + at),
                              .flags = read_u32 (self->bytes + at + 4)};

    packetize (self, &frame);
    g_array_append_val (self->frames, frame);
    at += 8 + frame.size;
  }
  return n > 0;
}

McuMaterial *
mcu_material_load (const char *directory, const char *name, GError **error)
{
  g_autoptr (McuMaterial) self = g_new0 (McuMaterial, 1);
  g_autofree char *path = mcu_material_path (directory, name);
  gsize size;

  self->frames = g_array_new (FALSE, TRUE, sizeof (McuMaterialFrame));
  self->packets = g_array_new (FALSE, TRUE, sizeof (McuMaterialPacket));
  if (!g_file_get_contents (path, &self->bytes, &size, error))
    return NULL;
  if (!index_frames (self, size)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: not material", path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
mcu_material_free (McuMaterial *self)
{
  g_clear_pointer (&self->frames, g_array_unref);
  g_clear_pointer (&self->packets, g_array_unref);
  g_free (self->bytes);
  g_free (self);
}

guint
mcu_material_next_key (const McuMaterial *self, guint from)
{
  for (guint i = 1; i <= self->frames->len; i++) {
    guint at = (from + i) % self->frames->len;

    if (g_array_index (self->frames, McuMaterialFrame, at).flags & MCU_MATERIAL_FLAG_KEY)
      return at;
  }
  return 0;
}

static void
append_u32 (GByteArray *out, guint32 value)
{
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

gboolean
mcu_material_write (const char *directory, const char *name, McuMaterialKind kind,
                    GPtrArray *frames, GArray *flags, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *path = mcu_material_path (directory, name);

  append_u32 (out, MAGIC);
  append_u32 (out, kind);
  append_u32 (out, frames->len);
  for (guint i = 0; i < frames->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (frames->pdata[i], &size);

    append_u32 (out, (guint32) size);
    append_u32 (out, g_array_index (flags, guint32, i));
    g_byte_array_append (out, data, (guint) size);
  }
  return g_file_set_contents (path, (const char *) out->data, out->len, error);
}
