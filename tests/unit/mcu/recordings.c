/* tests/unit/mcu/recordings.c - what rooms, people and disks make of a recording; with a room
 * process that is none.  SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recordings.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/times.h"
#include "tests/support/mcu-world.h"

#define FASTER 10

static const char *const with_chat[] = {"recordings", "chat", "true", NULL};
static const char *const terse[] = {"recordings", "pause_silence_s", "2", NULL};
static const char *const unpaused[] = {"recordings", "pause_empty", "false", NULL};

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

/* An answer, awaited. */

typedef struct
{
  gboolean has_come;
  JsonObject *object; /* (nullable) owned */
  GError *error;      /* (nullable) owned */
} Answer;

static void
clear_answer (Answer *answer)
{
  g_clear_pointer (&answer->object, json_object_unref);
  g_clear_error (&answer->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, clear_answer)

static void
on_answer (JsonObject *object, const GError *error, gpointer data)
{
  Answer *answer = data;

  g_assert_false (answer->has_come);
  answer->has_come = TRUE;
  answer->object = object != NULL ? json_object_ref (object) : NULL;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
}

static McuRecordings *
all (World *world)
{
  return mcu_server_get_recordings (world->server);
}

static char *
start (World *world, const char *room)
{
  g_autoptr (JsonObject) wish = json_object_new ();
  g_auto (Answer) answer = {0};

  mcu_server_record (world->server, room, wish, on_answer, &answer);
  g_assert_false (answer.has_come); /* never from inside the call */
  wait_until (answer.has_come);
  g_assert_no_error (answer.error);
  return g_strdup (mcu_json_string (answer.object, "id"));
}

static JsonObject *
get (World *world, const char *id)
{
  Answer answer = {0};

  mcu_recordings_get (all (world), id, on_answer, &answer);
  wait_until (answer.has_come);
  g_assert_no_error (answer.error);
  return answer.object;
}

static gboolean
is_state (World *world, const char *id, const char *state)
{
  g_autoptr (JsonObject) object = get (world, id);

  return g_strcmp0 (mcu_json_string (object, "state"), state) == 0;
}

static guint
n_parts (World *world, const char *id)
{
  g_autoptr (JsonObject) object = get (world, id);

  return json_array_get_length (mcu_json_array (object, "parts"));
}

static void
order (World *world, const char *id, McuRecordingOrder what)
{
  g_auto (Answer) answer = {0};

  mcu_recordings_order (all (world), id, what, on_answer, &answer);
  wait_until (answer.has_come);
  g_assert_no_error (answer.error);
}

static Person *
join (World *world, const char *name)
{
  Person *person = world_join (world, "r", name);

  say (person, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (person, "answer") != NULL);
  return person;
}

static void
candidate (Person *person, const char *text)
{
  say (person, "{'type':'candidate','session':1,'candidate':'%s','sdp_mid':'0'}", text);
}

static void
test_recordings__start_pause_stop (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");
  g_autoptr (JsonObject) done = NULL;

  wait_until (is_state (world, id, "recording"));
  wait_until (mcu_json_bool (last (ann, "recording"), "recording", FALSE));
  order (world, id, MCU_RECORDING_PAUSE);
  g_assert_true (is_state (world, id, "paused"));
  wait_until (!mcu_json_bool (last (ann, "recording"), "recording", TRUE));
  order (world, id, MCU_RECORDING_RESUME);
  g_assert_true (is_state (world, id, "recording"));
  order (world, id, MCU_RECORDING_STOP);
  wait_until (is_state (world, id, "finished"));
  done = get (world, id);
  g_assert_cmpint (mcu_json_int (done, "bytes", 0), ==, 20); /* as it was put in order */
  g_assert_cmpint (mcu_json_int (done, "duration_ms", 0), ==, 600);
  g_assert_nonnull (mcu_json_string (done, "sha256"));
  g_assert_cmpuint (n_parts (world, id), ==, 1);
}

static void
test_recordings__refused (World *world, gconstpointer data)
{
  g_autoptr (JsonObject) wish = json_object_new ();
  g_auto (Answer) nowhere = {0};
  g_auto (Answer) ninth = {0};
  g_auto (Answer) gone = {0};
  g_autofree char *id = NULL;

  mcu_server_record (world->server, "r", wish, on_answer, &nowhere);
  wait_until (nowhere.has_come);
  g_assert_error (nowhere.error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  join (world, "Ann");
  for (guint i = 0; i < MCU_RECORDINGS_PER_ROOM; i++) {
    g_free (id);
    id = start (world, "r");
  }
  mcu_server_record (world->server, "r", wish, on_answer, &ninth);
  wait_until (ninth.has_come);
  g_assert_error (ninth.error, MCU_ERROR, MCU_ERROR_OVERLOADED);
  order (world, id, MCU_RECORDING_STOP);
  wait_until (is_state (world, id, "finished"));
  mcu_recordings_order (all (world), id, MCU_RECORDING_PAUSE, on_answer, &gone);
  wait_until (gone.has_come);
  g_assert_error (gone.error, MCU_ERROR, MCU_ERROR_GONE);
}

static void
test_recordings__goes_on_after_a_death (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");

  wait_until (is_state (world, id, "recording"));
  g_test_expect_message ("tessera", G_LOG_LEVEL_WARNING, "*exited*");
  candidate (ann, "die");
  wait_until (n_parts (world, id) == 2 && is_state (world, id, "recording"));
  g_test_assert_expected_messages ();
  order (world, id, MCU_RECORDING_STOP);
  wait_until (is_state (world, id, "finished"));
  g_assert_cmpuint (n_parts (world, id), ==, 2);
  g_assert_cmpuint (told (world, "part 1"), ==, 1);
  g_assert_cmpuint (told (world, "part 2"), ==, 1);
}

static void
test_recordings__disk_full (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");
  g_autoptr (JsonObject) done = NULL;
  McuRecordingsFigures figures;

  wait_until (is_state (world, id, "recording"));
  g_test_expect_message ("tessera", G_LOG_LEVEL_WARNING, "*disk_full*");
  candidate (ann, "disk_full");
  wait_until (is_state (world, id, "failed"));
  g_test_assert_expected_messages ();
  done = get (world, id);
  g_assert_cmpstr (mcu_json_string (mcu_json_object (done, "error"), "code"), ==, "disk_full");
  g_assert_cmpuint (n_parts (world, id), ==, 1); /* what was written stays */
  wait_until (g_strcmp0 (mcu_json_string (last (ann, "recording"), "state"), "failed") == 0);
  g_assert_null (ann->bye);
  mcu_recordings_get_figures (all (world), &figures);
  g_assert_true (figures.is_full);
}

static void
test_recordings__tries_again_when_it_is_not_the_disk (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");

  for (guint i = 1; i <= 5; i++) {
    wait_until (n_parts (world, id) == i && is_state (world, id, "recording"));
    candidate (ann, "overloaded");
  }
  wait_until (n_parts (world, id) == 6 && is_state (world, id, "recording"));
  g_test_expect_message ("tessera", G_LOG_LEVEL_WARNING, "*overloaded*");
  candidate (ann, "overloaded");
  wait_until (is_state (world, id, "failed"));
  g_test_assert_expected_messages ();
}

static void
test_recordings__left_out (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  Person *bob = join (world, "Bob");
  g_autofree char *id = start (world, "r");

  wait_until (is_state (world, id, "recording"));
  wait_until (mcu_json_bool (mcu_json_object (last (ann, "participant_updated"), "participant"),
                             "recorded", FALSE));
  say (bob, "{'type':'state','recorded':false}");
  wait_until (n_parts (world, id) == 2 && is_state (world, id, "recording"));
  g_assert_cmpuint (told (world, "without 0"), ==, 1);
  wait_until (told (world, "without 1") == 1);
  g_assert_cmpuint (told (world, "recording_without"), >=, 1);
  /* Both are out now; that picture is theirs already: no further part. */
  say (ann, "{'type':'moderate','participant':'%s','recorded':false}", ann->id);
  wait_until (told (world, "recording_without") >= 2);
  g_assert_cmpuint (n_parts (world, id), ==, 2);
}

static void
test_recordings__chat_and_who_is_left_out_of_it (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  Person *bob = join (world, "Bob");
  g_autofree char *id = start (world, "r");
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonObject) object = NULL;

  say (bob, "{'type':'state','recorded':false}");
  say (ann, "{'type':'chat','text':'to all'}");
  say (bob, "{'type':'chat','text':'not this'}");
  say (ann, "{'type':'chat','text':'nor this','to':'%s'}", bob->id);
  wait_until (is_state (world, id, "recording"));
  order (world, id, MCU_RECORDING_STOP);
  wait_until (is_state (world, id, "finished"));
  object = get (world, id);
  path = g_strdup_printf ("%s/recordings/%.4s/%.2s/%s/%s.json", world->directory,
                          mcu_json_string (object, "started_at"),
                          mcu_json_string (object, "started_at") + 5, id, id);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "to all"));
  g_assert_null (strstr (text, "this"));
}

