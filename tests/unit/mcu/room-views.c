/* tests/unit/mcu/room-views.c - who has a picture of their own, and what is in it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-views.h"

#include "mcu/base/json-check.h"
#include "mcu/room-configure.h"
#include "mcu/server-private.h"
#include "tests/support/mcu-world.h"

static const char *const one_view[] = {"rooms", "private_views", "1", NULL};
static const char *const two_views[] = {"rooms", "private_views", "2", NULL};
static const char *const no_views[] = {"rooms",         "private_views", "0", "rooms",
                                       "portrait_view", "false",         NULL};

static void
set_up (World *world, gconstpointer data)
{
  /* A room that dies is warned of; here one is wanted. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  world_set_up (world, data);
}

static void
tear_down (World *world, gconstpointer data)
{
  world_tear_down (world);
}

static void
connect_media (Person *person, int session)
{
  guint n = count (person, "layout");

  say (person,
       "{'type':'offer','session':%d,'sdp':'connect','streams':{'0':'microphone','1':'camera',"
       "'2':'screen'}}",
       session);
  wait_until (count (person, "layout") > n);
}

static Person *
come (World *world, const char *name)
{
  Person *person = world_join (world, "r", name);

  connect_media (person, 1);
  return person;
}

static const char *
view_of (Person *person)
{
  return mcu_json_string (last (person, "layout"), "view");
}

static gboolean
is_on_main (Person *person)
{
  return g_strcmp0 (view_of (person), MCU_ROOM_MAIN_VIEW) == 0;
}

static JsonArray *
tiles_of (Person *person)
{
  return mcu_json_array (last (person, "layout"), "tiles");
}

static guint
n_tiles (Person *person)
{
  return json_array_get_length (tiles_of (person));
}

static JsonObject *
tile_with (Person *person, Person *whom)
{
  for (guint i = 0; i < n_tiles (person); i++) {
    JsonObject *tile = mcu_json_array_object (tiles_of (person), i);
    if (g_strcmp0 (mcu_json_string (tile, "participant"), whom->id) == 0)
      return tile;
  }
  return NULL;
}

static gint64
width (Person *person, Person *whom)
{
  JsonObject *tile = tile_with (person, whom);

  return tile != NULL ? mcu_json_int (tile, "width", 0) : 0;
}

static gint64
canvas_height (Person *person)
{
  return mcu_json_int (mcu_json_object (last (person, "layout"), "canvas"), "height", 0);
}

static void
pin (Person *person, Person *whom)
{
  say (person, "{'type':'view','pin':'%s'}", whom->id);
}

static void
unpin (Person *person)
{
  say (person, "{'type':'view','pin':null}");
}

static const char *
error_of (Person *person)
{
  JsonObject *error = last (person, "error");

  return error != NULL ? mcu_json_string (error, "code") : NULL;
}

static McuRoom *
room_of (World *world)
{
  return mcu_server_find_room (world->server, "r");
}

static McuParticipant *
find (World *world, Person *person)
{
  return mcu_room_find (room_of (world), person->id);
}

static void
test_room_views__pinned_is_large (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  Person *c = come (world, "C");

  wait_until (n_tiles (a) == 3 && n_tiles (c) == 3);
  pin (a, b);
  wait_until (!is_on_main (a));
  g_assert_cmpuint (n_tiles (a), ==, 3);
  g_assert_cmpint (width (a, b), ==, 960);
  g_assert_cmpint (width (a, c), <=, 320);
  g_assert_true (mcu_json_bool (tile_with (a, a), "own", FALSE));
  g_assert_cmpint (mcu_json_int (last (a, "layout"), "transition_ms", -1), ==, 0);
  g_assert_true (is_on_main (b) && is_on_main (c));
  g_assert_null (last (a, "error"));

  pin (a, c);
  wait_until (width (a, c) == 960);
  unpin (a);
  wait_until (is_on_main (a));
  wait_until (told (world, "view_remove") == 2);
  g_assert_cmpuint (room_of (world)->views->len, ==, 1);
}

/* A layout with a place for who is pinned keeps it, and its own look. */
static void
test_room_views__the_rooms_layout_may_have_a_place (World *world, gconstpointer data)
{
  static const char text[] =
      "{\"name\":\"own\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[{\"x\":0,\"y\":0,"
      "\"width\":\"1/2\",\"height\":\"1/2\",\"role\":\"pinned\"},{\"x\":\"1/2\",\"y\":\"1/2\","
      "\"width\":\"1/4\",\"height\":\"1/4\"}]}]}";
  g_autoptr (JsonObject) document = mcu_json_parse_object (text, sizeof text - 1, NULL);
  g_autoptr (GError) error = NULL;
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  mcu_server_set_room_layout (world->server, "r", document, &error);
  g_assert_no_error (error);
  pin (a, b);
  wait_until (!is_on_main (a) && width (a, b) == 640);
  g_assert_cmpstr (mcu_json_string (last (a, "layout"), "name"), ==, "own");
  say (a, "{'type':'room','layout':'grid'}"); /* has none: the same people, another look */
  wait_until (width (a, b) == 960);
  g_assert_cmpstr (mcu_json_string (last (a, "layout"), "name"), ==, "pinned");
}

