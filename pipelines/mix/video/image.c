/* pipelines/mix/video/image.c - a still picture from somebody's file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/image.h"

#include <string.h>
#include <turbojpeg.h>

#include "mcu/base/error.h"

#define MIN_SIDE_PX 2
/* Source: PNG (W3C), 5.2 and 11.2.2: the signature, then IHDR's length, name, width and height. */
#define PNG_HEADER_BYTES 24

struct _McuImage
{
  gatomicrefcount refs;

  /* Set once, then read by any thread. */
  cairo_surface_t *surface; /* owned */
  int width;
  int height;
  guint64 serial;
};

typedef struct
{
  const guint8 *at;
  gsize left;
} Reader;

static gboolean
check_size (int width, int height, GError **error)
{
  if (width < MIN_SIDE_PX || height < MIN_SIDE_PX)
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "the picture has less than %d pixels",
                 MIN_SIDE_PX);
  else if (width > MCU_IMAGE_MAX_SIDE_PX || height > MCU_IMAGE_MAX_SIDE_PX)
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE,
                 "the picture has more than %d pixels a side", MCU_IMAGE_MAX_SIDE_PX);
  else
    return TRUE;
  return FALSE;
}

static gboolean
fail_damaged (const char *why, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (why, -1);

  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "the picture is damaged: %.200s", valid);
  return FALSE;
}

static guint32
read_be32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

static cairo_status_t
read_png_bytes (void *closure, unsigned char *data, unsigned int length)
{
  Reader *reader = closure;

  if (length > reader->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, reader->at, length);
  reader->at += length;
  reader->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

/* Cairo makes of a picture without transparency one in RGB24; overlays are made of ARGB32. */
static cairo_surface_t *
decode_png (const guint8 *bytes, gsize length, GError **error)
{
  Reader reader = {bytes, length};
  cairo_surface_t *surface;

  /* As unsigned: half of what 32 bits can say is too large in any case. */
  if (!check_size ((int) MIN (read_be32 (bytes + 16), G_MAXINT),
                   (int) MIN (read_be32 (bytes + 20), G_MAXINT), error))
    return NULL;
  surface = cairo_image_surface_create_from_png_stream (read_png_bytes, &reader);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return surface;
  fail_damaged (cairo_status_to_string (cairo_surface_status (surface)), error);
  cairo_surface_destroy (surface);
  return NULL;
}

/* The smallest of the sizes that decoding can give which is not smaller than what is kept: most of
 * the work is never done. */
static tjscalingfactor
choose_scale (int side, int keep_side_px)
{
  tjscalingfactor best = {1, 1};
  int n = 0;
  const tjscalingfactor *all = tjGetScalingFactors (&n);

  for (int i = 0; i < n; i++)
    if (all[i].num <= all[i].denom && TJSCALED (side, all[i]) >= MIN (keep_side_px, side) &&
        TJSCALED (side, all[i]) < TJSCALED (side, best))
      best = all[i];
  return best;
}

static cairo_surface_t *
decompress (tjhandle handle, const guint8 *bytes, gsize length, int keep_side_px, GError **error)
{
  int width, height, subsampling, colours;
  cairo_surface_t *surface;
  tjscalingfactor scale;

  if (tjDecompressHeader3 (handle, bytes, length, &width, &height, &subsampling, &colours) != 0) {
    fail_damaged (tjGetErrorStr2 (handle), error);
    return NULL;
  }
  if (!check_size (width, height, error))
    return NULL;
  scale = choose_scale (MAX (width, height), keep_side_px);
  width = MAX (TJSCALED (width, scale), 1);
  height = MAX (TJSCALED (height, scale), 1);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  /* A progressive one can be made to take minutes: not more than 500 passes. */
  if (tjDecompress2 (handle, bytes, length, cairo_image_surface_get_data (surface), width,
                     cairo_image_surface_get_stride (surface), height,
                     G_BYTE_ORDER == G_LITTLE_ENDIAN ? TJPF_BGRX : TJPF_XRGB,
                     TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING) == 0) {
    cairo_surface_mark_dirty (surface);
    return surface;
  }
  fail_damaged (tjGetErrorStr2 (handle), error);
  cairo_surface_destroy (surface);
  return NULL;
}

static cairo_surface_t *
decode_jpeg (const guint8 *bytes, gsize length, int keep_side_px, GError **error)
{
  tjhandle handle = tjInitDecompress ();
  cairo_surface_t *surface;

  if (handle == NULL) {
    fail_damaged (tjGetErrorStr2 (NULL), error);
    return NULL;
  }
  surface = decompress (handle, bytes, length, keep_side_px, error);
  tjDestroy (handle);
  return surface;
}

static cairo_surface_t *
decode (const guint8 *bytes, gsize length, int keep_side_px, GError **error)
{
  static const guint8 png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  static const guint8 jpeg[] = {0xff, 0xd8, 0xff};

  if (length > MCU_IMAGE_MAX_BYTES) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "the picture has more than %d bytes",
                 MCU_IMAGE_MAX_BYTES);
    return NULL;
  }
  if (length >= PNG_HEADER_BYTES && memcmp (bytes, png, sizeof png) == 0)
    return decode_png (bytes, length, error);
  if (length >= sizeof jpeg && memcmp (bytes, jpeg, sizeof jpeg) == 0)
    return decode_jpeg (bytes, length, keep_side_px, error);
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE, "neither PNG nor JPEG");
  return NULL;
}

