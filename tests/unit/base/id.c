/* tests/unit/base/id.c - identifiers and room names.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/id.h"

#include <string.h>

static void
test_id__new_ones_are_valid_and_differ (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 1000; i++) {
    char *id = mcu_id_new ("p");
    g_assert_true (mcu_id_is_valid (id));
    g_assert_cmpuint (strlen (id), >=, 22 + 2); /* 128 bits in base64, and the prefix */
    g_assert_true (g_hash_table_add (seen, id));
  }
}

static void
test_id__names (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *too_long = g_strnfill (65, 'a');

  g_assert_true (mcu_room_name_is_valid ("weekly.2026_a-b"));
  g_assert_true (mcu_room_name_is_valid (longest));
  g_assert_false (mcu_room_name_is_valid (too_long));
  g_assert_false (mcu_room_name_is_valid (NULL));
  g_assert_false (mcu_room_name_is_valid (""));
  g_assert_false (mcu_room_name_is_valid (".."));
  g_assert_false (mcu_room_name_is_valid (".hidden"));
  g_assert_false (mcu_room_name_is_valid ("a/b"));
  g_assert_false (mcu_room_name_is_valid ("방"));
  g_assert_false (mcu_id_is_valid ("a.b"));
  g_assert_true (mcu_id_is_valid (longest));
  g_assert_false (mcu_id_is_valid (too_long));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id/new_ones_are_valid_and_differ", test_id__new_ones_are_valid_and_differ);
  g_test_add_func ("/id/names", test_id__names);
  return g_test_run ();
}
