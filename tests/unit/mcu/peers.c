/* tests/unit/mcu/peers.c - offers, answers, and one session after another.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/peers.h"

#include <string.h>

#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

static void
set_up (World *world, gconstpointer data)
{
  world_set_up (world, data);
}

static void
tear_down (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (1);
  world_tear_down (world);
}

static void
offer (Person *person, int session, const char *sdp)
{
  say (person, "{'type':'offer','session':%d,'sdp':'%s'}", session, sdp);
}

static gint64
session_of (Person *person, const char *type)
{
  JsonObject *message = last (person, type);

  return message != NULL ? mcu_json_int (message, "session", -1) : -1;
}

static const char *
error_of (Person *person)
{
  JsonObject *message = last (person, "error");

  return message != NULL ? mcu_json_string (message, "code") : NULL;
}

static const char *
state_of (World *world, Person *person)
{
  g_autoptr (JsonObject) list = mcu_server_list_participants (world->server, "r", 0, NULL);
  JsonArray *people = mcu_json_array (list, "participants");

  for (guint i = 0; i < json_array_get_length (people); i++) {
    JsonObject *one = mcu_json_array_object (people, i);
    if (g_strcmp0 (mcu_json_string (one, "id"), person->id) == 0)
      return g_intern_string (mcu_json_string (one, "state"));
  }
  return NULL;
}

static guint
n_tiles (Person *person)
{
  JsonObject *layout = last (person, "layout");

  return layout != NULL ? json_array_get_length (mcu_json_array (layout, "tiles")) : 0;
}

static void
test_peers__offer_is_answered (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *want = g_strdup_printf ("answer to %s.1", a->id);

  g_assert_cmpstr (state_of (world, a), ==, "joining");
  offer (a, 1, "connect");
  wait_until (last (a, "answer") != NULL);
  g_assert_cmpstr (mcu_json_string (last (a, "answer"), "sdp"), ==, want);
  g_assert_cmpint (session_of (a, "answer"), ==, 1);
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
}

static void
test_peers__refusals (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  offer (a, 1, "refuse");
  wait_until (last (a, "error") != NULL);
  g_assert_cmpstr (error_of (a), ==, "bad_sdp");
  g_assert_cmpint (session_of (a, "error"), ==, 1);
  offer (a, 1, "connect"); /* not counted up */
  g_assert_cmpstr (error_of (a), ==, "bad_request");
  say (a, "{'type':'offer','session':7}");
  g_assert_cmpstr (error_of (a), ==, "bad_sdp");
  offer (a, 2, "x");
  offer (a, 3, "x");
  offer (a, 4, "x");
  g_assert_cmpstr (error_of (a), ==, "rate_limited");
  g_assert_cmpint (session_of (a, "error"), ==, 4);
}

static void
test_peers__no_reply_is_an_error (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  wait_until (told (world, "room_state") == 1);
  mcu_times_set_divisor_for_tests (100);
  offer (a, 1, "mute");
  wait_until (last (a, "error") != NULL);
  g_assert_cmpstr (error_of (a), ==, "timeout");
  wait_until (told (world, "peer_remove") == 1);
}

static void
test_peers__candidates (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  offer (a, 1, "x");
  for (int i = 0; i < 20; i++)
    say (a, "{'type':'candidate','session':1,'candidate':'c%02d','sdp_mid':'0'}", i);
  g_assert_null (last (a, "error"));
  say (a, "{'type':'candidate','session':1,'candidate':'c20','sdp_mid':'0'}");
  g_assert_cmpstr (error_of (a), ==, "rate_limited");
  say (a, "{'type':'candidate','session':9,'candidate':'of no session','sdp_mid':'0'}");
  wait_until (told (world, "peer_candidate c19") == 1);
  g_assert_cmpuint (told (world, "peer_candidate"), ==, 20);
}

