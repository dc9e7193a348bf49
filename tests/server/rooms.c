/* tests/server/rooms.c - rooms by HTTP: made, changed, ended; who may; what hostile bodies get.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define SECRET "a-secret-of-some-length-for-hs256"
#define JSON "Content-Type: application/json\r\n"

static Server *server; /* without keys */
static Server *keyed;

/* @body: with ' for ".  Returns: (transfer full): "201", or "403 forbidden". */
static char *
ask (Server *whom, const char *method, const char *path, const char *head, const char *body)
{
  g_autofree char *text = body != NULL ? g_strdelimit (g_strdup (body), "'", '"') : NULL;
  guint status;
  g_autofree char *response = http (whom, method, path, head, text, &status);
  const char *answer = http_body (response);
  g_autoptr (JsonObject) problem = mcu_json_parse_object (answer, strlen (answer), NULL);
  const char *code = problem != NULL ? mcu_json_string (problem, "code") : NULL;
  g_autofree char *type = http_header (response, "Content-Type");

  if (code == NULL)
    return g_strdup_printf ("%u", status);
  g_assert_cmpstr (type, ==, "application/problem+json");
  return g_strdup_printf ("%u %s", status, code);
}

#define assert_answer(method, path, body, wanted)                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *answer_ = ask (server, method, path, JSON, body);                             \
    g_assert_cmpstr (answer_, ==, wanted);                                                         \
  }                                                                                                \
  G_STMT_END

static JsonObject *
get (Server *whom, const char *path)
{
  guint status;
  g_autofree char *response = http (whom, "GET", path, NULL, NULL, &status);
  const char *body = http_body (response);

  g_assert_cmpuint (status, ==, 200);
  return mcu_json_parse_object (body, strlen (body), NULL);
}

static void
test_rooms__made_changed_ended (void)
{
  guint status;
  g_autofree char *response = http (
      server, "POST", "/v1/rooms", JSON,
      "{\"name\":\"made\",\"max_participants\":3,\"metadata\":\"\\u00e9\"}", &status);
  g_autofree char *location = http_header (response, "Location");
  g_autoptr (JsonObject) room = get (server, "/v1/rooms/made");
  g_autoptr (JsonObject) changed = NULL;
  Ws *ws;
  g_autoptr (JsonObject) welcome = NULL;
  g_autofree char *bye = NULL;

  g_assert_cmpuint (status, ==, 201);
  g_assert_cmpstr (location, ==, "/v1/rooms/made");
  g_assert_cmpint (mcu_json_int (room, "max_participants", 0), ==, 3);
  g_assert_cmpstr (mcu_json_string (room, "metadata"), ==, "é");
  assert_answer ("POST", "/v1/rooms", "{'name':'made','max_participants':3,'metadata':'é'}", "200");
  assert_answer ("POST", "/v1/rooms", "{'name':'made','max_participants':4}", "409 exists");
  assert_answer ("PATCH", "/v1/rooms/made",
                 "{'canvas':{'width':720,'height':1280},'layout':'speaker','metadata':null}",
                 "200");
  changed = get (server, "/v1/rooms/made");
  g_assert_cmpint (mcu_json_int (mcu_json_object (changed, "canvas"), "height", 0), ==, 1280);
  g_assert_cmpstr (mcu_json_string (changed, "layout"), ==, "speaker");
  g_assert_false (json_object_has_member (changed, "metadata"));
  ws = ws_open (server, "made", NULL);
  welcome = ws_join (ws, "Ann");
  assert_answer ("PATCH", "/v1/rooms/made", "{'canvas':null}", "412 precondition_failed");
  assert_answer ("PATCH", "/v1/rooms/made", "{'locked':true}", "200");
  json_object_unref (ws_wait (ws, "room"));
  assert_answer ("DELETE", "/v1/rooms/made", NULL, "204");
  bye = ws_wait_end (ws);
  g_assert_cmpstr (bye, ==, "room_ended");
  ws_free (ws);
  assert_answer ("GET", "/v1/rooms/made", NULL, "404 not_found");
  assert_answer ("DELETE", "/v1/rooms/made", NULL, "404 not_found");
}

