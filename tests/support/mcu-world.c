/* tests/support/mcu-world.c - a server with fake rooms, and people who write down what they hear.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/mcu-world.h"

#include <string.h>

#include <glib/gstdio.h>

#include "mcu/base/json-check.h"
#include "mcu/config.h"

#define WATCHDOG_S 20
/* Looks at conditions that no event announces, such as a file's content. */
#define LOOK_AGAIN_MS 5

static gboolean
on_watchdog (gpointer data)
{
  g_error ("the test waited too long for: %s", (const char *) data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_look_again (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

guint
start_watchdog (const char *what)
{
  static guint look_again;

  if (look_again == 0)
    look_again = g_timeout_add (LOOK_AGAIN_MS, on_look_again, NULL);
  return g_timeout_add_seconds (WATCHDOG_S, on_watchdog, (gpointer) what);
}

static void
on_send (gpointer owner, JsonObject *message)
{
  Person *person = owner;
  g_autofree char *text = mcu_json_to_text (message); /* a copy: the message may be changed later */

  g_ptr_array_add (person->got, mcu_json_parse_object (text, strlen (text), NULL));
  if (g_str_equal (mcu_json_string (message, "type"), "welcome")) {
    g_free (person->id);
    g_free (person->resume);
    person->id = g_strdup (mcu_json_string (message, "participant"));
    person->resume = g_strdup (mcu_json_string (message, "resume"));
  }
}

static void
on_bye (gpointer owner, const char *code, const char *reason, guint retry_after_ms)
{
  Person *person = owner;

  g_assert_null (person->bye);
  person->bye = g_strdup (code);
  person->retry_after_ms = retry_after_ms;
}

static const McuClientOps ops = {on_send, on_bye};

static void
free_person (gpointer data)
{
  Person *person = data;

  mcu_client_free (person->client);
  g_ptr_array_unref (person->got);
  g_free (person->bye);
  g_free (person->id);
  g_free (person->resume);
  g_free (person);
}

void
world_set_up (World *world, const char *const *settings)
{
  g_autoptr (GError) error = NULL;

  world->directory = g_dir_make_tmp ("tessera-world-XXXXXX", NULL);
  world->log = g_build_filename (world->directory, "log", NULL);
  g_setenv ("STATE_DIRECTORY", world->directory, TRUE);
  g_setenv ("FAKE_ROOM_LOG", world->log, TRUE);
  g_assert_nonnull (g_getenv ("TESSERA_ROOM_PROGRAM")); /* meson's test() sets it */
  world->people = g_ptr_array_new_with_free_func (free_person);
  world->config = mcu_config_new ();
  for (gsize i = 0; settings != NULL && settings[i] != NULL; i += 3)
    g_assert_true (
        mcu_config_set (world->config, settings[i], settings[i + 1], settings[i + 2], NULL));
  g_assert_true (mcu_config_finish (world->config, NULL));
  world->server = mcu_server_new (world->config, &error);
  g_assert_no_error (error);
  wait_until (mcu_server_is_ready (world->server, NULL));
}

static void
remove_all (const char *path)
{
  GDir *directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    remove_all (inner);
  }
  if (directory != NULL)
    g_dir_close (directory);
  g_remove (path);
}

void
world_tear_down (World *world)
{
  g_ptr_array_unref (world->people);
  mcu_server_free (world->server);
  mcu_config_unref (world->config);
  remove_all (world->directory);
  g_free (world->log);
  g_free (world->directory);
}

void
world_restart (World *world)
{
  for (guint i = 0; i < world->people->len; i++)
    g_clear_pointer (&((Person *) world->people->pdata[i])->client, mcu_client_free);
  mcu_server_free (world->server);
  world->server = mcu_server_new (world->config, NULL);
  g_assert_nonnull (world->server);
}

Person *
world_connect (World *world, const char *room)
{
  Person *person = g_new0 (Person, 1);

  person->got = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_ptr_array_add (world->people, person);
  person->client = mcu_client_new (world->server, room, &ops, person);
  return person;
}

Person *
world_join (World *world, const char *room, const char *name)
{
  Person *person = world_connect (world, room);

  say (person, "{'type':'join','name':'%s'}", name);
  wait_until (person->id != NULL);
  return person;
}

Person *
world_resume (World *world, const char *room, const char *token)
{
  Person *person = world_connect (world, room);

  say (person, "{'type':'join','name':'Again','resume':'%s'}", token);
  wait_until (person->id != NULL || person->bye != NULL);
  return person;
}

void
say (Person *person, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) message = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_strdelimit (text, "'", '"');
  message = mcu_json_parse_object (text, strlen (text), NULL);
  g_assert_nonnull (message);
  mcu_client_receive (person->client, message);
}

void
lose_socket (Person *person)
{
  g_clear_pointer (&person->client, mcu_client_free);
}

JsonObject *
last (Person *person, const char *type)
{
  for (guint i = person->got->len; i > 0; i--)
    if (g_strcmp0 (mcu_json_string (person->got->pdata[i - 1], "type"), type) == 0)
      return person->got->pdata[i - 1];
  return NULL;
}

guint
count (Person *person, const char *type)
{
  guint n = 0;

  for (guint i = 0; i < person->got->len; i++)
    n += g_strcmp0 (mcu_json_string (person->got->pdata[i], "type"), type) == 0;
  return n;
}

guint
told (World *world, const char *line)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  if (!g_file_get_contents (world->log, &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    n += g_str_has_prefix (lines[i], line);
  return n;
}
