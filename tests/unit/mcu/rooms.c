/* tests/unit/mcu/rooms.c - rooms and people, as REST makes, changes and ends them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

static const char *const closed[] = {"rooms", "auto_create", "false", NULL};
static const char *const two_rooms[] = {"rooms", "max_rooms", "2", NULL};

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

static JsonObject *
parse (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  JsonObject *object = mcu_json_parse_object (json, strlen (json), NULL);

  g_assert_nonnull (object);
  return object;
}

/* Returns: 201 or 200, or the error's code. */
static const char *
create (World *world, const char *text)
{
  g_autoptr (JsonObject) members = parse (text);
  g_autoptr (GError) error = NULL;
  gboolean is_new = FALSE;
  g_autoptr (JsonObject) room = mcu_server_create_room (world->server, members, &is_new, &error);

  if (room == NULL)
    return mcu_error_code_of (error);
  return is_new ? "201" : "200";
}

static const char *
configure (World *world, const char *text)
{
  g_autoptr (JsonObject) members = parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) room = mcu_server_configure_room (world->server, "r", members, &error);

  return room != NULL ? "200" : mcu_error_code_of (error);
}

static const char *
change (World *world, Person *whom, const char *text)
{
  g_autoptr (JsonObject) members = parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject)
      one = mcu_server_configure_participant (world->server, "r", whom->id, members, &error);

  return one != NULL ? "200" : mcu_error_code_of (error);
}

static gboolean
is_there (World *world, const char *name)
{
  g_autoptr (JsonObject) room = mcu_server_get_room (world->server, name);

  return room != NULL;
}

static void
test_rooms__create (World *world, gconstpointer data)
{
  g_autoptr (JsonObject) room = NULL;

  g_assert_cmpstr (create (world, "{'name':'r','max_participants':1,'canvas':{'fps':15}}"), ==,
                   "201");
  g_assert_cmpstr (create (world, "{'canvas':{'fps':15},'name':'r','max_participants':1}"), ==,
                   "200");
  g_assert_cmpstr (create (world, "{'name':'r','max_participants':2,'canvas':{'fps':15}}"), ==,
                   "exists");
  g_assert_cmpstr (create (world, "{'name':'r'}"), ==, "exists");
  g_assert_cmpstr (create (world, "{}"), ==, "bad_request");
  g_assert_cmpstr (create (world, "{'name':7}"), ==, "bad_request");
  g_assert_cmpstr (create (world, "{'name':'.r'}"), ==, "bad_room_name");
  g_assert_cmpstr (create (world, "{'name':'s','layout':'nosuch'}"), ==, "bad_request");
  g_assert_false (is_there (world, "s"));
  g_assert_nonnull (world_join (world, "r", "A")->id);
  g_assert_cmpstr (create (world, "{'name':'r','max_participants':1,'canvas':{'fps':15}}"), ==,
                   "200");
  room = mcu_server_get_room (world->server, "r");
  g_assert_cmpint (mcu_json_int (mcu_json_object (room, "canvas"), "fps", 0), ==, 15);
  mcu_server_set_draining (world->server, TRUE);
  g_assert_cmpstr (create (world, "{'name':'t'}"), ==, "draining");
}

/* The same again is what it was made with, or what it has become. */
static void
test_rooms__create_after_a_change (World *world, gconstpointer data)
{
  g_assert_cmpstr (create (world, "{'name':'r','locked':true}"), ==, "201");
  g_assert_cmpstr (
      configure (world, "{'locked':false,'layout':'speaker','metadata':'m','record':true}"), ==,
      "200");
  g_assert_cmpstr (create (world, "{'name':'r','locked':true}"), ==, "200");
  g_assert_cmpstr (create (world, "{'name':'r','layout':'speaker','metadata':'m','record':true}"),
                   ==, "200");
  g_assert_cmpstr (create (world, "{'name':'r','layout':'panel'}"), ==, "exists");
}

static void
test_rooms__waits_and_goes (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (10);
  g_assert_cmpstr (create (world, "{'name':'r','empty_timeout_s':3600}"), ==, "201");
  g_assert_cmpstr (create (world, "{'name':'s','empty_timeout_s':1}"), ==, "201");
  g_assert_true (is_there (world, "s"));
  wait_until (!is_there (world, "s"));
  g_assert_true (is_there (world, "r"));
  g_assert_cmpstr (configure (world, "{'empty_timeout_s':1}"), ==, "200");
  wait_until (!is_there (world, "r"));
}

static void
test_rooms__without_auto_create (World *world, gconstpointer data)
{
  Person *refused = world_connect (world, "r");
  Person *inside;
  Person *back;

  say (refused, "{'type':'join','name':'A'}");
  g_assert_cmpstr (refused->bye, ==, "room_ended");
  g_assert_cmpstr (create (world, "{'name':'r'}"), ==, "201");
  inside = world_join (world, "r", "A");
  world_restart (world); /* rooms are made again by who was in them */
  back = world_resume (world, "r", inside->resume);
  g_assert_cmpstr (back->id, ==, inside->id);
  g_assert_true (mcu_server_delete_room (world->server, "r"));
  back = world_resume (world, "r", inside->resume);
  g_assert_cmpstr (back->bye, ==, "room_ended");
  g_assert_false (is_there (world, "r"));
}

