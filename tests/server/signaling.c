/* tests/server/signaling.c - people in a room, over real WebSockets.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

static Server *server;

static void
assert_bye (Ws *ws, const char *wanted, guint16 close_code)
{
  g_autofree char *code = ws_wait_end (ws);

  g_assert_cmpstr (code, ==, wanted);
  g_assert_cmpuint (ws->close_code, ==, close_code);
  ws_free (ws);
}

/* Returns: the id of @message's participant, which is given whole or by its id. */
static const char *
id_of (JsonObject *message)
{
  JsonObject *who = mcu_json_object (message, "participant");

  return who != NULL ? mcu_json_string (who, "id") : mcu_json_string (message, "participant");
}

static JsonObject *
get_json (const char *path)
{
  guint status;
  g_autofree char *response = http (server, "GET", path, NULL, NULL, &status);
  const char *body = http_body (response);

  g_assert_cmpuint (status, ==, 200);
  return mcu_json_parse_object (body, strlen (body), NULL);
}

static void
test_signaling__join_is_awaited_5_s (void)
{
  Ws *ws = ws_open (server, "late", NULL);
  gint64 start_us = g_get_monotonic_time ();

  assert_bye (ws, "protocol", 1008);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >, 4 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 7 * G_USEC_PER_SEC);
}

static void
test_signaling__welcome (void)
{
  Ws *ws = ws_open (server, "hello", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "\\uc11c\\uc5f0");
  g_autoptr (JsonObject) rooms = NULL;
  g_autoptr (JsonObject) people = NULL;
  JsonArray *roster = mcu_json_array (welcome, "participants");

  g_assert_nonnull (id_of (welcome));
  g_assert_cmpstr (mcu_json_string (welcome, "role"), ==, "moderator"); /* the first without keys */
  g_assert_nonnull (mcu_json_string (welcome, "resume"));
  g_assert_false (mcu_json_bool (welcome, "resumed", TRUE));
  g_assert_nonnull (mcu_json_object (welcome, "room"));
  g_assert_nonnull (mcu_json_array (welcome, "ice_servers"));
  g_assert_cmpuint (json_array_get_length (roster), ==, 1);
  g_assert_cmpstr (mcu_json_string (mcu_json_array_object (roster, 0), "name"), ==, "서연");
  rooms = get_json ("/v1/rooms");
  g_assert_cmpuint (json_array_get_length (mcu_json_array (rooms, "rooms")), >=, 1);
  people = get_json ("/v1/rooms/hello/participants");
  g_assert_cmpuint (json_array_get_length (mcu_json_array (people, "participants")), ==, 1);
  ws_send (ws, "{\"type\":\"leave\"}");
  assert_bye (ws, "left", 1000);
}

