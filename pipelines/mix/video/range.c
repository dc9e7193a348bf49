/* pipelines/mix/video/range.c - pictures of full range into video range.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/range.h"

/* 16.16: luma v * 219 / 255 + 16; chroma (v - 128) * 224 / 255 + 128; both rounded. */
#define LUMA_SCALE 56284
#define LUMA_OFFSET ((16 << 16) + 0x8000)
#define CHROMA_SCALE 57569
#define CHROMA_OFFSET ((128 << 16) - 128 * CHROMA_SCALE + 0x8000)

static void
limit_plane (const guint8 *from, int from_stride, guint8 *to, int to_stride, int width, int height,
             int scale, int offset)
{
  for (int y = 0; y < height; y++, from += from_stride, to += to_stride)
    for (int x = 0; x < width; x++)
      to[x] = (guint8) ((from[x] * scale + offset) >> 16);
}

void
mcu_range_limit (const McuPicture *from, McuPicture *to)
{
  for (int i = 0; i < 3; i++)
    limit_plane (from->data[i], from->stride[i], to->data[i], to->stride[i],
                 i == 0 ? from->width : (from->width + 1) / 2,
                 i == 0 ? from->height : (from->height + 1) / 2, i == 0 ? LUMA_SCALE : CHROMA_SCALE,
                 i == 0 ? LUMA_OFFSET : CHROMA_OFFSET);
}