static void
test_rooms__hostile_bodies (void)
{
  g_autofree char *brackets = g_strnfill (5000, '[');
  g_autofree char *nested = g_strconcat ("{'metadata':", brackets, NULL);
  g_autofree char *filler = g_strnfill (70000, 'x');
  g_autofree char *large = g_strdup_printf ("{'name':'h','metadata':'%s'}", filler);
  g_autofree char *wide = g_strdup_printf ("{'name':'h','metadata':'%.4097s'}", filler);
  const struct
  {
    const char *body;
    const char *answer;
  } rows[] = {
      {"", "400 bad_json"},
      {"[]", "400 bad_json"},
      {"{'name':'h'", "400 bad_json"},
      {"\xff\xfe{}", "400 bad_json"},
      {nested, "400 bad_json"},
      {large, "413 too_large"},
      {wide, "413 too_large"},
      {"{}", "400 bad_request"},
      {"{'name':null}", "400 bad_request"},
      {"{'name':{'$ne':1}}", "400 bad_request"},
      {"{'name':'../../etc'}", "400 bad_room_name"},
      {"{'name':''}", "400 bad_room_name"},
      {"{'name':'h','canvas':{'width':99999999999999999999,'height':2}}", "400 bad_request"},
      {"{'name':'h','canvas':{'width':1e9}}", "400 bad_request"},
      {"{'name':'h','max_participants':-1}", "400 bad_request"},
      {"{'name':'h','max_participants':true}", "400 bad_request"},
      {"{'name':'h','layout':'../../../etc/passwd'}", "400 bad_request"},
      {"{'name':'h','__proto__':{}}", "400 bad_request"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("%.60s", rows[i].body);
    assert_answer ("POST", "/v1/rooms", rows[i].body, rows[i].answer);
  }
  assert_answer ("GET", "/v1/rooms/h", NULL, "404 not_found"); /* none of them made it */
  assert_answer ("PATCH", "/v1/rooms/none", "{}", "404 not_found");
  assert_answer ("PATCH", "/v1/rooms/.none", "{}", "400 bad_room_name");
  assert_answer ("PUT", "/v1/rooms", "{}", "405 method_not_allowed");
  assert_answer ("POST", "/v1/rooms/h", "{}", "405 method_not_allowed");
}

static void
test_rooms__types (void)
{
  const struct
  {
    const char *method;
    const char *head;
    const char *answer;
  } rows[] = {
      {"POST", "Content-Type: text/plain\r\n", "415 unsupported_type"},
      {"POST", "Content-Type: application/x-www-form-urlencoded\r\n", "415 unsupported_type"},
      {"POST", "Content-Type: application/merge-patch+json\r\n", "415 unsupported_type"},
      {"POST", "Content-Type: Application/JSON; charset=utf-8\r\n", "201"},
      {"POST", NULL, "200"},
  };
  g_autofree char *patched = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *answer = ask (server, rows[i].method, "/v1/rooms", rows[i].head,
                                   "{'name':'typed'}");
    g_assert_cmpstr (answer, ==, rows[i].answer);
  }
  patched = ask (server, "PATCH", "/v1/rooms/typed",
                 "Content-Type: application/merge-patch+json\r\n", "{'lobby':true}");
  g_assert_cmpstr (patched, ==, "200");
}

static void
test_rooms__people (void)
{
  Ws *moderator = ws_open (server, "people", NULL);
  g_autoptr (JsonObject) welcome = ws_join (moderator, "Ann");
  Ws *guest;
  g_autoptr (JsonObject) waiting = NULL;
  g_autoptr (JsonObject) joined = NULL;
  g_autoptr (JsonObject) in = NULL;
  g_autofree char *path = NULL;
  g_autofree char *bye = NULL;

  assert_answer ("PATCH", "/v1/rooms/people", "{'lobby':true}", "200");
  guest = ws_open (server, "people", NULL);
  ws_send (guest, "{\"type\":\"join\",\"name\":\"Bob\"}");
  waiting = ws_wait (guest, "waiting");
  joined = ws_wait (moderator, "participant_joined");
  path = g_strdup_printf ("/v1/rooms/people/participants/%s",
                          mcu_json_string (mcu_json_object (joined, "participant"), "id"));
  assert_answer ("PATCH", path, "{'role':'moderator'}", "400 bad_request"); /* not in yet */
  assert_answer ("PATCH", path, "{'name':'Robert'}", "200");
  assert_answer ("PATCH", path, "{'admit':true}", "200");
  in = ws_wait (guest, "welcome");
  assert_answer ("PATCH", path, "{'role':'moderator','audio_muted_by_moderator':true}", "200");
  assert_answer ("PATCH", path, "{'role':1}", "400 bad_request");
  assert_answer ("PATCH", "/v1/rooms/people/participants/nobody", "{}", "404 not_found");
  assert_answer ("DELETE", path, NULL, "204");
  assert_answer ("DELETE", path, NULL, "404 not_found");
  bye = ws_wait_end (guest);
  g_assert_cmpstr (bye, ==, "kicked");
  ws_free (guest);
  ws_free (moderator);
}