/* What the room's layout has beside tiles stays. */
static void
test_room_views__pinned_looks_like_the_room (World *world, gconstpointer data)
{
  static const char text[] = "{\"name\":\"own\",\"background\":\"#204060\",\"transition_ms\":70,"
                             "\"hide_without_video\":true,"
                             "\"arrangements\":[{\"people\":\"1+\",\"grid\":true}]}";
  g_autoptr (JsonObject) document = mcu_json_parse_object (text, sizeof text - 1, NULL);
  g_autoptr (GError) error = NULL;
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  const McuLayout *layout;

  mcu_server_set_room_layout (world->server, "r", document, &error);
  g_assert_no_error (error);
  pin (a, b);
  wait_until (width (a, b) == 960);
  layout = mcu_room_view_get_newest (find (world, a)->view)->layout;
  g_assert_cmphex (layout->background_rgba, ==, 0x204060ff);
  g_assert_cmpuint (layout->transition_ms, ==, 70);
  g_assert_false (layout->hide_without_video);
}

/* Whoever is pinned stays large beside a shared screen, which is seen all the same. */
static void
test_room_views__pinned_beside_a_screen (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  pin (a, b);
  wait_until (!is_on_main (a));
  say (b, "{'type':'state','screen':true}");
  wait_until (n_tiles (a) == 3);
  g_assert_cmpint (mcu_json_int (mcu_json_array_object (tiles_of (a), 0), "width", 0), ==, 960);
  g_assert_cmpstr (mcu_json_string (mcu_json_array_object (tiles_of (a), 0), "stream"), ==,
                   "camera");
}

static void
test_room_views__self_is_left_out (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  wait_until (n_tiles (a) == 2 && n_tiles (b) == 2);
  say (a, "{'type':'view','hide_self':true}");
  wait_until (!is_on_main (a) && n_tiles (a) == 1);
  g_assert_nonnull (tile_with (a, b));
  g_assert_cmpuint (n_tiles (b), ==, 2);
  say (b, "{'type':'leave'}");
  wait_until (n_tiles (a) == 0); /* alone, and not even that */
  say (a, "{'type':'view','hide_self':false}");
  wait_until (is_on_main (a) && n_tiles (a) == 1);
}

static void
test_room_views__one_wish_one_place (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  Person *c = come (world, "C");

  pin (a, c);
  pin (b, c);
  wait_until (!is_on_main (a) && !is_on_main (b));
  g_assert_cmpstr (view_of (a), ==, view_of (b));
  g_assert_null (error_of (b));
  say (b, "{'type':'view','hide_self':true}"); /* that would be another picture */
  wait_until (error_of (b) != NULL);
  g_assert_cmpstr (error_of (b), ==, "view_budget");
  g_assert_cmpstr (mcu_json_string (last (b, "error"), "message"), ==, "view");
  g_assert_cmpstr (view_of (a), ==, view_of (b));
  unpin (a);
  wait_until (is_on_main (a));
  g_assert_cmpuint (room_of (world)->views->len, ==, 2);
  pin (b, a); /* the only one on it: their place is free for their next wish */
  wait_until (width (b, a) == 960);
  g_assert_cmpuint (room_of (world)->views->len, ==, 2);
  pin (a, b);
  wait_until (error_of (a) != NULL);
  g_assert_cmpstr (error_of (a), ==, "view_budget");
  g_assert_true (is_on_main (a));
}

static void
test_room_views__none (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  pin (a, b);
  wait_until (error_of (a) != NULL);
  g_assert_cmpstr (error_of (a), ==, "view_budget");
  say (b, "{'type':'view','portrait':true}"); /* not refused: the room's picture is what there is */
  say (b, "{'type':'ping'}");
  wait_until (last (b, "pong") != NULL);
  g_assert_null (error_of (b));
  g_assert_cmpuint (room_of (world)->views->len, ==, 1);
}

