/* tests/server/signs.c - captions and avatars by REST, as anybody may ask for them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define PNG "\x89PNG\r\n\x1a\n"
#define PNG_TYPE "Content-Type: image/png\r\n"
#define CAPTION "/v1/rooms/r/caption"

static Server *server;

static guint
ask (const char *method, const char *path, const char *head, const char *body)
{
  guint status;

  g_free (http (server, method, path, head, body, &status));
  return status;
}

static void
assert_caption (const char *text)
{
  guint status;
  g_autofree char *response = http (server, "GET", CAPTION, NULL, NULL, &status);
  const char *body = http_body (response);
  g_autoptr (JsonObject) object = mcu_json_parse_object (body, strlen (body), NULL);

  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (object);
  g_assert_true (json_object_has_member (object, "text"));
  g_assert_cmpstr (mcu_json_string (object, "text"), ==, text);
}

static void
test_signs__caption (void)
{
  Ws *ws = ws_open (server, "r", NULL);
  g_autofree char *longer = g_strnfill (501, 'x');
  g_autofree char *too_long = g_strdup_printf ("{\"text\":\"%s\"}", longer);

  json_object_unref (ws_join (ws, "Ada"));
  assert_caption (NULL);
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, "{\"text\":\"\xec\x9e\x90\xeb\xa7\x89\"}"), ==, 200);
  assert_caption ("\xec\x9e\x90\xeb\xa7\x89");
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, too_long), ==, 413);
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, "{\"text\":7}"), ==, 400);
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, "{}"), ==, 400);
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, "no"), ==, 400);
  assert_caption ("\xec\x9e\x90\xeb\xa7\x89");
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, "{\"text\":null}"), ==, 200);
  assert_caption (NULL);
  g_assert_cmpuint (ask ("PUT", CAPTION, NULL, "{\"text\":\"again\"}"), ==, 200);
  g_assert_cmpuint (ask ("DELETE", CAPTION, NULL, NULL), ==, 200);
  assert_caption (NULL);
  g_assert_cmpuint (ask ("GET", "/v1/rooms/nowhere/caption", NULL, NULL), ==, 404);
  g_assert_cmpuint (ask ("PUT", "/v1/rooms/nowhere/caption", NULL, "{\"text\":\"x\"}"), ==, 404);
  g_assert_cmpuint (ask ("PUT", CAPTION, "X-Forwarded-For: 1.2.3.4\r\n", "{\"text\":\"x\"}"), !=,
                    200);
  ws_free (ws);
}

static char *
png_of (gsize length)
{
  g_autofree char *rest = g_strnfill (length - strlen (PNG), 'x');

  return g_strconcat (PNG, rest, NULL);
}

static void
test_signs__avatar (void)
{
  Ws *ws = ws_open (server, "r", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ada");
  g_autofree char *path = g_strdup_printf ("/v1/rooms/r/participants/%s/avatar",
                                           mcu_json_string (welcome, "participant"));
  g_autofree char *largest = png_of (256 * 1024);
  g_autofree char *larger = png_of (256 * 1024 + 1);
  g_autofree char *much = png_of (100 * 1024);

  g_assert_cmpuint (ask ("PUT", path, PNG_TYPE, PNG "face"), ==, 204);
  g_assert_cmpuint (ask ("PUT", path, PNG_TYPE, largest), ==, 204);
  g_assert_cmpuint (ask ("PUT", path, PNG_TYPE, larger), ==, 413);
  g_assert_cmpuint (ask ("PUT", path, PNG_TYPE, "GIF89a"), ==, 415);
  g_assert_cmpuint (ask ("PUT", path, "Content-Type: image/gif\r\n", PNG "face"), ==, 415);
  g_assert_cmpuint (ask ("DELETE", path, NULL, NULL), ==, 204);
  g_assert_cmpuint (ask ("GET", path, NULL, NULL), ==, 405);
  g_assert_cmpuint (ask ("PUT", "/v1/rooms/r/participants/nobody/avatar", PNG_TYPE, PNG "x"), ==,
                    404);
  /* Nothing else may be as large. */
  g_assert_cmpuint (ask ("PUT", "/v1/rooms/r/layout", NULL, much), ==, 413);
  ws_free (ws);
}

static void
test_signs__layout_with_a_member_twice (void)
{
  Ws *ws = ws_open (server, "r", NULL);
  guint status;
  g_autofree char *response = NULL;

  json_object_unref (ws_join (ws, "Ada"));
  response = http (server, "PUT", "/v1/rooms/r/layout", NULL,
                   "{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":true,"
                   "\"people\":\"2+\"}]}",
                   &status);
  g_assert_cmpuint (status, ==, 400);
  g_assert_nonnull (strstr (response, "layout: arrangements[0].people: there twice"));
  ws_free (ws);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL, NULL);
  g_test_add_func ("/server/signs/caption", test_signs__caption);
  g_test_add_func ("/server/signs/avatar", test_signs__avatar);
  g_test_add_func ("/server/signs/layout-with-a-member-twice",
                   test_signs__layout_with_a_member_twice);
  status = g_test_run ();
  server_stop (server);
  return status;
}