static void
test_recordings__an_empty_room_pauses (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");

  wait_until (is_state (world, id, "recording"));
  say (ann, "{'type':'leave'}");
  wait_until (is_state (world, id, "paused"));
  wait_until (told (world, "exit") == 1); /* its process goes all the same */
  join (world, "Bob");
  wait_until (is_state (world, id, "recording"));
  g_assert_cmpuint (n_parts (world, id), ==, 2);
}

static void
test_recordings__an_empty_room_is_recorded (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");

  wait_until (is_state (world, id, "recording"));
  say (ann, "{'type':'leave'}");
  join (world, "Bob");
  g_assert_true (is_state (world, id, "recording"));
  g_assert_cmpuint (told (world, "recording_pause"), ==, 0);
}

static void
test_recordings__silence_pauses (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = NULL;

  say (ann, "{'type':'offer','session':1,'sdp':'connect'}");
  wait_until (last (ann, "answer") != NULL);
  id = start (world, "r");
  wait_until (is_state (world, id, "recording"));
  wait_until (is_state (world, id, "paused"));
  say (ann, "{'type':'candidate','session':1,'candidate':'voice','sdp_mid':'0'}");
  wait_until (is_state (world, id, "recording"));
  say (ann, "{'type':'candidate','session':1,'candidate':'quiet','sdp_mid':'0'}");
  wait_until (is_state (world, id, "paused"));
  g_assert_cmpuint (n_parts (world, id), ==, 1);
}

