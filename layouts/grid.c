/* layouts/grid.c - the automatic layout: everybody the same size, as large as possible.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/grid.h"

/* Scaling a 640x360 picture costs 0.005 to 0.03 ms at one of these ratios and about 0.1 ms at
 * others (docs/canvas.md), so an exact ratio may cost up to 15 percent of a tile's area. */
#define EXACT_MIN_AREA_PERCENT 85

/** Area: what is to be filled, and with what shape. */
typedef struct
{
  int width;
  int height;
  int gap; /* between tiles, px, even */
  int num;
  int den;
} Area;

typedef struct
{
  int columns;
  int rows;
  int width;
  int height;
} Arrangement;

/* What cameras send when nobody asks for anything else, px. */
static const int usual_sizes[][2] = {
    {1920, 1080}, {1280, 720}, {640, 360}, {320, 180}, {640, 480},
    {320, 240},   {720, 1280}, {360, 640}, {480, 640},
};

/* The ratios that the scaler (pipelines/mix/video/scale.c) has a short way for. */
static const int exact_ratios[][2] = {{1, 1}, {3, 4}, {2, 3}, {1, 2}, {3, 8}, {1, 4}};

/* The largest tile of that shape in a cell; both sides even, so the shape is kept to the pixel
 * next to it. */
static gboolean
fit_tile (int cell_width, int cell_height, int num, int den, Arrangement *out)
{
  if (cell_width * den <= cell_height * num) {
    out->width = mcu_even_down (cell_width);
    out->height = MIN (2 * ((out->width * den + num) / (2 * num)), mcu_even_down (cell_height));
  } else {
    out->height = mcu_even_down (cell_height);
    out->width = MIN (2 * ((out->height * num + den) / (2 * den)), mcu_even_down (cell_width));
  }

  return out->width >= 2 && out->height >= 2;
}

/* FALSE also when there is a column that nobody would sit in. */
static gboolean
arrange (int n, int columns, const Area *area, Arrangement *out)
{
  out->columns = columns;
  out->rows = (n + columns - 1) / columns;
  if ((columns - 1) * out->rows >= n)
    return FALSE;

  return fit_tile ((area->width - (columns - 1) * area->gap) / columns,
                   (area->height - (out->rows - 1) * area->gap) / out->rows, area->num, area->den,
                   out);
}

static gboolean
is_better (const Arrangement *a, const Arrangement *b, gboolean landscape)
{
  int a_area = a->width * a->height, b_area = b->width * b->height;
  int a_places = a->columns * a->rows, b_places = b->columns * b->rows;

  if (a_area != b_area)
    return a_area > b_area;
  if (a_places != b_places)
    return a_places < b_places;

  return landscape ? a->columns > b->columns : a->columns < b->columns;
}

static gboolean
choose (int n, const Area *area, Arrangement *best)
{
  gboolean found = FALSE;

  for (int columns = 1; columns <= n; columns++) {
    Arrangement candidate;

    if (!arrange (n, columns, area, &candidate))
      continue;
    if (!found || is_better (&candidate, best, area->width >= area->height))
      *best = candidate;
    found = TRUE;
  }

  return found;
}

/* The largest exact size within the tile, if it is not much smaller. */
static void
prefer_exact (Arrangement *tile, int num, int den)
{
  int least = tile->width * tile->height / 100 * EXACT_MIN_AREA_PERCENT;
  int width = 0, height = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (usual_sizes); i++) {
    if (usual_sizes[i][0] * den != usual_sizes[i][1] * num)
      continue;
    for (gsize j = 0; j < G_N_ELEMENTS (exact_ratios); j++) {
      /* Rounded down to even: 2/3 of 640 is 426. */
      int w = mcu_even_down (usual_sizes[i][0] * exact_ratios[j][0] / exact_ratios[j][1]);
      int h = usual_sizes[i][1] * exact_ratios[j][0] / exact_ratios[j][1];

      if ((h & 1) == 0 && w <= tile->width && h <= tile->height && w * h >= least &&
          w * h > width * height) {
        width = w;
        height = h;
      }
    }
  }
  if (width > 0) {
    tile->width = width;
    tile->height = height;
  }
}

static void
set_rects (const Arrangement *tile, int n, const Area *area, McuRect *out)
{
  int step_x = tile->width + area->gap, step_y = tile->height + area->gap;
  int top = mcu_even_down ((area->height - tile->rows * step_y + area->gap) / 2);

  for (int i = 0; i < n; i++) {
    int row = i / tile->columns;
    int in_row = MIN (tile->columns, n - row * tile->columns);
    int left = mcu_even_down ((area->width - in_row * step_x + area->gap) / 2);

    out[i].x = left + i % tile->columns * step_x;
    out[i].y = top + row * step_y;
    out[i].width = tile->width;
    out[i].height = tile->height;
  }
}

static guint
place (guint n, const Area *area, McuRect *out)
{
  Arrangement tile = {0};
  int people = (int) MIN (n, MCU_PLACEMENT_MAX_TILES);

  g_return_val_if_fail (area->width <= G_MAXINT16 && area->height <= G_MAXINT16, 0);
  g_return_val_if_fail (area->num >= 1 && area->num <= 64, 0);
  g_return_val_if_fail (area->den >= 1 && area->den <= 64, 0);

  if (people == 0 || !choose (people, area, &tile))
    return 0;
  prefer_exact (&tile, area->num, area->den);
  set_rects (&tile, people, area, out);

  return (guint) people;
}

guint
mcu_grid_place_in (guint n, const McuRect *rect, int gap, guint aspect_num, guint aspect_den,
                   McuRect *out)
{
  Area area = {rect->width, rect->height, gap, (int) aspect_num, (int) aspect_den};
  guint placed = place (n, &area, out);

  for (guint i = 0; i < placed; i++) {
    out[i].x += rect->x;
    out[i].y += rect->y;
  }
  return placed;
}

guint
mcu_grid_place_aspect (guint n, int canvas_width, int canvas_height, guint aspect_num,
                       guint aspect_den, McuRect *out)
{
  Area area = {canvas_width, canvas_height, 0, (int) aspect_num, (int) aspect_den};

  g_return_val_if_fail (canvas_width >= MCU_GRID_MIN_SIDE && canvas_height >= MCU_GRID_MIN_SIDE, 0);

  if (n == 1) {
    out[0] = (McuRect){0, 0, mcu_even_down (canvas_width), mcu_even_down (canvas_height)};
    return 1;
  }
  return place (n, &area, out);
}

guint
mcu_grid_place (guint n, int canvas_width, int canvas_height, McuRect *out)
{
  return mcu_grid_place_aspect (n, canvas_width, canvas_height, 16, 9, out);
}
