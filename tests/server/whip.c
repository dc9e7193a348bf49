/* tests/server/whip.c - WHIP and WHEP to the letter, with a room process that takes words for SDP.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define SDP "Content-Type: application/sdp\r\n"
#define FRAGMENT "Content-Type: application/trickle-ice-sdpfrag\r\n"
#define OFFER "connect\r\na=ice-ufrag:EsAw\r\n"

static Server *server;

/* Returns: the response, of which the status and the CORS header were checked. */
static char *
ask (const char *method, const char *path, const char *head, const char *body, guint wanted)
{
  guint status;
  char *response = http (server, method, path, head, body, &status);
  g_autofree char *origin = http_header (response, "Access-Control-Allow-Origin");

  g_test_message ("%s %s: %u", method, path, status);
  g_assert_cmpuint (status, ==, wanted);
  g_assert_cmpstr (origin, ==, "*");
  return response;
}

static void
check (const char *method, const char *path, const char *head, const char *body, guint wanted,
       const char *code)
{
  g_autofree char *response = ask (method, path, head, body, wanted);
  g_autoptr (JsonObject) problem = NULL;

  if (code == NULL)
    return;
  problem = mcu_json_parse_object (http_body (response), strlen (http_body (response)), NULL);
  g_assert_nonnull (problem);
  g_assert_cmpstr (mcu_json_string (problem, "code"), ==, code);
}

static char *
create (const char *endpoint, char **etag)
{
  g_autofree char *response = ask ("POST", endpoint, SDP, OFFER, 201);
  char *location = http_header (response, "Location");
  g_autofree char *type = http_header (response, "Content-Type");

  *etag = http_header (response, "ETag");
  g_assert_cmpstr (type, ==, "application/sdp");
  g_assert_nonnull (location);
  g_assert_true (g_str_has_prefix (location, endpoint));
  g_assert_null (strchr (location, '?'));
  /* 128 bits are 22 characters of base64url. */
  g_assert_cmpuint (strlen (strrchr (location, '/') + 1), >=, 22);
  g_assert_true (g_str_has_prefix (*etag, "\"") && g_str_has_suffix (*etag, "\""));
  return location;
}

static void
test_whip__status_table (gconstpointer data)
{
  const char *endpoint = data;
  g_autofree char *etag = NULL;
  g_autofree char *session = create (endpoint, &etag);
  g_autofree char *match = g_strdup_printf (FRAGMENT "If-Match: %s\r\n", etag);
  g_autofree char *weak = g_strdup_printf (FRAGMENT "If-Match: W/%s\r\n", etag);
  static const char trickle[] = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
                                "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                                "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n";
  static const char restart[] = "a=ice-ufrag:Other\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";
  gboolean is_whip = g_str_has_prefix (endpoint, "/whip/");

  check ("PATCH", session, match, trickle, 204, NULL);
  check ("PATCH", session, FRAGMENT, trickle, 428, "precondition_required");
  check ("PATCH", session, FRAGMENT "If-Match: \"wrong\"\r\n", trickle, 412, "precondition_failed");
  check ("PATCH", session, weak, trickle, 412, "precondition_failed");
  check ("PATCH", session, match, restart, 422, "ice_restart_unsupported");
  check ("PATCH", session, FRAGMENT "If-Match: *\r\n", restart, 422, "ice_restart_unsupported");
  check ("PATCH", session, SDP, trickle, 415, "unsupported_type");
  check ("PATCH", session, match, trickle, 204, NULL); /* it lives on */
  check ("OPTIONS", session, NULL, NULL, 204, NULL);
  check ("GET", session, NULL, NULL, is_whip ? 204 : 405, is_whip ? NULL : "method_not_allowed");
  check ("POST", session, SDP, OFFER, 405, "method_not_allowed");
  check ("DELETE", session, NULL, NULL, 200, NULL);
  check ("DELETE", session, NULL, NULL, 404, "not_found");
  check ("PATCH", session, match, trickle, 404, "not_found");
}