static void
test_recordings__moderators_button (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  Person *bob = join (world, "Bob");

  say (bob, "{'type':'room','recording':true}");
  wait_until (last (bob, "error") != NULL);
  say (ann, "{'type':'room','recording':true}");
  wait_until (mcu_json_bool (last (bob, "recording"), "recording", FALSE));
  say (ann, "{'type':'room','recording':true}");
  say (ann, "{'type':'room','recording':false}");
  wait_until (!mcu_json_bool (last (bob, "recording"), "recording", TRUE));
  g_assert_cmpuint (told (world, "part 1"), <=, 1);
  g_assert_cmpuint (told (world, "part 2"), ==, 0);
}

static void
test_recordings__goes_on_after_a_restart (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");
  g_autofree char *held = start (world, "r");

  wait_until (is_state (world, id, "recording") && is_state (world, held, "recording"));
  order (world, held, MCU_RECORDING_PAUSE);
  world_restart (world);
  world_resume (world, "r", ann->resume);
  wait_until (is_state (world, id, "recording"));
  g_assert_cmpuint (n_parts (world, id), ==, 2);
  wait_until (is_state (world, held, "paused"));
  g_assert_cmpuint (n_parts (world, held), ==, 1);
}

static void
test_recordings__closed_when_nobody_comes_back (World *world, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) done = NULL;

  join (world, "Ann");
  id = start (world, "r");
  wait_until (is_state (world, id, "recording"));
  mcu_times_set_divisor_for_tests (10 * FASTER); /* two minutes */
  world_restart (world);
  wait_until (is_state (world, id, "finished"));
  done = get (world, id);
  g_assert_nonnull (mcu_json_string (done, "ended_at"));
}

static void
test_recordings__removed_while_it_runs (World *world, gconstpointer data)
{
  g_auto (Answer) removed = {0};
  g_autofree char *id = NULL;

  join (world, "Ann");
  id = start (world, "r");
  mcu_recordings_remove (all (world), id, on_answer, &removed);
  wait_until (removed.has_come);
  g_assert_no_error (removed.error);
  for (;;) {
    g_auto (Answer) answer = {0};

    mcu_recordings_get (all (world), id, on_answer, &answer);
    wait_until (answer.has_come);
    if (answer.error != NULL)
      break;
  }
}

static void
assert_sane (JsonObject *recording)
{
  JsonObject *part = mcu_json_array_object (mcu_json_array (recording, "parts"), 0);

  g_assert_true (g_str_has_prefix (mcu_json_string (recording, "started_at"), "20"));
  g_assert_cmpint (mcu_json_int (recording, "bytes", -1), >=, 0);
  g_assert_cmpint (mcu_json_int (recording, "duration_ms", -1), >=, 0);
  g_assert_cmpint (mcu_json_int (part, "duration_ms", -1), >=, 0);
}

