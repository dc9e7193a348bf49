/* tests/unit/mcu/pass.c - people with tokens: identities, roles, rights.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/pass.h"

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

static const char *const with_key[] = {"keys", "k", "a-secret-of-some-length-for-hs256", NULL};

static void
set_up (World *world, gconstpointer data)
{
  world_set_up (world, with_key);
}

static void
tear_down (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (1);
  world_tear_down (world);
}

static Person *
join (World *world, const char *identity, McuRole role, guint rights)
{
  Person *person = world_connect (world, "r");
  McuPass pass = {.identity = (char *) identity,
                  .name = (char *) "Of the token",
                  .role = role,
                  .rights = rights};

  mcu_client_set_pass (person->client, &pass);
  say (person, "{'type':'join'}");
  wait_until (person->id != NULL || person->bye != NULL);
  return person;
}

static Person *
join_plainly (World *world, const char *identity)
{
  return join (world, identity, MCU_ROLE_PARTICIPANT, MCU_RIGHTS_DEFAULT);
}

static const char *
role_of (Person *person)
{
  return mcu_json_string (last (person, "welcome"), "role");
}

static guint
n_in_welcome (Person *person)
{
  return json_array_get_length (mcu_json_array (last (person, "welcome"), "participants"));
}

static int
n_tiles (Person *person)
{
  JsonObject *layout = last (person, "layout");

  return layout != NULL ? (int) json_array_get_length (mcu_json_array (layout, "tiles")) : -1;
}

/* Who is first does not moderate, nor who is left: the token says it. */
static void
test_pass__roles (World *world, gconstpointer data)
{
  Person *first = join_plainly (world, "a");
  Person *admin = join (world, "b", MCU_ROLE_MODERATOR, MCU_RIGHTS_DEFAULT);
  Person *viewer = join (world, "c", MCU_ROLE_VIEWER, MCU_RIGHTS_DEFAULT & ~MCU_MAY_PUBLISH);
  JsonObject *who;

  g_assert_cmpstr (role_of (first), ==, "participant");
  g_assert_cmpstr (role_of (admin), ==, "moderator");
  g_assert_cmpstr (role_of (viewer), ==, "viewer");
  who = mcu_json_object (last (first, "participant_joined"), "participant");
  g_assert_cmpstr (mcu_json_string (who, "identity"), ==, "c");
  g_assert_cmpstr (mcu_json_string (who, "name"), ==, "Of the token");
  say (admin, "{'type':'leave'}");
  say (first, "{'type':'moderate','participant':'%s','kick':true}", viewer->id);
  g_assert_cmpstr (mcu_json_string (last (first, "error"), "code"), ==, "forbidden");
}

