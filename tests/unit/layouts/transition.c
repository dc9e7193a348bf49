/* tests/unit/layouts/transition.c - on the way from one placement to the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/transition.h"

#include "tests/unit/layouts/crowd.h"

static McuPlacement
tile (const char *id, int x, int y, int width, int height)
{
  McuPlacement place;

  g_assert_true (
      mcu_placement_init (&place, id, MCU_VIDEO_CAMERA, &(McuRect){x, y, width, height}));
  return place;
}

static void
test_transition__glides (void)
{
  McuPlacement from = tile ("a", 0, 0, 640, 360), to = tile ("a", 320, 180, 960, 540);
  McuPlacement out[MCU_PLACEMENT_MAX_TILES];
  McuTransition transition;
  int last = 0, first_step, middle_step, previous;

  to.radius_px = 20;
  mcu_transition_init (&transition, &from, 1, &to, 1, 300);
  g_assert_cmpuint (mcu_transition_at (&transition, 0, out), ==, 1);
  g_assert_true (mcu_rect_equal (&out[0].rect, &from.rect));
  for (int t = 0; t <= 300; t += 10) {
    g_assert_cmpuint (mcu_transition_at (&transition, t, out), ==, 1);
    g_assert_true (mcu_rect_is_even (&out[0].rect));
    g_assert_cmpint (out[0].rect.x, >=, last); /* never back */
    g_assert_cmpint (out[0].alpha, ==, 255);
    last = out[0].rect.x;
  }
  mcu_transition_at (&transition, 150, out);
  g_assert_true (mcu_rect_equal (&out[0].rect, &(McuRect){160, 90, 800, 450}));
  g_assert_cmpint (out[0].radius_px, ==, 10);
  previous = out[0].rect.x;
  mcu_transition_at (&transition, 180, out);
  middle_step = out[0].rect.x - previous;
  mcu_transition_at (&transition, 30, out);
  first_step = out[0].rect.x;
  g_assert_cmpint (first_step, >, 0);
  g_assert_cmpint (3 * first_step, <, middle_step); /* slow at the ends */
}

static void
test_transition__fades (void)
{
  McuPlacement from[] = {tile ("gone", 0, 0, 64, 64), tile ("stays", 64, 0, 64, 64)};
  McuPlacement to[] = {tile ("stays", 64, 0, 64, 64), tile ("comes", 0, 0, 64, 64)};
  McuPlacement out[MCU_PLACEMENT_MAX_TILES];
  McuTransition transition;

  mcu_transition_init (&transition, from, 2, to, 2, 200);
  g_assert_cmpuint (mcu_transition_at (&transition, 0, out), ==, 3);
  g_assert_cmpint (find_tile (out, 3, "gone", MCU_VIDEO_CAMERA)->alpha, ==, 255);
  g_assert_cmpint (find_tile (out, 3, "comes", MCU_VIDEO_CAMERA)->alpha, ==, 0);
  g_assert_cmpuint (mcu_transition_at (&transition, 100, out), ==, 3);
  g_assert_cmpstr (out[0].participant, ==, "gone"); /* behind */
  g_assert_cmpint (out[0].alpha, ==, 128);
  g_assert_cmpint (find_tile (out, 3, "comes", MCU_VIDEO_CAMERA)->alpha, ==, 128);
  g_assert_true (mcu_placement_equal (find_tile (out, 3, "stays", MCU_VIDEO_CAMERA), &to[0]));
  g_assert_cmpuint (mcu_transition_at (&transition, 200, out), ==, 2);
}

static void
test_transition__ends_exactly (void)
{
  McuPlacement to[2] = {tile ("b", 2, 2, 30, 30), tile ("a", 40, 40, 20, 20)};
  McuPlacement from = tile ("a", 0, 0, 64, 64);
  McuPlacement out[MCU_PLACEMENT_MAX_TILES];
  McuTransition transition;

  to[0].border_px = 2;
  for (int duration = -5; duration <= 300; duration += 61) {
    mcu_transition_init (&transition, &from, 1, to, 2, duration);
    g_assert_cmpuint (mcu_transition_at (&transition, MAX (duration, 0), out), ==, 2);
    g_assert_true (mcu_transition_is_done (&transition, MAX (duration, 0)));
    for (guint i = 0; i < 2; i++)
      g_assert_true (mcu_placement_equal (&out[i], &to[i]));
    g_assert_cmpuint (mcu_transition_at (&transition, G_MAXINT64, out), ==, 2);
  }
}

static void
test_transition__cut (void)
{
  McuPlacement from = tile ("a", 0, 0, 64, 64), to = tile ("a", 64, 0, 64, 64);
  McuPlacement out[MCU_PLACEMENT_MAX_TILES];
  McuTransition transition;

  mcu_transition_init (&transition, &from, 1, &to, 1, 0);
  g_assert_true (mcu_transition_is_done (&transition, -1)); /* a clock may be behind */
  g_assert_true (mcu_transition_is_done (&transition, 0));
  g_assert_cmpuint (mcu_transition_at (&transition, 0, out), ==, 1);
  g_assert_true (mcu_placement_equal (&out[0], &to));
}

