/* tests/unit/pipelines/room/commands.c - a room as control sees it, over a real link.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/commands.h"

#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/process/plugins.h"
#include "tests/unit/pipelines/peer/support.h"

#define WATCHDOG_S 20

typedef struct
{
  GMainLoop *room_loop;
  McuCommands *commands;
  McuLink *control;
  guint n_replies;
  guint n_refused;
  guint n_streams; /* of the last reply */
  guint watchdog;
} Fixture;

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("the room did not answer in %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static void
on_message (McuLink *link, JsonObject *message, gpointer user_data)
{
}

static void
on_closed (McuLink *link, const char *reason, gpointer user_data)
{
}

static void
on_reply (JsonObject *reply, const GError *error, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (error != NULL && g_str_equal (error->message, "link closed"))
    return;
  fixture->n_replies++;
  fixture->n_refused += error != NULL;
  fixture->n_streams = reply != NULL && mcu_json_array (reply, "streams") != NULL
                           ? json_array_get_length (mcu_json_array (reply, "streams"))
                           : 0;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int room_fd;
  int control_fd = mcu_link_pair (&room_fd, NULL);

  g_assert_cmpint (control_fd, >=, 0);
  fixture->watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  fixture->room_loop = g_main_loop_new (NULL, FALSE);
  fixture->commands = mcu_commands_new (room_fd, fixture->room_loop);
  fixture->control = mcu_link_new (control_fd, on_message, on_closed, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->commands, mcu_commands_free);
  mcu_link_free (fixture->control);
  g_main_loop_unref (fixture->room_loop);
  g_source_remove (fixture->watchdog);
}

static void
ask (Fixture *fixture, JsonObject *message)
{
  mcu_link_request (fixture->control, message, WATCHDOG_S * 1000, on_reply, fixture);
}

static void
wait_for_replies (Fixture *fixture, guint n)
{
  while (fixture->n_replies < n)
    g_main_context_iteration (NULL, TRUE);
}

static JsonObject *
new_peer_add (const char *peer, const char *participant)
{
  g_autofree char *offer = test_offer_text ("chromium-meeting");
  JsonObject *message = mcu_link_message_new ("peer_add");

  json_object_set_string_member (message, "peer", peer);
  json_object_set_string_member (message, "participant", participant);
  json_object_set_string_member (message, "kind", "browser");
  json_object_set_string_member (message, "offer", offer);
  return message;
}

static void
ask_to_add (Fixture *fixture, const char *peer, const char *participant)
{
  ask (fixture, new_peer_add (peer, participant));
}

static JsonArray *
array_of (JsonNode *element)
{
  JsonArray *array = json_array_new ();

  json_array_add_element (array, element);
  return array;
}

static void
start (Fixture *fixture)
{
  JsonObject *message = mcu_link_message_new ("room_state");
  JsonObject *media = json_object_new ();
  JsonObject *ann = json_object_new ();

  json_object_set_array_member (media, "addresses",
                                array_of (json_node_init_string (json_node_alloc (), "127.0.0.1")));
  json_object_set_string_member (ann, "participant", "a");
  json_object_set_string_member (ann, "name", "Ann");
  json_object_set_object_member (message, "media", media);
  json_object_set_array_member (message, "participants",
                                array_of (json_node_init_object (json_node_alloc (), ann)));
  json_object_unref (ann);
  ask (fixture, message);
  wait_for_replies (fixture, 1);
}

static void
test_commands__answers_offers (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  ask_to_add (fixture, "a.1", "a");
  wait_for_replies (fixture, 2);
  g_assert_cmpuint (fixture->n_refused, ==, 0);
  ask_to_add (fixture, "a.1", "a");
  ask_to_add (fixture, "b.1", "b");
  wait_for_replies (fixture, 4);
  g_assert_cmpuint (fixture->n_refused, ==, 2);
}

static void
test_commands__denied_streams (Fixture *fixture, gconstpointer data)
{
  JsonObject *message = new_peer_add ("a.2", "a");
  JsonArray *denied = json_array_new ();

  start (fixture);
  ask_to_add (fixture, "a.1", "a");
  wait_for_replies (fixture, 2);
  g_assert_cmpuint (fixture->n_streams, ==, 3);
  json_array_add_string_element (denied, "camera");
  json_array_add_string_element (denied, "smell"); /* not known: nothing */
  json_array_add_int_element (denied, 7);
  json_array_add_string_element (denied, "screen");
  json_object_set_array_member (message, "denied", denied);
  ask (fixture, message);
  wait_for_replies (fixture, 3);
  g_assert_cmpuint (fixture->n_refused, ==, 0);
  g_assert_cmpuint (fixture->n_streams, ==, 1);
}

/* A name that is used again: what was under way of the first must not reach the second. */
static void
test_commands__name_used_again (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  for (guint i = 0; i < 5; i++) {
    JsonObject *message = mcu_link_message_new ("peer_remove");

    ask_to_add (fixture, "a.1", "a");
    json_object_set_string_member (message, "peer", "a.1");
    mcu_link_send (fixture->control, message);
  }
  ask_to_add (fixture, "a.1", "a");
  wait_for_replies (fixture, 2);
  g_assert_cmpuint (fixture->n_refused, ==, 0);
}

/* Control may still be writing while the room takes its peers apart. */
static void
test_commands__ends_while_asked (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  ask_to_add (fixture, "a.1", "a");
  ask_to_add (fixture, "a.2", "a");
  wait_for_replies (fixture, 3);
  mcu_link_send (fixture->control, mcu_link_message_new ("drain"));
  g_main_loop_run (fixture->room_loop);
  ask (fixture, mcu_link_message_new ("ping"));
  ask (fixture, mcu_link_message_new ("stats"));
  ask_to_add (fixture, "a.3", "a");
  g_clear_pointer (&fixture->commands, mcu_commands_free);
  g_assert_cmpuint (fixture->n_replies, ==, 3);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  mcu_plugins_init (&error);
  g_assert_no_error (error);
  g_test_add ("/room/commands/answers-offers", Fixture, NULL, set_up, test_commands__answers_offers,
              tear_down);
  g_test_add ("/room/commands/denied-streams", Fixture, NULL, set_up, test_commands__denied_streams,
              tear_down);
  g_test_add ("/room/commands/name-used-again", Fixture, NULL, set_up,
              test_commands__name_used_again, tear_down);
  g_test_add ("/room/commands/ends-while-asked", Fixture, NULL, set_up,
              test_commands__ends_while_asked, tear_down);
  return g_test_run ();
}
