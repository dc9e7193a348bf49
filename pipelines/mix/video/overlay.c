/* pipelines/mix/video/overlay.c - a small drawing with transparency, ready to be blended.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/overlay.h"

#include <string.h>

#include "pipelines/mix/video/blend.h"

#define MAX_SIZED_PX 4096

/* One plane: premultiplied values, and how much of what is below stays. */
typedef struct
{
  int width;
  int height;
  guint8 *over;
  guint8 *keep; /* shared by the two chroma planes */
} Plane;

struct _McuOverlay
{
  gatomicrefcount refs;

  /* Set once in new(), then read by any thread. */
  Plane planes[3];
  guint8 *block; /* owned: all of the planes */
  gsize bytes;
  gboolean is_opaque;
};

/* Sums of premultiplied ARGB pixels. */
typedef struct
{
  int a, r, g, b;
} Sum;

static void
add_pixel (Sum *sum, guint32 argb)
{
  sum->a += argb >> 24;
  sum->r += (argb >> 16) & 255;
  sum->g += (argb >> 8) & 255;
  sum->b += argb & 255;
}

/* BT.601 limited (see colour.h) of a sum of @n pixels. The offset of a premultiplied value is as
 * transparent as the pixel itself. */
static guint8
to_component (const Sum *sum, const int *weights, int offset, int n)
{
  gint64 value = (gint64) weights[0] * sum->r + (gint64) weights[1] * sum->g +
                 (gint64) weights[2] * sum->b + ((gint64) offset << 16) * sum->a / 255;

  return (guint8) CLAMP ((value / n + 32768) >> 16, 0, sum->a / n);
}

static void
convert_luma (Plane *plane, const guint8 *pixels, int stride)
{
  static const int weights[] = {16829, 33039, 6416};

  for (int y = 0; y < plane->height; y++) {
    const guint32 *row = (const void *) (pixels + (gsize) y * stride);

    for (int x = 0; x < plane->width; x++) {
      gsize at = (gsize) y * plane->width + x;
      Sum sum = {0};

      add_pixel (&sum, row[x]);
      plane->over[at] = to_component (&sum, weights, 16, 1);
      plane->keep[at] = (guint8) (255 - sum.a);
    }
  }
}

static void
convert_chroma (Plane *u, Plane *v, const guint8 *pixels, int stride)
{
  static const int u_weights[] = {-9714, -19071, 28784};
  static const int v_weights[] = {28784, -24103, -4681};

  for (int y = 0; y < u->height; y++) {
    const guint32 *upper = (const void *) (pixels + (gsize) (2 * y) * stride);
    const guint32 *lower = (const void *) (pixels + (gsize) (2 * y + 1) * stride);

    for (int x = 0; x < u->width; x++) {
      gsize at = (gsize) y * u->width + x;
      Sum sum = {0};

      add_pixel (&sum, upper[2 * x]);
      add_pixel (&sum, upper[2 * x + 1]);
      add_pixel (&sum, lower[2 * x]);
      add_pixel (&sum, lower[2 * x + 1]);
      u->over[at] = to_component (&sum, u_weights, 128, 4);
      v->over[at] = to_component (&sum, v_weights, 128, 4);
      u->keep[at] = (guint8) (255 - sum.a / 4);
    }
  }
}

static void
allocate_planes (McuOverlay *self, int width, int height)
{
  gsize luma = (gsize) width * height;
  gsize chroma = luma / 4;

  self->bytes = 2 * luma + 3 * chroma;
  self->block = g_malloc (self->bytes);
  self->planes[0] = (Plane){width, height, self->block, self->block + luma};
  self->planes[1] = (Plane){width / 2, height / 2, self->block + 2 * luma, NULL};
  self->planes[1].keep = self->planes[1].over + chroma;
  self->planes[2] = self->planes[1];
  self->planes[2].over = self->planes[1].keep + chroma;
}

