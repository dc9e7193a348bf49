/* tests/unit/pipelines/room/recordings.c - recording a room, as control does it over the link.
 * SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/base/link.h"
#include "pipelines/process/plugins.h"
#include "pipelines/room/commands.h"

#define WATCHDOG_S 20

typedef struct
{
  char *directory; /* owned */
  GMainLoop *room_loop;
  McuCommands *commands;
  McuLink *control;
  char *state; /* owned (nullable): the newest */
  char *error; /* owned (nullable): of the newest state */
  guint n_states;
  guint64 duration_ms;
  gboolean has_tracks;
  guint n_replies;
  char *refusal; /* owned (nullable): code of the newest reply */
  guint watchdog;
} Fixture;

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("nothing came for %d s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static void
on_message (McuLink *link, JsonObject *message, gpointer user_data)
{
  Fixture *fixture = user_data;
  JsonObject *error = mcu_json_object (message, "error");

  if (g_strcmp0 (mcu_json_string (message, "type"), "recording_state") != 0)
    return;
  g_assert_cmpstr (mcu_json_string (message, "recording"), ==, "R1");
  g_free (fixture->state);
  g_free (fixture->error);
  fixture->state = g_strdup (mcu_json_string (message, "state"));
  fixture->error = error != NULL ? g_strdup (mcu_json_string (error, "code")) : NULL;
  fixture->duration_ms = mcu_json_int (message, "duration_ms", -1);
  fixture->has_tracks = mcu_json_array (message, "tracks") != NULL;
  fixture->n_states++;
}

static void
on_closed (McuLink *link, const char *reason, gpointer user_data)
{
}

static void
on_reply (JsonObject *reply, const GError *error, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_replies++;
  g_free (fixture->refusal);
  fixture->refusal = error != NULL ? g_strdup (mcu_error_code_of (error)) : NULL;
}

/* Returns: (nullable): why it was refused. */
static const char *
ask (Fixture *fixture, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  JsonObject *message = mcu_json_parse_object (json, strlen (json), NULL);
  guint n = fixture->n_replies;

  g_assert_nonnull (message);
  mcu_link_request (fixture->control, message, WATCHDOG_S * 1000, on_reply, fixture);
  while (fixture->n_replies == n)
    g_main_context_iteration (NULL, TRUE);
  return fixture->refusal;
}

static void
wait_for_state (Fixture *fixture, const char *state)
{
  while (g_strcmp0 (fixture->state, state) != 0)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
on_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int room_fd;
  int control_fd = mcu_link_pair (&room_fd, NULL);
  g_autofree char *folder = NULL;

  g_assert_cmpint (control_fd, >=, 0);
  fixture->directory = g_dir_make_tmp ("tessera-room-record-XXXXXX", NULL);
  folder = g_build_filename (fixture->directory, "2026", "R1", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  fixture->watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  fixture->room_loop = g_main_loop_new (NULL, FALSE);
  fixture->commands = mcu_commands_new (room_fd, fixture->room_loop);
  mcu_commands_set_recordings (fixture->commands,
                               open (fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  fixture->control = mcu_link_new (control_fd, on_message, on_closed, fixture);
  g_assert_null (ask (fixture, "{'type':'room_state','room':'x','canvas':{'width':160,'height':90,"
                               "'fps':30},'codecs':['h264']}"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = {"2026/R1/p1.mp4", "2026/R1/p1.webm", "2026/R1", "2026", ""};

  g_clear_pointer (&fixture->commands, mcu_commands_free);
  g_clear_pointer (&fixture->control, mcu_link_free);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

    g_remove (path);
  }
  g_assert_false (g_file_test (fixture->directory, G_FILE_TEST_EXISTS));
  g_free (fixture->directory);
  g_free (fixture->state);
  g_free (fixture->error);
  g_free (fixture->refusal);
  g_main_loop_unref (fixture->room_loop);
  g_source_remove (fixture->watchdog);
}

static gsize
size_of (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gsize) status.st_size : 0;
}

static void
test_recordings__start_pause_stop (Fixture *fixture, gconstpointer data)
{
  guint n;

  g_assert_null (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4',"
                               "'directory':'2026/R1','part':'p1'}"));
  wait_for_state (fixture, "recording");
  g_assert_cmpstr (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4',"
                                 "'directory':'2026/R1','part':'p2'}"),
                   ==, "exists");
  for (n = fixture->n_states; fixture->n_states < n + 1;) /* it tells how far it is */
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->duration_ms, >, 0);
  g_assert_null (ask (fixture, "{'type':'recording_pause','recording':'R1'}"));
  wait_for_state (fixture, "paused");
  g_assert_null (ask (fixture, "{'type':'recording_resume','recording':'R1'}"));
  wait_for_state (fixture, "recording");
  g_assert_null (ask (fixture, "{'type':'recording_stop','recording':'R1'}"));
  wait_for_state (fixture, "finished");
  g_assert_null (fixture->error);
  g_assert_cmpuint (size_of (fixture, "2026/R1/p1.mp4"), >, 1000);
  g_assert_cmpstr (ask (fixture, "{'type':'recording_stop','recording':'R1'}"), ==, "not_found");
}

/* A view of its own, which nobody else receives; whom it is without may change while it runs. */
static void
test_recordings__of_another_view (Fixture *fixture, gconstpointer data)
{
  guint look;

  g_assert_cmpstr (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4',"
                                 "'directory':'2026/R1','part':'p1','view':'small'}"),
                   ==, "not_found");
  mcu_link_send (fixture->control,
                 mcu_json_parse_object ("{\"type\":\"view\",\"view\":\"small\",\"width\":96,"
                                        "\"height\":64,\"fps\":15}",
                                        62, NULL));
  g_assert_null (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4',"
                               "'directory':'2026/R1','part':'p1','view':'small','tone':true,"
                               "'tracks':true,'without':['a','b',7],'video_bitrate_bps':1}"));
  g_assert_null (ask (fixture, "{'type':'recording_without','recording':'R1','without':['b']}"));
  g_assert_cmpstr (ask (fixture, "{'type':'recording_without','recording':'R2','without':[]}"), ==,
                   "not_found");
  look = g_timeout_add (10, on_look, NULL);
  while (fixture->duration_ms < 1000)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (look);
  g_assert_true (fixture->has_tracks);
  g_assert_null (ask (fixture, "{'type':'recording_stop','recording':'R1'}"));
  wait_for_state (fixture, "finished");
  g_assert_cmpuint (size_of (fixture, "2026/R1/p1.mp4"), >, 1000);
}