/* ---- with keys ---- */

static char *
bearer (const char *video)
{
  g_autofree char *claims = g_strdup_printf ("{'iss':'k','exp':%" G_GINT64_FORMAT ",'video':{%s}}",
                                             g_get_real_time () / G_USEC_PER_SEC + 100, video);
  g_autofree char *token = token_sign (SECRET, claims);

  return g_strdup_printf (JSON "Authorization: Bearer %s\r\n", token);
}

static void
test_rooms__who_may (void)
{
  static const char *const nobody[] = {"403 forbidden", "403 forbidden", "403 forbidden",
                                       "403 forbidden", "403 forbidden"};
  static const char *const owner[] = {"200", "200", "403 forbidden", "403 forbidden", "204"};
  static const char *const admin[] = {"403 forbidden", "200", "201", "404 not_found", "204"};
  static const struct
  {
    const char *method;
    const char *path;
    const char *body;
  } requests[] = {{"POST", "/v1/rooms", "{'name':'who'}"},
                  {"PATCH", "/v1/rooms/who", "{'lobby':false}"},
                  {"POST", "/v1/rooms/who/tokens", "{}"},
                  {"PATCH", "/v1/rooms/who/participants/x", "{}"},
                  {"DELETE", "/v1/rooms/who", NULL}};
  const struct
  {
    const char *video;
    const char *const *answers;
  } rows[] = {
      {"'roomList':true", nobody},
      {"'room':'who','roomJoin':true", nobody},
      {"'room':'other','roomAdmin':true", nobody},
      {"'roomAdmin':true", nobody}, /* of no room */
      {"'roomCreate':true", owner},
      {"'room':'who','roomAdmin':true", admin},
  };
  g_autofree char *create = bearer ("'roomCreate':true");
  g_autofree char *without = ask (keyed, "POST", "/v1/rooms", JSON, "{'name':'who'}");

  g_assert_cmpstr (without, ==, "401 token_missing");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *head = bearer (rows[i].video);
    g_autofree char *made = ask (keyed, "POST", "/v1/rooms", create, "{'name':'who'}");

    for (gsize j = 0; j < G_N_ELEMENTS (requests); j++) {
      g_autofree char *answer = ask (keyed, requests[j].method, requests[j].path, head,
                                     requests[j].body);

      g_test_message ("%s: %s %s", rows[i].video, requests[j].method, requests[j].path);
      g_assert_cmpstr (answer, ==, rows[i].answers[j]);
    }
  }
}

static JsonObject *
new_token (const char *body)
{
  g_autofree char *head = bearer ("'room':'t','roomAdmin':true");
  g_autofree char *text = g_strdelimit (g_strdup (body), "'", '"');
  guint status;
  g_autofree char *response = http (keyed, "POST", "/v1/rooms/t/tokens", head, text, &status);

  g_assert_cmpuint (status, ==, 201);
  return mcu_json_parse_object (http_body (response), strlen (http_body (response)), NULL);
}

static JsonObject *
join_with (const char *token, Ws **ws)
{
  g_autofree char *join = g_strdup_printf ("{\"type\":\"join\",\"token\":\"%s\"}", token);

  *ws = ws_open (keyed, "t", NULL);
  ws_send (*ws, join);
  return ws_wait (*ws, "welcome");
}

static JsonObject *
self_of (JsonObject *welcome)
{
  return mcu_json_array_object (mcu_json_array (welcome, "participants"), 0);
}