static void
assert_all_the_way (const McuTransition *transition, int width, int height)
{
  for (gint64 t = -16; t <= transition->duration_ms + 16; t += 16) {
    McuPlacement out[MCU_PLACEMENT_MAX_TILES];
    guint n = mcu_transition_at (transition, t, out);

    g_assert_cmpuint (n, <=, MCU_PLACEMENT_MAX_TILES);
    g_assert_cmpuint (n, >=, transition->n_to);
    for (guint i = 0; i < n; i++) {
      g_assert_true (mcu_rect_is_even (&out[i].rect));
      g_assert_true (mcu_rect_is_inside (&out[i].rect, width, height));
      g_assert_cmpint (out[i].border_px & 1, ==, 0);
      for (guint j = 0; j < i; j++)
        g_assert_false (mcu_placement_is_of (&out[i], &out[j]));
    }
  }
}

/* Any layout to any other, with people coming and going, broken off halfway. */
static void
test_transition__between_any_layouts (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  g_autoptr (GPtrArray) layouts = mcu_layout_store_list (store);
  McuPlacement now[MCU_PLACEMENT_MAX_TILES];
  McuSeating seating = {0};
  guint n_now = 0;

  for (guint i = 0; i < 300; i++) {
    const McuLayout *layout = layouts->pdata[g_test_rand_int_range (0, (gint) layouts->len)];
    McuPlacement next[MCU_PLACEMENT_MAX_TILES];
    McuTransition transition;
    Crowd crowd;
    guint n;

    crowd_init (&crowd, (guint) g_test_rand_int_range (1, 55));
    for (int gone = g_test_rand_int_range (0, (gint) crowd.n); gone > 0; gone--)
      crowd_leave (&crowd, 0);
    n = mcu_layout_solve (layout, 641, 1137, crowd.people, crowd.n, 1000 + i, &seating, next);
    mcu_transition_init (&transition, now, n_now, next, n, g_test_rand_int_range (0, 400));
    assert_all_the_way (&transition, 641, 1137);
    n_now = mcu_transition_at (&transition, g_test_rand_int_range (0, 500), now);
  }
}

/* Those that go make room for those that come. */
static void
test_transition__never_more_tiles_than_a_canvas_has (void)
{
  McuPlacement from[MCU_PLACEMENT_MAX_TILES], to[MCU_PLACEMENT_MAX_TILES];
  McuPlacement out[MCU_PLACEMENT_MAX_TILES];
  McuTransition transition;

  for (guint i = 0; i < MCU_PLACEMENT_MAX_TILES; i++) {
    from[i] = tile ("a", (int) i * 2, 0, 2, 2);
    to[i] = tile ("b", (int) i * 2, 0, 2, 2);
    g_snprintf (from[i].participant, sizeof from[i].participant, "old%u", i);
    g_snprintf (to[i].participant, sizeof to[i].participant, "new%u", i);
  }
  mcu_transition_init (&transition, from, 1000, to, 45, 100);
  g_assert_cmpuint (mcu_transition_at (&transition, 50, out), ==, MCU_PLACEMENT_MAX_TILES);
  g_assert_cmpstr (out[3].participant, ==, "old3");
  g_assert_cmpstr (out[4].participant, ==, "new0");
  mcu_transition_init (&transition, from, 49, to, 1000, 100);
  g_assert_cmpuint (mcu_transition_at (&transition, 50, out), ==, MCU_PLACEMENT_MAX_TILES);
  g_assert_cmpstr (out[0].participant, ==, "new0");
}

static void
test_transition__a_new_one_begins_where_the_old_one_was (void)
{
  McuPlacement a = tile ("a", 0, 0, 64, 64), b = tile ("b", 0, 0, 64, 64);
  McuPlacement halfway[MCU_PLACEMENT_MAX_TILES], out[MCU_PLACEMENT_MAX_TILES];
  McuTransition there, back;
  guint n;

  mcu_transition_init (&there, &a, 1, &b, 1, 100);
  n = mcu_transition_at (&there, 40, halfway);
  mcu_transition_init (&back, halfway, n, &a, 1, 100);
  g_assert_cmpuint (mcu_transition_at (&back, 0, out), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (find_tile (out, n, halfway[i].participant, MCU_VIDEO_CAMERA)->alpha, ==,
                     halfway[i].alpha);
  mcu_transition_at (&back, 100, out);
  g_assert_true (mcu_placement_equal (&out[0], &a));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/transition/glides", test_transition__glides);
  g_test_add_func ("/layouts/transition/fades", test_transition__fades);
  g_test_add_func ("/layouts/transition/ends_exactly", test_transition__ends_exactly);
  g_test_add_func ("/layouts/transition/cut", test_transition__cut);
  g_test_add_func ("/layouts/transition/between_any_layouts", test_transition__between_any_layouts);
  g_test_add_func ("/layouts/transition/never_more_tiles_than_a_canvas_has",
                   test_transition__never_more_tiles_than_a_canvas_has);
  g_test_add_func ("/layouts/transition/a_new_one_begins_where_the_old_one_was",
                   test_transition__a_new_one_begins_where_the_old_one_was);

  return g_test_run ();
}