static void
test_recordings__nothing_outside_is_reached (Fixture *fixture, gconstpointer data)
{
  const char *const bad[] = {
      "'format':'mp4','directory':'..','part':'p1'",
      "'format':'mp4','directory':'2026/../..','part':'p1'",
      "'format':'mp4','directory':'/tmp','part':'p1'",
      "'format':'mp4','directory':'','part':'p1'",
      "'format':'mp4','directory':'2026/R1','part':'../p1'",
      "'format':'mp4','directory':'2026/R1'",
      "'format':'avi','directory':'2026/R1','part':'p1'",
  };
  g_autofree char *link = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *text = g_strdup_printf ("{'type':'recording_start','recording':'R1',%s}",
                                             bad[i]);

    g_assert_cmpstr (ask (fixture, text), ==, "bad_request");
  }
  g_assert_cmpuint (fixture->n_states, ==, 0);
  /* What the disk says comes later: nobody waits for it. */
  g_assert_null (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4',"
                               "'directory':'2027','part':'p1'}"));
  wait_for_state (fixture, "failed");
  g_assert_cmpstr (fixture->error, ==, "internal");
  g_clear_pointer (&fixture->state, g_free);
  link = g_build_filename (fixture->directory, "away", NULL);
  g_assert_cmpint (symlink ("/tmp", link), ==, 0);
  g_assert_null (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4',"
                               "'directory':'away','part':'p1'}"));
  wait_for_state (fixture, "failed");
  g_assert_cmpint (g_remove (link), ==, 0);
}

