/* tests/unit/mcu/room-lobby.c - locked rooms, and who waits to be let in.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-lobby.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

static const char *const with_lobby[] = {"rooms", "lobby", "true", NULL};
static const char *const with_lobby_and_key[] = {
    "rooms", "lobby", "true", "keys", "k", "a-secret-of-some-length-for-hs256", NULL};
static const char *const short_lobby[] = {"rooms",
                                          "lobby",
                                          "true",
                                          "rooms",
                                          "empty_timeout_s",
                                          "1",
                                          "keys",
                                          "k",
                                          "a-secret-of-some-length-for-hs256",
                                          NULL};
static const char *const with_lobby_for_two[] = {
    "rooms", "lobby", "true", "rooms", "max_participants", "2", NULL};

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

static Person *
knock (World *world, const char *name)
{
  Person *person = world_connect (world, "r");

  say (person, "{'type':'join','name':'%s'}", name);
  return person;
}

static Person *
come_with (World *world, const char *identity, McuRole role)
{
  Person *person = world_connect (world, "r");
  McuPass pass = {.identity = (char *) identity, .role = role, .rights = MCU_RIGHTS_DEFAULT};

  mcu_client_set_pass (person->client, &pass);
  say (person, "{'type':'join','name':'%s'}", identity);
  return person;
}

static gboolean
is_waiting (Person *person)
{
  return person->bye == NULL && person->id == NULL && last (person, "waiting") != NULL;
}

/* Of whom @moderator was told last. */
static const char *
id_seen (Person *moderator)
{
  JsonObject *joined = last (moderator, "participant_joined");

  return mcu_json_string (mcu_json_object (joined, "participant"), "id");
}

static const char *
state_in_list (World *world, guint i)
{
  g_autoptr (JsonObject) list = mcu_server_list_participants (world->server, "r", 0, NULL);
  JsonObject *one = mcu_json_array_object (mcu_json_array (list, "participants"), i);

  return one != NULL ? g_intern_string (mcu_json_string (one, "state")) : NULL;
}

static gboolean
is_there (World *world)
{
  g_autoptr (JsonObject) room = mcu_server_get_room (world->server, "r");

  return room != NULL;
}

static void
test_room_lobby__waits_and_is_admitted (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *guest = knock (world, "G");
  g_autofree char *id = NULL;
  JsonObject *seen;

  g_assert_true (is_waiting (guest));
  g_assert_cmpstr (mcu_json_string (last (guest, "waiting"), "reason"), ==, "lobby");
  seen = mcu_json_object (last (moderator, "participant_joined"), "participant");
  g_assert_cmpstr (mcu_json_string (seen, "state"), ==, "waiting");
  g_assert_cmpstr (mcu_json_string (seen, "name"), ==, "G");
  g_assert_cmpstr (state_in_list (world, 1), ==, "waiting");
  id = g_strdup (id_seen (moderator));
  say (moderator, "{'type':'moderate','participant':'%s','audio_muted':true}", id);
  g_assert_cmpstr (mcu_json_string (last (moderator, "error"), "code"), ==, "bad_request");
  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id);
  wait_until (guest->id != NULL);
  g_assert_cmpstr (guest->id, ==, id);
  g_assert_cmpstr (mcu_json_string (last (guest, "welcome"), "role"), ==, "participant");
  g_assert_false (mcu_json_bool (last (guest, "welcome"), "resumed", TRUE));
  g_assert_cmpuint (count (moderator, "participant_joined"), ==, 2);
  g_assert_cmpstr (state_in_list (world, 1), ==, "joining");
  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id); /* is in already */
  say (guest, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (guest, "answer") != NULL);
}

