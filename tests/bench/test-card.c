/* tests/bench/test-card.c - see picture.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/test-card.h"

#include <math.h>
#include <string.h>

#include "tests/bench/timecode.h"

#define TEXTURE 1024
#define N_DISCS 3

struct _McuTestCard
{
  int width, height;
  guint8 *frame;
  guint8 *texture; /* TEXTURE x TEXTURE */
  guint32 random;
};

/* Deterministic, so that every machine codes the same picture. */
static guint32
next_random (McuTestCard *self)
{
  self->random = self->random * 1664525u + 1013904223u;
  return self->random >> 8;
}

/* Four octaves of smoothed random values. */
static void
make_texture (McuTestCard *self)
{
  g_autofree float *sum = g_new0 (float, TEXTURE *TEXTURE);

  for (int cell = 128, weight = 40; cell >= 8; cell /= 2, weight = weight * 6 / 10) {
    int n = TEXTURE / cell;
    g_autofree float *grid = g_new (float, n *n);

    for (int i = 0; i < n * n; i++)
      grid[i] = (next_random (self) & 0xffff) / 32768.0f - 1;
    for (int y = 0; y < TEXTURE; y++)
      for (int x = 0; x < TEXTURE; x++) {
        int gx = x / cell, gy = y / cell, hx = (gx + 1) % n, hy = (gy + 1) % n;
        float fx = (float) (x % cell) / cell, fy = (float) (y % cell) / cell;
        float top = grid[gy * n + gx] * (1 - fx) + grid[gy * n + hx] * fx;
        float bottom = grid[hy * n + gx] * (1 - fx) + grid[hy * n + hx] * fx;

        sum[y * TEXTURE + x] += weight * (top * (1 - fy) + bottom * fy);
      }
  }
  for (int i = 0; i < TEXTURE * TEXTURE; i++)
    self->texture[i] = (guint8) CLAMP (120 + sum[i], 16, 235);
}

McuTestCard *
mcu_test_card_new (int width, int height)
{
  McuTestCard *self = g_new0 (McuTestCard, 1);

  self->width = width;
  self->height = height;
  self->random = 1;
  self->frame = g_malloc (mcu_test_card_size (self));
  self->texture = g_malloc (TEXTURE * TEXTURE);
  make_texture (self);
  return self;
}

void
mcu_test_card_free (McuTestCard *self)
{
  g_free (self->texture);
  g_free (self->frame);
  g_free (self);
}

gsize
mcu_test_card_size (const McuTestCard *self)
{
  return (gsize) self->width * self->height * 3 / 2;
}

static void
draw_background (McuTestCard *self, guint index)
{
  int shift = (int) (index / 4);

  for (int y = 0; y < self->height; y++) {
    const guint8 *row = self->texture + (gsize) ((y + shift / 3) % TEXTURE) * TEXTURE;
    guint8 *out = self->frame + (gsize) y * self->width;

    for (int x = 0; x < self->width; x++) {
      guint32 noise = (x & 7) == 0 ? next_random (self) : 0;

      out[x] = (guint8) (row[(x + shift) % TEXTURE] + (noise & 3));
    }
  }
}

static void
draw_disc (McuTestCard *self, guint index, int disc)
{
  double t = index / 30.0;
  int radius = self->height / (4 + disc);
  int cx = (int) (self->width * (0.5 + 0.33 * sin (t * (0.7 + 0.3 * disc) + disc * 2)));
  int cy = (int) (self->height * (0.5 + 0.25 * cos (t * (0.9 + 0.2 * disc) + disc)));

  for (int y = MAX (0, cy - radius); y < MIN (self->height, cy + radius); y++)
    for (int x = MAX (0, cx - radius); x < MIN (self->width, cx + radius); x++) {
      int dx = x - cx, dy = y - cy;

      if (dx * dx + dy * dy < radius * radius)
        self->frame[(gsize) y * self->width + x] =
            self->texture[((dy * 3 + 512 + disc * 100) & 1023) * TEXTURE + ((dx * 3 + 512) & 1023)];
    }
}

static void
draw_colours (McuTestCard *self, guint index)
{
  int w = self->width / 2, h = self->height / 2;
  guint8 *u = self->frame + (gsize) self->width * self->height, *v = u + (gsize) w * h;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      u[(gsize) y * w + x] = (guint8) (128 + 40 * x / w - 20);
      v[(gsize) y * w + x] = (guint8) (128 + 40 * ((y + (int) index / 4) % h) / h - 20);
    }
}

const guint8 *
mcu_test_card_draw (McuTestCard *self, guint index)
{
  draw_background (self, index);
  for (int disc = 0; disc < N_DISCS; disc++)
    draw_disc (self, index, disc);
  draw_colours (self, index);
  mcu_timecode_draw (self->frame, self->width, self->width, self->height,
                     index % MCU_TIMECODE_N_CODES);
  return self->frame;
}
