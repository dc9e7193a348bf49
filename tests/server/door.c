/* tests/server/door.c - the real program against clients that do what they should not.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

static Server *server;

static void
assert_code (const char *response, const char *code)
{
  const char *body = http_body (response);
  g_autoptr (JsonObject) problem = mcu_json_parse_object (body, strlen (body), NULL);
  g_autofree char *type = http_header (response, "Content-Type");

  g_assert_cmpstr (type, ==, "application/problem+json");
  g_assert_nonnull (problem);
  g_assert_cmpstr (mcu_json_string (problem, "code"), ==, code);
}

static void
assert_answer (const char *method, const char *path, const char *head, const char *body,
               guint wanted, const char *code)
{
  guint status;
  g_autofree char *response = http (server, method, path, head, body, &status);

  g_test_message ("%s %s: %u", method, path, status);
  g_assert_cmpuint (status, ==, wanted);
  if (code != NULL)
    assert_code (response, code);
}

static void
assert_alive (void)
{
  assert_answer ("GET", "/healthz", NULL, NULL, 200, NULL);
}

/* Of a family without labels. */
static guint64
read_metric (const char *name)
{
  guint status;
  g_autofree char *metrics = http (server, "GET", "/metrics", NULL, NULL, &status);
  g_autofree char *line = g_strdup_printf ("\n%s ", name);
  const char *found = strstr (metrics, line);

  g_assert_nonnull (found);
  return g_ascii_strtoull (found + strlen (line), NULL, 10);
}

/* One byte a second is what a slow-loris sends; nothing at all is the cheapest of them. Both are
 * ended by the deadline of the whole header, a byte that came does not move it. */
static void
test_door__slow_header (void)
{
  gint64 start_us = g_get_monotonic_time ();
  int silent = raw_connect (server);
  int slow = raw_connect (server);
  int half = raw_connect (server);
  g_autofree char *of_silent = NULL;
  g_autofree char *of_slow = NULL;
  g_autofree char *of_half = NULL;
  guint64 n_cut = read_metric ("tessera_connections_cut_total");

  g_assert_cmpuint (read_metric ("tessera_connections"), >=, 3);
  raw_write (half, "POST /whip/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nab",
             strlen ("POST /whip/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nab"));
  for (guint i = 0; i < 5; i++)
    raw_write (slow, "G", 1);
  of_silent = raw_read_to_end (silent, 13000);
  of_slow = raw_read_to_end (slow, 3000);
  of_half = raw_read_to_end (half, 3000);
  g_assert_cmpstr (of_silent, ==, "");
  g_assert_cmpstr (of_slow, ==, "");
  g_assert_cmpstr (of_half, ==, "");
  g_assert_cmpint (g_get_monotonic_time () - start_us, >, 9 * G_USEC_PER_SEC);
  /* Who is cut reads the end before it is counted. */
  for (guint i = 0; i < 100 && read_metric ("tessera_connections_cut_total") < n_cut + 3; i++)
    g_usleep (50 * 1000);
  g_assert_cmpuint (read_metric ("tessera_connections_cut_total"), ==, n_cut + 3);
  assert_alive ();
}

static void
test_door__endless_header (void)
{
  int fd = raw_connect (server);
  g_autofree char *flood = g_strnfill (200000, 'a');
  g_autofree char *response = NULL;

  raw_write (fd, "GET / HTTP/1.1\r\nX: ", strlen ("GET / HTTP/1.1\r\nX: "));
  raw_write (fd, flood, 200000);
  response = raw_read_to_end (fd, HARNESS_WAIT_MS);
  g_assert_nonnull (response);
  g_assert_null (strstr (response, "200 OK"));
  assert_alive ();
}

