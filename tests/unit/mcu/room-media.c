/* tests/unit/mcu/room-media.c - a room's process dies or hangs: replay, return, blame.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-media.h"

#include <signal.h>

#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

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

static void
connect_media (Person *person, int session)
{
  guint n = count (person, "answer");

  say (person, "{'type':'offer','session':%d,'sdp':'connect'}", session);
  wait_until (count (person, "answer") == n + 1);
}

static void
order (Person *person, int session, const char *what)
{
  say (person, "{'type':'candidate','session':%d,'candidate':'%s','sdp_mid':'0'}", session, what);
}

static void
on_metric (const char *name, McuMetricType type, const char *help, const char *suffix,
           const char *labels, double value, gpointer user_data)
{
  if (g_str_equal (name, "tessera_room_restarts_total"))
    *(double *) user_data += value;
}

static double
restarts (World *world)
{
  double n = 0;

  mcu_server_visit_metrics (world->server, on_metric, &n);
  return n;
}

static void
test_room_media__death_is_replayed (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *other = world_join (world, "other", "C");

  connect_media (a, 1);
  connect_media (b, 1);
  connect_media (other, 1);
  order (a, 1, "die");
  wait_until (last (a, "renegotiate") != NULL && last (b, "renegotiate") != NULL);
  g_assert_cmpstr (mcu_json_string (last (b, "renegotiate"), "reason"), ==, "room_restarted");
  wait_until (told (world, "people 2") == 1); /* the state was told anew, with both in it */
  connect_media (a, 2);
  connect_media (b, 2);
  g_assert_null (last (other, "renegotiate"));
  g_assert_cmpfloat (restarts (world), ==, 1);
  wait_until (last (a, "layout") != NULL &&
              json_array_get_length (mcu_json_array (last (a, "layout"), "tiles")) == 2);
}

static void
test_room_media__an_unanswered_offer_gets_its_error (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  say (a, "{'type':'offer','session':1,'sdp':'die'}");
  wait_until (last (a, "error") != NULL && last (a, "renegotiate") != NULL);
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "internal");
  connect_media (a, 2);
}

static void
test_room_media__hang_is_a_death (World *world, gconstpointer data)
{
  Person *a;

  mcu_room_process_set_divisor_for_tests (4); /* for the spare that the room will take */
  world_restart (world);
  wait_until (mcu_server_is_ready (world->server, NULL));
  mcu_room_process_set_divisor_for_tests (1);
  a = world_join (world, "r", "A");
  connect_media (a, 1);
  order (a, 1, "hang");
  wait_until (last (a, "renegotiate") != NULL);
  connect_media (a, 2);
}

static void
test_room_media__a_bad_frame_is_a_death (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  connect_media (a, 1);
  order (a, 1, "garbage");
  wait_until (last (a, "renegotiate") != NULL);
  connect_media (a, 2);
}

static void
test_room_media__the_second_time_they_are_out (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *killer;
  Person *back;
  gint64 long_after;

  connect_media (a, 1);
  mcu_times_set_divisor_for_tests (100); /* 50 ms later a is no suspect any more ... */
  long_after = g_get_monotonic_time () + 60000;
  wait_until (g_get_monotonic_time () > long_after);
  killer = world_join (world, "r", "K");
  say (killer, "{'type':'offer','session':1,'sdp':'die'}");
  wait_until (last (a, "renegotiate") != NULL && last (killer, "renegotiate") != NULL);
  mcu_times_set_divisor_for_tests (1); /* ... but the two deaths are one minute's */
  connect_media (a, 2);
  say (killer, "{'type':'offer','session':2,'sdp':'die'}");
  wait_until (killer->bye != NULL);
  g_assert_cmpstr (killer->bye, ==, "media_fault");
  g_assert_cmpuint (killer->retry_after_ms, ==, 600000);
  g_assert_cmpstr (mcu_json_string (last (a, "participant_left"), "reason"), ==, "media_fault");
  back = world_resume (world, "r", killer->resume);
  g_assert_cmpstr (back->bye, ==, "media_fault");
  g_assert_cmpuint (back->retry_after_ms, >, 0);
  connect_media (a, 3);
  g_assert_null (a->bye);
}

static void
test_room_media__one_by_one (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");

  connect_media (a, 1);
  connect_media (b, 1);
  order (a, 1, "die");
  wait_until (count (a, "renegotiate") == 1 && count (b, "renegotiate") == 1);
  connect_media (a, 2);
  connect_media (b, 2);
  order (a, 2, "die"); /* both are suspects of both: nobody is blamed, but people come one by one */
  wait_until (count (a, "renegotiate") == 2);
  g_assert_cmpuint (count (b, "renegotiate"), ==, 1);
  say (b, "{'type':'offer','session':3,'sdp':'connect'}");
  g_assert_cmpstr (mcu_json_string (last (b, "error"), "code"), ==, "overloaded");
  connect_media (a, 3);
  wait_until (count (b, "renegotiate") == 2); /* a's turn ends 1 s after the connection */
  say (b, "{'type':'offer','session':4,'sdp':'die'}");
  wait_until (b->bye != NULL);
  g_assert_cmpstr (b->bye, ==, "media_fault");
  g_assert_null (a->bye);
}

static void
test_room_media__too_many_deaths_end_the_room (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  guint n = 0;

  /* As an operator's kill, with nobody near to suspect; each far from the last. */
  while (a->bye == NULL && n < 20) {
    g_autoptr (JsonObject) stats = mcu_server_stats (world->server);
    JsonObject *room = mcu_json_array_object (mcu_json_array (stats, "rooms"), 0);
    JsonObject *process = mcu_json_object (room, "process");

    if (process == NULL) {
      g_main_context_iteration (NULL, TRUE);
      continue;
    }
    kill (mcu_json_int (process, "pid", 0), SIGKILL);
    n++;
    wait_until (a->bye != NULL || restarts (world) == n);
  }
  g_assert_cmpuint (n, ==, 6);
  g_assert_cmpstr (a->bye, ==, "room_ended");
}

#define add(name)                                                                                  \
  g_test_add ("/room-media/" #name, World, NULL, set_up, test_room_media__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (death_is_replayed);
  add (an_unanswered_offer_gets_its_error);
  add (hang_is_a_death);
  add (a_bad_frame_is_a_death);
  add (the_second_time_they_are_out);
  add (one_by_one);
  add (too_many_deaths_end_the_room);
  return g_test_run ();
}
