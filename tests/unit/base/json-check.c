/* tests/unit/base/json-check.c - what is refused before json-glib sees it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/json-check.h"

#include <string.h>

#include "mcu/base/error.h"

static JsonObject *
parse (const char *text)
{
  return mcu_json_parse_object (text, strlen (text), NULL);
}

static void
test_json_check__refuses (void)
{
  static const char *const bad[] = {
      "{\"a\":\"x\\ud800y\"}",
      "{\"a\":\"x\\uDC00y\"}",
      "{\"a\":\"\\ud83d\\u0041\"}",
      "{\"a\":\"\\ud83d\"}",
      "{\"a\":\"\\ud83d\\\\ude00\"}",
      "{\"\\ude00\":1}",
      "",
      " ",
      "[]",
      "1",
      "\"x\"",
      "null",
      "{",
      "}",
      "{\"a\":}",
      "{\"a\":1}}",
      "{'a':1}",
      "/* c */ {\"a\":1}",
      "{\"a\":\"\xff\"}",
      "var a = {\"b\":1}",
      "{\"a\":[1,2}",
      "{\"a\":1e999}",
      "{\"a\":[-2.5e31111111111]}",
      "{\"a\":11111111111111111111111111111111111111111}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (mcu_json_parse_object (bad[i], strlen (bad[i]), &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_JSON);
  }
  g_assert_null (mcu_json_parse_object ("{\"a\":1}\0{", 9, NULL)); /* NUL */
}

static char *
nested (guint depth)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
test_json_check__depth (void)
{
  g_autofree char *deepest = nested (MCU_JSON_MAX_DEPTH);
  g_autofree char *deeper = nested (MCU_JSON_MAX_DEPTH + 1);
  g_autofree char *bomb = nested (100000);
  g_autoptr (JsonObject) fine = parse (deepest);
  g_autoptr (JsonObject)
      brackets = parse ("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}");

  g_assert_nonnull (fine);
  g_assert_null (parse (deeper));
  g_assert_null (parse (bomb));
  g_assert_nonnull (brackets); /* in a string they nest nothing */
}

static void
test_json_check__members_of_the_wrong_type (void)
{
  g_autoptr (JsonObject) object = parse (
      " {\"s\":\"x\",\"i\":5,\"d\":1.5,\"big\":1e300,\"b\":true,\"n\":null,\"a\":[1,{}],\"o\":{}}");
  JsonArray *array = mcu_json_array (object, "a");

  g_assert_cmpstr (mcu_json_string (object, "s"), ==, "x");
  g_assert_null (mcu_json_string (object, "i"));
  g_assert_null (mcu_json_string (object, "n"));
  g_assert_null (mcu_json_string (object, "absent"));
  g_assert_cmpint (mcu_json_int (object, "i", -1), ==, 5);
  g_assert_cmpint (mcu_json_int (object, "d", -1), ==, 1);
  g_assert_cmpint (mcu_json_int (object, "big", -1), ==, -1);
  g_assert_cmpint (mcu_json_int (object, "s", -1), ==, -1);
  g_assert_true (mcu_json_bool (object, "b", FALSE));
  g_assert_true (mcu_json_bool (object, "i", TRUE));
  g_assert_null (mcu_json_object (object, "a"));
  g_assert_nonnull (mcu_json_object (object, "o"));
  g_assert_null (mcu_json_array (object, "o"));
  g_assert_null (mcu_json_array_object (array, 0));
  g_assert_nonnull (mcu_json_array_object (array, 1));
  g_assert_null (mcu_json_array_object (array, 2));
}

static void
test_json_check__written_is_read_again (void)
{
  static const char *const texts[][2] = {
      {"{\"a\":[2.e53,-1e22,1.0,true]}", "{\"a\":[2e+53,-1e+22,1.0,true]}"},
      {"{\"2e5.0\":\"\\\"2e5.0\"}", "{\"2e5.0\":\"\\\"2e5.0\"}"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonObject) object = mcu_json_parse_object (texts[i][0], strlen (texts[i][0]), NULL);
    g_autofree char *text = mcu_json_to_text (object);
    g_autoptr (JsonObject) again = mcu_json_parse_object (text, strlen (text), NULL);

    g_assert_cmpstr (text, ==, texts[i][1]);
    g_assert_nonnull (again);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-check/refuses", test_json_check__refuses);
  g_test_add_func ("/json-check/written-is-read-again", test_json_check__written_is_read_again);
  g_test_add_func ("/json-check/depth", test_json_check__depth);
  g_test_add_func ("/json-check/members_of_the_wrong_type",
                   test_json_check__members_of_the_wrong_type);
  return g_test_run ();
}