static void
test_whip__endpoint (gconstpointer data)
{
  const char *endpoint = data;
  gboolean is_whip = g_str_has_prefix (endpoint, "/whip/");
  g_autofree char *preflight = ask (
      "OPTIONS", endpoint,
      "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n", NULL, 204);
  g_autofree char *methods = http_header (preflight, "Access-Control-Allow-Methods");
  g_autofree char *headers = http_header (preflight, "Access-Control-Allow-Headers");

  g_assert_nonnull (strstr (methods, "POST"));
  g_assert_nonnull (strstr (headers, "Authorization"));
  g_assert_nonnull (strstr (headers, "If-Match"));
  check ("POST", endpoint, "Content-Type: text/plain\r\n", OFFER, 415, "unsupported_type");
  check ("POST", endpoint, NULL, OFFER, 415, "unsupported_type");
  check ("POST", endpoint, SDP, "refuse", 422, "bad_sdp");
  check ("POST", endpoint, SDP, "", 422, "bad_sdp");
  check ("GET", endpoint, NULL, NULL, is_whip ? 204 : 405, is_whip ? NULL : "method_not_allowed");
  check ("PUT", endpoint, NULL, NULL, 405, "method_not_allowed");
  check ("POST", endpoint, SDP "Origin: https://evil.example\r\n", OFFER, 403, "forbidden");
}

static void
test_whip__bad_room_name (void)
{
  check ("POST", "/whip/.hidden", SDP, OFFER, 400, "bad_room_name");
  check ("POST", "/whep/.hidden", SDP, OFFER, 404, "not_found"); /* never a 400 from WHEP */
  check ("PATCH", "/whip/a/none", FRAGMENT, "", 404, "not_found");
}

static void
test_whip__no_answer_is_a_504_in_time (void)
{
  gint64 start_us = g_get_monotonic_time ();

  check ("POST", "/whip/mute", SDP, "mute", 504, "timeout");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 6 * G_USEC_PER_SEC);
}

/* @room is in the figures, with nobody in it that is not announced either. */
static gboolean
is_left_empty (const char *room)
{
  guint status;
  g_autofree char *stats = http (server, "GET", "/v1/stats", NULL, NULL, &status);
  g_autofree char *name = g_strdup_printf ("\"name\":\"%s\"", room);
  const char *here = strstr (stats, name);
  const char *people = here != NULL ? strstr (here, "\"participants\":[") : NULL;

  return people != NULL && g_str_has_prefix (people, "\"participants\":[]");
}

/* An encoder that hangs up before the answer leaves no session behind, and at once. */
static void
test_whip__client_that_does_not_wait (void)
{
  int fd = raw_connect (server);
  gint64 start_us = g_get_monotonic_time ();
  g_autofree char *etag = NULL;
  g_autofree char *session = NULL;

  raw_write (fd,
             "POST /whip/gone HTTP/1.1\r\nHost: localhost\r\n" SDP "Content-Length: 4\r\n\r\nmute",
             strlen ("POST /whip/gone HTTP/1.1\r\nHost: localhost\r\n" SDP
                     "Content-Length: 4\r\n\r\nmute"));
  close (fd);
  while (!is_left_empty ("gone"))
    g_assert_cmpint (g_get_monotonic_time () - start_us, <, 3 * G_USEC_PER_SEC);
  session = create ("/whip/after", &etag);
}

static void
test_whip__name_and_roster (void)
{
  g_autofree char *response = ask ("POST", "/whip/named?name=OBS%20one", SDP, OFFER, 201);
  guint status;
  g_autofree char *people = http (server, "GET", "/v1/rooms/named/participants", NULL, NULL,
                                  &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (people, "\"OBS one\""));
  g_assert_nonnull (strstr (people, "\"whip\""));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = server_start (NULL, NULL);
  g_test_add_data_func ("/server/whip/status_table", "/whip/a", test_whip__status_table);
  g_test_add_data_func ("/server/whep/status_table", "/whep/a", test_whip__status_table);
  g_test_add_data_func ("/server/whip/endpoint", "/whip/b", test_whip__endpoint);
  g_test_add_data_func ("/server/whep/endpoint", "/whep/b", test_whip__endpoint);
  g_test_add_func ("/server/whip/bad_room_name", test_whip__bad_room_name);
  g_test_add_func ("/server/whip/name_and_roster", test_whip__name_and_roster);
  g_test_add_func ("/server/whip/client_that_does_not_wait", test_whip__client_that_does_not_wait);
  g_test_add_func ("/server/whip/no_answer_is_a_504_in_time",
                   test_whip__no_answer_is_a_504_in_time);
  status = g_test_run ();
  server_stop (server);
  return status;
}
