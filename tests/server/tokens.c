/* tests/server/tokens.c - the real program with a key: what each claim of a token brings.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define SECRET "a-secret-of-some-length-for-hs256"

static Server *server;

/* @video: the members of `video` besides room and roomJoin, with ' for ", each with a comma before
 * it; @identity: (nullable) */
static char *
make_token (const char *identity, const char *video, gint64 lives_s)
{
  g_autofree char *sub = identity != NULL ? g_strdup_printf ("'sub':'%s',", identity)
                                          : g_strdup ("");
  g_autofree char *claims = g_strdup_printf (
      "{%s'iss':'k','name':'Of token','exp':%" G_GINT64_FORMAT
      ",'video':{'room':'a','roomJoin':true%s}}",
      sub, g_get_real_time () / G_USEC_PER_SEC + lives_s, video);

  return token_sign (SECRET, claims);
}

static Ws *
join (const char *token, const char *resume)
{
  Ws *ws = ws_open (server, "a", NULL);
  g_autofree char *message = g_strdup_printf (
      "{\"type\":\"join\",\"token\":\"%s\",\"resume\":\"%s\"}", token, resume);

  ws_send (ws, message);
  return ws;
}

static JsonObject *
join_well (Ws **ws, const char *identity, const char *video)
{
  g_autofree char *token = make_token (identity, video, 100);

  *ws = join (token, "");
  return ws_wait (*ws, "welcome");
}

static void
end (Ws *ws, const char *code)
{
  g_autofree char *bye = NULL;

  if (code == NULL)
    ws_send (ws, "{\"type\":\"leave\"}");
  bye = ws_wait_end (ws);
  g_assert_cmpstr (bye, ==, code != NULL ? code : "left");
  ws_free (ws);
}

static void
test_tokens__roles (void)
{
  Ws *plain, *admin, *viewer;
  g_autoptr (JsonObject) of_plain = join_well (&plain, "p", "");
  g_autoptr (JsonObject) of_admin = join_well (&admin, "a", ",'roomAdmin':true");
  g_autoptr (JsonObject) of_viewer = join_well (&viewer, NULL, ",'canPublish':false");

  g_assert_cmpstr (mcu_json_string (of_plain, "role"), ==, "participant");
  g_assert_cmpstr (mcu_json_string (of_admin, "role"), ==, "moderator");
  g_assert_cmpstr (mcu_json_string (of_viewer, "role"), ==, "viewer");
  end (viewer, NULL);
  end (admin, NULL);
  end (plain, NULL);
}

static void
test_tokens__identity (void)
{
  Ws *before, *after, *admin, *again;
  g_autoptr (JsonObject) of_admin = join_well (&admin, "admin", ",'roomAdmin':true");
  g_autoptr (JsonObject) of_before = join_well (&before, "x", "");
  g_autoptr (JsonObject) of_after = join_well (&after, "x", "");
  g_autofree char *kick = g_strdup_printf (
      "{\"type\":\"moderate\",\"participant\":\"%s\",\"kick\":true}",
      mcu_json_string (of_after, "participant"));
  g_autofree char *token = make_token ("x", "", 100);
  g_autofree char *bearer = g_strdup_printf (
      "Authorization: Bearer %s\r\nContent-Type: application/sdp\r\n", token);
  g_autofree char *response = NULL;
  guint status;

  end (before, "replaced");
  ws_send (admin, kick);
  end (after, "kicked");
  again = join (token, "");
  end (again, "banned");
  response = http (server, "POST", "/whip/a", bearer, "connect", &status);
  g_assert_cmpuint (status, ==, 403);
  g_assert_nonnull (strstr (response, "\"banned\""));
  end (admin, NULL);
}

static void
test_tokens__expired_but_resumed (void)
{
  Ws *before;
  g_autoptr (JsonObject) of_before = join_well (&before, "late", "");
  g_autoptr (JsonObject) of_after = NULL;
  g_autofree char *expired = make_token ("late", "", -1000);
  g_autofree char *forged = g_strconcat (expired, "x", NULL);
  Ws *after = join (expired, mcu_json_string (of_before, "resume"));
  Ws *refused;

  of_after = ws_wait (after, "welcome");
  g_assert_true (mcu_json_bool (of_after, "resumed", FALSE));
  end (before, "replaced");
  end (after, NULL);
  refused = join (expired, "");
  end (refused, "token_expired");
  refused = join (expired, mcu_json_string (of_after, "resume")); /* they left: too late */
  end (refused, "token_expired");
  refused = join (forged, mcu_json_string (of_after, "resume"));
  end (refused, "token_invalid");
}

static guint
post (const char *path, const char *identity, const char *video)
{
  g_autofree char *token = make_token (identity, video, 100);
  g_autofree char *whole = g_strdup_printf ("%s?access_token=%s", path, token);
  g_autofree char *response = NULL;
  guint status;

  response = http (server, "POST", whole, "Content-Type: application/sdp\r\n", "connect", &status);
  return status;
}

static void
test_tokens__whip_and_whep (void)
{
  Ws *watching, *hidden;
  g_autoptr (JsonObject) welcome = join_well (&watching, "w", "");
  g_autoptr (JsonObject) of_hidden = join_well (&hidden, "h", ",'hidden':true");
  g_autoptr (JsonObject) joined = NULL;
  JsonObject *who;

  g_assert_cmpuint (post ("/whip/a", "encoder", ""), ==, 201);
  joined = ws_wait (watching, "participant_joined"); /* the hidden one was not told of */
  who = mcu_json_object (joined, "participant");
  g_assert_cmpstr (mcu_json_string (who, "identity"), ==, "encoder");
  g_assert_cmpstr (mcu_json_string (who, "name"), ==, "Of token");
  g_assert_cmpuint (post ("/whip/a", "encoder", ""), ==, 201);
  json_object_unref (ws_wait (watching, "participant_left")); /* replaced */
  g_assert_cmpuint (post ("/whip/a", NULL, ",'canPublish':false"), ==, 403);
  g_assert_cmpuint (post ("/whep/a", NULL, ",'canSubscribe':false"), ==, 403);
  g_assert_cmpuint (post ("/whep/a", NULL, ",'canPublish':false"), ==, 201);
  g_assert_cmpuint (post ("/whip/b", NULL, ""), ==, 403);
  end (hidden, NULL);
  end (watching, NULL);
}

int
main (int argc, char **argv)
{
  const char *const settings[] = {"TESSERA_KEYS=k: " SECRET, NULL};
  int status;

  g_test_init (&argc, &argv, NULL);
  server = server_start (settings, NULL);
  g_test_add_func ("/server/tokens/roles", test_tokens__roles);
  g_test_add_func ("/server/tokens/identity", test_tokens__identity);
  g_test_add_func ("/server/tokens/expired_but_resumed", test_tokens__expired_but_resumed);
  g_test_add_func ("/server/tokens/whip_and_whep", test_tokens__whip_and_whep);
  status = g_test_run ();
  server_stop (server);
  return status;
}