static void
test_recordings__a_room_that_lies (World *world, gconstpointer data)
{
  Person *ann = NULL;
  g_autofree char *id = NULL;
  g_autoptr (JsonObject) failed = NULL;
  JsonObject *error;

  g_setenv ("FAKE_ROOM_LIES", "1", TRUE);
  ann = join (world, "Ann");
  id = start (world, "r");
  for (guint i = 1; i <= 6; i++) {
    g_autoptr (JsonObject) one = NULL;

    wait_until (n_parts (world, id) == i && is_state (world, id, "recording"));
    one = get (world, id);
    assert_sane (one);
    if (i == 6)
      g_test_expect_message ("tessera", G_LOG_LEVEL_WARNING, "*internal*");
    candidate (ann, "lie and fail");
  }
  wait_until (is_state (world, id, "failed"));
  g_test_assert_expected_messages ();
  g_unsetenv ("FAKE_ROOM_LIES");
  failed = get (world, id);
  assert_sane (failed);
  error = mcu_json_object (failed, "error");
  g_assert_cmpstr (mcu_json_string (error, "code"), ==, "internal");
  g_assert_cmpuint (strlen (mcu_json_string (error, "detail")), <=, 300);
}

static void
test_recordings__neither_true_nor_false (World *world, gconstpointer data)
{
  Person *ann = join (world, "Ann");
  g_autofree char *id = start (world, "r");

  wait_until (is_state (world, id, "recording"));
  say (ann, "{'type':'room','recording':null}");
  g_assert_cmpstr (mcu_json_string (last (ann, "error"), "code"), ==, "bad_request");
  say (ann, "{'type':'room','recording':'off'}");
  g_assert_cmpuint (count (ann, "error"), ==, 2);
  g_assert_true (is_state (world, id, "recording"));
  g_assert_cmpuint (told (world, "recording_stop"), ==, 0);
}

/* Whatever is awaited then: nothing of it comes later, and nothing of it stays. */
static void
test_recordings__server_stops_amid_questions (World *world, gconstpointer data)
{
  Answer answers[5] = {0};
  g_autoptr (JsonObject) wish = json_object_new ();
  g_autofree char *id = NULL;

  join (world, "Ann");
  id = start (world, "r");
  wait_until (is_state (world, id, "recording"));
  mcu_recordings_get (all (world), id, on_answer, &answers[0]);
  mcu_recordings_get (all (world), "rec_nobody", on_answer, &answers[1]);
  mcu_recordings_list (all (world), NULL, 10, NULL, on_answer, &answers[2]);
  mcu_recordings_order (all (world), id, MCU_RECORDING_PAUSE, on_answer, &answers[3]);
  mcu_recordings_remove (all (world), "rec_nobody", on_answer, &answers[4]);
  mcu_server_record (world->server, "r", wish, NULL, NULL);
  world_restart (world);
  wait_until (!is_state (world, id, "recording"));
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_assert_false (answers[i].has_come);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, settings, func)                                                                  \
  g_test_add ("/mcu/recordings/" name, World, settings, set_up, func, tear_down)
  ADD ("start_pause_stop", NULL, test_recordings__start_pause_stop);
  ADD ("refused", NULL, test_recordings__refused);
  ADD ("goes_on_after_a_death", NULL, test_recordings__goes_on_after_a_death);
  ADD ("disk_full", NULL, test_recordings__disk_full);
  ADD ("tries_again_when_it_is_not_the_disk", NULL,
       test_recordings__tries_again_when_it_is_not_the_disk);
  ADD ("left_out", NULL, test_recordings__left_out);
  ADD ("chat_and_who_is_left_out_of_it", with_chat,
       test_recordings__chat_and_who_is_left_out_of_it);
  ADD ("an_empty_room_pauses", NULL, test_recordings__an_empty_room_pauses);
  ADD ("an_empty_room_is_recorded", unpaused, test_recordings__an_empty_room_is_recorded);
  ADD ("silence_pauses", terse, test_recordings__silence_pauses);
  ADD ("moderators_button", NULL, test_recordings__moderators_button);
  ADD ("goes_on_after_a_restart", NULL, test_recordings__goes_on_after_a_restart);
  ADD ("closed_when_nobody_comes_back", NULL, test_recordings__closed_when_nobody_comes_back);
  ADD ("removed_while_it_runs", NULL, test_recordings__removed_while_it_runs);
  ADD ("a_room_that_lies", NULL, test_recordings__a_room_that_lies);
  ADD ("neither_true_nor_false", NULL, test_recordings__neither_true_nor_false);
  ADD ("server_stops_amid_questions", NULL, test_recordings__server_stops_amid_questions);
  return g_test_run ();
}
