/* tests/unit/mcu/room-signs.c - pictures, captions and avatars reach a room's process, and the next
 * one after it died.  SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>

#include "layouts/layout-file.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "tests/support/mcu-world.h"

#define PNG "\x89PNG\r\n\x1a\n"
#define JPEG "\xff\xd8\xff\xe0"
#define GRID "'arrangements':[{'people':'1+','grid':true}]"

typedef struct
{
  World world;
  char *layouts;
} Fixture;

static void
write_file (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->layouts, name, NULL);
  g_autofree char *bytes = g_strdelimit (g_strdup (text), "'", '"');

  g_assert_true (g_file_set_contents (path, bytes, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const char *settings[] = {"layouts", "directory", NULL, "rooms", "layout", "stage", NULL};

  f->layouts = g_dir_make_tmp ("signs-XXXXXX", NULL);
  settings[2] = f->layouts;
  write_file (f, "logo.png", PNG "first");
  write_file (
      f, "stage.json",
      "{'name':'stage','background':'#102030','elements':[{'kind':'logo','image':'logo.png',"
      "'x':0,'y':0,'width':0.1,'height':0.1}]," GRID "}");
  world_set_up (&f->world, settings);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->layouts, 0, NULL);
  const char *name;

  world_tear_down (&f->world);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (f->layouts, name, NULL);
    g_remove (path);
  }
  g_rmdir (f->layouts);
  g_free (f->layouts);
}

static Person *
come (Fixture *f)
{
  Person *person = world_join (&f->world, "r", "A");

  say (person, "{'type':'offer','session':1,'sdp':'connect','streams':{'0':'camera'}}");
  wait_until (last (person, "layout") != NULL);
  return person;
}

static void
die_and_come_back (Fixture *f, Person *person)
{
  guint before = told (&f->world, "people");

  say (person, "{'type':'candidate','session':1,'candidate':'die','sdp_mid':'0'}");
  wait_until (told (&f->world, "people") > before);
}

static void
test_room_signs__pictures_of_layouts (Fixture *f, gconstpointer data)
{
  World *world = &f->world;
  Person *person = come (f);
  guint sent;

  /* Once, whatever is placed after it. */
  g_assert_cmpuint (told (world, "image logo.png/"), ==, 1);
  g_assert_cmpuint (told (world, "element logo logo.png/"), >=, 1);
  die_and_come_back (f, person);
  wait_until (told (world, "image logo.png/") == 2);
  /* The same file read again is the same picture; another one is not. */
  mcu_server_reload_layouts (world->server);
  say (person, "{'type':'room','layout':'grid'}");
  say (person, "{'type':'room','layout':'stage'}");
  write_file (f, "logo.png", PNG "second");
  mcu_server_reload_layouts (world->server);
  sent = told (world, "image logo.png/");
  g_assert_cmpuint (sent, ==, 2);
  say (person, "{'type':'room','layout':'grid'}");
  wait_until (told (world, "place") > 0);
  say (person, "{'type':'room','layout':'stage'}");
  wait_until (told (world, "image logo.png/") == 3);
}

static gboolean
set_layout (Fixture *f, const char *text, GError **error)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (JsonObject) wanted = mcu_json_parse_object (json, strlen (json), NULL);

  g_assert_nonnull (wanted);
  return mcu_server_set_room_layout (f->world.server, "r", wanted, error);
}

static void
test_room_signs__documents_of_their_own (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) none = NULL;

  come (f);
  g_assert_false (set_layout (f, "{'name':'own','background':'gone.png'," GRID "}", &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  g_assert_cmpstr (error->message, ==,
                   "layout: gone.png: there is no such picture in the folder of layouts");
  g_assert_true (set_layout (f,
                             "{'name':'own','background':'logo.png','elements':[{'kind':'clock',"
                             "'x':0,'y':0,'width':1,'height':1}]," GRID "}",
                             &none));
  wait_until (told (&f->world, "element clock -") > 0);
  g_assert_cmpuint (told (&f->world, "element image logo.png/"), ==, 1);
}

static void
test_room_signs__caption (Fixture *f, gconstpointer data)
{
  World *world = &f->world;
  Person *person = come (f);
  g_autofree char *longest = g_strnfill (500, 'x');
  g_autofree char *longer = g_strnfill (501, 'x');
  g_autoptr (JsonObject) read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_server_set_caption (world->server, "r", "Said", NULL));
  wait_until (told (world, "caption Said") == 1);
  g_assert_true (mcu_server_set_caption (world->server, "r", "Said", NULL)); /* no news */
  die_and_come_back (f, person);
  g_assert_cmpuint (told (world, "caption Said"), ==, 2);
  read = mcu_server_get_caption (world->server, "r");
  g_assert_cmpstr (mcu_json_string (read, "text"), ==, "Said");
  g_assert_true (mcu_server_set_caption (world->server, "r", longest, NULL));
  g_assert_false (mcu_server_set_caption (world->server, "r", longer, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
  g_assert_true (mcu_server_set_caption (world->server, "r", "", NULL));
  wait_until (told (world, "caption -") >= 2);
  g_assert_null (mcu_server_get_caption (world->server, "nowhere"));
  g_assert_false (mcu_server_set_caption (world->server, "nowhere", "x", NULL));
}

static gboolean
set_avatar (Fixture *f, const char *id, const char *bytes, gsize length, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean good = mcu_server_set_avatar (f->world.server, "r", id, bytes, length, &error);

  if (!good)
    g_assert_error (error, MCU_ERROR, code);
  return good;
}

static void
test_room_signs__avatar (Fixture *f, gconstpointer data)
{
  World *world = &f->world;
  Person *person = come (f);
  g_autofree char *image = g_strdup_printf ("image %s/avatar/", person->id);
  g_autofree char *avatar = g_strdup_printf ("avatar %s/avatar/", person->id);
  g_autofree char *forgets = g_strdup_printf ("forgets %s/avatar/", person->id);
  g_autofree char *large = g_malloc0 (256 * 1024 + 1);

  g_assert_true (set_avatar (f, person->id, PNG "face", 12, 0));
  wait_until (told (world, image) == 1 && told (world, avatar) == 1);
  die_and_come_back (f, person);
  g_assert_cmpuint (told (world, image), ==, 2);
  g_assert_cmpuint (told (world, avatar), ==, 2);
  g_assert_true (set_avatar (f, person->id, JPEG "face", 8, 0));
  wait_until (told (world, image) == 3 && told (world, forgets) == 1);
  g_assert_true (set_avatar (f, person->id, NULL, 0, 0));
  wait_until (told (world, forgets) == 2);
  g_assert_false (set_avatar (f, "nobody", PNG, 8, MCU_ERROR_NOT_FOUND));
  g_assert_false (set_avatar (f, person->id, "GIF89a", 6, MCU_ERROR_UNSUPPORTED_TYPE));
  memcpy (large, PNG, 8);
  g_assert_true (set_avatar (f, person->id, large, 256 * 1024, 0));
  g_assert_false (set_avatar (f, person->id, large, 256 * 1024 + 1, MCU_ERROR_TOO_LARGE));
  say (person, "{'type':'leave'}");
  wait_until (told (world, forgets) == 3);
}

#define add(name)                                                                                  \
  g_test_add ("/room-signs/" #name, Fixture, NULL, set_up, test_room_signs__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL); /* deaths are warned of */
  add (pictures_of_layouts);
  add (documents_of_their_own);
  add (caption);
  add (avatar);
  return g_test_run ();
}