static gboolean
keeps_nothing (const Plane *plane)
{
  gsize n = (gsize) plane->width * plane->height;

  return n > 0 && plane->keep[0] == 0 && memcmp (plane->keep, plane->keep + 1, n - 1) == 0;
}

McuOverlay *
mcu_overlay_new (cairo_surface_t *surface)
{
  McuOverlay *self = g_new0 (McuOverlay, 1);
  int stride = cairo_image_surface_get_stride (surface);
  const guint8 *pixels;

  g_assert (cairo_image_surface_get_format (surface) == CAIRO_FORMAT_ARGB32);
  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  g_atomic_ref_count_init (&self->refs);
  allocate_planes (self, mcu_even_down (cairo_image_surface_get_width (surface)),
                   mcu_even_down (cairo_image_surface_get_height (surface)));
  convert_luma (&self->planes[0], pixels, stride);
  convert_chroma (&self->planes[1], &self->planes[2], pixels, stride);
  self->is_opaque = keeps_nothing (&self->planes[0]);
  return self;
}

McuOverlay *
mcu_overlay_ref (McuOverlay *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_overlay_unref (McuOverlay *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->block);
  g_free (self);
}

int
mcu_overlay_get_width (const McuOverlay *self)
{
  return self->planes[0].width;
}

int
mcu_overlay_get_height (const McuOverlay *self)
{
  return self->planes[0].height;
}

gsize
mcu_overlay_get_bytes (const McuOverlay *self)
{
  return self->bytes;
}

void
mcu_overlay_blend (const McuOverlay *self, McuPicture *out, int x, int y)
{
  McuRect all = {x, y, self->planes[0].width, self->planes[0].height};

  mcu_overlay_blend_within (self, out, x, y, &all);
}

void
mcu_overlay_blend_within (const McuOverlay *self, McuPicture *out, int x, int y,
                          const McuRect *clip)
{
  int left = MAX (clip->x, x), right = MIN (clip->x + clip->width, x + self->planes[0].width);
  int top = MAX (clip->y, y), bottom = MIN (clip->y + clip->height, y + self->planes[0].height);

  if (right <= left)
    return;
  for (int i = 0; i < 3; i++) {
    const Plane *plane = &self->planes[i];
    int shift = i == 0 ? 0 : 1;

    for (int line = top >> shift; line < bottom >> shift; line++) {
      gsize at = (gsize) (line - (y >> shift)) * plane->width + ((left - x) >> shift);
      guint8 *row = out->data[i] + (gsize) line * out->stride[i] + (left >> shift);
      gsize n = (gsize) ((right - left) >> shift);

      /* A picture behind everything is large. */
      if (self->is_opaque)
        memcpy (row, plane->over + at, n);
      else
        mcu_blend_row (row, plane->over + at, plane->keep + at, n);
    }
  }
}

static void
blend_plane_sized (const Plane *plane, guint8 *row, int stride, int width, int height)
{
  guint8 over[MAX_SIZED_PX], keep[MAX_SIZED_PX];
  int last = -1;

  for (int y = 0; y < height; y++, row += stride) {
    int line = y * plane->height / height;

    for (int x = 0; line != last && x < width; x++) {
      gsize at = (gsize) line * plane->width + x * plane->width / width;

      over[x] = plane->over[at];
      keep[x] = plane->keep[at];
    }
    last = line;
    mcu_blend_row (row, over, keep, (gsize) width);
  }
}

void
mcu_overlay_blend_sized (const McuOverlay *self, McuPicture *out, const McuRect *rect)
{
  g_assert (rect->width <= MAX_SIZED_PX);
  for (int i = 0; i < 3; i++) {
    int shift = i == 0 ? 0 : 1;

    blend_plane_sized (&self->planes[i],
                       out->data[i] + (gsize) (rect->y >> shift) * out->stride[i] +
                           (rect->x >> shift),
                       out->stride[i], rect->width >> shift, rect->height >> shift);
  }
}