/* Whatever is said in the room: nobody at the door hears it, nor does the room hear them. */
static void
test_room_lobby__nothing_passes_the_door (World *world, gconstpointer data)
{
  static const char *const said[] = {
      "{'type':'offer','session':1,'sdp':'connect'}",
      "{'type':'chat','text':'let me in'}",
      "{'type':'state','hand_raised':true}",
      "{'type':'room','lobby':false}",
      "{'type':'stats'}",
      "{'type':'join','name':'again'}",
      "{'type':'candidate','session':1,'candidate':'','sdp_mid':'0'}"};
  Person *moderator = world_join (world, "r", "M");
  Person *other = knock (world, "O");
  Person *guest;
  guint n;

  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  wait_until (other->id != NULL);
  n = other->got->len;
  guest = knock (world, "G");
  g_assert_true (is_waiting (guest));
  say (moderator, "{'type':'chat','text':'secret'}");
  g_assert_nonnull (last (other, "chat"));
  g_assert_cmpuint (guest->got->len, ==, 1); /* `waiting` */
  for (gsize i = 0; i < G_N_ELEMENTS (said); i++) {
    say (guest, "%s", said[i]);
    g_assert_cmpuint (count (guest, "error"), ==, i + 1);
    g_assert_cmpstr (mcu_json_string (last (guest, "error"), "code"), ==, "forbidden");
  }
  say (guest, "{'type':'ping'}");
  g_assert_nonnull (last (guest, "pong"));
  g_assert_cmpuint (other->got->len, ==, n + 1); /* the chat */
  g_assert_cmpuint (
      json_array_get_length (mcu_json_array (last (other, "welcome"), "participants")), ==, 2);
  g_assert_cmpuint (told (world, "peer_add"), ==, 0);
  say (other, "{'type':'chat','text':'psst','to':'%s'}", id_seen (moderator));
  g_assert_cmpstr (mcu_json_string (last (other, "error"), "code"), ==, "not_found");
  say (other, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  g_assert_cmpstr (mcu_json_string (last (other, "error"), "code"), ==, "forbidden");
  g_assert_true (is_waiting (guest));
}

static void
test_room_lobby__who_goes_is_gone (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *leaves = knock (world, "A");
  Person *lost = knock (world, "B");
  Person *kicked = knock (world, "C");
  Person *again;

  say (leaves, "{'type':'leave'}");
  g_assert_cmpstr (leaves->bye, ==, "left");
  lose_socket (lost);
  g_assert_cmpuint (count (moderator, "participant_left"), ==, 2);
  say (moderator, "{'type':'moderate','participant':'%s','kick':true}", id_seen (moderator));
  g_assert_cmpstr (kicked->bye, ==, "kicked");
  g_assert_cmpuint (count (moderator, "participant_left"), ==, 3);
  g_assert_cmpstr (mcu_json_string (last (moderator, "participant_left"), "reason"), ==, "kicked");
  g_assert_null (state_in_list (world, 1));
  again = knock (world, "B"); /* anew */
  g_assert_true (is_waiting (again));
}

/* A resume token of who is still there opens the door; one of somebody who left does not. */
static void
test_room_lobby__resume (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *guest = knock (world, "G");
  Person *back;

  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  wait_until (guest->id != NULL);
  lose_socket (guest);
  back = world_resume (world, "r", guest->resume);
  g_assert_cmpstr (back->id, ==, guest->id);
  say (moderator, "{'type':'room','locked':true}");
  lose_socket (back);
  back = world_resume (world, "r", guest->resume);
  g_assert_cmpstr (back->id, ==, guest->id);
  say (moderator, "{'type':'room','locked':false}");
  say (back, "{'type':'leave'}");
  back = world_connect (world, "r");
  say (back, "{'type':'join','resume':'%s'}", guest->resume);
  g_assert_true (is_waiting (back));
}

/* Without keys: who follows as a moderator hears of who waits; with nobody inside the first is it.
 */
static void
test_room_lobby__moderator_goes (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *next = knock (world, "N");
  Person *first;
  Person *second;

  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  wait_until (next->id != NULL);
  first = knock (world, "1");
  second = knock (world, "2");
  g_assert_cmpuint (count (next, "participant_joined"), ==, 0);
  say (moderator, "{'type':'leave'}");
  g_assert_cmpuint (count (next, "participant_joined"), ==, 2);
  say (next, "{'type':'leave'}");
  g_assert_cmpstr (mcu_json_string (last (first, "welcome"), "role"), ==, "moderator");
  g_assert_cmpuint (
      json_array_get_length (mcu_json_array (last (first, "welcome"), "participants")), ==, 2);
  g_assert_true (is_waiting (second));
}

static void
test_room_lobby__roles (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *other = knock (world, "O");
  guint n;

  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  wait_until (other->id != NULL);
  knock (world, "G");
  say (moderator, "{'type':'moderate','participant':'%s','role':'moderator'}", other->id);
  g_assert_cmpuint (count (other, "participant_joined"), ==, 1);
  n = count (moderator, "participant_left");
  say (other, "{'type':'moderate','participant':'%s','role':'participant'}", moderator->id);
  g_assert_cmpuint (count (moderator, "participant_left"), ==, n + 1);
  knock (world, "H");
  g_assert_cmpuint (count (other, "participant_joined"), ==, 2);
}

static void
test_room_lobby__opened (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *a = knock (world, "A");
  Person *b = knock (world, "B");

  say (moderator, "{'type':'room','lobby':'no'}");
  g_assert_cmpstr (mcu_json_string (last (moderator, "error"), "code"), ==, "bad_request");
  say (moderator, "{'type':'room','lobby':false}");
  g_assert_nonnull (a->id);
  g_assert_nonnull (b->id);
  g_assert_false (mcu_json_bool (mcu_json_object (last (b, "room"), "room"), "lobby", TRUE));
  g_assert_nonnull (knock (world, "C")->id);
}

/* As many may wait as may be in; who has no place waits on. */
static void
test_room_lobby__bounds (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *a = knock (world, "A");
  g_autofree char *id = g_strdup (id_seen (moderator));
  Person *b = knock (world, "B");
  g_autofree char *id_of_b = g_strdup (id_seen (moderator));
  Person *c = knock (world, "C");

  g_assert_cmpstr (c->bye, ==, "room_full");
  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id);
  g_assert_nonnull (a->id);
  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_of_b);
  g_assert_cmpstr (mcu_json_string (last (moderator, "error"), "code"), ==, "room_full");
  g_assert_true (is_waiting (b));
  say (moderator, "{'type':'room','lobby':false}"); /* no place for b */
  g_assert_true (is_waiting (b));
}

