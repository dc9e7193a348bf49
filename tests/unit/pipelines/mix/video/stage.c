/* tests/unit/pipelines/mix/video/stage.c - a canvas with a few sources of one colour each.
 * SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

const McuRect test_stage_all = {0, 0, STAGE_WIDTH, STAGE_HEIGHT};

McuYuv
test_stage_colour (int i)
{
  const McuYuv colours[STAGE_TILES] = {TEST_GREEN, TEST_RED, TEST_BLUE, TEST_WHITE};

  return colours[i];
}

void
test_stage_set_up (TestStage *self, gconstpointer data)
{
  self->canvas = mcu_canvas_new (STAGE_WIDTH, STAGE_HEIGHT);
  memset (self->tiles, 0, sizeof self->tiles);
  for (int i = 0; i < STAGE_TILES; i++) {
    char id[8];

    g_snprintf (id, sizeof id, "p%d", i);
    self->sources[i] = mcu_source_new ();
    mcu_source_push (self->sources[i],
                     test_picture_new (STAGE_WIDTH, STAGE_HEIGHT, test_stage_colour (i)), 0, 0);
    mcu_placement_init (&self->tiles[i].placement, id, MCU_VIDEO_CAMERA, &test_stage_all);
    self->tiles[i].source = self->sources[i];
    self->tiles[i].decor.show_video = TRUE;
  }
}

void
test_stage_tear_down (TestStage *self, gconstpointer data)
{
  mcu_canvas_unref (self->canvas);
  for (int i = 0; i < STAGE_TILES; i++) {
    g_assert_false (mcu_source_is_used (self->sources[i]));
    mcu_source_unref (self->sources[i]);
  }
}

void
test_stage_place (TestStage *self, const McuPlace *how, gsize n)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_canvas_place (self->canvas, how, self->tiles, n, &error));
  g_assert_no_error (error);
}

McuPicture *
test_stage_compose (TestStage *self, gint64 now_ms, McuComposeInfo *info)
{
  McuComposeInfo unused;
  McuPicture *out = mcu_canvas_new_picture (self->canvas);
  McuPicture *again = mcu_canvas_new_picture (self->canvas);
  gboolean news = mcu_canvas_has_news (self->canvas);

  mcu_picture_fill (out, 1, 1, 1);
  mcu_picture_fill (again, 254, 254, 254);
  mcu_canvas_compose (self->canvas, now_ms * 1000, out, info != NULL ? info : &unused);
  g_assert_cmpint (news, ==, (info != NULL ? info : &unused)->changed);
  mcu_canvas_compose (self->canvas, now_ms * 1000, again, &unused);
  g_assert_cmpuint (test_rect_differs (out, again, &test_stage_all), ==, 0);
  mcu_picture_unref (again);
  return out;
}

gboolean
test_pixel_is (const McuPicture *picture, int x, int y, McuYuv colour, int tolerance)
{
  McuYuv is = test_picture_pixel (picture, x, y);

  if (abs (is.y - colour.y) <= tolerance && abs (is.u - colour.u) <= tolerance &&
      abs (is.v - colour.v) <= tolerance)
    return TRUE;
  g_test_message ("%d,%d is %d,%d,%d and not %d,%d,%d", x, y, is.y, is.u, is.v, colour.y, colour.u,
                  colour.v);
  return FALSE;
}

static guint8
mean (int a, int b, int parts)
{
  return (guint8) ((a * parts + b * (255 - parts) + 127) / 255);
}

McuYuv
test_mean (McuYuv a, McuYuv b, int parts)
{
  return (McuYuv){mean (a.y, b.y, parts), mean (a.u, b.u, parts), mean (a.v, b.v, parts)};
}
