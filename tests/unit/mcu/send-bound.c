/* tests/unit/mcu/send-bound.c - what is worth sending, and when it is said.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/send-bound.h"

#include "layouts/grid.h"

#define S G_USEC_PER_SEC

/* What a client makes of a bound: signaling/web/bounds.js, encodingFor(). */
static double
scale_of (int width, int height, const McuSendBound *bound)
{
  return MAX (1.0, MAX ((double) width / bound->width, (double) height / bound->height));
}

static void
test_send_bound__sizes (void)
{
  static const struct
  {
    int tile[2];
    int camera[2];
    int sent[2]; /* by a client that obeys */
  } rows[] = {
      {{1280, 720}, {640, 360}, {640, 360}}, /* never larger than it is */
      {{640, 360}, {640, 360}, {640, 360}},
      {{640, 360}, {1280, 720}, {640, 360}},
      {{426, 240}, {640, 360}, {426, 240}},
      {{426, 240}, {1280, 720}, {426, 240}},
      {{480, 270}, {640, 360}, {480, 270}},
      {{320, 180}, {640, 360}, {320, 180}},
      {{240, 136}, {640, 360}, {241, 136}},
      {{160, 90}, {640, 360}, {160, 90}},
      {{182, 102}, {640, 360}, {213, 120}},
      {{40, 22}, {640, 360}, {160, 90}},
      {{426, 240}, {640, 480}, {480, 360}}, /* 426x320 of it is seen, at the least */
      {{426, 240}, {360, 640}, {360, 640}}, /* a phone held upright: all its width is needed */
      {{182, 102}, {360, 640}, {202, 360}},
      {{240, 426}, {640, 360}, {640, 360}}, /* 757x426 would be needed */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    McuSendBound bound = mcu_send_bound_of_camera (rows[i].tile[0], rows[i].tile[1],
                                                   rows[i].camera[0], rows[i].camera[1], 30);
    double scale = scale_of (rows[i].camera[0], rows[i].camera[1], &bound);

    g_test_message ("%dx%d in %dx%d: bound %dx%d", rows[i].camera[0], rows[i].camera[1],
                    rows[i].tile[0], rows[i].tile[1], bound.width, bound.height);
    g_assert_cmpint ((int) (rows[i].camera[0] / scale), ==, rows[i].sent[0]);
    g_assert_cmpint ((int) (rows[i].camera[1] / scale), ==, rows[i].sent[1]);
  }
}

/* As the pictures shrink their measured shape is off by a pixel: that must not move the bound. */
static void
test_send_bound__obeyed_is_a_fixed_point (void)
{
  static const int cameras[][2] = {{640, 360}, {1280, 720}, {640, 480}, {360, 640}, {480, 480}};
  McuRect rects[MCU_PLACEMENT_MAX_TILES];

  for (guint n = 1; n <= MCU_PLACEMENT_MAX_TILES; n++)
    for (guint i = 0; i < G_N_ELEMENTS (cameras); i++) {
      int w = cameras[i][0], h = cameras[i][1];
      McuSendBound first, second;
      double scale;

      mcu_grid_place (n, 1280, 720, rects);
      first = mcu_send_bound_of_camera (rects[0].width, rects[0].height, w, h, 30);
      scale = scale_of (w, h, &first);
      second = mcu_send_bound_of_camera (rects[0].width, rects[0].height, (int) (w / scale),
                                         (int) (h / scale), 30);
      g_test_message ("%u people, %dx%d: %dx%d, then %dx%d", n, w, h, first.width, first.height,
                      second.width, second.height);
      g_assert_true (mcu_send_bound_is_near (&first, &second));
      g_assert_cmpuint (first.bitrate_bps, >=, 100000);
      g_assert_cmpuint (first.bitrate_bps, <=, 2500000);
    }
}

static void
test_send_bound__bitrate (void)
{
  McuSendBound large = mcu_send_bound_of_camera (640, 360, 640, 360, 30);
  McuSendBound small = mcu_send_bound_of_camera (320, 180, 640, 360, 30);
  McuSendBound slow = mcu_send_bound_of_camera (640, 360, 640, 360, 10);
  McuSendBound screen = mcu_send_bound_of_screen (1280, 720, 30);

  g_assert_cmpuint (large.bitrate_bps, ==, 900000);
  g_assert_cmpuint (small.bitrate_bps, ==, 320000);
  g_assert_cmpuint (slow.bitrate_bps, <, 500000);
  g_assert_cmpuint (slow.fps, ==, 10);
  g_assert_cmpint (screen.height, ==, 720);
  g_assert_cmpuint (screen.fps, ==, 15);
}

static McuSendBound
bound_of (int height)
{
  return mcu_send_bound_of_camera (height * 16 / 9, height, 640, 360, 30);
}

static void
want (McuSendState *state, int height, gint64 now_us)
{
  McuSendBound bound = height > 0 ? bound_of (height) : (McuSendBound){.active = FALSE};

  mcu_send_state_want (state, &bound, now_us);
}

static void
test_send_bound__when (void)
{
  McuSendState state = {0};

  g_assert_cmpint (mcu_send_state_due_us (&state), ==, G_MAXINT64);
  want (&state, 360, 100 * S);
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, 100 * S); /* the first at once */
  mcu_send_state_said (&state, 100 * S);
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, G_MAXINT64);

  want (&state, 240, 110 * S); /* somebody joined ... */
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, 115 * S);
  want (&state, 360, 112 * S); /* ... and left */
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, G_MAXINT64);

  want (&state, 240, 120 * S);
  want (&state, 240, 124 * S); /* the same again does not put it off */
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, 125 * S);
  mcu_send_state_said (&state, 125 * S);
  want (&state, 360, 125 * S + 1); /* more is said soon, but for the rate */
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, 126 * S);
  mcu_send_state_said (&state, 126 * S);

  want (&state, 0, 130 * S);
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, 135 * S);
  mcu_send_state_said (&state, 135 * S);
  want (&state, 90, 140 * S); /* seen again */
  g_assert_cmpint (mcu_send_state_due_us (&state), ==, 140 * S);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/send_bound/sizes", test_send_bound__sizes);
  g_test_add_func ("/send_bound/obeyed_is_a_fixed_point", test_send_bound__obeyed_is_a_fixed_point);
  g_test_add_func ("/send_bound/bitrate", test_send_bound__bitrate);
  g_test_add_func ("/send_bound/when", test_send_bound__when);
  return g_test_run ();
}
