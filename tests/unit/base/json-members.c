/* tests/unit/base/json-members.c - members that stand twice are found, and where.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/json-members.h"

#include <string.h>

#include "mcu/base/json-check.h"

static const struct
{
  const char *text;
  const char *where; /* NULL: nowhere */
} cases[] = {
    {"{}", NULL},
    {"{\"a\":1,\"b\":2}", NULL},
    {"{\"a\":1,\"a\":2}", "a"},
    {" { \"a\" : 1 , \"b\" : [ ] , \"a\" : 2 } ", "a"},
    {"{\"a\":{\"x\":1},\"b\":{\"x\":1}}", NULL},
    {"{\"a\":{\"x\":1,\"x\":1}}", "a.x"},
    {"{\"s\":[{\"x\":1},{\"x\":1}]}", NULL},
    {"{\"s\":[1,{\"x\":[[]],\"y\":\"x\",\"x\":1}]}", "s[1].x"},
    {"{\"s\":[[{},{\"x\":{},\"x\":1}]]}", "s[0][1].x"},
    /* What looks like a member in a string is none. */
    {"{\"a\":\"\\\",\\\"a\\\":1\",\"b\":1}", NULL},
    {"{\"a\\\"\":1,\"a\":2}", NULL},
    /* The same name, spelt otherwise. */
    {"{\"a\":1,\"\\u0061\":2}", "a"},
    {"{\"\\ud83d\\ude00\":1,\"\\uD83D\\uDE00\":2}", "\\\\ud83d\\\\ude00"},
    {"{\"\\n\":1,\"\\u000a\":2}", "\\n"},
    {"{\"\":1,\"\":2}", ""},
    {"{\"a\":true,\"b\":null,\"c\":-1.5e3,\"b\":false}", "b"},
};

static void
test_json_members_twice (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    gsize length = strlen (cases[i].text);
    g_autoptr (JsonObject) object = mcu_json_parse_object (cases[i].text, length, &error);
    g_autofree char *where = mcu_json_find_twice (cases[i].text, length);

    g_assert_no_error (error);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (where, ==, cases[i].where);
  }
}

/* Whatever is cut off, it ends inside the text. */
static void
test_json_members_cut (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize n = 0; n < strlen (cases[i].text); n++) {
      g_autofree char *cut = g_memdup2 (cases[i].text, n + 1);
      char *exact = g_memdup2 (cut, MAX (n, 1));

      g_free (mcu_json_find_twice (exact, n));
      g_free (exact);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json-members/twice", test_json_members_twice);
  g_test_add_func ("/base/json-members/cut", test_json_members_cut);
  return g_test_run ();
}
