/* tests/unit/layouts/placement.c - placements as values.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/placement.h"

#include <string.h>

static void
test_placement__init (void)
{
  McuPlacement place;
  McuRect rect = {2, 4, 6, 8};
  g_autofree char *longest = g_strnfill (MCU_PLACEMENT_ID_MAX, 'x');
  g_autofree char *too_long = g_strnfill (MCU_PLACEMENT_ID_MAX + 1, 'x');

  g_assert_true (mcu_placement_init (&place, longest, MCU_VIDEO_CAMERA, &rect));
  g_assert_cmpstr (place.participant, ==, longest);
  g_assert_cmpint (place.fit, ==, MCU_FIT_COVER);
  g_assert_true (mcu_placement_init (&place, "p", MCU_VIDEO_SCREEN, &rect));
  g_assert_cmpint (place.fit, ==, MCU_FIT_CONTAIN);
  g_assert_true (mcu_rect_equal (&place.rect, &rect));
  g_assert_false (mcu_placement_init (&place, too_long, MCU_VIDEO_CAMERA, &rect));
  g_assert_false (mcu_placement_init (&place, "", MCU_VIDEO_CAMERA, &rect));
  g_assert_false (mcu_placement_init (&place, NULL, MCU_VIDEO_CAMERA, &rect));
}

static void
test_placement__equal (void)
{
  McuPlacement a, b;

  mcu_placement_init (&a, "p", MCU_VIDEO_CAMERA, &(McuRect){0, 0, 2, 2});
  b = a;
  g_assert_true (mcu_placement_equal (&a, &b));
  b.z = 1;
  g_assert_false (mcu_placement_equal (&a, &b));
  mcu_placement_init (&b, "q", MCU_VIDEO_CAMERA, &(McuRect){0, 0, 2, 2});
  g_assert_false (mcu_placement_equal (&a, &b));
}

/* What the canvas draws differently is not equal. */
static void
test_placement__equal_means_drawn_alike (void)
{
  McuPlacement a, others[9];

  mcu_placement_init (&a, "p", MCU_VIDEO_CAMERA, &(McuRect){0, 0, 2, 2});
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    others[i] = a;
  others[0].fit = MCU_FIT_CONTAIN;
  others[1].radius_px = 1;
  others[2].border_px = 2;
  others[3].border_rgba = 1;
  others[4].speaking_rgba = 1;
  others[5].label = MCU_LABEL_NONE;
  others[6].label_style = MCU_LABEL_BAR;
  others[7].placeholder = TRUE;
  others[8].alpha = 254;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_assert_false (mcu_placement_equal (&a, &others[i]));
    g_assert_true (mcu_placement_is_of (&a, &others[i]));
  }
}

static void
test_placement__stream_names (void)
{
  McuVideo stream = MCU_VIDEO_CAMERA;

  g_assert_true (mcu_video_from_string (mcu_video_to_string (MCU_VIDEO_SCREEN), &stream));
  g_assert_cmpint (stream, ==, MCU_VIDEO_SCREEN);
  g_assert_true (mcu_video_from_string ("camera", &stream));
  g_assert_cmpint (stream, ==, MCU_VIDEO_CAMERA);
  g_assert_false (mcu_video_from_string ("microphone", &stream));
  g_assert_false (mcu_video_from_string (NULL, &stream));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/placement/init", test_placement__init);
  g_test_add_func ("/layouts/placement/equal", test_placement__equal);
  g_test_add_func ("/layouts/placement/equal_means_drawn_alike",
                   test_placement__equal_means_drawn_alike);
  g_test_add_func ("/layouts/placement/stream_names", test_placement__stream_names);

  return g_test_run ();
}
