/* pipelines/mix/video/two-thirds.c - scaling to exactly 2/3: three columns of a 16:9 canvas.
 *
 * libyuv has no short way for this ratio, which 5 to 9 people on a 16:9 canvas get: its general one
 * takes 0.09 ms for a 640x360 picture, this a third of that (docs/canvas.md). Built with -O3
 * (see meson.build): the compiler makes vector code of these loops.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/two-thirds.h"

/* Source columns; wider pictures take the general way. */
#define MAX_WIDTH_PX 2048
/* At most one part in so many of a side may be left over. */
#define LEFT_OVER_PARTS 128

/* One third of b and two of a, to the nearest in 1/256. */
#define MIX(a, b) ((guint8) (((a) *171 + (b) *85 + 128) >> 8))

typedef struct
{
  const guint8 *from;
  int from_stride;
  int from_width;
  int from_height;
  guint8 *to;
  int to_stride;
  int to_width;
  int to_height;
} PlanePair;

/* The compiler is given the body twice on x86-64, which by default has no byte shuffles. */
static inline __attribute__ ((always_inline)) void
narrow_row (guint8 *restrict to, const guint8 *restrict from, int n)
{
  int pairs = n / 2;

  for (int i = 0; i < pairs; i++) {
    to[2 * i] = MIX (from[3 * i], from[3 * i + 1]);
    to[2 * i + 1] = MIX (from[3 * i + 2], from[3 * i + 1]);
  }
  if (n % 2 != 0)
    to[n - 1] = MIX (from[3 * pairs], from[3 * pairs + 1]);
}

static inline __attribute__ ((always_inline)) void
mix_rows (guint8 *restrict to, const guint8 *restrict near, const guint8 *restrict far, int n)
{
  for (int i = 0; i < n; i++)
    to[i] = MIX (near[i], far[i]);
}

static inline __attribute__ ((always_inline)) void
scale_plane (const PlanePair *p)
{
  guint8 row[MAX_WIDTH_PX];

  for (int y = 0; y < p->to_height; y++) {
    /* Of three rows the first output row has the upper two, the second the lower two. */
    const guint8 *upper = p->from + (gsize) (y / 2 * 3) * p->from_stride;
    const guint8 *middle = upper + p->from_stride;
    const guint8 *near = y % 2 == 0 ? upper : middle + p->from_stride;

    mix_rows (row, near, middle, p->from_width);
    narrow_row (p->to + (gsize) y * p->to_stride, row, p->to_width);
  }
}

#if defined(__x86_64__)
static __attribute__ ((target ("avx2"))) void
scale_plane_avx2 (const PlanePair *p)
{
  scale_plane (p);
}
#endif

static void
scale_plane_any (const PlanePair *p)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx2")) {
    scale_plane_avx2 (p);
    return;
  }
#endif
  scale_plane (p);
}

/* A plane of @from pixels a side has what @to pixels need, and hardly more. */
static gboolean
side_fits (int from, int to)
{
  int needed = (to * 3 + 1) / 2;

  return needed <= from && (from - needed) * LEFT_OVER_PARTS <= from;
}

gboolean
mcu_two_thirds_fits (const McuPicture *from, int width, int height)
{
  return from->width <= MAX_WIDTH_PX && side_fits (from->width, width) &&
         side_fits (from->height, height) && side_fits ((from->width + 1) / 2, (width + 1) / 2) &&
         side_fits ((from->height + 1) / 2, (height + 1) / 2);
}

void
mcu_two_thirds_scale (const McuPicture *from, McuPicture *to)
{
  for (int i = 0; i < 3; i++) {
    int round = i == 0 ? 0 : 1;
    PlanePair pair = {
        from->data[i],
        from->stride[i],
        (from->width + round) >> round,
        (from->height + round) >> round,
        to->data[i],
        to->stride[i],
        (to->width + round) >> round,
        (to->height + round) >> round,
    };

    scale_plane_any (&pair);
  }
}
