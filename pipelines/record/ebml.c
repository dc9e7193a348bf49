/* pipelines/record/ebml.c - elements of a Matroska file (RFC 8794), read and written; bounded.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/ebml.h"

#include <string.h>

/* ---- read ---- */

/* Returns: how many bytes it has; 0: it is none. */
static guint
read_vint (const guint8 *data, gsize n, gboolean keep_marker, guint64 *value)
{
  guint length = 1;

  if (n == 0 || data[0] == 0)
    return 0;
  while ((data[0] & 0x80 >> (length - 1)) == 0)
    length++;
  if (length > n)
    return 0;
  *value = keep_marker ? data[0] : data[0] & (0x7f >> (length - 1));
  for (guint i = 1; i < length; i++)
    *value = *value << 8 | data[i];
  if (!keep_marker && *value == (G_GUINT64_CONSTANT (1) << (7 * length)) - 1)
    *value = MCU_EBML_UNKNOWN;
  return length;
}

gboolean
mcu_ebml_read (McuSourceFile *file, guint64 at, guint64 end, McuEbml *element)
{
  guint8 head[12];
  gsize n = at < end ? MIN (sizeof head, end - at) : 0;
  guint64 id = 0, size = 0;
  guint id_bytes, size_bytes;

  if (n < 2 || !mcu_source_file_read (file, at, head, n, NULL))
    return FALSE;
  id_bytes = read_vint (head, MIN (n, 4), TRUE, &id);
  if (id_bytes == 0)
    return FALSE;
  size_bytes = read_vint (head + id_bytes, n - id_bytes, FALSE, &size);
  if (size_bytes == 0)
    return FALSE;
  *element = (McuEbml){(guint32) id, at, at + id_bytes + size_bytes, size};
  return TRUE;
}

guint64
mcu_ebml_number (McuSourceFile *file, const McuEbml *element)
{
  guint8 data[8];
  guint64 value = 0;

  if (element->size > sizeof data ||
      !mcu_source_file_read (file, element->data_at, data, element->size, NULL))
    return 0;
  for (guint i = 0; i < element->size; i++)
    value = value << 8 | data[i];
  return value;
}

/* ---- write ---- */

guint
mcu_ebml_id_bytes (guint32 id)
{
  return id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
}

static void
put_big (GByteArray *out, guint64 value, guint bytes)
{
  for (guint i = bytes; i-- > 0;) {
    guint8 byte = value >> (8 * i);

    g_byte_array_append (out, &byte, 1);
  }
}

void
mcu_ebml_put_head (GByteArray *out, guint32 id, guint64 size)
{
  put_big (out, id, mcu_ebml_id_bytes (id));
  put_big (out, size | G_GUINT64_CONSTANT (1) << 56, 8);
}

void
mcu_ebml_put_number (GByteArray *out, guint32 id, guint64 value)
{
  mcu_ebml_put_head (out, id, 8);
  put_big (out, value, 8);
}

void
mcu_ebml_put_float (GByteArray *out, guint32 id, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  mcu_ebml_put_number (out, id, bits);
}

void
mcu_ebml_put_bytes (GByteArray *out, guint32 id, gconstpointer data, gsize size)
{
  mcu_ebml_put_head (out, id, size);
  g_byte_array_append (out, data, size);
}

void
mcu_ebml_put_text (GByteArray *out, guint32 id, const char *text)
{
  mcu_ebml_put_bytes (out, id, text, strlen (text));
}

gsize
mcu_ebml_open (GByteArray *out, guint32 id)
{
  mcu_ebml_put_head (out, id, 0);
  return out->len;
}

void
mcu_ebml_close (GByteArray *out, gsize opened)
{
  guint64 size = GUINT64_TO_BE ((out->len - opened) | G_GUINT64_CONSTANT (1) << 56);

  memcpy (out->data + opened - sizeof size, &size, sizeof size);
}