static void
test_rooms__tokens (void)
{
  g_autoptr (JsonObject)
      one = new_token ("{'identity':'ann','name':'Ann','role':'moderator','ttl_s':60,"
                       "'video':{'canPublishSources':['microphone']}}");
  g_autoptr (JsonObject) plain = new_token ("");
  g_autoptr (JsonObject) welcome = NULL;
  g_autoptr (JsonObject) of_plain = NULL;
  Ws *ann, *bob;

  g_assert_cmpstr (mcu_json_string (one, "identity"), ==, "ann");
  g_assert_true (g_str_has_prefix (mcu_json_string (one, "url"), "/r/t#token=ey"));
  g_assert_nonnull (mcu_json_string (one, "expires_at"));
  welcome = join_with (mcu_json_string (one, "token"), &ann);
  g_assert_cmpstr (mcu_json_string (welcome, "role"), ==, "moderator");
  g_assert_cmpstr (mcu_json_string (self_of (welcome), "name"), ==, "Ann");
  g_assert_cmpstr (mcu_json_string (self_of (welcome), "identity"), ==, "ann");
  of_plain = join_with (mcu_json_string (plain, "token"), &bob);
  g_assert_cmpstr (mcu_json_string (of_plain, "role"), ==, "participant");
  ws_free (bob);
  ws_free (ann);
}

static void
test_rooms__bad_tokens (void)
{
  g_autofree char *long_name = g_strnfill (257, 'n');
  g_autofree char *too_long = g_strdup_printf ("{'identity':'%s'}", long_name);
  const struct
  {
    const char *body;
    const char *answer;
  } rows[] = {
      {"{'ttl_s':0}", "400 bad_request"},
      {"{'ttl_s':86401}", "400 bad_request"},
      {"{'ttl_s':'60'}", "400 bad_request"},
      {"{'role':'king'}", "400 bad_request"},
      {"{'identity':7}", "400 bad_request"},
      {too_long, "413 too_large"},
      {"{'video':{'roomCreate':true}}", "400 bad_request"},
      {"{'video':{'roomList':true}}", "400 bad_request"},
      {"{'video':{'room':'other'}}", "400 bad_request"},
      {"{'video':{'canPublish':'yes'}}", "400 bad_request"},
      {"{'video':{'canPublishSources':['face']}}", "400 bad_request"},
      {"{'video':{'canPublishSources':'camera'}}", "400 bad_request"},
      {"{'video':[]}", "400 bad_request"},
      {"{'video':{'roomRecord':true}}", "403 forbidden"},
      {"{'exp':9999999999}", "400 bad_request"},
      {"[]", "400 bad_json"},
  };
  g_autofree char *head = bearer ("'room':'t','roomAdmin':true");
  g_autofree char *recorder = bearer ("'room':'t','roomAdmin':true,'roomRecord':true");
  g_autofree char *given = ask (keyed, "POST", "/v1/rooms/t/tokens", recorder,
                                "{'video':{'roomRecord':true}}");

  g_assert_cmpstr (given, ==, "201");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *answer = ask (keyed, "POST", "/v1/rooms/t/tokens", head, rows[i].body);

    g_test_message ("%.60s", rows[i].body);
    g_assert_cmpstr (answer, ==, rows[i].answer);
  }
  assert_answer ("POST", "/v1/rooms/t/tokens", "{}", "412 precondition_failed"); /* no keys */
}

/* A page of elsewhere must not make rooms on somebody's own machine. */
static void
test_rooms__other_origins (void)
{
  g_autofree char *answer = ask (server, "POST", "/v1/rooms",
                                 JSON "Origin: https://evil.example\r\n", "{'name':'evil'}");

  g_assert_cmpstr (answer, ==, "403 forbidden");
}

int
main (int argc, char **argv)
{
  const char *const settings[] = {"TESSERA_KEYS=k: " SECRET, NULL};
  int status;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL, NULL);
  keyed = server_start (settings, NULL);
  g_test_add_func ("/server/rooms/made_changed_ended", test_rooms__made_changed_ended);
  g_test_add_func ("/server/rooms/hostile_bodies", test_rooms__hostile_bodies);
  g_test_add_func ("/server/rooms/types", test_rooms__types);
  g_test_add_func ("/server/rooms/people", test_rooms__people);
  g_test_add_func ("/server/rooms/who_may", test_rooms__who_may);
  g_test_add_func ("/server/rooms/tokens", test_rooms__tokens);
  g_test_add_func ("/server/rooms/bad_tokens", test_rooms__bad_tokens);
  g_test_add_func ("/server/rooms/other_origins", test_rooms__other_origins);
  status = g_test_run ();
  server_stop (keyed);
  server_stop (server);
  return status;
}
