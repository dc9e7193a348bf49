/* tests/unit/mcu/layouts.c - who chooses a room's layout, and who is told.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-file.h"
#include "mcu/base/json-check.h"
#include "tests/support/mcu-world.h"

#include <string.h>

static void
set_up (World *world, gconstpointer data)
{
  world_set_up (world, data);
}

static void
tear_down (World *world, gconstpointer data)
{
  world_tear_down (world);
}

static Person *
come (World *world, const char *name)
{
  Person *person = world_join (world, "r", name);

  say (person,
       "{'type':'offer','session':1,'sdp':'connect','streams':{'0':'microphone','1':'camera',"
       "'2':'screen'}}");
  wait_until (last (person, "layout") != NULL);
  return person;
}

static const char *
layout_of (Person *person)
{
  return mcu_json_string (last (person, "layout"), "name");
}

static JsonObject *
tile_of (Person *person, guint i)
{
  return mcu_json_array_object (mcu_json_array (last (person, "layout"), "tiles"), i);
}

static guint
n_tiles (Person *person)
{
  return json_array_get_length (mcu_json_array (last (person, "layout"), "tiles"));
}

static void
test_layouts__a_moderator_chooses (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  wait_until (n_tiles (a) == 2);
  g_assert_cmpstr (layout_of (a), ==, "grid");
  say (a, "{'type':'room','layout':'picture-in-picture'}");
  wait_until (g_strcmp0 (layout_of (b), "picture-in-picture") == 0);
  g_assert_cmpint (mcu_json_int (tile_of (b, 0), "width", 0), ==, 1280);
  g_assert_cmpint (mcu_json_int (tile_of (b, 1), "z", 0), >, mcu_json_int (tile_of (b, 0), "z", 0));
  g_assert_cmpstr (mcu_json_string (mcu_json_object (last (b, "room"), "room"), "layout"), ==,
                   "picture-in-picture");
}

static void
test_layouts__others_do_not (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  say (b, "{'type':'room','layout':'speaker'}");
  g_assert_cmpstr (mcu_json_string (last (b, "error"), "code"), ==, "forbidden");
  say (a, "{'type':'room','layout':'nosuch'}");
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "not_found");
  say (a, "{'type':'room','layout':7}");
  g_assert_cmpstr (mcu_json_string (last (a, "error"), "code"), ==, "bad_request");
  g_assert_cmpstr (layout_of (a), ==, "grid");
}

static void
test_layouts__by_rest (World *world, gconstpointer data)
{
  static const char lonely[] =
      "{\"name\":\"lonely\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[{\"x\":0,\"y\":0,"
      "\"width\":\"1/2\",\"height\":\"1/2\"}]}]}";
  static const char bad[] = "{\"name\":\"bad\",\"arrangements\":[]}";
  g_autoptr (JsonObject) wanted = mcu_json_parse_object (lonely, strlen (lonely), NULL);
  g_autoptr (JsonObject) broken = mcu_json_parse_object (bad, strlen (bad), NULL);
  g_autoptr (JsonObject) document = NULL;
  g_autoptr (GError) error = NULL;
  Person *a = come (world, "A");

  g_assert_true (mcu_server_set_room_layout (world->server, "r", wanted, &error));
  g_assert_no_error (error);
  wait_until (g_strcmp0 (layout_of (a), "lonely") == 0);
  g_assert_cmpint (mcu_json_int (tile_of (a, 0), "width", 0), ==, 640);
  document = mcu_server_get_room_layout (world->server, "r");
  g_assert_cmpstr (mcu_json_string (document, "name"), ==, "lonely");

  g_assert_false (mcu_server_set_room_layout (world->server, "r", broken, &error));
  g_assert_nonnull (strstr (error->message, "arrangements"));
  g_assert_null (mcu_server_get_room_layout (world->server, "nowhere"));
  g_assert_cmpstr (layout_of (a), ==, "lonely");
}

/* A shared screen makes a presentation of the grid, and takes it away again. */
static void
test_layouts__a_screen_is_presented (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  wait_until (n_tiles (b) == 2);
  say (a, "{'type':'state','screen':true}");
  wait_until (g_strcmp0 (layout_of (b), "presentation") == 0);
  say (a, "{'type':'state','screen':false}");
  wait_until (g_strcmp0 (layout_of (b), "grid") == 0);
}

static void
test_layouts__nobody_is_told_when_nobody_moves (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  guint before;

  wait_until (n_tiles (a) == 2 && n_tiles (b) == 2);
  before = told (world, "place");
  say (a, "{'type':'state','audio_muted':true}");
  wait_until (last (b, "participant_updated") != NULL);
  say (a, "{'type':'room','layout':'speaker'}");
  wait_until (g_strcmp0 (layout_of (b), "speaker") == 0);
  g_assert_cmpuint (told (world, "place"), ==, before + 1);
}

#define add(name)                                                                                  \
  g_test_add ("/layouts/" #name, World, NULL, set_up, test_layouts__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (a_moderator_chooses);
  add (others_do_not);
  add (by_rest);
  add (a_screen_is_presented);
  add (nobody_is_told_when_nobody_moves);
  return g_test_run ();
}
