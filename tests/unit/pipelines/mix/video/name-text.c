/* tests/unit/pipelines/mix/video/name-text.c - names from users.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/name-text.h"

#include <string.h>

static const struct
{
  const char *name;
  const char *clean;
  const char *initials;
} cases[] = {
    {NULL, "", ""},
    {"", "", ""},
    {"   ", "", ""},
    {"Ada Lovelace", "Ada Lovelace", "AL"},
    {"  ada\t\n of  lovelace ", "ada of lovelace", "AO"},
    {"Bob", "Bob", "B"},
    {"(guest) \"Zoe\"", "(guest) \"Zoe\"", "GZ"},
    {"--- ...", "--- ...", ""},
    {"<b>bold</b> &amp;", "<b>bold</b> &amp;", "BA"},
    {"김철수", "김철수", "김"},
    {"김철수 이영희", "김철수 이영희", "김이"},
    /* Decomposed Hangul is one cluster of three. */
    {"\341\204\222\341\205\241\341\206\253x", "\341\204\222\341\205\241\341\206\253x",
     "\341\204\222\341\205\241\341\206\253"},
    {"👩‍👩‍👧 🇰🇷 x", "👩‍👩‍👧 🇰🇷 x",
     "👩‍👩‍👧🇰🇷"},
    {"\316\261\314\201 b", "\316\261\314\201 b", "\316\221\314\201B"},
    /* Bidi override, isolate, mark, byte order mark, soft hyphen, escape, private use. */
    {"a\342\200\256b\342\201\246c\342\200\217d\357\273\277e\302\255f\033[g\356\200\200h",
     "abcdef[gh", "A"},
    {"line\342\200\250break", "line break", "LB"},
    {"\xff\xfe"
     "bad",
     "\357\277\275\357\277\275bad", "B"},
};

static void
test_name_text__known (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *clean = mcu_name_clean (cases[i].name);
    g_autofree char *initials = mcu_name_initials (clean);

    g_assert_cmpstr (clean, ==, cases[i].clean);
    g_assert_cmpstr (initials, ==, cases[i].initials);
  }
}

static void
test_name_text__bounded (void)
{
  g_autofree char *letters = g_strnfill (100000, 'x');
  g_autoptr (GString) marks = g_string_new ("a");
  g_autoptr (GString) joined = g_string_new ("");
  g_autofree char *clean = mcu_name_clean (letters);
  g_autofree char *few_marks = NULL;
  g_autofree char *initials = NULL;

  g_assert_cmpuint (strlen (clean), ==, MCU_NAME_MAX_CHARS);

  for (int i = 0; i < 60; i++)
    g_string_append (marks, "\314\200");
  few_marks = mcu_name_clean (marks->str);
  g_assert_cmpuint (strlen (few_marks), ==, 1 + 4 * 2);

  for (int i = 0; i < 40; i++)
    g_string_append (joined, "👩\342\200\215");
  g_free (clean);
  clean = mcu_name_clean (joined->str);
  initials = mcu_name_initials (clean);
  g_assert_cmpint (g_utf8_strlen (initials, -1), <=, 16);
}

static void
test_name_text__any_bytes (void)
{
  for (int i = 0; i < 3000; i++) {
    char name[200] = {0};
    g_autofree char *clean = NULL;
    g_autofree char *initials = NULL;
    int length = g_test_rand_int_range (0, sizeof name);

    for (int j = 0; j < length; j++)
      name[j] = (char) g_test_rand_int_range (0, i % 2 == 0 ? 256 : 128);
    clean = mcu_name_clean (name);
    g_assert_true (g_utf8_validate (clean, -1, NULL));
    g_assert_cmpint (g_utf8_strlen (clean, -1), <=, MCU_NAME_MAX_CHARS + 48);
    for (const char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
      g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
    initials = mcu_name_initials (clean);
    g_assert_true (g_utf8_validate (initials, -1, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/video/name_text/known", test_name_text__known);
  g_test_add_func ("/video/name_text/bounded", test_name_text__bounded);
  g_test_add_func ("/video/name_text/any_bytes", test_name_text__any_bytes);

  return g_test_run ();
}
