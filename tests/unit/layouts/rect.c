/* tests/unit/layouts/rect.c - rectangles, and what is left of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/rect.h"

#include <string.h>

#define SIDE 32

static void
test_rect__inside (void)
{
  g_assert_true (mcu_rect_is_inside (&(McuRect){0, 0, 4, 4}, 4, 4));
  g_assert_false (mcu_rect_is_inside (&(McuRect){2, 0, 4, 4}, 4, 4));
  g_assert_false (mcu_rect_is_inside (&(McuRect){-2, 0, 4, 4}, 4, 4));
  g_assert_false (mcu_rect_is_inside (&(McuRect){0, 0, 0, 4}, 4, 4));
  g_assert_false (mcu_rect_is_inside (&(McuRect){0, 0, -4, 4}, 4, 4));
  g_assert_false (mcu_rect_is_inside (&(McuRect){G_MAXINT - 1, 0, G_MAXINT, 2}, 4, 4));
}

static void
test_rect__overlap (void)
{
  McuRect a = {0, 0, 4, 4};

  g_assert_false (mcu_rect_overlap (&a, &(McuRect){4, 0, 4, 4}));
  g_assert_false (mcu_rect_overlap (&a, &(McuRect){0, 4, 4, 4}));
  g_assert_true (mcu_rect_overlap (&a, &(McuRect){2, 2, 4, 4}));
}

static McuRect
random_rect (void)
{
  McuRect rect = {g_test_rand_int_range (-4, SIDE), g_test_rand_int_range (-4, SIDE),
                  g_test_rand_int_range (1, SIDE), g_test_rand_int_range (1, SIDE)};

  return rect;
}

static void
paint (guint8 *pixels, const McuRect *rect, gboolean once)
{
  for (int y = MAX (rect->y, 0); y < MIN (rect->y + rect->height, SIDE); y++)
    for (int x = MAX (rect->x, 0); x < MIN (rect->x + rect->width, SIDE); x++) {
      g_assert_true (!once || pixels[y * SIDE + x] == 0);
      pixels[y * SIDE + x] = 1;
    }
}

/* Holes and what is left cover every pixel, and no pixel is left twice or left in a hole. */
static void
test_rect__subtract (void)
{
  for (int round = 0; round < 500; round++) {
    g_autoptr (GArray) rects = g_array_new (FALSE, FALSE, sizeof (McuRect));
    McuRect all = {0, 0, SIDE, SIDE};
    guint8 pixels[SIDE * SIDE] = {0};

    g_array_append_val (rects, all);
    for (int holes = g_test_rand_int_range (0, 8); holes > 0; holes--) {
      McuRect hole = random_rect ();

      mcu_rects_subtract (rects, &hole);
      paint (pixels, &hole, FALSE);
    }
    for (guint i = 0; i < rects->len; i++) {
      g_assert_true (mcu_rect_is_inside (&g_array_index (rects, McuRect, i), SIDE, SIDE));
      paint (pixels, &g_array_index (rects, McuRect, i), TRUE);
    }
    g_assert_null (memchr (pixels, 0, sizeof pixels));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/rect/inside", test_rect__inside);
  g_test_add_func ("/layouts/rect/overlap", test_rect__overlap);
  g_test_add_func ("/layouts/rect/subtract", test_rect__subtract);

  return g_test_run ();
}
