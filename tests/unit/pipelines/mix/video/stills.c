/* tests/unit/pipelines/mix/video/stills.c - files of still pictures of one colour.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stills.h"

#include <cairo.h>
#include <turbojpeg.h>

static cairo_surface_t *
new_surface (int width, int height, guint32 argb)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint8 *data = cairo_image_surface_get_data (surface);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      *(guint32 *) (void *) (data + y * cairo_image_surface_get_stride (surface) + 4 * x) = argb;
  cairo_surface_mark_dirty (surface);
  return surface;
}

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GByteArray *
test_still_png (int width, int height, guint32 argb)
{
  cairo_surface_t *surface = new_surface (width, height, argb);
  GByteArray *bytes = g_byte_array_new ();

  g_assert_cmpint (cairo_surface_write_to_png_stream (surface, append, bytes), ==,
                   CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  return bytes;
}

GByteArray *
test_still_jpeg (int width, int height, guint32 argb)
{
  cairo_surface_t *surface = new_surface (width, height, argb);
  tjhandle handle = tjInitCompress ();
  GByteArray *bytes = g_byte_array_new ();
  unsigned char *jpeg = NULL;
  unsigned long length = 0;

  g_assert_cmpint (tjCompress2 (handle, cairo_image_surface_get_data (surface), width,
                                cairo_image_surface_get_stride (surface), height, TJPF_BGRX, &jpeg,
                                &length, TJSAMP_444, 95, 0),
                   ==, 0);
  g_byte_array_append (bytes, jpeg, (guint) length);
  tjFree (jpeg);
  tjDestroy (handle);
  cairo_surface_destroy (surface);
  return bytes;
}