static void
test_room_views__portrait_is_shared (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  Person *c = come (world, "C");

  wait_until (n_tiles (c) == 3);
  say (a, "{'type':'view','portrait':true}");
  say (b, "{'type':'view','portrait':true}");
  wait_until (g_strcmp0 (view_of (a), "portrait") == 0 && g_strcmp0 (view_of (b), "portrait") == 0);
  g_assert_cmpint (canvas_height (a), ==, 1280);
  g_assert_cmpint (canvas_height (c), ==, 720);
  pin (c, a); /* the one private place is not taken by it */
  wait_until (!is_on_main (c));
  unpin (c);
  wait_until (is_on_main (c));
  pin (a, c);
  wait_until (width (a, c) == 720);
  g_assert_cmpint (canvas_height (a), ==, 1280);
  unpin (a);
  wait_until (g_strcmp0 (view_of (a), "portrait") == 0);
  say (a, "{'type':'view','portrait':false}");
  say (b, "{'type':'view','portrait':false}");
  wait_until (is_on_main (a) && is_on_main (b));
  g_assert_cmpuint (room_of (world)->views->len, ==, 1);
}

static void
test_room_views__max_height_bounds_them (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");

  say (a, "{'type':'view','pin':'%s','max_height':361}", b->id);
  wait_until (!is_on_main (a));
  g_assert_cmpint (canvas_height (a), ==, 360);
  say (a, "{'type':'view','max_height':1}");
  wait_until (canvas_height (a) == MCU_ROOM_VIEWS_MIN_HEIGHT_PX);
  say (a, "{'type':'view','max_height':0}");
  wait_until (canvas_height (a) == 720);
}

static void
test_room_views__who_is_pinned_leaves (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  Person *c = come (world, "C");

  wait_until (n_tiles (a) == 3);
  pin (a, b);
  say (c, "{'type':'view','pin':'%s','hide_self':true}", b->id);
  wait_until (!is_on_main (a) && !is_on_main (c));
  say (b, "{'type':'leave'}");
  wait_until (is_on_main (a) && n_tiles (a) == 2);
  wait_until (n_tiles (c) == 1); /* still without themselves */
  g_assert_false (is_on_main (c));
  say (c, "{'type':'leave'}");
  wait_until (room_of (world)->views->len == 1);
}

static void
test_room_views__kept_while_away (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  Person *again;

  pin (a, b);
  wait_until (!is_on_main (a));
  lose_socket (a);
  again = world_resume (world, "r", a->resume);
  wait_until (last (again, "layout") != NULL);
  g_assert_false (is_on_main (again));
  g_assert_cmpstr (mcu_json_string (mcu_json_object (last (again, "welcome"), "view"), "pin"), ==,
                   b->id);
  connect_media (again, 2);
  g_assert_false (is_on_main (again));
  g_assert_cmpint (width (again, b), ==, 960);
}

static void
test_room_views__replayed (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  guint n;

  pin (a, b);
  wait_until (!is_on_main (a));
  n = told (world, "has v1");
  say (b, "{'type':'candidate','session':1,'candidate':'die','sdp_mid':'0'}");
  wait_until (last (a, "renegotiate") != NULL && last (b, "renegotiate") != NULL);
  wait_until (told (world, "has v1") > n);
  connect_media (b, 2);
  connect_media (a, 2);
  g_assert_cmpuint (told (world, "on v1"), ==, 1);
  wait_until (width (a, b) == 960);
  g_assert_false (is_on_main (a));
  g_assert_true (is_on_main (b));
}

static void
test_room_views__shed (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  Person *c = come (world, "C");

  pin (a, b);
  say (b, "{'type':'view','hide_self':true,'portrait':true}");
  say (c, "{'type':'view','portrait':true}");
  wait_until (!is_on_main (a) && !is_on_main (b) && !is_on_main (c));
  mcu_room_views_shed (room_of (world));
  wait_until (is_on_main (a) && g_strcmp0 (view_of (b), "portrait") == 0);
  g_assert_cmpstr (error_of (a), ==, "view_budget");
  g_assert_cmpstr (error_of (b), ==, "view_budget");
  g_assert_null (error_of (c));
  room_of (world)->node->overloaded = TRUE;
  pin (b, a);
  wait_until (count (b, "error") == 2);
  room_of (world)->node->overloaded = FALSE;
}