/* Who may not publish is told to the room as one who only receives, moderator or not. */
static void
test_pass__an_admin_that_may_not_publish (World *world, gconstpointer data)
{
  Person *admin = join (world, "b", MCU_ROLE_MODERATOR, MCU_RIGHTS_DEFAULT & ~MCU_MAY_PUBLISH);
  Person *other = join_plainly (world, "a");

  g_assert_cmpstr (role_of (admin), ==, "moderator");
  say (admin, "{'type':'offer','session':1,'sdp':'connect'}");
  say (other, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (n_tiles (admin) == 1);
  wait_until (n_tiles (other) == 1);
}

/* What `canPublishSources` leaves out is not received, however it is offered. */
static void
test_pass__sources (World *world, gconstpointer data)
{
  Person *silent = join (world, "s", MCU_ROLE_PARTICIPANT,
                         MCU_RIGHTS_DEFAULT | MCU_NO_CAMERA | MCU_NO_SCREEN | MCU_NO_MICROPHONE);
  Person *seen = join (world, "b", MCU_ROLE_PARTICIPANT, MCU_RIGHTS_DEFAULT | MCU_NO_SCREEN);

  say (silent, "{'type':'offer','session':1,'sdp':'connect',"
               "'streams':{'0':'microphone','1':'camera','2':'screen'}}");
  say (silent, "{'type':'state','screen':true}");
  wait_until (n_tiles (silent) == 0);
  say (seen, "{'type':'offer','session':1,'sdp':'connect',"
             "'streams':{'0':'microphone','1':'camera','2':'screen'}}");
  say (seen, "{'type':'state','screen':true}");
  wait_until (n_tiles (seen) == 1);
  wait_until (n_tiles (silent) == 1);
  g_assert_cmpstr (mcu_json_string (last (seen, "layout"), "name"), ==, "grid");
}

static void
test_pass__same_identity_replaces (World *world, gconstpointer data)
{
  Person *watching = join_plainly (world, "w");
  Person *before = join_plainly (world, "a");
  Person *after = join_plainly (world, "a");
  Person *nobody = join_plainly (world, NULL);
  Person *also_nobody = join_plainly (world, NULL);

  g_assert_cmpstr (before->bye, ==, "replaced");
  g_assert_null (after->bye);
  g_assert_cmpstr (before->id, !=, after->id);
  g_assert_cmpstr (mcu_json_string (last (watching, "participant_left"), "reason"), ==, "replaced");
  g_assert_null (nobody->bye); /* without `sub` nobody is anybody */
  g_assert_null (also_nobody->bye);
}

/* Also who is away is replaced, and a full room has a place for the one who replaces. */
static void
test_pass__away_is_replaced_too (World *world, gconstpointer data)
{
  Person *watching = join_plainly (world, "w");
  Person *before = join_plainly (world, "a");
  Person *after;

  lose_socket (before);
  after = join_plainly (world, "a");
  g_assert_nonnull (after->id);
  g_assert_nonnull (last (watching, "participant_left"));
  g_assert_cmpuint (n_in_welcome (after), ==, 2);
}

static void
test_pass__a_kick_is_final (World *world, gconstpointer data)
{
  Person *admin = join (world, "b", MCU_ROLE_MODERATOR, MCU_RIGHTS_DEFAULT);
  Person *bad = join_plainly (world, "a");
  Person *again;

  say (admin, "{'type':'moderate','participant':'%s','kick':true}", bad->id);
  g_assert_cmpstr (bad->bye, ==, "kicked");
  again = join_plainly (world, "a");
  g_assert_cmpstr (again->bye, ==, "banned");
  again = world_resume (world, "r", bad->resume);
  g_assert_cmpstr (again->bye, ==, "banned");
  again = join_plainly (world, "c");
  g_assert_null (again->bye);
}

/* Who is blamed for the media's deaths does not come back by a new connection either. */
static void
test_pass__blamed (World *world, gconstpointer data)
{
  Person *good = join_plainly (world, "g");
  Person *bad = join_plainly (world, "b");
  Person *again;

  say (good, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (good, "layout") != NULL);
  for (guint i = 1; bad->bye == NULL; i++) {
    guint n = count (good, "renegotiate");

    say (bad, "{'type':'offer','session':%u,'sdp':'die'}", i);
    wait_until (bad->bye != NULL || count (good, "renegotiate") > n);
  }
  g_assert_cmpstr (bad->bye, ==, "media_fault");
  again = join_plainly (world, "b");
  g_assert_cmpstr (again->bye, ==, "media_fault");
  again = join_plainly (world, "c");
  g_assert_null (again->bye);
}

static void
test_pass__hidden (World *world, gconstpointer data)
{
  Person *watching = join_plainly (world, "w");
  Person *hidden = join (world, "h", MCU_ROLE_PARTICIPANT, MCU_RIGHTS_ALL);
  Person *later = join_plainly (world, "l");

  g_assert_cmpuint (n_in_welcome (hidden), ==, 2); /* they see themselves */
  g_assert_cmpuint (n_in_welcome (later), ==, 2);
  say (hidden, "{'type':'chat','text':'boo'}");
  g_assert_cmpstr (mcu_json_string (last (hidden, "error"), "code"), ==, "forbidden");
  say (hidden, "{'type':'state','hand_raised':true}");
  say (watching, "{'type':'chat','text':'x'}");
  g_assert_nonnull (last (hidden, "chat")); /* and hear the others */
  say (hidden, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (n_tiles (hidden) == 0);
  say (hidden, "{'type':'leave'}");
  g_assert_cmpuint (count (watching, "participant_joined"), ==, 1);
  g_assert_cmpuint (count (watching, "participant_left"), ==, 0);
}

static void
test_pass__only_resume (World *world, gconstpointer data)
{
  Person *before = join_plainly (world, "a");
  g_autofree char *resume = g_strdup (before->resume);
  Person *after = world_connect (world, "r");
  Person *late;

  lose_socket (before);
  mcu_client_set_only_resume (after->client, "token_expired", "it has expired");
  say (after, "{'type':'join','resume':'%s'}", resume);
  g_assert_cmpstr (after->id, ==, before->id);
  g_assert_true (json_object_get_boolean_member (last (after, "welcome"), "resumed"));
  say (after, "{'type':'leave'}");

  late = world_connect (world, "r");
  mcu_client_set_only_resume (late->client, "token_expired", "it has expired");
  say (late, "{'type':'join','resume':'%s'}", resume);
  g_assert_cmpstr (late->bye, ==, "token_expired");

  late = world_connect (world, "other");
  mcu_client_set_only_resume (late->client, "token_missing", "a token is needed");
  say (late, "{'type':'join','resume':'x.y'}");
  g_assert_cmpstr (late->bye, ==, "token_missing");
  g_assert_null (mcu_server_get_room (world->server, "other")); /* no room was made for them */
}

/* A resume token brings back its own identity, rights and all, also to a server that was restarted;
 * it is of no use to who has another one. */
static void
test_pass__resume_keeps_identity (World *world, gconstpointer data)
{
  Person *before = join (world, "a", MCU_ROLE_PARTICIPANT, MCU_MAY_SUBSCRIBE | MCU_MAY_PUBLISH);
  g_autofree char *resume = g_strdup (before->resume);
  McuPass pass = {.identity = (char *) "b", .role = MCU_ROLE_PARTICIPANT, .rights = 1};
  Person *thief;
  Person *after;
  Person *same;

  world_restart (world);
  thief = world_connect (world, "r");
  mcu_client_set_pass (thief->client, &pass);
  say (thief, "{'type':'join','resume':'%s'}", resume);
  g_assert_cmpstr (thief->id, !=, before->id);
  after = world_resume (world, "r", resume);
  g_assert_cmpstr (after->id, ==, before->id);
  say (after, "{'type':'chat','text':'x'}");
  g_assert_cmpstr (mcu_json_string (last (after, "error"), "code"), ==, "forbidden");
  same = join_plainly (world, "a");
  g_assert_cmpstr (after->bye, ==, "replaced");
  g_assert_null (same->bye);
}

#define add(name) g_test_add ("/pass/" #name, World, NULL, set_up, test_pass__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* deaths are warned of */
  add (roles);
  add (an_admin_that_may_not_publish);
  add (sources);
  add (same_identity_replaces);
  add (away_is_replaced_too);
  add (a_kick_is_final);
  add (blamed);
  add (hidden);
  add (only_resume);
  add (resume_keeps_identity);
  return g_test_run ();
}