/* The real thing is in room-snapshot; here is the way of the bytes. */
static void
test_signaling__snapshot (void)
{
  Ws *ws = ws_open (server, "seen", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ann");
  g_autofree char *none = NULL, *picture = NULL, *type = NULL;
  guint status;

  none = http (server, "GET", "/v1/rooms/nobodys/snapshot.png", NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 404);
  picture = http (server, "GET", "/v1/rooms/seen/snapshot.png", NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  type = http_header (picture, "Content-Type");
  g_assert_cmpstr (type, ==, "image/png");
  g_assert_cmpstr (http_body (picture), ==, "a picture");
  ws_send (ws, "{\"type\":\"leave\"}");
  assert_bye (ws, "left", 1000);
}

static void
test_signaling__two_chat (void)
{
  Ws *ann = ws_open (server, "chat", NULL);
  g_autoptr (JsonObject) of_ann = ws_join (ann, "Ann");
  Ws *bob = ws_open (server, "chat", NULL);
  g_autoptr (JsonObject) of_bob = ws_join (bob, "Bob");
  g_autoptr (JsonObject) joined = ws_wait (ann, "participant_joined");
  g_autoptr (JsonObject) chat = NULL;
  g_autoptr (JsonObject) updated = NULL;
  g_autoptr (JsonObject) left = NULL;

  g_assert_cmpstr (id_of (joined), ==, id_of (of_bob));
  g_assert_cmpuint (json_array_get_length (mcu_json_array (of_bob, "participants")), ==, 2);
  ws_send (ann, "{\"type\":\"chat\",\"text\":\"<b>hi</b> \\u00e9\"}");
  chat = ws_wait (bob, "chat");
  g_assert_cmpstr (mcu_json_string (chat, "text"), ==, "<b>hi</b> é");
  ws_send (bob, "{\"type\":\"state\",\"audio_muted\":true}");
  do {
    g_clear_pointer (&updated, json_object_unref);
    updated = ws_wait (ann, "participant_updated");
  } while (!mcu_json_bool (mcu_json_object (updated, "participant"), "audio_muted", FALSE));
  g_assert_cmpstr (id_of (updated), ==, id_of (of_bob));
  ws_send (bob, "{\"type\":\"leave\"}");
  left = ws_wait (ann, "participant_left");
  g_assert_cmpstr (id_of (left), ==, id_of (of_bob));
  ws_free (bob);
  ws_free (ann);
}

static void
test_signaling__ping (void)
{
  Ws *ws = ws_open (server, "ping", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ann");

  ws_send (ws, "{\"type\":\"ping\"}");
  json_object_unref (ws_wait (ws, "pong"));
  ws_free (ws);
}

static void
test_signaling__resume (void)
{
  Ws *ws = ws_open (server, "again", NULL);
  g_autoptr (JsonObject) first = ws_join (ws, "Ann");
  g_autofree char *join = g_strdup_printf ("{\"type\":\"join\",\"name\":\"Ann\",\"resume\":\"%s\"}",
                                           mcu_json_string (first, "resume"));
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) third = NULL;

  ws_free (ws); /* no `leave`: the line was lost */
  ws = ws_open (server, "again", NULL);
  ws_send (ws, join);
  second = ws_wait (ws, "welcome");
  g_assert_true (mcu_json_bool (second, "resumed", FALSE));
  g_assert_cmpstr (id_of (second), ==, id_of (first));
  ws_free (ws);

  ws = ws_open (server, "again", NULL);
  ws_send (ws, "{\"type\":\"join\",\"name\":\"Eve\",\"resume\":\"made-up\"}");
  third = ws_wait (ws, "welcome");
  g_assert_false (mcu_json_bool (third, "resumed", TRUE));
  g_assert_cmpstr (id_of (third), !=, id_of (first));
  ws_free (ws);
}

static void
test_signaling__unknown_type_is_an_error_not_an_end (void)
{
  Ws *ws = ws_open (server, "odd", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ann");
  g_autoptr (JsonObject) error = NULL;

  ws_send (ws, "{\"type\":\"teleport\"}");
  error = ws_wait (ws, "error");
  g_assert_false (mcu_json_bool (error, "fatal", TRUE));
  ws_send (ws, "{\"type\":\"ping\"}");
  json_object_unref (ws_wait (ws, "pong"));
  ws_free (ws);
}

static void
test_signaling__too_many_messages (void)
{
  Ws *ws = ws_open (server, "flood", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ann");
  g_autoptr (JsonObject) error = NULL;

  for (guint i = 0; i < 2000; i++)
    ws_send (ws, "{\"type\":\"ping\"}");
  error = ws_wait (ws, "error");
  g_assert_cmpstr (mcu_json_string (error, "code"), ==, "rate_limited");
  g_assert_false (mcu_json_bool (error, "fatal", TRUE));
  assert_bye (ws, "protocol", 1008);
}

static void
test_signaling__bad_room_name (void)
{
  assert_bye (ws_open (server, ".hidden", NULL), "protocol", 1008);
}

static void
test_signaling__figures (void)
{
  g_autoptr (JsonObject) stats = get_json ("/v1/stats");
  guint status;
  g_autofree char *metrics = http (server, "GET", "/metrics", NULL, NULL, &status);

  g_assert_nonnull (stats);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (metrics, "# TYPE tessera_rooms gauge\n"));
  g_assert_null (strstr (metrics, "weekly"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL, NULL);
  g_test_add_func ("/server/signaling/welcome", test_signaling__welcome);
  g_test_add_func ("/server/signaling/snapshot", test_signaling__snapshot);
  g_test_add_func ("/server/signaling/two_chat", test_signaling__two_chat);
  g_test_add_func ("/server/signaling/ping", test_signaling__ping);
  g_test_add_func ("/server/signaling/resume", test_signaling__resume);
  g_test_add_func ("/server/signaling/unknown_type_is_an_error_not_an_end",
                   test_signaling__unknown_type_is_an_error_not_an_end);
  g_test_add_func ("/server/signaling/too_many_messages", test_signaling__too_many_messages);
  g_test_add_func ("/server/signaling/bad_room_name", test_signaling__bad_room_name);
  g_test_add_func ("/server/signaling/figures", test_signaling__figures);
  g_test_add_func ("/server/signaling/join_is_awaited_5_s", test_signaling__join_is_awaited_5_s);
  status = g_test_run ();
  server_stop (server);
  return status;
}