static void
test_room_views__wishes_are_checked (World *world, gconstpointer data)
{
  static const char *const bad[] = {"{'type':'view','pin':7}", "{'type':'view','pin':{}}",
                                    "{'type':'view','pin':'nobody'}"};
  Person *a = come (world, "A");
  Person *viewer = world_connect (world, "r");

  say (viewer, "{'type':'join','name':'V','viewer':true}");
  wait_until (last (viewer, "welcome") != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    say (a, "%s", bad[i]);
    wait_until (count (a, "error") == i + 1);
    g_assert_cmpstr (error_of (a), ==, i < 2 ? "bad_request" : "not_found");
  }
  pin (a, viewer);
  wait_until (count (a, "error") == 4);
  g_assert_cmpstr (error_of (a), ==, "not_found");
  say (viewer, "{'type':'view','hide_self':true}"); /* they are not in the picture anyway */
  say (a, "{'type':'view','hide_self':'yes','portrait':[],'max_height':'x','more':1}");
  say (a, "{'type':'ping'}");
  wait_until (last (a, "pong") != NULL);
  g_assert_cmpuint (room_of (world)->views->len, ==, 1);
  g_assert_cmpuint (count (a, "error"), ==, 4);
}

static void
test_room_views__changing_minds_is_bounded (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  guint n;

  for (guint i = 0; i < 50; i++)
    say (a, "{'type':'view','portrait':%s}", i % 2 == 0 ? "true" : "false");
  wait_until (count (a, "error") > 35);
  g_assert_cmpstr (error_of (a), ==, "rate_limited");
  n = told (world, "peer_view");
  g_assert_cmpuint (n, <, 15);
}

/* What a recorder makes: somebody left out, its own size and layout, until it is taken away. */
static void
test_room_views__made_by_others (World *world, gconstpointer data)
{
  Person *a = come (world, "A");
  Person *b = come (world, "B");
  const char *left_out[] = {a->id, NULL};
  McuRoomViewSpec spec = {
      .left_out = left_out,
      .width_px = 640,
      .height_px = 360,
      .fps = 15,
      .layout = mcu_layout_store_find (find (world, a)->room->node->layouts, "speaker")};
  McuRoomView *view = mcu_room_view_add (room_of (world), &spec);
  McuRoomView *made[MCU_ROOM_MAX_VIEWS];
  const McuPlacementRecord *record = mcu_room_view_get_newest (view);

  g_assert_cmpuint (record->n_tiles, ==, 1);
  g_assert_cmpstr (record->tiles[0].participant, ==, b->id);
  g_assert_cmpstr (record->layout->name, ==, "speaker");
  g_assert_true (mcu_room_view_find (room_of (world), mcu_room_view_get_id (view)) == view);
  wait_until (told (world, "view v") == 1);
  mcu_room_view_set_layout (view, NULL);
  wait_until (g_strcmp0 (mcu_room_view_get_newest (view)->layout->name, "grid") == 0);
  for (guint i = 1; i < MCU_ROOM_MAX_VIEWS; i++)
    made[i] = mcu_room_view_add (room_of (world), &spec);
  g_assert_nonnull (made[MCU_ROOM_MAX_VIEWS - 1]);
  g_assert_null (mcu_room_view_add (room_of (world), &spec));
  pin (b, a);
  wait_until (error_of (b) != NULL);
  g_assert_cmpstr (error_of (b), ==, "view_budget");
  mcu_room_view_remove (view);
  pin (b, a);
  wait_until (!is_on_main (b));
  g_assert_true (is_on_main (a));
}

static void
test_room_views__main_follows_the_canvas (World *world, gconstpointer data)
{
  static const char text[] = "{\"canvas\":{\"width\":640,\"height\":360}}";
  g_autoptr (JsonObject) members = mcu_json_parse_object (text, sizeof text - 1, NULL);
  g_autoptr (GError) error = NULL;
  Person *a = come (world, "A");
  Person *b;

  g_assert_cmpint (canvas_height (a), ==, 720);
  say (a, "{'type':'leave'}");
  mcu_room_configure (room_of (world), members, &error);
  g_assert_no_error (error);
  b = come (world, "B");
  wait_until (n_tiles (b) == 1);
  g_assert_cmpint (canvas_height (b), ==, 360);
  g_assert_cmpint (width (b, b), ==, 640);
}

#define add(name, settings)                                                                        \
  g_test_add ("/room-views/" #name, World, settings, set_up, test_room_views__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (pinned_is_large, one_view);
  add (the_rooms_layout_may_have_a_place, NULL);
  add (pinned_beside_a_screen, NULL);
  add (pinned_looks_like_the_room, NULL);
  add (self_is_left_out, NULL);
  add (one_wish_one_place, one_view);
  add (none, no_views);
  add (portrait_is_shared, one_view);
  add (max_height_bounds_them, one_view);
  add (who_is_pinned_leaves, two_views);
  add (kept_while_away, NULL);
  add (replayed, NULL);
  add (shed, NULL);
  add (wishes_are_checked, NULL);
  add (changing_minds_is_bounded, NULL);
  add (made_by_others, NULL);
  add (main_follows_the_canvas, NULL);
  return g_test_run ();
}
