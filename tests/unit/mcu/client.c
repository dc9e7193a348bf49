/* tests/unit/mcu/client.c - a client that sends anything at all.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/client.h"

#include <string.h>

#include "mcu/base/json-check.h"
#include "tests/support/mcu-world.h"

#define ROUNDS 200
#define MESSAGES 100

static const char *const types[] = {"join",     "offer",   "candidate",  "state", "chat",
                                    "moderate", "room",    "view",       "stats", "ping",
                                    "",         "welcome", "no such one"};
static const char *const names[] = {"name",    "resume",     "viewer",  "session",   "sdp",
                                    "streams", "text",       "to",      "kick",      "audio_muted",
                                    "role",    "token",      "sdp_mid", "candidate", "participant",
                                    "id",      "hand_raised"};
static const char *const values[] = {"null",
                                     "true",
                                     "-1",
                                     "0",
                                     "1",
                                     "2",
                                     "9223372036854775807",
                                     "1e308",
                                     "\"\"",
                                     "\"x\"",
                                     "\"connect\"",
                                     "\"moderator\"",
                                     "\"a.b\"",
                                     "\"\\u0000\"",
                                     "[]",
                                     "[1]",
                                     "{}",
                                     "{\"0\":\"screen\",\"1\":5}",
                                     "[[[[{}]]]]"};

#define pick(random, array) ((array)[g_rand_int_range (random, 0, G_N_ELEMENTS (array))])

static char *
any_message (GRand *random, const char *other_id)
{
  GString *text = g_string_new ("{");

  g_string_append_printf (text, "\"type\":\"%s\"", pick (random, types));
  for (int n = g_rand_int_range (random, 0, 6); n > 0; n--)
    g_string_append_printf (text, ",\"%s\":%s", pick (random, names), pick (random, values));
  if (g_rand_boolean (random))
    g_string_append_printf (text, ",\"participant\":\"%s\",\"to\":\"%s\"", other_id, other_id);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
run_round (World *world, GRand *random, Person *bystander)
{
  Person *person = world_connect (world, "r");

  if (g_rand_int_range (random, 0, 4) > 0)
    say (person, "{'type':'join','name':'x'}");
  for (int i = 0; i < MESSAGES && person->bye == NULL; i++) {
    g_autofree char *text = any_message (random, bystander->id);
    g_autoptr (JsonObject) message = mcu_json_parse_object (text, strlen (text), NULL);

    if (message != NULL)
      mcu_client_receive (person->client, message);
    g_main_context_iteration (NULL, FALSE);
  }
  if (person->bye == NULL)
    say (person, "{'type':'leave'}");
  g_assert_nonnull (person->bye);
}

static void
test_client__anything_at_all (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20220);
  World world = {0};
  Person *bystander;

  world_set_up (&world, NULL);
  bystander = world_join (&world, "r", "Bystander");
  for (int i = 0; i < ROUNDS; i++)
    run_round (&world, random, bystander);
  g_assert_null (bystander->bye); /* first in, so moderator: nobody can send them out */
  g_assert_nonnull (bystander->client);
  world_tear_down (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/anything_at_all", test_client__anything_at_all);
  return g_test_run ();
}
