/* tests/unit/mcu/room.c - people come, speak to each other, go, and come back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room.h"

#include <string.h>

#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

static void
set_up (World *world, gconstpointer data)
{
  world_set_up (world, data);
}

static const char *const overload_soon[] = {"node", "overload_after_s", "2", NULL};

static void
set_up_fast (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (10);
  world_set_up (world, data);
}

static void
tear_down (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (1);
  world_tear_down (world);
}

static const char *
role_of (Person *person, Person *whom)
{
  JsonObject *update = last (person, "participant_updated");
  JsonObject *who = update != NULL ? mcu_json_object (update, "participant") : NULL;

  return who != NULL && g_strcmp0 (mcu_json_string (who, "id"), whom->id) == 0
             ? mcu_json_string (who, "role")
             : NULL;
}

static void
test_room__welcome_and_roster (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", " Ada ");
  Person *b = world_join (world, "r", "");
  JsonObject *welcome = last (b, "welcome");
  JsonObject *joined;

  g_assert_cmpstr (mcu_json_string (last (a, "welcome"), "role"), ==, "moderator");
  g_assert_cmpstr (mcu_json_string (welcome, "role"), ==, "participant");
  g_assert_false (mcu_json_bool (welcome, "resumed", TRUE));
  g_assert_cmpint (mcu_json_int (welcome, "session", -1), ==, 0);
  g_assert_cmpuint (json_array_get_length (mcu_json_array (welcome, "participants")), ==, 2);
  g_assert_nonnull (mcu_json_array (welcome, "ice_servers"));
  g_assert_cmpstr (mcu_json_string (mcu_json_object (welcome, "room"), "name"), ==, "r");
  g_assert_cmpint (count (b, "participant_joined"), ==, 0); /* not of themselves */
  joined = mcu_json_object (last (a, "participant_joined"), "participant");
  g_assert_cmpstr (mcu_json_string (joined, "id"), ==, b->id);
  g_assert_cmpstr (mcu_json_string (joined, "name"), ==, "Guest 1");
  g_assert_cmpstr (mcu_json_string (joined, "kind"), ==, "browser");
}

static void
test_room__moderator_is_followed (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *c = world_join (world, "r", "C");

  say (a, "{'type':'leave'}");
  g_assert_cmpstr (a->bye, ==, "left");
  wait_until (g_strcmp0 (role_of (c, b), "moderator") == 0);
  g_assert_cmpstr (mcu_json_string (last (c, "participant_left"), "participant"), ==, a->id);
  g_assert_cmpstr (mcu_json_string (last (c, "participant_left"), "reason"), ==, "left");
}

static void
test_room__is_full (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_connect (world, "r");

  say (b, "{'type':'join'}");
  g_assert_cmpstr (b->bye, ==, "room_full");
  say (a, "{'type':'leave'}");
  world_join (world, "r", "B");
}

static void
test_room__bounds (World *world, gconstpointer data)
{
  Person *bad = world_connect (world, "../etc");
  Person *early = world_connect (world, "r");
  Person *a = world_join (world, "r", "A");
  g_autofree char *long_text = g_strnfill (4097, 'x');

  g_assert_cmpstr (bad->bye, ==, "protocol");
  say (early, "{'type':'chat','text':'x'}");
  g_assert_cmpstr (early->bye, ==, "protocol");
  say (a, "{'type':'chat','text':'%s'}", long_text);
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "too_large");
  say (a, "{'type':'chat','text':5}");
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "bad_request");
  say (a, "{'type':'no such'}");
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "message"), ==, "no such");
  for (int i = 0; i < 15; i++)
    say (a, "{'type':'chat','text':'hello'}");
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "rate_limited");
  g_assert_cmpuint (count (a, "chat"), ==, 10);
  for (int i = 0; i < 500 && a->bye == NULL; i++)
    say (a, "{'type':'ping'}");
  g_assert_cmpstr (a->bye, ==, "protocol");
}

static void
test_room__join_has_a_deadline (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (100);
  Person *a = world_connect (world, "r");
  wait_until (a->bye != NULL);
  g_assert_cmpstr (a->bye, ==, "protocol");
}

static void
test_room__chat (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *c = world_join (world, "r", "C");
  Person *elsewhere = world_join (world, "s", "D");

  say (a, "{'type':'chat','text':'to all'}");
  g_assert_cmpstr (mcu_json_string (last (c, "chat"), "text"), ==, "to all");
  g_assert_cmpstr (mcu_json_string (last (c, "chat"), "participant"), ==, a->id);
  say (b, "{'type':'chat','text':'to a','to':'%s'}", a->id);
  g_assert_cmpstr (mcu_json_string (last (a, "chat"), "text"), ==, "to a");
  g_assert_cmpstr (mcu_json_string (last (b, "chat"), "text"), ==, "to a");
  g_assert_cmpuint (count (c, "chat"), ==, 1);
  g_assert_cmpuint (count (elsewhere, "chat"), ==, 0);
  say (a, "{'type':'chat','text':'x','to':'%s'}", elsewhere->id);
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "not_found");
}

