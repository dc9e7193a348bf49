/* tests/unit/pipelines/mix/video/stage.h - a canvas with a few sources of one colour each.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pictures.h"
#include "pipelines/mix/video/canvas.h"

#define STAGE_WIDTH 640
#define STAGE_HEIGHT 360
#define STAGE_TILES 4

/** TestStage: tiles p0 green, p1 red, p2 blue, p3 white, with pictures of 640x360 and no names. */
typedef struct
{
  McuCanvas *canvas;
  McuSource *sources[STAGE_TILES];
  McuTile tiles[STAGE_TILES];
} TestStage;

extern const McuRect test_stage_all;

void test_stage_set_up (TestStage *self, gconstpointer data);
void test_stage_tear_down (TestStage *self, gconstpointer data);
/** test_stage_colour: of the source @i. */
McuYuv test_stage_colour (int i);
/** test_stage_place: the first @n tiles; nothing may be wrong with them. */
void test_stage_place (TestStage *self, const McuPlace *how, gsize n);
/** test_stage_compose: (transfer full): checks that news and changed agree, and that every pixel is
 * written. @info: (nullable) (out) */
McuPicture *test_stage_compose (TestStage *self, gint64 now_ms, McuComposeInfo *info);
/** test_stage_is: TRUE when the pixel at @x,@y is within @tolerance of @colour. */
gboolean test_pixel_is (const McuPicture *picture, int x, int y, McuYuv colour, int tolerance);
/** test_mean: @parts of 255 of @a, the rest of @b. */
McuYuv test_mean (McuYuv a, McuYuv b, int parts);
