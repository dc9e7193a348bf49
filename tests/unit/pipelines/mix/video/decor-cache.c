/* tests/unit/pipelines/mix/video/decor-cache.c - bounded, least recently used first.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/decor-cache.h"

static void
add (McuDecorCache *cache, const char *key, int size)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  g_autoptr (McuOverlay) overlay = mcu_overlay_new (surface);

  cairo_surface_destroy (surface);
  mcu_decor_cache_add (cache, key, overlay);
}

static gboolean
has (McuDecorCache *cache, const char *key)
{
  g_autoptr (McuOverlay) overlay = mcu_decor_cache_find (cache, key);

  return overlay != NULL;
}

static void
test_decor_cache__least_recently_used_goes (void)
{
  g_autoptr (McuDecorCache) cache = mcu_decor_cache_new (2, 1 << 20);

  add (cache, "a", 8);
  add (cache, "b", 8);
  g_assert_true (has (cache, "a"));
  add (cache, "c", 8);
  g_assert_true (has (cache, "a"));
  g_assert_false (has (cache, "b"));
  g_assert_true (has (cache, "c"));
  g_assert_cmpuint (mcu_decor_cache_get_count (cache), ==, 2);
}

static void
test_decor_cache__memory_is_bounded (void)
{
  g_autoptr (McuDecorCache) cache = mcu_decor_cache_new (1000, 10 * 64 * 64 * 3);
  g_autoptr (McuOverlay) held = NULL;

  add (cache, "held", 64);
  held = mcu_decor_cache_find (cache, "held");
  for (int i = 0; i < 100; i++) {
    g_autofree char *key = g_strdup_printf ("%d", i);

    add (cache, key, 64);
  }
  g_assert_cmpuint (mcu_decor_cache_get_count (cache), <=, 11);
  g_assert_cmpuint (mcu_decor_cache_get_count (cache), >=, 9);
  g_assert_false (has (cache, "held"));
  g_assert_cmpint (mcu_overlay_get_width (held), ==, 64); /* in use: still there for its user */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/decor_cache/least_recently_used_goes",
                   test_decor_cache__least_recently_used_goes);
  g_test_add_func ("/video/decor_cache/memory_is_bounded", test_decor_cache__memory_is_bounded);

  return g_test_run ();
}