static void
test_room__state_reaches_others_and_media (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  JsonObject *who;
  guint n;

  wait_until (told (world, "participant ") >= 2);
  n = told (world, "participant ");
  say (a, "{'type':'state','audio_muted':true,'hand_raised':true,'video_muted':'nonsense'}");
  wait_until (last (b, "participant_updated") != NULL);
  who = mcu_json_object (last (b, "participant_updated"), "participant");
  g_assert_cmpstr (mcu_json_string (who, "id"), ==, a->id);
  g_assert_true (mcu_json_bool (who, "audio_muted", FALSE));
  g_assert_false (mcu_json_bool (who, "video_muted", TRUE));
  g_assert_nonnull (mcu_json_string (who, "hand_raised_at"));
  wait_until (told (world, "participant ") > n);
}

static void
test_room__moderator_mutes_and_kicks (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *back;

  say (b, "{'type':'moderate','participant':'%s','audio_muted':true}", a->id);
  g_assert_cmpstr (mcu_json_string (last (b, "error"), "code"), ==, "forbidden");
  say (a, "{'type':'moderate','participant':'%s','audio_muted':true}", b->id);
  wait_until (last (b, "participant_updated") != NULL);
  g_assert_true (mcu_json_bool (mcu_json_object (last (b, "participant_updated"), "participant"),
                                "audio_muted_by_moderator", FALSE));
  say (a, "{'type':'moderate','participant':'%s','kick':true}", b->id);
  g_assert_cmpstr (b->bye, ==, "kicked");
  back = world_resume (world, "r", b->resume);
  g_assert_cmpstr (back->bye, ==, "banned");
}

static void
test_room__resume_keeps_the_seat (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *again;
  JsonObject *who;

  lose_socket (a);
  wait_until (last (b, "participant_updated") != NULL);
  who = mcu_json_object (last (b, "participant_updated"), "participant");
  g_assert_cmpstr (mcu_json_string (who, "state"), ==, "away");
  again = world_resume (world, "r", a->resume);
  g_assert_cmpstr (again->id, ==, a->id);
  g_assert_true (mcu_json_bool (last (again, "welcome"), "resumed", FALSE));
  g_assert_cmpstr (mcu_json_string (last (again, "welcome"), "role"), ==, "moderator");
  g_assert_cmpuint (count (b, "participant_left"), ==, 0);
}

static void
test_room__resume_replaces (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *again = world_resume (world, "r", a->resume);

  g_assert_cmpstr (a->bye, ==, "replaced");
  g_assert_cmpstr (again->id, ==, a->id);
  lose_socket (a); /* the old socket's end is not the new one's */
  say (again, "{'type':'chat','text':'still here'}");
  g_assert_cmpuint (count (again, "chat"), ==, 1);
}

static void
test_room__away_is_not_for_ever (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");

  mcu_times_set_divisor_for_tests (100);
  lose_socket (a);
  wait_until (last (b, "participant_left") != NULL);
  g_assert_cmpstr (mcu_json_string (last (b, "participant_left"), "reason"), ==, "timeout");
  wait_until (g_strcmp0 (role_of (b, b), "moderator") == 0);
}

static void
test_room__resume_after_a_restart (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *a2, *b2, *forged;

  world_restart (world);
  b2 = world_resume (world, "r", b->resume);
  a2 = world_resume (world, "r", a->resume);
  g_assert_cmpstr (b2->id, ==, b->id);
  g_assert_cmpstr (a2->id, ==, a->id);
  g_assert_true (mcu_json_bool (last (b2, "welcome"), "resumed", FALSE));
  g_assert_cmpstr (mcu_json_string (last (b2, "welcome"), "role"), ==, "participant");
  g_assert_cmpstr (mcu_json_string (last (a2, "welcome"), "role"), ==, "moderator");
  forged = world_resume (world, "other-room", a->resume); /* good, but of another room */
  g_assert_cmpstr (forged->id, !=, a->id);
  g_assert_false (mcu_json_bool (last (forged, "welcome"), "resumed", TRUE));
}

static guint
people_in (World *world, const char *name)
{
  g_autoptr (JsonObject) room = mcu_server_get_room (world->server, name);

  return room != NULL ? mcu_json_int (room, "participants", 0) : 0;
}

static void
test_room__late_resume_is_a_join (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *again;

  mcu_times_set_divisor_for_tests (
      10000); /* 30 s are over soon, and so is the time after our start */
  lose_socket (a);
  wait_until (people_in (world, "r") == 1);
  again = world_resume (world, "r", a->resume);
  g_assert_cmpstr (again->id, !=, a->id);
  g_assert_false (mcu_json_bool (last (again, "welcome"), "resumed", TRUE));
  g_assert_nonnull (b->id);
}

