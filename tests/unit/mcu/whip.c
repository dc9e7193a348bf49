/* tests/unit/mcu/whip.c - WHIP and WHEP sessions as participants.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

typedef struct
{
  guint n;
  char *id;
  char *answer;
  int code; /* -1: none */
} Answer;

static void
on_answer (const char *session_id, const char *answer, const GError *error, gpointer user_data)
{
  Answer *got = user_data;

  got->n++;
  got->id = g_strdup (session_id);
  got->answer = g_strdup (answer);
  got->code = error != NULL ? error->code : -1;
}

static void
clear (Answer *got)
{
  g_clear_pointer (&got->id, g_free);
  g_clear_pointer (&got->answer, g_free);
}

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

static char *
add_session (World *world, McuKind kind, const char *offer, Answer *got)
{
  return mcu_server_whip_add (world->server, "r", kind, "Camera", NULL, offer, on_answer, got);
}

static void
test_whip__sender_joins_and_goes (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Answer got = {0};
  g_autofree char *id = add_session (world, MCU_KIND_WHIP, "connect", &got);
  JsonObject *who;

  g_assert_cmpuint (got.n, ==, 0); /* never from inside */
  g_assert_null (mcu_server_whip_etag (world->server, "r", MCU_KIND_WHIP, id));
  wait_until (got.n == 1);
  g_assert_cmpint (got.code, ==, -1);
  g_assert_cmpstr (got.id, ==, id);
  g_assert_nonnull (got.answer);
  who = mcu_json_object (last (a, "participant_joined"), "participant");
  g_assert_cmpstr (mcu_json_string (who, "kind"), ==, "whip");
  g_assert_cmpstr (mcu_json_string (who, "name"), ==, "Camera");
  g_assert_nonnull (mcu_server_whip_etag (world->server, "r", MCU_KIND_WHIP, id));
  g_assert_null (mcu_server_whip_etag (world->server, "r", MCU_KIND_WHEP, id));
  g_assert_null (mcu_server_whip_etag (world->server, "s", MCU_KIND_WHIP, id));
  g_assert_true (mcu_server_whip_candidate (world->server, id, "x", "0", NULL));
  g_assert_true (mcu_server_whip_remove (world->server, id));
  g_assert_false (mcu_server_whip_remove (world->server, id));
  g_assert_nonnull (last (a, "participant_left"));
  wait_until (told (world, "participant_remove") == 1);
  clear (&got);
}

static void
test_whip__the_process_knows_them_before_their_offer (World *world, gconstpointer data)
{
  Answer got = {0};
  g_autofree char *id = add_session (world, MCU_KIND_WHIP, "connect", &got);

  wait_until (got.n == 1);
  g_assert_cmpuint (told (world, "people 1"), ==, 1);
  clear (&got);
}

static void
test_whip__refusals (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Answer got = {0};
  g_autofree char *id = add_session (world, MCU_KIND_WHIP, "refuse", &got);

  wait_until (got.n == 1);
  g_assert_cmpint (got.code, ==, MCU_ERROR_BAD_SDP);
  g_assert_null (last (a, "participant_joined"));
  g_assert_false (mcu_server_whip_remove (world->server, id));
}

/* The link to the room is JSON, and a byte that is no UTF-8 would end the room. */
static void
test_whip__bytes_that_are_no_text (World *world, gconstpointer data)
{
  Answer good = {0}, bad = {0};
  g_autofree char *id = add_session (world, MCU_KIND_WHIP, "connect", &good);
  g_autofree char *bad_id = NULL;

  wait_until (good.n == 1);
  g_assert_true (mcu_server_whip_candidate (world->server, id, "x", "0", NULL));
  g_assert_false (mcu_server_whip_candidate (world->server, id, "x\xff", "0", NULL));
  g_assert_false (mcu_server_whip_candidate (world->server, id, "x", "\xc3", NULL));
  bad_id = add_session (world, MCU_KIND_WHIP, "connect\xef", &bad);
  wait_until (bad.n == 1);
  g_assert_cmpint (bad.code, ==, MCU_ERROR_BAD_SDP);
  g_assert_nonnull (mcu_server_whip_etag (world->server, "r", MCU_KIND_WHIP, id));
  clear (&good);
}

static void
test_whip__removed_before_the_answer (World *world, gconstpointer data)
{
  Answer got = {0};
  g_autofree char *id = add_session (world, MCU_KIND_WHIP, "mute", &got);

  wait_until (told (world, "peer_add") == 1);
  g_assert_true (mcu_server_whip_remove (world->server, id));
  g_assert_cmpuint (got.n, ==, 1);
  g_assert_cmpint (got.code, ==, MCU_ERROR_GONE);
}

static void
test_whip__lost_media_end_it (World *world, gconstpointer data)
{
  Person *a = world_join (world, "r", "A");
  Answer got = {0};
  g_autofree char *id = add_session (world, MCU_KIND_WHEP, "connect", &got);

  wait_until (got.n == 1);
  g_assert_cmpstr (
      mcu_json_string (mcu_json_object (last (a, "participant_joined"), "participant"), "role"), ==,
      "viewer");
  g_assert_true (mcu_server_whip_candidate (world->server, id, "fail", "0", NULL));
  wait_until (last (a, "participant_left") != NULL);
  g_assert_null (mcu_server_whip_etag (world->server, "r", MCU_KIND_WHEP, id));
  clear (&got);
}

#define add(name) g_test_add ("/whip/" #name, World, NULL, set_up, test_whip__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (sender_joins_and_goes);
  add (the_process_knows_them_before_their_offer);
  add (refusals);
  add (bytes_that_are_no_text);
  add (removed_before_the_answer);
  add (lost_media_end_it);
  return g_test_run ();
}
