/* tests/bench/timecode.c - see timecode.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/timecode.h"

#include <string.h>

#define N_BLOCKS 16
#define N_CODE_BITS 10
#define WHITE 235
#define BLACK 16
#define MIN_CONTRAST 60

static guint
checksum (guint code)
{
  return ((code ^ (code >> 4) ^ (code >> 8)) & 0xf) ^ 0x5;
}

static guint
blocks_of (guint code)
{
  return 1u << 15 | (code & 0x3ff) << 4 | checksum (code);
}

void
mcu_timecode_draw (guint8 *luma, int stride, int width, int height, guint code)
{
  guint blocks = blocks_of (code);

  for (int y = height * 5 / 12; y < height * 7 / 12; y++)
    for (int i = 0; i < N_BLOCKS; i++) {
      int left = width * i / N_BLOCKS, right = width * (i + 1) / N_BLOCKS;

      memset (luma + (gsize) y * stride + left, blocks >> (15 - i) & 1 ? WHITE : BLACK,
              right - left);
    }
}

/* Only the inner half of a block counts: its edges are blurred by scaling and coding. */
static int
block_mean (const guint8 *luma, int stride, const McuLoadRect *tile, int i)
{
  int left = tile->x + tile->width * (4 * i + 1) / (4 * N_BLOCKS);
  int right = tile->x + tile->width * (4 * i + 3) / (4 * N_BLOCKS);
  int top = tile->y + tile->height * 11 / 24, bottom = tile->y + tile->height * 13 / 24;
  int sum = 0, n = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++, n++)
      sum += luma[(gsize) y * stride + x];
  return n > 0 ? sum / n : 0;
}

int
mcu_timecode_read (const guint8 *luma, int stride, const McuLoadRect *tile)
{
  int white = block_mean (luma, stride, tile, 0), black = block_mean (luma, stride, tile, 1);
  guint blocks = 1u << 15;

  if (white - black < MIN_CONTRAST)
    return -1;
  for (int i = 2; i < N_BLOCKS; i++)
    if (block_mean (luma, stride, tile, i) > (white + black) / 2)
      blocks |= 1u << (15 - i);

  guint code = blocks >> 4 & ((1u << N_CODE_BITS) - 1);
  return blocks_of (code) == blocks ? (int) code : -1;
}
