/* pipelines/record/mp4-box.c - a box of an MP4 in memory, and what is in it; all bounded.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/mp4-box.h"

#define HEADER_BYTES 8
#define LONG_HEADER_BYTES 16

guint8
mcu_mp4_box_u8 (const McuMp4Box *box, gsize at)
{
  return at < box->size ? box->data[at] : 0;
}

guint16
mcu_mp4_box_u16 (const McuMp4Box *box, gsize at)
{
  return mcu_mp4_box_u8 (box, at) << 8 | mcu_mp4_box_u8 (box, at + 1);
}

guint32
mcu_mp4_box_u32 (const McuMp4Box *box, gsize at)
{
  return (guint32) mcu_mp4_box_u16 (box, at) << 16 | mcu_mp4_box_u16 (box, at + 2);
}

guint64
mcu_mp4_box_u64 (const McuMp4Box *box, gsize at)
{
  return (guint64) mcu_mp4_box_u32 (box, at) << 32 | mcu_mp4_box_u32 (box, at + 4);
}

gboolean
mcu_mp4_box_next (const guint8 *data, gsize size, gsize *at, McuMp4Box *box)
{
  McuMp4Box rest = {.data = data + *at, .size = size - *at};
  gsize header = HEADER_BYTES;
  guint64 n;

  if (rest.size < HEADER_BYTES)
    return FALSE;
  n = mcu_mp4_box_u32 (&rest, 0);
  if (n == 1 && rest.size >= LONG_HEADER_BYTES) {
    n = mcu_mp4_box_u64 (&rest, 8);
    header = LONG_HEADER_BYTES;
  }
  if (n < header || n > rest.size)
    return FALSE;
  *box = (McuMp4Box){.type = mcu_mp4_box_u32 (&rest, 4),
                     .whole = rest.data,
                     .whole_size = n,
                     .data = rest.data + header,
                     .size = n - header};
  *at += n;
  return TRUE;
}

McuMp4Box
mcu_mp4_box_find (const McuMp4Box *parent, guint32 type)
{
  McuMp4Box box;
  gsize at = 0;

  while (parent->data != NULL && mcu_mp4_box_next (parent->data, parent->size, &at, &box))
    if (box.type == type)
      return box;
  return (McuMp4Box){0};
}
