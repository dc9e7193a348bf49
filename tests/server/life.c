/* tests/server/life.c - starting, keys, draining and ending of the real program.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define KEY "a-secret-of-some-length-for-hs256"

static char *
run (const char *const *settings, const char *const *argv, int *status)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  char *output = NULL;

  g_subprocess_launcher_setenv (launcher, "TESSERA_HTTP_PORT", "0", TRUE);
  for (guint i = 0; settings != NULL && settings[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (settings[i], "=", 2);

    g_subprocess_launcher_setenv (launcher, parts[0], parts[1], TRUE);
  }
  process = g_subprocess_launcher_spawnv (launcher, argv, NULL);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL));
  *status = g_subprocess_get_exit_status (process);
  return output;
}

static void
test_life__not_beyond_loopback_without_key (void)
{
  const char *const settings[] = {"TESSERA_HTTP_ADDRESS=0.0.0.0", NULL};
  const char *const argv[] = {g_getenv ("TESSERA"), NULL};
  int status;
  g_autofree char *output = run (settings, argv, &status);
  Server *server;

  g_assert_cmpint (status, ==, 1);
  g_assert_nonnull (strstr (output, "--open"));
  server = server_start (settings, "--open");
  g_assert_true (g_str_has_prefix (server->url, "http://127.0.0.1:"));
  server_stop (server);
}

static void
test_life__command_line (void)
{
  static const struct
  {
    const char *argv[4];
    int status;
    const char *says;
  } rows[] = {
      {{"--version"}, 0, "tessera "},
      {{"--check-config"}, 0, "good"},
      {{"--print-config"}, 0, "[http]"},
      {{"--config", "/nonexistent.conf"}, 1, "/nonexistent.conf"},
      {{"--nonsense"}, 2, "nonsense"},
      {{"nonsense"}, 2, "nonsense"},
      {{"layout", "check"}, 1, "which files"},
      {{"recordings", "join"}, 1, "check, or join ID"},
      {{"keys"}, 0, "[keys]\nkey"},
      {{"token", "--room", "a"}, 1, "no such key"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *argv[] = {g_getenv ("TESSERA"), rows[i].argv[0], rows[i].argv[1], rows[i].argv[2],
                          NULL};
    int status;
    g_autofree char *output = run (NULL, argv, &status);

    g_test_message ("%s: %s", rows[i].argv[0], output);
    g_assert_cmpint (status, ==, rows[i].status);
    g_assert_nonnull (strstr (output, rows[i].says));
  }
}

static char *
make_token (const char *option, const char *room)
{
  const char *const settings[] = {"TESSERA_KEYS=k: " KEY, NULL};
  const char *argv[] = {g_getenv ("TESSERA"), "token", "--room", room, option, NULL};
  int status;
  char *output = run (settings, argv, &status);

  g_assert_cmpint (status, ==, 0);
  return g_strchomp (output);
}

static void
assert_join (Server *server, const char *token, const char *wanted)
{
  Ws *ws = ws_open (server, "a", NULL);
  g_autofree char *join = g_strdup_printf ("{\"type\":\"join\",\"name\":\"Ann\",\"token\":\"%s\"}",
                                           token);
  g_autofree char *code = NULL;

  ws_send (ws, token != NULL ? join : "{\"type\":\"join\"}");
  if (wanted == NULL) {
    json_object_unref (ws_wait (ws, "welcome"));
    ws_send (ws, "{\"type\":\"leave\"}");
  }
  code = ws_wait_end (ws);
  g_assert_cmpstr (code, ==, wanted != NULL ? wanted : "left");
  ws_free (ws);
}

static void
test_life__keys (void)
{
  const char *const settings[] = {"TESSERA_KEYS=k: " KEY, NULL};
  Server *server = server_start (settings, NULL);
  g_autofree char *token = make_token (NULL, "a");
  g_autofree char *other = make_token (NULL, "b");
  g_autofree char *link = make_token ("--url", "a");
  g_autofree char *bearer = g_strdup_printf ("Authorization: Bearer %s\r\n", token);
  g_autofree char *response = NULL;
  g_autofree char *allowed = NULL;
  guint status;

  assert_join (server, token, NULL);
  assert_join (server, NULL, "token_missing");
  assert_join (server, other, "token_invalid");
  assert_join (server, "a.b.c", "token_invalid");
  response = http (server, "GET", "/v1/rooms", NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 401);
  allowed = http (server, "GET", "/v1/rooms", bearer, NULL, &status);
  g_assert_cmpuint (status, ==, 403);
  g_assert_nonnull (strstr (link, "/r/a#token="));
  server_stop (server);
}

static void
test_life__drain_by_rest (void)
{
  Server *server = server_start (NULL, NULL);
  guint status;
  Ws *ws;
  g_autofree char *code = NULL;
  g_autofree char *on = http (server, "PUT", "/v1/node/drain", NULL, NULL, &status);
  g_autofree char *ready = NULL;
  g_autofree char *off = NULL;

  g_assert_cmpuint (status, ==, 200);
  ready = http (server, "GET", "/readyz", NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 503);
  g_assert_nonnull (strstr (ready, "\"draining\""));
  ws = ws_open (server, "a", NULL);
  code = ws_wait_end (ws);
  g_assert_cmpstr (code, ==, "draining");
  g_assert_cmpuint (ws->close_code, ==, 1001);
  ws_free (ws);
  off = http (server, "DELETE", "/v1/node/drain", NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  ws = ws_open (server, "a", NULL);
  json_object_unref (ws_join (ws, "Ann"));
  ws_free (ws);
  server_stop (server);
}

static void
test_life__sigterm_says_bye (void)
{
  Server *server = server_start (NULL, NULL);
  Ws *ws = ws_open (server, "a", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ann");
  g_autofree char *code = NULL;

  server_signal (server, SIGTERM);
  code = ws_wait_end (ws);
  g_assert_cmpstr (code, ==, "draining");
  g_assert_cmpuint (ws->close_code, ==, 1001);
  g_assert_cmpint (server_wait (server), ==, 0);
  ws_free (ws);
  server_free (server);
}

static void
test_life__second_sigterm_ends_at_once (void)
{
  Server *server = server_start (NULL, NULL);
  Ws *ws = ws_open (server, "a", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, "Ann");
  gint64 start_us = g_get_monotonic_time ();

  server_signal (server, SIGTERM);
  server_signal (server, SIGTERM);
  g_assert_cmpint (server_wait (server), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 5 * G_USEC_PER_SEC);
  ws_free (ws);
  server_free (server);
}

/* A meeting goes on; a key of the file counts from then on. */
static void
test_life__sighup_reads_keys_again (void)
{
  g_autofree char *file = NULL;
  g_autofree char *option = NULL;
  g_autofree char *token = make_token (NULL, "a");
  gint64 until_us = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  guint status = 200;
  Server *server;
  Ws *ws;

  g_close (g_file_open_tmp ("tessera-XXXXXX.conf", &file, NULL), NULL);
  option = g_strdup_printf ("--config=%s", file);
  server = server_start (NULL, option);
  ws = ws_open (server, "a", NULL);
  json_object_unref (ws_join (ws, "Ann"));
  g_assert_true (g_file_set_contents (file, "[keys]\nk=" KEY "\n", -1, NULL));
  server_signal (server, SIGHUP);
  while (status == 200 && g_get_monotonic_time () < until_us)
    g_free (http (server, "GET", "/v1/rooms", NULL, NULL, &status));
  g_assert_cmpuint (status, ==, 401);
  assert_join (server, token, NULL);
  ws_send (ws, "{\"type\":\"ping\"}");
  json_object_unref (ws_wait (ws, "pong"));
  ws_free (ws);
  server_stop (server);
  g_remove (file);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/life/command_line", test_life__command_line);
  g_test_add_func ("/server/life/not_beyond_loopback_without_key",
                   test_life__not_beyond_loopback_without_key);
  g_test_add_func ("/server/life/keys", test_life__keys);
  g_test_add_func ("/server/life/drain_by_rest", test_life__drain_by_rest);
  g_test_add_func ("/server/life/sigterm_says_bye", test_life__sigterm_says_bye);
  g_test_add_func ("/server/life/second_sigterm_ends_at_once",
                   test_life__second_sigterm_ends_at_once);
  g_test_add_func ("/server/life/sighup_reads_keys_again", test_life__sighup_reads_keys_again);
  return g_test_run ();
}