static void
test_door__oversized_body (void)
{
  g_autofree char *big = g_strnfill (64 * 1024 + 1, 'a');
  g_autoptr (GString) chunked = g_string_new ("POST /whip/x HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                              "Transfer-Encoding: chunked\r\n\r\n");
  g_autofree char *response = NULL;
  int fd = raw_connect (server);

  assert_answer ("POST", "/whip/x", "Content-Type: application/sdp\r\n", big, 413, "too_large");
  for (guint i = 0; i < 17; i++)
    g_string_append_printf (chunked, "1000\r\n%.4096s\r\n", big);
  raw_write (fd, chunked->str, chunked->len);
  response = raw_read_to_end (fd, HARNESS_WAIT_MS);
  g_assert_nonnull (response);
  g_assert_true (g_str_has_prefix (response, "HTTP/1.1 413 "));
  assert_code (response, "too_large");
}

static void
test_door__host_and_origin (void)
{
  g_autofree char *response = NULL;
  g_autofree char *reply = NULL;
  int fd = raw_connect (server);
  Ws *ws;

  raw_write (fd, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
             strlen ("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"));
  response = raw_read_to_end (fd, HARNESS_WAIT_MS);
  g_assert_nonnull (response);
  g_assert_true (g_str_has_prefix (response, "HTTP/1.1 403 "));
  assert_answer ("GET", "/v1/rooms", "X-Forwarded-For: 10.0.0.1\r\n", NULL, 403, "forbidden");
  assert_answer ("GET", "/v1/rooms", "Forwarded: for=10.0.0.1\r\n", NULL, 403, "forbidden");
  assert_answer ("GET", "/v1/rooms", "Origin: https://evil.example\r\n", NULL, 403, "forbidden");
  ws = ws_open (server, "a", "Origin: https://evil.example\r\n");
  g_assert_true (g_str_has_prefix (ws->handshake, "HTTP/1.1 403 "));
  ws_free (ws);
}

static void
test_door__unknown_paths_and_methods (void)
{
  guint status;
  g_autofree char *response = http (server, "PATCH", "/v1/rooms", NULL, NULL, &status);
  g_autofree char *allow = http_header (response, "Allow");

  g_assert_cmpuint (status, ==, 405);
  g_assert_cmpstr (allow, ==, "GET, HEAD, POST");
  assert_code (response, "method_not_allowed");
  assert_answer ("GET", "/nope", NULL, NULL, 404, "not_found");
  assert_answer ("GET", "/v1/rooms/x/nope", NULL, NULL, 404, "not_found");
  assert_answer ("GET", "/v1/rooms/none", NULL, NULL, 404, "not_found");
  assert_answer ("GET", "/v1/rooms/.x", NULL, NULL, 400, "bad_room_name");
  assert_answer ("GET", "/v1/rooms/a%2fb", NULL, NULL, 404, "not_found");
  assert_answer ("GET", "/web/../main.c", NULL, NULL, 404, "not_found");
  assert_answer ("GET", "/web/%2e%2e/main.c", NULL, NULL, 404, "not_found");
}

static void
test_door__page (void)
{
  guint status;
  g_autofree char *page = http (server, "GET", "/r/weekly", NULL, NULL, &status);
  g_autofree char *policy = http_header (page, "Content-Security-Policy");
  g_autofree char *etag = http_header (page, "ETag");
  g_autofree char *head = g_strdup_printf ("If-None-Match: %s\r\n", etag);
  g_autofree char *zipped = NULL;
  g_autofree char *encoding = NULL;

  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (policy);
  g_assert_nonnull (strstr (policy, "script-src 'self';"));
  g_assert_null (strstr (policy, "unsafe"));
  assert_answer ("GET", "/", head, NULL, 304, NULL);
  zipped = http (server, "GET", "/", "Accept-Encoding: gzip\r\n", NULL, &status);
  encoding = http_header (zipped, "Content-Encoding");
  g_assert_cmpstr (encoding, ==, "gzip");
  assert_answer ("HEAD", "/", NULL, NULL, 200, NULL);
  assert_answer ("GET", "/openapi.json", NULL, NULL, 200, NULL);
}

static void
test_door__no_deflate (void)
{
  Ws *ws = ws_open (server, "a", "Sec-WebSocket-Extensions: permessage-deflate\r\n");

  g_assert_true (g_str_has_prefix (ws->handshake, "HTTP/1.1 101 "));
  g_assert_nonnull (strstr (ws->handshake, "Sec-WebSocket-Protocol: tessera.v1"));
  g_assert_null (strstr (ws->handshake, "Sec-WebSocket-Extensions"));
  ws_free (ws);
}

static void
test_door__endless_fragments (void)
{
  Ws *ws = ws_open (server, "a", NULL);
  g_autofree char *piece = g_strnfill (1000, 'a');
  g_autofree char *code = NULL;

  ws_send_frame (ws, 0x01, piece, 1000);
  for (guint i = 0; i < 200; i++)
    ws_send_frame (ws, 0x00, piece, 1000);
  code = ws_wait_end (ws);
  g_assert_cmpuint (ws->close_code, ==, 1009);
  ws_free (ws);
  assert_alive ();
}

static void
test_door__deep_json (void)
{
  Ws *ws = ws_open (server, "a", NULL);
  g_autofree char *open = g_strnfill (30000, '[');
  g_autofree char *close = g_strnfill (30000, ']');
  g_autofree char *text = g_strdup_printf ("{\"type\":\"join\",\"name\":%s%s}", open, close);
  g_autoptr (JsonObject) error = NULL;
  g_autofree char *code = NULL;

  ws_send (ws, text);
  error = ws_wait (ws, "error");
  g_assert_cmpstr (mcu_json_string (error, "code"), ==, "bad_json");
  for (guint i = 0; i < 5; i++)
    ws_send (ws, "{");
  code = ws_wait_end (ws);
  g_assert_cmpstr (code, ==, "protocol");
  g_assert_cmpuint (ws->close_code, ==, 1008);
  ws_free (ws);
}

static void
test_door__binary_frame (void)
{
  Ws *ws = ws_open (server, "a", NULL);
  g_autofree char *code = NULL;

  ws_send_frame (ws, 0x82, "ab", 2);
  code = ws_wait_end (ws);
  g_assert_cmpstr (code, ==, "protocol");
  ws_free (ws);
}

static void
chat_and_leave (const char *name, const char *text)
{
  Ws *ws = ws_open (server, "busy", NULL);
  g_autoptr (JsonObject) welcome = ws_join (ws, name);
  g_autofree char *chat = g_strdup_printf ("{\"type\":\"chat\",\"text\":\"%s\"}", text);
  g_autofree char *code = NULL;

  for (guint i = 0; i < 10; i++) /* as many as are taken at once */
    ws_send (ws, chat);
  ws_send (ws, "{\"type\":\"leave\"}");
  code = ws_wait_end (ws);
  g_assert_cmpstr (code, ==, "left");
  ws_free (ws);
}

static gboolean
is_seen_away (Ws *ws, const char *id)
{
  for (guint i = 0; i < ws->seen->len; i++) {
    JsonObject *message = ws->seen->pdata[i];
    JsonObject *who = mcu_json_object (message, "participant");

    if (who != NULL && g_strcmp0 (mcu_json_string (who, "id"), id) == 0 &&
        g_strcmp0 (mcu_json_string (who, "state"), "away") == 0)
      return TRUE;
  }
  return FALSE;
}

/* What waits for somebody who does not read is bounded: they are let go, the others are not. */
static void
test_door__client_that_does_not_read (void)
{
  Ws *deaf = ws_open (server, "busy", NULL);
  g_autoptr (JsonObject) of_deaf = ws_join (deaf, "Deaf");
  Ws *other = ws_open (server, "busy", NULL);
  g_autoptr (JsonObject) of_other = ws_join (other, "Other");
  g_autofree char *text = g_strnfill (4000, 'x');
  const char *id = mcu_json_string (of_deaf, "participant");
  guint n;

  for (n = 0; n < 200 && !is_seen_away (other, id); n++) {
    chat_and_leave ("Busy", text);
    json_object_unref (ws_wait (other, "participant_left"));
  }
  g_assert_cmpuint (n, <, 200);
  g_assert_cmpuint (n * 10 * 4000, >, 1024 * 1024);
  ws_send (other, "{\"type\":\"ping\"}");
  json_object_unref (ws_wait (other, "pong"));
  ws_free (other);
  ws_free (deaf);
}

#define PLAIN_GET "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#define MISSING_GET "GET /nope HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#define SMALL_POST                                                                                 \
  "POST /whip/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"                       \
  "Content-Length: 3\r\n\r\nabc"

static void
assert_next (int fd, GByteArray *rest, const char *status)
{
  g_autofree char *response = raw_read_response (fd, rest);
  g_autofree char *connection = NULL;

  g_assert_nonnull (response);
  g_assert_true (g_str_has_prefix (response, status));
  connection = http_header (response, "Connection");
  g_assert_cmpstr (connection, !=, "close");
}

/* What a browser, an agent of node and a proxy do: one connection for many requests, also refused
 * ones and ones with a body. */
static void
test_door__keep_alive (void)
{
  int fd = raw_connect (server);
  g_autoptr (GByteArray) rest = g_byte_array_new ();

  for (guint i = 0; i < 20; i++) {
    raw_write (fd, PLAIN_GET, strlen (PLAIN_GET));
    assert_next (fd, rest, "HTTP/1.1 200 ");
    raw_write (fd, MISSING_GET, strlen (MISSING_GET));
    assert_next (fd, rest, "HTTP/1.1 404 ");
    raw_write (fd, SMALL_POST, strlen (SMALL_POST));
    assert_next (fd, rest, "HTTP/1.1 415 ");
  }
  close (fd);
}

static void
test_door__pipelined (void)
{
  int fd = raw_connect (server);
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autoptr (GString) many = g_string_new (NULL);

  for (guint i = 0; i < 50; i++)
    g_string_append (many, PLAIN_GET SMALL_POST MISSING_GET);
  raw_write (fd, many->str, many->len);
  for (guint i = 0; i < 50; i++) {
    assert_next (fd, rest, "HTTP/1.1 200 ");
    assert_next (fd, rest, "HTTP/1.1 415 ");
    assert_next (fd, rest, "HTTP/1.1 404 ");
  }
  close (fd);
}

/* Who is silent after an answer is closed, but not before 15 s. */
static void
test_door__end_of_keep_alive (void)
{
  int fd = raw_connect (server);
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree char *after = NULL;
  gint64 start_us = g_get_monotonic_time ();
  guint64 n_cut = read_metric ("tessera_connections_cut_total");

  raw_write (fd, PLAIN_GET, strlen (PLAIN_GET));
  assert_next (fd, rest, "HTTP/1.1 200 ");
  after = raw_read_to_end (fd, 20000);
  g_assert_cmpstr (after, ==, "");
  g_assert_cmpint (g_get_monotonic_time () - start_us, >, 14 * G_USEC_PER_SEC);
  g_assert_cmpuint (read_metric ("tessera_connections_cut_total"), ==, n_cut); /* no offence */
}

/* The header's deadline and budget hold for every request of a connection, not for the first. */
static void
test_door__second_request_is_bounded (void)
{
  int fd = raw_connect (server);
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree char *flood = g_strnfill (200000, 'a');
  g_autofree char *after = NULL;

  raw_write (fd, PLAIN_GET, strlen (PLAIN_GET));
  assert_next (fd, rest, "HTTP/1.1 200 ");
  raw_write (fd, "GET / HTTP/1.1\r\nX: ", strlen ("GET / HTTP/1.1\r\nX: "));
  raw_write (fd, flood, 200000);
  after = raw_read_to_end (fd, HARNESS_WAIT_MS);
  g_assert_nonnull (after);
  g_assert_null (strstr (after, "200 OK"));
  assert_alive ();
}

static void
test_door__garbage (void)
{
  int fd = raw_connect (server);
  g_autofree char *response = NULL;

  raw_write (fd, "\x16\x03\x01\x02\x00\r\n\r\n", 9);
  response = raw_read_to_end (fd, HARNESS_WAIT_MS);
  g_assert_nonnull (response);
  assert_alive ();
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL, NULL);
  g_test_add_func ("/server/door/garbage", test_door__garbage);
  g_test_add_func ("/server/door/endless_header", test_door__endless_header);
  g_test_add_func ("/server/door/oversized_body", test_door__oversized_body);
  g_test_add_func ("/server/door/host_and_origin", test_door__host_and_origin);
  g_test_add_func ("/server/door/unknown_paths_and_methods", test_door__unknown_paths_and_methods);
  g_test_add_func ("/server/door/page", test_door__page);
  g_test_add_func ("/server/door/no_deflate", test_door__no_deflate);
  g_test_add_func ("/server/door/endless_fragments", test_door__endless_fragments);
  g_test_add_func ("/server/door/deep_json", test_door__deep_json);
  g_test_add_func ("/server/door/binary_frame", test_door__binary_frame);
  g_test_add_func ("/server/door/client_that_does_not_read", test_door__client_that_does_not_read);
  g_test_add_func ("/server/door/keep_alive", test_door__keep_alive);
  g_test_add_func ("/server/door/pipelined", test_door__pipelined);
  g_test_add_func ("/server/door/second_request_is_bounded", test_door__second_request_is_bounded);
  g_test_add_func ("/server/door/end_of_keep_alive", test_door__end_of_keep_alive);
  g_test_add_func ("/server/door/slow_header", test_door__slow_header);
  status = g_test_run ();
  server_stop (server);
  return status;
}