static void
test_peers__old_media_stay_until_the_new_ones_come (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *removed = g_strdup_printf ("peer_remove %s.1", a->id);

  offer (a, 1, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
  offer (a, 2, "slow");
  wait_until (session_of (a, "answer") == 2);
  g_assert_cmpuint (told (world, removed), ==, 0);
  say (a, "{'type':'candidate','session':2,'candidate':'connect','sdp_mid':'0'}");
  wait_until (told (world, removed) == 1);
}

static void
test_peers__old_media_do_not_stay_for_ever (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *removed = g_strdup_printf ("peer_remove %s.1", a->id);

  offer (a, 1, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
  mcu_times_set_divisor_for_tests (10);
  offer (a, 2, "never connects");
  wait_until (told (world, removed) == 1);
}

static void
test_peers__a_refused_offer_leaves_the_old_one (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  g_autofree char *removed = g_strdup_printf ("peer_remove %s.1", a->id);

  offer (a, 1, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
  offer (a, 2, "refuse");
  wait_until (last (a, "error") != NULL);
  wait_until (told (world, "peer_remove") == 1);
  g_assert_cmpuint (told (world, removed), ==, 0);
  g_assert_cmpstr (state_of (world, a), ==, "live");
}

static void
test_peers__lost_media_are_asked_for_again (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  offer (a, 1, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
  say (a, "{'type':'candidate','session':1,'candidate':'fail','sdp_mid':'0'}");
  wait_until (last (a, "renegotiate") != NULL);
  g_assert_cmpint (session_of (a, "renegotiate"), ==, 1);
  g_assert_cmpstr (state_of (world, a), ==, "away");
  offer (a, 2, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
}

static void
test_peers__silence_is_noticed_and_ends (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  offer (a, 1, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
  mcu_times_set_divisor_for_tests (100);
  say (a, "{'type':'candidate','session':1,'candidate':'silent','sdp_mid':'0'}");
  wait_until (count (a, "renegotiate") == 1);
  wait_until (g_strcmp0 (state_of (world, a), "away") == 0);
  wait_until (told (world, "peer_remove") == 1);
}

static void
test_peers__layout_tells_everybody_their_own (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *viewer = world_connect (world, "r");
  JsonArray *tiles;
  guint own = 0;

  say (viewer, "{'type':'join','viewer':true}");
  g_assert_cmpstr (mcu_json_string (last (viewer, "welcome"), "role"), ==, "viewer");
  offer (a, 1, "connect");
  offer (b, 1, "connect");
  offer (viewer, 1, "connect");
  wait_until (n_tiles (a) == 2 && n_tiles (b) == 2 && n_tiles (viewer) == 2);
  tiles = mcu_json_array (last (b, "layout"), "tiles");
  for (guint i = 0; i < 2; i++) {
    JsonObject *tile = mcu_json_array_object (tiles, i);
    if (!mcu_json_bool (tile, "own", FALSE))
      continue;
    own++;
    g_assert_cmpstr (mcu_json_string (tile, "participant"), ==, b->id);
  }
  g_assert_cmpuint (own, ==, 1);
  g_assert_cmpstr (mcu_json_string (mcu_json_array_object (tiles, 0), "participant"), ==, a->id);
  g_assert_cmpint (mcu_json_int (last (b, "layout"), "rtp_timestamp", -1), >=, 0);
  g_assert_cmpint (mcu_json_int (mcu_json_object (last (b, "layout"), "canvas"), "width", -1), ==,
                   1280);
  say (a, "{'type':'leave'}");
  wait_until (n_tiles (b) == 1 && n_tiles (viewer) == 1);
}

static void
test_peers__speaker (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *late;

  offer (a, 1, "connect");
  wait_until (last (a, "answer") != NULL);
  say (a, "{'type':'candidate','session':1,'candidate':'voice','sdp_mid':'0'}");
  wait_until (last (b, "speaker") != NULL);
  g_assert_cmpstr (mcu_json_string (last (b, "speaker"), "participant"), ==, a->id);
  late = world_join (world, "r", "C");
  g_assert_cmpstr (mcu_json_string (last (late, "speaker"), "participant"), ==, a->id);
}

static void
test_peers__who_comes_back_hears_what_was_missed (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *again;

  offer (a, 1, "connect");
  wait_until (n_tiles (a) == 1);
  lose_socket (a);
  offer (b, 1, "connect");
  wait_until (n_tiles (b) == 2);
  again = world_resume (world, "r", a->resume);
  g_assert_cmpint (mcu_json_int (last (again, "welcome"), "session", -1), ==, 1);
  wait_until (n_tiles (again) == 2); /* the connection went on: no new offer needed */
  g_assert_null (last (again, "renegotiate"));

  lose_socket (again);
  say (b, "{'type':'moderate','participant':'%s','kick':true}", a->id);
  g_assert_cmpstr (error_of (b), ==, "forbidden"); /* away is still the moderator */
}

static void
test_peers__who_comes_back_without_media_is_asked (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *again;

  offer (a, 1, "connect");
  wait_until (g_strcmp0 (state_of (world, a), "live") == 0);
  say (a, "{'type':'candidate','session':1,'candidate':'fail','sdp_mid':'0'}");
  lose_socket (a);
  wait_until (told (world, "peer_remove") == 1);
  again = world_resume (world, "r", a->resume);
  g_assert_cmpint (session_of (again, "renegotiate"), ==, 1);
}

/* A tab that was closed: no socket, and then no frames. */
static void
test_peers__who_is_away_and_sends_nothing_has_no_tile (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");

  offer (a, 1, "connect");
  offer (b, 1, "connect");
  wait_until (n_tiles (b) == 2 && g_strcmp0 (state_of (world, a), "live") == 0);
  say (a, "{'type':'candidate','session':1,'candidate':'stalled','sdp_mid':'0'}");
  lose_socket (a);
  wait_until (n_tiles (b) == 1);
  world_resume (world, "r", a->resume);
  wait_until (n_tiles (b) == 2);
}

#define add(name) g_test_add ("/peers/" #name, World, NULL, set_up, test_peers__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (offer_is_answered);
  add (refusals);
  add (no_reply_is_an_error);
  add (candidates);
  add (old_media_stay_until_the_new_ones_come);
  add (old_media_do_not_stay_for_ever);
  add (a_refused_offer_leaves_the_old_one);
  add (lost_media_are_asked_for_again);
  add (silence_is_noticed_and_ends);
  add (layout_tells_everybody_their_own);
  add (speaker);
  add (who_comes_back_hears_what_was_missed);
  add (who_comes_back_without_media_is_asked);
  add (who_is_away_and_sends_nothing_has_no_tile);
  return g_test_run ();
}
