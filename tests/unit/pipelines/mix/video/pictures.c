/* tests/unit/pipelines/mix/video/pictures.c - pictures of known colour.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pictures.h"

#include <stdlib.h>

McuPicture *
test_picture_new (int width, int height, McuYuv colour)
{
  g_autoptr (McuPicturePool) pool = mcu_picture_pool_new (0);
  McuPicture *picture = mcu_picture_pool_take (pool, width, height);

  mcu_picture_fill (picture, colour.y, colour.u, colour.v);
  return picture;
}

McuYuv
test_picture_pixel (const McuPicture *picture, int x, int y)
{
  McuYuv colour = {
      picture->data[0][y * picture->stride[0] + x],
      picture->data[1][y / 2 * picture->stride[1] + x / 2],
      picture->data[2][y / 2 * picture->stride[2] + x / 2],
  };

  return colour;
}

gboolean
test_rect_is (const McuPicture *picture, const McuRect *rect, McuYuv colour)
{
  for (int y = rect->y; y < rect->y + rect->height; y++)
    for (int x = rect->x; x < rect->x + rect->width; x++) {
      McuYuv is = test_picture_pixel (picture, x, y);

      if (abs (is.y - colour.y) > 2 || abs (is.u - colour.u) > 2 || abs (is.v - colour.v) > 2) {
        g_test_message ("%d,%d is %d,%d,%d and not %d,%d,%d", x, y, is.y, is.u, is.v, colour.y,
                        colour.u, colour.v);
        return FALSE;
      }
    }
  return TRUE;
}

guint
test_rect_differs (const McuPicture *a, const McuPicture *b, const McuRect *rect)
{
  guint n = 0;

  for (int y = rect->y; y < rect->y + rect->height; y++)
    for (int x = rect->x; x < rect->x + rect->width; x++) {
      McuYuv p = test_picture_pixel (a, x, y), q = test_picture_pixel (b, x, y);

      n += p.y != q.y || p.u != q.u || p.v != q.v;
    }
  return n;
}