/* A room that was made to wait makes no place for one that comes along. */
static void
test_rooms__max_rooms (World *world, gconstpointer data)
{
  Person *refused;

  g_assert_cmpstr (create (world, "{'name':'made'}"), ==, "201");
  world_join (world, "came", "A");
  refused = world_connect (world, "third");
  say (refused, "{'type':'join','name':'B'}");
  g_assert_cmpstr (refused->bye, ==, "overloaded");
  g_assert_cmpstr (create (world, "{'name':'third'}"), ==, "overloaded");
  g_assert_true (is_there (world, "made"));
}

static void
test_rooms__configure (World *world, gconstpointer data)
{
  Person *a;
  JsonObject *room;

  g_assert_cmpstr (configure (world, "{}"), ==, "not_found");
  a = world_join (world, "r", "A");
  g_assert_cmpstr (configure (world, "{'max_participants':1,'metadata':'x'}"), ==, "200");
  room = mcu_json_object (last (a, "room"), "room");
  g_assert_cmpint (mcu_json_int (room, "max_participants", 0), ==, 1);
  g_assert_cmpstr (mcu_json_string (room, "metadata"), ==, "x");
  g_assert_cmpuint (count (a, "room"), ==, 1);
  g_assert_cmpstr (configure (world, "{'max_participants':1}"), ==, "200"); /* as it is */
  g_assert_cmpuint (count (a, "room"), ==, 1);
  g_assert_cmpstr (configure (world, "{'layout':'speaker','name':'r'}"), ==, "200");
  g_assert_cmpuint (count (a, "room"), ==, 2);
  g_assert_cmpstr (configure (world, "{'name':'s'}"), ==, "bad_request");
  g_assert_cmpstr (configure (world, "{'layout':'nosuch','locked':true}"), ==, "not_found");
  room = mcu_json_object (last (a, "room"), "room");
  g_assert_false (mcu_json_bool (room, "locked", TRUE)); /* all or nothing */
  g_assert_cmpstr (mcu_json_string (room, "layout"), ==, "speaker");
}

/* Not under somebody's feet; in an empty room also when its process still waits for the next. */
static void
test_rooms__canvas (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");

  say (a, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (a, "layout") != NULL);
  g_assert_cmpstr (configure (world, "{'canvas':{'width':720,'height':1280},'locked':true}"), ==,
                   "precondition_failed");
  g_assert_cmpstr (configure (world, "{'canvas':{'width':1280,'height':720,'fps':30}}"), ==, "200");
  say (a, "{'type':'leave'}");
  g_assert_cmpstr (configure (world, "{'canvas':{'width':720,'height':1280}}"), ==, "200");
  a = world_join (world, "r", "A");
  say (a, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (a, "layout") != NULL);
  g_assert_cmpint (mcu_json_int (mcu_json_object (last (a, "layout"), "canvas"), "height", 0), ==,
                   1280);
  g_assert_false (mcu_json_bool (mcu_json_object (last (a, "welcome"), "room"), "locked", TRUE));
}

static void
test_rooms__delete (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");

  g_assert_true (mcu_server_delete_room (world->server, "r"));
  g_assert_cmpstr (a->bye, ==, "room_ended");
  g_assert_cmpstr (b->bye, ==, "room_ended");
  g_assert_false (is_there (world, "r"));
  g_assert_false (mcu_server_delete_room (world->server, "r"));
  g_assert_cmpstr (create (world, "{'name':'r'}"), ==, "201"); /* the name is free at once */
}

static void
test_rooms__participants (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Person *b = world_join (world, "r", "B");
  JsonObject *who;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (
      change (world, b,
              "{'name':' Bea ','audio_muted_by_moderator':true,'video_muted_by_moderator':true,"
              "'role':'moderator'}"),
      ==, "200");
  wait_until (count (a, "participant_updated") > 0);
  who = mcu_json_object (last (a, "participant_updated"), "participant");
  g_assert_cmpstr (mcu_json_string (who, "name"), ==, "Bea");
  g_assert_cmpstr (mcu_json_string (who, "role"), ==, "moderator");
  g_assert_true (mcu_json_bool (who, "audio_muted_by_moderator", FALSE));
  g_assert_true (mcu_json_bool (who, "video_muted_by_moderator", FALSE));
  g_assert_cmpstr (change (world, b, "{}"), ==, "200");
  g_assert_cmpstr (change (world, b, "{'audio_muted_by_moderator':1}"), ==, "bad_request");
  g_assert_cmpstr (change (world, b, "{'role':'king'}"), ==, "bad_request");
  g_assert_cmpstr (change (world, b, "{'role':'viewer'}"), ==, "bad_request");
  g_assert_cmpstr (change (world, b, "{'name':'  '}"), ==, "bad_request");
  g_assert_cmpstr (change (world, b, "{'state':'live'}"), ==, "bad_request");
  g_assert_cmpstr (change (world, b, "{'kick':true}"), ==, "bad_request");
  g_assert_true (mcu_server_remove_participant (world->server, "r", b->id, &error));
  g_assert_cmpstr (b->bye, ==, "kicked");
  g_assert_false (mcu_server_remove_participant (world->server, "r", b->id, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_assert_cmpstr (change (world, b, "{}"), ==, "not_found");
}

#define add(name, settings)                                                                        \
  g_test_add ("/rooms/" #name, World, settings, set_up, test_rooms__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (create, NULL);
  add (create_after_a_change, NULL);
  add (waits_and_goes, NULL);
  add (without_auto_create, closed);
  add (max_rooms, two_rooms);
  add (configure, NULL);
  add (canvas, NULL);
  add (delete, NULL);
  add (participants, NULL);
  return g_test_run ();
}
