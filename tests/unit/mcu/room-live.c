/* tests/unit/mcu/room-live.c - live outputs and inputs of a room: begun, fed, begun anew, ended.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-live.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

/* A pause of a second is 20 ms here. */
#define DIVISOR 50

static void
set_up (World *world, gconstpointer data)
{
  /* Deaths are warned of; here they are wanted. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  world_set_up (world, data);
}

static void
tear_down (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (1);
  world_tear_down (world);
}

typedef JsonObject *(*AddFunc) (McuServer *server, const char *room, JsonObject *wanted,
                                GError **error);

static JsonObject *
ask (World *world, AddFunc func, const char *json, GError **error)
{
  g_autofree char *text = g_strdelimit (g_strdup (json), "'", '"');
  g_autoptr (JsonObject) wanted = mcu_json_parse_object (text, strlen (text), NULL);

  g_assert_nonnull (wanted);
  return func (world->server, "r", wanted, error);
}

static char *
add (World *world, AddFunc func, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) made = ask (world, func, json, &error);

  g_assert_no_error (error);
  return g_strdup (mcu_json_string (made, "id"));
}

static void
assert_refused (World *world, AddFunc func, const char *json, McuError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ask (world, func, json, &error));
  g_assert_true (g_error_matches (error, MCU_ERROR, code));
}

/* Returns: (transfer full) (nullable) */
static JsonObject *
find (World *world, const char *id)
{
  g_autoptr (JsonObject) streams = mcu_server_list_streams (world->server, "r");
  g_autoptr (JsonObject) inputs = mcu_server_list_inputs (world->server, "r");
  JsonArray *lists[] = {mcu_json_array (streams, "streams"), mcu_json_array (inputs, "inputs")};

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; j < json_array_get_length (lists[i]); j++) {
      JsonObject *one = mcu_json_array_object (lists[i], j);
      if (g_str_equal (mcu_json_string (one, "id"), id))
        return json_object_ref (one);
    }
  return NULL;
}

static gboolean
is (World *world, const char *id, const char *state)
{
  g_autoptr (JsonObject) one = find (world, id);

  return one != NULL && g_str_equal (mcu_json_string (one, "state"), state);
}

static gint64
restarts_of (World *world, const char *id)
{
  g_autoptr (JsonObject) one = find (world, id);

  return mcu_json_int (one, "restarts", -1);
}

static gboolean
has_error (World *world, const char *id, const char *code)
{
  g_autoptr (JsonObject) one = find (world, id);
  JsonObject *error = mcu_json_object (one, "error");

  return error != NULL && g_str_equal (mcu_json_string (error, "code"), code);
}

static void
test_room_live_is_fed_by_the_room (World *world, gconstpointer data)
{
  g_autofree char *id = NULL;

  assert_refused (world, mcu_server_add_stream, "{'hls':true}", MCU_ERROR_NOT_FOUND);
  world_join (world, "r", "A");
  id = add (world, mcu_server_add_stream, "{'url':'rtmp://h/live/key'}");
  wait_until (is (world, id, "live"));
  wait_until (told (world, "stream_feed socket") == 1 && told (world, "output_add") == 1);
  g_assert_true (mcu_server_remove_stream (world->server, "r", id));
  g_assert_false (mcu_server_remove_stream (world->server, "r", id));
  wait_until (told (world, "output_remove") == 1);
}

static void
test_room_live_begins_anew (World *world, gconstpointer data)
{
  static const char *const urls[] = {"{'url':'rtmp://h/live/refuse'}",
                                     "{'url':'rtmp://h/live/die'}"};

  mcu_times_set_divisor_for_tests (DIVISOR);
  world_join (world, "r", "A");
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autofree char *id = add (world, mcu_server_add_stream, urls[i]);

    wait_until (is (world, id, "retrying"));
    g_assert_true (has_error (world, id, i == 0 ? "timeout" : "internal"));
    wait_until (restarts_of (world, id) >= 2);
    g_assert_true (mcu_server_remove_stream (world->server, "r", id));
  }
}

