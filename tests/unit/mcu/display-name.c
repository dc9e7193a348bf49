/* tests/unit/mcu/display-name.c - names from users.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/display-name.h"

#include <string.h>

static void
test_display_name__cases (void)
{
  static const struct
  {
    const char *given;
    const char *want;
  } cases[] = {
      {"Ada", "Ada"},
      {"  Ada \t\n Lovelace  ", "Ada Lovelace"},
      {"민수", "민수"},
      {NULL, "Guest"},
      {"", "Guest"},
      {" \n ", "Guest"},
      {"a\x01\x1b[31mb", "a[31mb"},
      {"evil\xe2\x80\xaegnp.exe", "evilgnp.exe"}, /* U+202E */
      {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *clean = mcu_display_name_clean (cases[i].given, "Guest");
    g_assert_cmpstr (clean, ==, cases[i].want);
  }
}

static void
test_display_name__is_cut_between_characters (void)
{
  GString *many = g_string_new ("x");

  for (int i = 0; i < 5000; i++)
    g_string_append (many, "민");
  g_autofree char *clean = mcu_display_name_clean (many->str, "Guest");
  g_assert_cmpuint (strlen (clean), <=, MCU_DISPLAY_NAME_MAX_BYTES);
  g_assert_cmpuint (strlen (clean), >, MCU_DISPLAY_NAME_MAX_BYTES - 4);
  g_assert_true (g_utf8_validate (clean, -1, NULL));
  g_string_free (many, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/display-name/cases", test_display_name__cases);
  g_test_add_func ("/display-name/is_cut_between_characters",
                   test_display_name__is_cut_between_characters);
  return g_test_run ();
}
