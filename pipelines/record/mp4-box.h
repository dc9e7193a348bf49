/* pipelines/record/mp4-box.h - a box of an MP4 in memory, and what is in it; all bounded.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define MCU_MP4_TYPE(a, b, c, d) ((guint32) (a) << 24 | (b) << 16 | (c) << 8 | (d))

/** McuMp4Box: bytes that are somebody else's. Zero: none. */
typedef struct
{
  guint32 type;
  const guint8 *whole; /* with its header */
  gsize whole_size;
  const guint8 *data; /* behind its header */
  gsize size;
} McuMp4Box;

/** mcu_mp4_box_next: the box at *@at of @data, and *@at goes behind it; FALSE: there is none. */
gboolean mcu_mp4_box_next (const guint8 *data, gsize size, gsize *at, McuMp4Box *box);

/** mcu_mp4_box_find: the first child of that type, or a box without data. */
McuMp4Box mcu_mp4_box_find (const McuMp4Box *parent, guint32 type);

/* Of @box's data at @at; 0 where it has none. */
guint8 mcu_mp4_box_u8 (const McuMp4Box *box, gsize at);
guint16 mcu_mp4_box_u16 (const McuMp4Box *box, gsize at);
guint32 mcu_mp4_box_u32 (const McuMp4Box *box, gsize at);
guint64 mcu_mp4_box_u64 (const McuMp4Box *box, gsize at);
