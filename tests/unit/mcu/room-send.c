/* tests/unit/mcu/room-send.c - who is told to send what, as people come and go.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-send.h"

#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

#define FASTER 10

static const char *const off[] = {"rooms", "adapt_senders", "false", NULL};

static void
set_up (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (FASTER);
  world_set_up (world, data);
}

static void
tear_down (World *world, gconstpointer data)
{
  mcu_times_set_divisor_for_tests (1);
  world_tear_down (world);
}

/* With a camera of 640x360 that is seen. */
static Person *
join (World *world, const char *name)
{
  Person *person = world_join (world, "r", name);

  say (person, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (person, "layout") != NULL);
  say (person, "{'type':'candidate','session':1,'candidate':'streaming','sdp_mid':'0'}");
  return person;
}

static int
height (Person *person)
{
  JsonObject *send = last (person, "send");

  return send != NULL ? mcu_json_int (send, "height", 0) : -1;
}

static void
test_room_send__shrinks_and_grows (World *world, gconstpointer data)
{
  Person *people[5];
  gint64 joined_us;

  for (guint i = 0; i < 4; i++)
    people[i] = join (world, "x");
  wait_until (height (people[0]) == 360 && height (people[3]) == 360);
  joined_us = g_get_monotonic_time ();
  people[4] = join (world, "x");
  wait_until (height (people[4]) == 240); /* at once */
  wait_until (height (people[0]) == 240);
  g_assert_cmpint (g_get_monotonic_time () - joined_us, >=, MCU_SEND_SETTLE_MS * 1000 / FASTER);
  g_assert_cmpstr (mcu_json_string (last (people[0], "send"), "stream"), ==, "camera");
  g_assert_true (mcu_json_bool (last (people[0], "send"), "active", FALSE));
  say (people[4], "{'type':'leave'}");
  wait_until (height (people[0]) == 360);
  g_assert_cmpuint (count (people[3], "send"), <=, 3);
}

static void
test_room_send__a_short_visit_changes_nothing (World *world, gconstpointer data)
{
  Person *people[4];
  Person *visitor;

  for (guint i = 0; i < 4; i++)
    people[i] = join (world, "x");
  wait_until (height (people[0]) == 360 && height (people[1]) == 360 && height (people[3]) == 360);
  for (guint i = 0; i < 3; i++) {
    visitor = join (world, "v");
    wait_until (height (visitor) == 240);
    say (visitor, "{'type':'leave'}");
  }
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (height (people[i]), ==, 360);
}

/* A page that was loaded again knows nothing. */
static void
test_room_send__said_again_to_who_is_back (World *world, gconstpointer data)
{
  Person *a = join (world, "a");
  Person *again;

  wait_until (height (a) == 720);
  again = world_resume (world, "r", a->resume);
  wait_until (height (again) == 720);
}

static void
test_room_send__beyond_the_canvas (World *world, gconstpointer data)
{
  Person *people[50];

  for (guint i = 0; i < 50; i++)
    people[i] = join (world, "x");
  wait_until (last (people[49], "send") != NULL);
  g_assert_false (mcu_json_bool (last (people[49], "send"), "active", TRUE));
  g_assert_true (mcu_json_bool (last (people[0], "send"), "active", FALSE));
  say (people[3], "{'type':'leave'}");
  wait_until (mcu_json_bool (last (people[49], "send"), "active", FALSE));
}

static void
test_room_send__off (World *world, gconstpointer data)
{
  Person *a = join (world, "a");
  Person *b = join (world, "b");

  say (b, "{'type':'chat','text':'x'}");
  say (b, "{'type':'candidate','session':1,'candidate':'stalled','sdp_mid':'0'}");
  say (b, "{'type':'candidate','session':1,'candidate':'fail','sdp_mid':'0'}");
  wait_until (last (b, "renegotiate") != NULL);
  g_assert_null (last (a, "send"));
  g_assert_null (last (b, "send"));
}

#define add(name, settings)                                                                        \
  g_test_add ("/room_send/" #name, World, settings, set_up, test_room_send__##name, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (shrinks_and_grows, NULL);
  add (a_short_visit_changes_nothing, NULL);
  add (said_again_to_who_is_back, NULL);
  add (beyond_the_canvas, NULL);
  add (off, off);
  return g_test_run ();
}