/* (transfer full): @from's part @crop in a surface of its own. */
static cairo_surface_t *
redraw (cairo_surface_t *from, const McuRect *crop, int width, int height, guint8 alpha)
{
  cairo_surface_t *to = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (to);

  cairo_scale (cr, (double) width / crop->width, (double) height / crop->height);
  cairo_set_source_surface (cr, from, -crop->x, -crop->y);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_GOOD);
  /* Without it the edges would be mixed with nothing. */
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint_with_alpha (cr, alpha / 255.0);
  cairo_destroy (cr);
  return to;
}

/* Takes @surface. */
static cairo_surface_t *
make_small (cairo_surface_t *surface, int keep_side_px)
{
  McuRect all = {0, 0, cairo_image_surface_get_width (surface),
                 cairo_image_surface_get_height (surface)};
  int side = MAX (MAX (all.width, all.height), keep_side_px);
  cairo_surface_t *small;

  if (side == keep_side_px)
    return surface;
  small = redraw (surface, &all, MAX (all.width * keep_side_px / side, MIN_SIDE_PX),
                  MAX (all.height * keep_side_px / side, MIN_SIDE_PX), 255);
  cairo_surface_destroy (surface);
  return small;
}

McuImage *
mcu_image_decode (const guint8 *bytes, gsize length, int keep_side_px, GError **error)
{
  static gint next_serial = 1;
  cairo_surface_t *surface;
  McuImage *self;

  g_return_val_if_fail (keep_side_px >= MIN_SIDE_PX && keep_side_px <= MCU_IMAGE_MAX_SIDE_PX, NULL);
  surface = decode (bytes, length, keep_side_px, error);
  if (surface == NULL)
    return NULL;
  self = g_new0 (McuImage, 1);
  g_atomic_ref_count_init (&self->refs);
  self->surface = make_small (surface, keep_side_px);
  self->width = cairo_image_surface_get_width (self->surface);
  self->height = cairo_image_surface_get_height (self->surface);
  self->serial = (guint64) g_atomic_int_add (&next_serial, 1);
  return self;
}

McuImage *
mcu_image_ref (McuImage *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_image_unref (McuImage *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  cairo_surface_destroy (self->surface);
  g_free (self);
}

guint64
mcu_image_get_serial (const McuImage *self)
{
  return self->serial;
}

gsize
mcu_image_get_bytes (const McuImage *self)
{
  return (gsize) cairo_image_surface_get_stride (self->surface) * (gsize) self->height;
}

McuOverlay *
mcu_image_draw (const McuImage *self, McuFit fit, int width, int height, guint8 alpha,
                McuRect *inner)
{
  McuOverlay *overlay;
  cairo_surface_t *drawn;
  McuRect crop;

  mcu_fit_place (fit, self->width, self->height, width, height, &crop, inner);
  drawn = redraw (self->surface, &crop, inner->width, inner->height, alpha);
  overlay = mcu_overlay_new (drawn);
  cairo_surface_destroy (drawn);
  return overlay;
}

void
mcu_image_paint_disc (const McuImage *self, cairo_t *cr, int size_px)
{
  double scale = (double) size_px / MIN (self->width, self->height);

  cairo_save (cr);
  cairo_arc (cr, size_px / 2.0, size_px / 2.0, size_px / 2.0, 0, 2 * G_PI);
  cairo_clip (cr);
  cairo_translate (cr, (size_px - self->width * scale) / 2, (size_px - self->height * scale) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
}
