/* layouts/fit.c - how a picture of one shape goes into a tile of another.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/fit.h"

/* Shapes closer than one part in so many are the same; see fit.h. */
#define SAME_SHAPE_PARTS 100

const char *
mcu_fit_to_string (McuFit fit)
{
  return fit == MCU_FIT_CONTAIN ? "contain" : "cover";
}

gboolean
mcu_fit_from_string (const char *name, McuFit *fit)
{
  if (g_strcmp0 (name, "cover") == 0)
    *fit = MCU_FIT_COVER;
  else if (g_strcmp0 (name, "contain") == 0)
    *fit = MCU_FIT_CONTAIN;
  else
    return FALSE;
  return TRUE;
}

/* a * b / c to the nearest even number in 2..limit. */
static int
scale_even (int a, int b, int c, int limit)
{
  int exact_half = (int) (((gint64) a * b + c) / (2 * (gint64) c));

  return CLAMP (2 * exact_half, 2, mcu_even_down (limit));
}

static McuRect
centre (int width, int height, int outer_width, int outer_height)
{
  McuRect rect = {mcu_even_down ((outer_width - width) / 2),
                  mcu_even_down ((outer_height - height) / 2), width, height};

  return rect;
}

void
mcu_fit_place (McuFit fit, int picture_width, int picture_height, int tile_width, int tile_height,
               McuRect *crop, McuRect *inner)
{
  gint64 wide = (gint64) picture_width * tile_height;
  gint64 high = (gint64) picture_height * tile_width;
  McuRect whole_picture = {0, 0, picture_width, picture_height};
  McuRect whole_tile = {0, 0, tile_width, tile_height};

  *crop = whole_picture;
  *inner = whole_tile;
  if (ABS (wide - high) * SAME_SHAPE_PARTS <= MAX (wide, high))
    return;

  if (fit == MCU_FIT_COVER) {
    int width = picture_width, height = picture_height;

    if (wide > high)
      width = scale_even (picture_height, tile_width, tile_height, picture_width);
    else
      height = scale_even (picture_width, tile_height, tile_width, picture_height);
    *crop = centre (width, height, picture_width, picture_height);
  } else {
    int width = tile_width, height = tile_height;

    if (wide > high)
      height = scale_even (picture_height, tile_width, picture_width, tile_height);
    else
      width = scale_even (picture_width, tile_height, picture_height, tile_width);
    *inner = centre (width, height, tile_width, tile_height);
  }
}