static gboolean
on_quit (gpointer user_data)
{
  g_error ("the room did not end in 3 s");
  return G_SOURCE_REMOVE;
}

/* @data: TRUE: the link goes; else control says `drain`. */
static void
test_recordings__ends_with_the_room (Fixture *fixture, gconstpointer data)
{
  guint look = g_timeout_add (10, on_look, NULL);
  guint watchdog;

  g_assert_null (ask (fixture, "{'type':'recording_start','recording':'R1','format':'webm',"
                               "'directory':'2026/R1','part':'p1'}"));
  while (fixture->n_states == 0 || fixture->duration_ms < 500)
    g_main_context_iteration (NULL, TRUE);
  if (data != NULL)
    g_clear_pointer (&fixture->control, mcu_link_free);
  else
    mcu_link_send (fixture->control, mcu_link_message_new ("drain"));
  watchdog = g_timeout_add_seconds (3, on_quit, NULL);
  g_main_loop_run (fixture->room_loop);
  g_source_remove (watchdog);
  g_source_remove (look);
  if (data == NULL)
    wait_for_state (fixture, "finished");
  g_assert_cmpuint (size_of (fixture, "2026/R1/p1.webm"), >, 1000);
}

static guint
count_in (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_dir_close (dir);
  return n;
}

/* A recording with its tracks and a live output that nobody reads, on and off again. */
static void
run_once (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->directory, "2026/R1/p1.mp4", NULL);
  JsonObject *add = mcu_link_message_new ("output_add");
  JsonObject *stop = mcu_link_message_new ("output_remove");
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  json_object_set_string_member (add, "output", "O1");
  mcu_link_send_with_fd (fixture->control, add, fds[0]);
  g_assert_null (ask (fixture, "{'type':'recording_start','recording':'R1','format':'mp4','tracks':"
                               "true,'directory':'2026/R1','part':'p1'}"));
  wait_for_state (fixture, "recording");
  g_assert_null (ask (fixture, "{'type':'recording_stop','recording':'R1'}"));
  wait_for_state (fixture, "finished");
  json_object_set_string_member (stop, "output", "O1");
  mcu_link_send (fixture->control, stop);
  ask (fixture, "{'type':'recording_stop','recording':'R1'}"); /* the other was heard before */
  close (fds[1]);
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* What was on and is off again leaves neither descriptors nor threads behind. */
static void
test_recordings__leave_nothing_open (Fixture *fixture, gconstpointer data)
{
  guint n_fds = 0, n_threads = 0;

  for (guint i = 0; i < (g_test_slow () ? 30 : 4); i++) {
    run_once (fixture);
    if (i == 1) {
      n_fds = count_in ("/proc/self/fd");
      n_threads = count_in ("/proc/self/task");
    }
  }
  g_test_message ("%u descriptors, %u threads", n_fds, n_threads);
  /* Threads end when they get to it. */
  while (count_in ("/proc/self/fd") > n_fds || count_in ("/proc/self/task") > n_threads)
    g_main_context_iteration (NULL, TRUE);
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/room/recordings/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!mcu_plugins_init (&error))
    g_error ("%s", error->message);
  ADD ("start-pause-stop", NULL, test_recordings__start_pause_stop);
  ADD ("view", NULL, test_recordings__of_another_view);
  ADD ("paths", NULL, test_recordings__nothing_outside_is_reached);
  ADD ("drain", NULL, test_recordings__ends_with_the_room);
  ADD ("nothing-left", NULL, test_recordings__leave_nothing_open);
  ADD ("link-closed", "closed", test_recordings__ends_with_the_room);
  return g_test_run ();
}
