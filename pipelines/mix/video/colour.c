/* pipelines/mix/video/colour.c - the canvas's own colours.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/colour.h"

/* Hues 30 degrees apart, dark enough for white letters (contrast at least 4.5). */
static const McuRgb palette[] = {
    {192, 57, 57},  {176, 78, 28},  {138, 98, 12}, {94, 112, 20},  {46, 120, 46},  {22, 120, 88},
    {16, 114, 122}, {28, 104, 160}, {64, 88, 190}, {108, 76, 184}, {146, 62, 162}, {176, 54, 112},
};

McuYuv
mcu_colour_to_yuv (McuRgb rgb)
{
  int r = rgb.r, g = rgb.g, b = rgb.b;
  McuYuv yuv = {
      (guint8) ((16829 * r + 33039 * g + 6416 * b + (16 << 16) + 32768) >> 16),
      (guint8) ((-9714 * r - 19071 * g + 28784 * b + (128 << 16) + 32768) >> 16),
      (guint8) ((28784 * r - 24103 * g - 4681 * b + (128 << 16) + 32768) >> 16),
  };

  return yuv;
}

McuYuv
mcu_colour_from_rgba (guint32 rgba)
{
  McuRgb rgb = {(guint8) (rgba >> 24), (guint8) (rgba >> 16), (guint8) (rgba >> 8)};

  return mcu_colour_to_yuv (rgb);
}

McuRgb
mcu_colour_for_id (const char *id)
{
  guint32 hash = g_str_hash (id);

  /* g_str_hash() leaves ids that differ in their last letter side by side: spread them. */
  return palette[(hash * 2654435761u >> 16) % G_N_ELEMENTS (palette)];
}