static void
test_room_live_one_that_hangs_is_replaced (World *world, gconstpointer data)
{
  g_autofree char *id = NULL;

  mcu_room_process_set_divisor_for_tests (20);
  mcu_times_set_divisor_for_tests (DIVISOR);
  world_join (world, "r", "A");
  id = add (world, mcu_server_add_stream, "{'url':'srt://hang:1'}");
  wait_until (restarts_of (world, id) >= 1);
  g_assert_true (has_error (world, id, "internal"));
  mcu_room_process_set_divisor_for_tests (1);
}

static void
test_room_live_some_failures_are_final (World *world, gconstpointer data)
{
  g_autofree char *id = NULL;

  world_join (world, "r", "A");
  id = add (world, mcu_server_add_stream, "{'url':'srt://forbid:1'}");
  wait_until (is (world, id, "failed"));
  g_assert_true (has_error (world, id, "forbidden"));
  g_assert_cmpint (restarts_of (world, id), ==, 0);
}

static void
test_room_live_outlives_a_room_process (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *id = add (world, mcu_server_add_stream, "{'url':'rtmp://h/live/key'}");
  g_autofree char *input = add (world, mcu_server_add_input, "{'url':'rtsp://h/cam'}");

  wait_until (is (world, id, "live") && is (world, input, "live"));
  say (a, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (count (a, "answer") == 1);
  say (a, "{'type':'candidate','session':1,'candidate':'die','sdp_mid':'0'}");
  wait_until (told (world, "stream_feed socket") == 2 && told (world, "input_feed socket") == 2);
  g_assert_true (is (world, id, "live") && is (world, input, "live"));
  g_assert_cmpint (restarts_of (world, id), ==, 0);
  g_assert_cmpint (restarts_of (world, input), ==, 0);
}

static void
test_room_live_rests_while_nobody_is_there (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *id = add (world, mcu_server_add_stream, "{'url':'rtmp://h/live/key'}");

  wait_until (is (world, id, "live"));
  mcu_times_set_divisor_for_tests (DIVISOR);
  say (a, "{'type':'leave'}");
  wait_until (is (world, id, "connecting"));
  mcu_times_set_divisor_for_tests (1);
  world_join (world, "r", "B");
  wait_until (is (world, id, "live"));
}

static void
test_room_live_an_input_is_somebody (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *id = add (world, mcu_server_add_input,
                             "{'url':'rtsp://user:secret@h/cam','name':'Door'}");
  g_autoptr (JsonObject) input = find (world, id);
  const char *participant = mcu_json_string (input, "participant");
  JsonObject *joined;

  g_assert_cmpstr (mcu_json_string (input, "url"), ==, "rtsp://h:554/cam");
  wait_until (last (a, "participant_joined") != NULL);
  joined = mcu_json_object (last (a, "participant_joined"), "participant");
  g_assert_cmpstr (mcu_json_string (joined, "kind"), ==, "input");
  g_assert_cmpstr (mcu_json_string (joined, "role"), ==, "participant");
  g_assert_cmpstr (mcu_json_string (joined, "name"), ==, "Door");
  wait_until (is (world, id, "live"));
  say (a, "{'type':'moderate','participant':'%s','kick':true}", participant);
  wait_until (find (world, id) == NULL);
  wait_until (last (a, "participant_left") != NULL);
}

static void
test_room_live_an_input_ends (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *id = add (world, mcu_server_add_input, "{'url':'http://h/end.mp4'}");

  wait_until (is (world, id, "ended"));
  wait_until (last (a, "participant_left") != NULL);
  g_assert_true (mcu_server_remove_input (world->server, "r", id));
}

static void
test_room_live_an_input_makes_its_room (World *world, gconstpointer data)
{
  g_autofree char *id = add (world, mcu_server_add_input, "{'url':'rtsp://h/cam'}");

  wait_until (is (world, id, "live"));
  wait_until (told (world, "input_add p") == 1);
  g_assert_true (mcu_server_remove_input (world->server, "r", id));
}

static void
test_room_live_bounds (World *world, gconstpointer data)
{
  g_autofree char *one = NULL, *two = NULL, *camera = NULL;

  world_join (world, "r", "A");
  assert_refused (world, mcu_server_add_stream, "{}", MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_stream, "{'url':'rtmp://h/live/k','hls':true}",
                  MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_stream, "{'url':'rtsp://h/x'}", MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_input, "{'url':'rtmp://h/a/b'}", MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_input, "{'url':7}", MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_stream, "{'hls':'yes'}", MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_stream, "{'hls':true,'key':'x'}", MCU_ERROR_BAD_REQUEST);
  assert_refused (world, mcu_server_add_input, "{'url':'rtsp://h/x','loop':1}",
                  MCU_ERROR_BAD_REQUEST);
  one = add (world, mcu_server_add_stream, "{'hls':true}");
  two = add (world, mcu_server_add_stream, "{'url':'srt://forbid:1'}");
  wait_until (is (world, two, "failed")); /* what is over takes no place */
  g_free (two);
  two = add (world, mcu_server_add_stream, "{'hls':true}");
  assert_refused (world, mcu_server_add_stream, "{'hls':true}", MCU_ERROR_TOO_MANY_STREAMS);
  camera = add (world, mcu_server_add_input, "{'url':'rtsp://h/cam'}");
  assert_refused (world, mcu_server_add_input, "{'url':'rtsp://h/cam'}",
                  MCU_ERROR_TOO_MANY_STREAMS);
}

static void
test_room_live_hls (World *world, gconstpointer data)
{
  g_autofree char *id = NULL, *playlist = NULL;
  g_autoptr (GBytes) piece = NULL;

  world_join (world, "r", "A");
  id = add (world, mcu_server_add_stream, "{'hls':true}");
  wait_until (is (world, id, "live"));
  playlist = mcu_server_hls_playlist (world->server, id);
  g_assert_nonnull (strstr (playlist, "\n3.ts\n")); /* the one that was not sealed is not there */
  g_assert_null (strstr (playlist, "\n4.ts\n"));
  piece = mcu_server_hls_segment (world->server, id, "3.ts");
  g_assert_nonnull (piece);
  g_assert_null (mcu_server_hls_playlist (world->server, "s_other"));
  g_assert_null (mcu_server_hls_segment (world->server, "s_other", "3.ts"));
}

static void
on_metric (const char *name, McuMetricType type, const char *help, const char *suffix,
           const char *labels, double value, gpointer user_data)
{
  if (g_str_equal (name, "tessera_streams") && g_str_equal (labels, "state=\"live\""))
    *(double *) user_data += value;
}

static void
test_room_live_is_counted (World *world, gconstpointer data)
{
  g_autofree char *id = NULL;
  double n = 0;

  world_join (world, "r", "A");
  id = add (world, mcu_server_add_stream, "{'url':'rtmp://h/live/key'}");
  mcu_server_visit_metrics (world->server, on_metric, &n);
  g_assert_cmpfloat (n, ==, 0);
  wait_until (is (world, id, "live"));
  mcu_server_visit_metrics (world->server, on_metric, &n);
  g_assert_cmpfloat (n, ==, 1);
}

static const char *const bounds[] = {"streams", "max_per_room", "2", "inputs", "max_per_room", "1",
                                     NULL};

static void
add_test (const char *path, const char *const *settings,
          void (*func) (World *world, gconstpointer data))
{
  g_test_add (path, World, settings, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/mcu/room-live/is-fed-by-the-room", NULL, test_room_live_is_fed_by_the_room);
  add_test ("/mcu/room-live/begins-anew", NULL, test_room_live_begins_anew);
  add_test ("/mcu/room-live/one-that-hangs-is-replaced", NULL,
            test_room_live_one_that_hangs_is_replaced);
  add_test ("/mcu/room-live/some-failures-are-final", NULL, test_room_live_some_failures_are_final);
  add_test ("/mcu/room-live/outlives-a-room-process", NULL, test_room_live_outlives_a_room_process);
  add_test ("/mcu/room-live/rests-while-nobody-is-there", NULL,
            test_room_live_rests_while_nobody_is_there);
  add_test ("/mcu/room-live/an-input-is-somebody", NULL, test_room_live_an_input_is_somebody);
  add_test ("/mcu/room-live/an-input-ends", NULL, test_room_live_an_input_ends);
  add_test ("/mcu/room-live/an-input-makes-its-room", NULL, test_room_live_an_input_makes_its_room);
  add_test ("/mcu/room-live/bounds", bounds, test_room_live_bounds);
  add_test ("/mcu/room-live/hls", NULL, test_room_live_hls);
  add_test ("/mcu/room-live/is-counted", NULL, test_room_live_is_counted);
  return g_test_run ();
}