static void
test_room__rooms_are_bounded (World *world, gconstpointer data)
{
  Person *a = world_join (world, "one", "A");
  Person *b = world_join (world, "two", "B");
  Person *c = world_connect (world, "three");

  say (c, "{'type':'join'}");
  g_assert_cmpstr (c->bye, ==, "overloaded");
  g_assert_cmpuint (c->retry_after_ms, >, 0);
  say (a, "{'type':'leave'}");
  world_join (world, "three", "C"); /* the empty one makes place */
  say (b, "{'type':'chat','text':'x'}");
  g_assert_cmpuint (count (b, "chat"), ==, 1);
}

static void
test_room__an_empty_one_ends (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  gboolean there = TRUE;

  mcu_times_set_divisor_for_tests (1000);
  say (a, "{'type':'leave'}");
  while (there) {
    JsonObject *room = mcu_server_get_room (world->server, "r");
    there = room != NULL;
    g_clear_pointer (&room, json_object_unref);
    if (there)
      g_main_context_iteration (NULL, TRUE);
  }
  wait_until (told (world, "exit") == 1); /* and its process */
}

static void
on_stopped (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
test_room__drain_and_stop (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *late;
  gboolean stopped = FALSE;

  mcu_server_set_draining (world->server, TRUE);
  late = world_connect (world, "r");
  g_assert_cmpstr (late->bye, ==, "draining");
  g_assert_false (mcu_server_is_ready (world->server, NULL));
  g_assert_null (a->bye);
  wait_until (told (world, "room_state") == 1);
  mcu_server_stop (world->server, on_stopped, &stopped);
  g_assert_cmpstr (a->bye, ==, "draining");
  wait_until (stopped);
  g_assert_cmpuint (told (world, "drain"), ==, 1);
}

static void
test_room__lists (World *world, gconstpointer data)
{
  g_autoptr (JsonObject) rooms = NULL;
  g_autoptr (JsonObject) more = NULL;
  g_autoptr (JsonObject) people = NULL;
  g_autoptr (JsonObject) rest = NULL;

  world_join (world, "b", "A");
  world_join (world, "a", "A");
  world_join (world, "a", "B");
  rooms = mcu_server_list_rooms (world->server, 1, NULL);
  g_assert_cmpuint (json_array_get_length (mcu_json_array (rooms, "rooms")), ==, 1);
  g_assert_cmpstr (mcu_json_string (rooms, "next"), ==, "a");
  more = mcu_server_list_rooms (world->server, 1, "a");
  g_assert_cmpstr (
      mcu_json_string (mcu_json_array_object (mcu_json_array (more, "rooms"), 0), "name"), ==, "b");
  g_assert_null (mcu_json_string (more, "next"));
  people = mcu_server_list_participants (world->server, "a", 1, NULL);
  rest = mcu_server_list_participants (world->server, "a", 1, mcu_json_string (people, "next"));
  g_assert_cmpstr (
      mcu_json_string (mcu_json_array_object (mcu_json_array (rest, "participants"), 0), "name"),
      ==, "B");
  g_assert_null (mcu_server_list_participants (world->server, "no", 1, NULL));
}

static const char *const full_at_one[] = {"rooms", "max_participants", "1", NULL};
static const char *const two_rooms[] = {"rooms", "max_rooms", "2", NULL};

#define add(name, settings)                                                                        \
  g_test_add ("/room/" #name, World, settings, set_up, test_room__##name, tear_down)

/* Late for as long as is set: nobody more is taken, who comes back is, and it ends. */
static void
test_room__overloaded (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  Person *refused;
  Person *back;

  say (a, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (a, "layout") != NULL);
  say (a, "{'type':'candidate','session':1,'candidate':'late','sdp_mid':'0'}");
  wait_until (!mcu_server_is_ready (world->server, NULL));
  refused = world_connect (world, "other");
  say (refused, "{'type':'join','name':'x'}");
  g_assert_cmpstr (refused->bye, ==, "overloaded");
  g_assert_cmpuint (refused->retry_after_ms, >, 0);
  lose_socket (b);
  back = world_resume (world, "r", b->resume);
  g_assert_cmpstr (back->id, ==, b->id);
  say (a, "{'type':'candidate','session':1,'candidate':'in time','sdp_mid':'0'}");
  wait_until (mcu_server_is_ready (world->server, NULL));
  world_join (world, "other", "Y");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (welcome_and_roster, NULL);
  add (moderator_is_followed, NULL);
  add (is_full, full_at_one);
  add (bounds, NULL);
  add (join_has_a_deadline, NULL);
  add (chat, NULL);
  add (state_reaches_others_and_media, NULL);
  add (moderator_mutes_and_kicks, NULL);
  add (resume_keeps_the_seat, NULL);
  add (resume_replaces, NULL);
  add (away_is_not_for_ever, NULL);
  add (resume_after_a_restart, NULL);
  add (late_resume_is_a_join, NULL);
  add (rooms_are_bounded, two_rooms);
  add (an_empty_one_ends, NULL);
  add (drain_and_stop, NULL);
  add (lists, NULL);
  g_test_add ("/room/overloaded", World, overload_soon, set_up_fast, test_room__overloaded,
              tear_down);
  return g_test_run ();
}
