/* pipelines/mix/video/png.c - a picture as a PNG.  SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/png.h"

#include <cairo.h>
#include <libyuv.h>

#include "mcu/base/error.h"

static cairo_status_t
on_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GByteArray *
mcu_picture_to_png (const McuPicture *picture, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, picture->width,
                                                         picture->height);
  GByteArray *png = g_byte_array_new ();
  cairo_status_t status = cairo_surface_status (surface);

  if (status == CAIRO_STATUS_SUCCESS) {
    cairo_surface_flush (surface);
    I420ToARGB (picture->data[0], picture->stride[0], picture->data[1], picture->stride[1],
                picture->data[2], picture->stride[2], cairo_image_surface_get_data (surface),
                cairo_image_surface_get_stride (surface), picture->width, picture->height);
    cairo_surface_mark_dirty (surface);
    status = cairo_surface_write_to_png_stream (surface, on_bytes, png);
  }
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return png;
  g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "PNG: %s", cairo_status_to_string (status));
  g_byte_array_unref (png);
  return NULL;
}
