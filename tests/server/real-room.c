/* tests/server/real-room.c - the real program with the real room process: offers of encoders that
 * are around, and what is left of them after a fall.  SPDX-License-Identifier: Apache-2.0
 * usage: test-server-real-room DIRECTORY_OF_OFFERS */
#include <stdlib.h>
#include <string.h>

#include "mcu/base/json-check.h"
#include "tests/server/harness.h"

#define SDP "Content-Type: application/sdp\r\n"
/* Source: contract: so that every client's buffer holds it. */
#define MAX_ANSWER_BYTES 8191
#define MUTATIONS 60

static Server *server;
static const char *offers_directory;

/* Without candidates: nothing is sent to whom these were of. */
static char *
read_offer (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.sdp", offers_directory, name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GString *kept = g_string_new (NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_str_has_prefix (lines[i], "a=candidate:") && *lines[i] != '\0')
      g_string_append_printf (kept, "%s\n", lines[i]);
  return g_string_free (kept, FALSE);
}

static char *
post (const char *room, const char *offer, guint *status)
{
  g_autofree char *path = g_strdup_printf ("/whip/%s", room);

  return http (server, "POST", path, SDP, offer, status);
}

static void
end_session (const char *response)
{
  g_autofree char *location = http_header (response, "Location");
  guint status;

  g_assert_nonnull (location);
  g_free (http (server, "DELETE", location, NULL, NULL, &status));
  g_assert_cmpuint (status, ==, 200);
}

static void
test_real_room__encoders (gconstpointer data)
{
  g_autofree char *offer = read_offer (data);
  guint status;
  g_autofree char *response = post ("encoders", offer, &status);
  const char *answer = http_body (response);
  g_autofree char *etag = http_header (response, "ETag");

  g_test_message ("%s", response);
  g_assert_cmpuint (status, ==, 201);
  g_assert_nonnull (etag);
  g_assert_true (g_str_has_prefix (answer, "v=0\r\n"));
  g_assert_nonnull (strstr (answer, "\r\na=candidate:"));
  g_assert_nonnull (strstr (answer, " 127.0.0.1 "));
  g_assert_nonnull (strstr (answer, "\r\na=end-of-candidates\r\n"));
  g_assert_nonnull (strstr (answer, "\r\na=rtcp-mux-only\r\n"));
  g_assert_cmpuint (strlen (answer), <=, MAX_ANSWER_BYTES);
  end_session (response);
}

static gint64
room_pid (const char *room)
{
  guint status;
  g_autofree char *response = http (server, "GET", "/v1/stats", NULL, NULL, &status);
  const char *body = http_body (response);
  g_autoptr (JsonObject) stats = mcu_json_parse_object (body, strlen (body), NULL);
  JsonArray *rooms = mcu_json_array (stats, "rooms");

  for (guint i = 0; i < json_array_get_length (rooms); i++) {
    JsonObject *one = mcu_json_array_object (rooms, i);
    if (g_strcmp0 (mcu_json_string (one, "name"), room) == 0)
      return mcu_json_int (mcu_json_object (one, "process"), "pid", 0);
  }
  return 0;
}

static void
assert_refused (const char *offer)
{
  guint status;
  g_autofree char *response = post ("fallen", offer, &status);

  g_test_message ("%s", response);
  g_assert_cmpuint (status, ==, 422);
}

/* One to three bytes become others, or a piece is missing, or is there twice. */
static char *
mutate (GRand *random, const char *offer)
{
  GString *text = g_string_new (offer);
  gint at = g_rand_int_range (random, 0, text->len - 20);

  switch (g_rand_int_range (random, 0, 3)) {
  case 0:
    for (gint n = g_rand_int_range (random, 1, 4); n > 0; n--)
      text->str[g_rand_int_range (random, 0, text->len)] = g_rand_int_range (random, 1, 256);
    break;
  case 1:
    g_string_erase (text, at, g_rand_int_range (random, 1, 20));
    break;
  default:
    g_string_insert_len (text, at, offer + at, g_rand_int_range (random, 1, 20));
    break;
  }
  return g_string_free (text, FALSE);
}

/* Each mutated one is answered or refused for a reason, and the room's process is the same after
 * all of them, with whoever was in it before. */
static void
test_real_room__mutated (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4711);
  g_autofree char *offer = read_offer ("obs-whip");
  g_autofree char *half = g_strndup (offer, strlen (offer) / 2);
  guint status;
  g_autofree char *before = post ("fallen", offer, &status);
  gint64 pid = room_pid ("fallen");
  guint n_refused = 0;

  g_assert_cmpuint (status, ==, 201);
  g_assert_cmpint (pid, >, 0);
  assert_refused ("v=0\r\n");
  assert_refused (half);
  assert_refused ("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
  for (guint i = 0; i < MUTATIONS; i++) {
    g_autofree char *text = mutate (random, offer);
    g_autofree char *response = post ("fallen", text, &status);

    if (status >= 500)
      g_test_message ("%s\n%s", response, text);
    if (status == 201)
      end_session (response);
    else
      g_assert_true (status >= 400 && status < 500);
    n_refused += status != 201;
  }
  g_test_message ("%u of %u were refused", n_refused, MUTATIONS);
  g_assert_cmpuint (n_refused, >, 0);
  g_assert_cmpint (room_pid ("fallen"), ==, pid);
  end_session (before);
}

/* How many bytes the picture has as a file, which another drawing changes. Pictures have a rate. */
static int
snapshot_bytes (void)
{
  gint64 deadline_us = g_get_monotonic_time () + HARNESS_WAIT_MS * 1000;
  g_autofree char *length = NULL;
  guint status = 429;

  while (status == 429 && g_get_monotonic_time () < deadline_us) {
    g_autofree char *response = http (server, "GET", "/v1/rooms/captioned/snapshot.png", NULL, NULL,
                                      &status);

    g_free (length);
    length = http_header (response, "Content-Length");
  }
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (length);
  return atoi (length);
}

static void
set_caption (const char *body)
{
  guint status;

  g_free (http (server, "PUT", "/v1/rooms/captioned/caption", NULL, body, &status));
  g_assert_cmpuint (status, ==, 200);
}

/* Through the sandboxed process: letters of scripts that it has to find fonts for are drawn. */
static void
test_real_room__caption (void)
{
  g_autofree char *offer = read_offer ("obs-whip");
  guint status;
  g_autofree char *response = post ("captioned", offer, &status);
  int plain, said;

  g_assert_cmpuint (status, ==, 201);
  plain = snapshot_bytes ();
  set_caption ("{\"text\":\"\xec\x9e\x90\xeb\xa7\x89 \xd8\xb4\xd8\xb1\xd8\xad \xf0\x9f\x8e\xac\"}");
  said = snapshot_bytes ();
  g_assert_cmpint (said, >, plain + 200);
  set_caption ("{\"text\":null}");
  g_assert_cmpint (snapshot_bytes (), ==, plain);
  end_session (response);
}

int
main (int argc, char **argv)
{
  static const char *const encoders[] = {"obs-whip", "ffmpeg-whip", "ffmpeg-whip-video-only",
                                         "gstreamer-whipclientsink"};
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  offers_directory = argv[1];
  server = server_start (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++) {
    g_autofree char *path = g_strdup_printf ("/server/real_room/%s", encoders[i]);

    g_test_add_data_func (path, encoders[i], test_real_room__encoders);
  }
  g_test_add_func ("/server/real_room/caption", test_real_room__caption);
  g_test_add_func ("/server/real_room/mutated", test_real_room__mutated);
  status = g_test_run ();
  server_stop (server);
  return status;
}