static void
test_room_lobby__locked (World *world, gconstpointer data)
{
  Person *moderator = world_join (world, "r", "M");
  Person *waiting = knock (world, "W");
  Person *refused;

  say (moderator, "{'type':'room','locked':true}");
  g_assert_true (
      mcu_json_bool (mcu_json_object (last (moderator, "room"), "room"), "locked", FALSE));
  refused = knock (world, "G");
  g_assert_cmpstr (refused->bye, ==, "room_locked");
  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  g_assert_nonnull (waiting->id); /* a moderator may still let in who stands there */
  say (waiting, "{'type':'room','locked':false}");
  g_assert_cmpstr (mcu_json_string (last (waiting, "error"), "code"), ==, "forbidden");
}

/* With keys: moderators' tokens open every door, and so does taking one's own place. */
static void
test_room_lobby__tokens (World *world, gconstpointer data)
{
  Person *early = come_with (world, "early", MCU_ROLE_PARTICIPANT);
  Person *moderator = come_with (world, "mod", MCU_ROLE_MODERATOR);
  Person *again;
  Person *other;

  g_assert_true (is_waiting (early)); /* nobody is there: they wait */
  g_assert_nonnull (moderator->id);
  g_assert_cmpuint (
      json_array_get_length (mcu_json_array (last (moderator, "welcome"), "participants")), ==, 2);
  again = come_with (world, "early", MCU_ROLE_PARTICIPANT);
  g_assert_cmpstr (early->bye, ==, "replaced"); /* at the door too each is there once */
  g_assert_true (is_waiting (again));
  say (moderator, "{'type':'moderate','participant':'%s','admit':true}", id_seen (moderator));
  g_assert_nonnull (again->id);
  say (moderator, "{'type':'room','locked':true}");
  early = come_with (world, "early", MCU_ROLE_PARTICIPANT);
  g_assert_cmpstr (again->bye, ==, "replaced");
  g_assert_nonnull (early->id);
  other = come_with (world, "other", MCU_ROLE_PARTICIPANT);
  g_assert_cmpstr (other->bye, ==, "room_locked");
  other = come_with (world, "mod2", MCU_ROLE_MODERATOR);
  g_assert_nonnull (other->id);
}

/* An empty room is kept while somebody waits, and they do not wait for ever. */
static void
test_room_lobby__times (World *world, gconstpointer data)
{
  Person *guest;

  mcu_times_set_divisor_for_tests (7200); /* an hour: half a second */
  guest = come_with (world, "g", MCU_ROLE_PARTICIPANT);
  mcu_times_set_divisor_for_tests (10);
  g_assert_true (is_waiting (guest));
  wait_until (guest->bye != NULL || !is_there (world));
  g_assert_cmpstr (guest->bye, ==, "idle");
  wait_until (!is_there (world));
}

static void
test_room_lobby__ends_with_the_room (World *world, gconstpointer data)
{
  Person *guest;

  world_join (world, "r", "M");
  guest = knock (world, "G");
  g_assert_true (mcu_server_delete_room (world->server, "r"));
  g_assert_cmpstr (guest->bye, ==, "room_ended");
}

#define add(name, settings)                                                                        \
  g_test_add ("/room_lobby/" #name, World, settings, set_up, test_room_lobby__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (waits_and_is_admitted, with_lobby);
  add (nothing_passes_the_door, with_lobby);
  add (who_goes_is_gone, with_lobby);
  add (resume, with_lobby);
  add (moderator_goes, with_lobby);
  add (roles, with_lobby);
  add (opened, with_lobby);
  add (bounds, with_lobby_for_two);
  add (locked, with_lobby);
  add (tokens, with_lobby_and_key);
  add (times, short_lobby);
  add (ends_with_the_room, with_lobby);
  return g_test_run ();
}
