/* tests/unit/pipelines/record/survive.c - recordings in real time whose processes are killed.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The children run the real view of a room, on a canvas where nothing moves, and say all the time
 * how much they have recorded. What they said last is held against what can be played, as it is
 * and after it was finished. With -m slow 20 are killed. */
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipelines/output/view.h"
#include "pipelines/process/plugins.h"
#include "pipelines/record/recorder.h"
#include "pipelines/record/rewrite.h"
#include "tests/unit/pipelines/record/support.h"

#define N_CHILDREN 10
#define FIRST_KILL_MS 1100 /* from its second second on */
#define LAST_KILL_MS 3500
#define MAX_LOST_MS 1000
#define SAY_MS 10

static const McuRecordFormat formats[] = {MCU_RECORD_MP4, MCU_RECORD_MP4, MCU_RECORD_WEBM,
                                          MCU_RECORD_MKV, MCU_RECORD_OGG};

/* ---- the child ---- */

static void
on_placed (gpointer user_data, const char *view_id, guint64 seq, guint64 pts_ns)
{
}

static void
on_state (McuRecorder *recorder, const McuRecorderStatus *status, gpointer user_data)
{
  if (status->error != NULL)
    g_error ("the recording failed: %s", status->error->message);
}

static void
on_sound (gpointer user_data, guint64 tick_index, gint64 scheduled_ns, gint64 now_ns)
{
  static const gint16 silence[960];

  mcu_recorder_hear (user_data, silence, scheduled_ns / 1000);
}

static gboolean
on_say (gpointer user_data)
{
  McuRecorderStatus status;

  mcu_recorder_get_status (user_data, &status);
  g_assert_cmpint (write (STDOUT_FILENO, &status.duration_ms, sizeof status.duration_ms), ==,
                   sizeof status.duration_ms);
  return G_SOURCE_CONTINUE;
}

static int
be_child (const char *directory, const char *part, McuRecordFormat format)
{
  GstClockTime base_time = g_get_monotonic_time () * 1000;
  McuRecorderSettings settings = {.format = format,
                                  .width_px = 160,
                                  .height_px = 90,
                                  .fps = 30,
                                  .base_time = base_time,
                                  .fd = -1,
                                  .directory_fd = open (directory, O_RDONLY | O_DIRECTORY),
                                  .part = part};
  McuTickConfig sound = {.name = "sound", .rate_num = 50, .rate_den = 1, .func = on_sound};
  McuRecorder *recorder;
  McuView *view;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  g_assert_true (mcu_plugins_init (NULL));
  recorder = mcu_recorder_new (&settings, on_state, NULL, NULL);
  g_assert_nonnull (recorder);
  view = mcu_view_new ("main", 160, 90, 30, base_time, on_placed, NULL);
  if (mcu_recorder_get_receiver (recorder) != NULL)
    g_assert_true (mcu_view_add_receiver (view, mcu_recorder_video (recorder),
                                          mcu_recorder_get_receiver (recorder), NULL));
  sound.user_data = recorder;
  g_assert_nonnull (mcu_tick_new (&sound, NULL));
  g_timeout_add (SAY_MS, on_say, recorder);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
  return 0;
}

/* ---- the parent ---- */

typedef struct
{
  GPid pid;
  int said_fd;
  McuRecordFormat format;
  guint kill_at_ms; /* of its recording */
  guint64 said_ms;
  char *path; /* owned */
} Child;

static void
start_child (Child *child, const char *program, const char *directory, guint i)
{
  g_autofree char *part = g_strdup_printf ("k%u", i);
  g_autofree char *format = NULL;
  const char *argv[] = {program, "--child", directory, part, NULL, NULL};
  g_autoptr (GError) error = NULL;

  child->format = formats[i % G_N_ELEMENTS (formats)];
  child->kill_at_ms = g_test_rand_int_range (FIRST_KILL_MS, LAST_KILL_MS);
  child->path = g_strdup_printf ("%s/%s.%s", directory, part,
                                 mcu_record_format_extension (child->format, FALSE));
  argv[4] = format = g_strdup_printf ("%d", child->format);
  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &child->pid, NULL, &child->said_fd, NULL, &error);
  g_assert_no_error (error);
}

/* Kills it at its moment, then hears what else it had said. */
static gboolean
listen_to (int fd, GIOCondition condition, gpointer user_data)
{
  Child *child = user_data;
  guint64 said_ms;
  gssize n = read (fd, &said_ms, sizeof said_ms);

  if (n != sizeof said_ms) {
    close (fd);
    child->said_fd = -1;
    return G_SOURCE_REMOVE;
  }
  child->said_ms = said_ms;
  if (said_ms >= child->kill_at_ms)
    kill (child->pid, SIGKILL);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("a child recorded too little");
  return G_SOURCE_REMOVE;
}

static gboolean
is_any_alive (Child *children)
{
  for (guint i = 0; i < N_CHILDREN; i++)
    if (children[i].said_fd >= 0)
      return TRUE;
  return FALSE;
}

static void
finish (const Child *child, const char *directory)
{
  g_autofree char *name = g_path_get_basename (child->path);
  g_autoptr (GError) error = NULL;
  McuRewriteInfo info;
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  mcu_rewrite_finish (fd, name, NULL, 0, &info, &error);
  g_assert_no_error (error);
  g_assert_true (info.is_playable);
  mcu_rewrite_info_clear (&info);
  close (fd);
}

static void
look_at (Child *child)
{
  gboolean has_video = child->format != MCU_RECORD_OGG;
  double sound_ms, video_ms;
  Film film;

  film_read (&film, child->path, has_video);
  sound_ms = film_sound_s (&film) * 1000;
  video_ms = has_video ? g_array_index (film.times, double, film.times->len - 1) * 1000 + 33
                       : sound_ms;
  g_test_message ("%s: killed at %" G_GUINT64_FORMAT " ms, pictures until %.0f, sound until %.0f",
                  child->path, child->said_ms, video_ms, sound_ms);
  g_assert_cmpfloat (video_ms, >=, (double) child->said_ms - MAX_LOST_MS);
  g_assert_cmpfloat (sound_ms, >=, (double) child->said_ms - MAX_LOST_MS);
  /* Nothing moves on this canvas, and yet it is at its rate. */
  if (has_video)
    g_assert_cmpuint (film.times->len, >=, video_ms * 30 / 1000 * 0.8);
  film_finish (&film);
}

static char *program;

static void
kill_some (void)
{
  g_autofree char *directory = g_dir_make_tmp ("tessera-survive-XXXXXX", NULL);
  Child children[N_CHILDREN] = {0};
  guint watchdog = g_timeout_add_seconds (60, on_watchdog, NULL);

  for (guint i = 0; i < N_CHILDREN; i++) {
    start_child (&children[i], program, directory, i);
    g_unix_fd_add (children[i].said_fd, G_IO_IN | G_IO_HUP, listen_to, &children[i]);
  }
  while (is_any_alive (children))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  for (guint i = 0; i < N_CHILDREN; i++) {
    int status;

    g_assert_cmpint (waitpid (children[i].pid, &status, 0), ==, children[i].pid);
    g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
    look_at (&children[i]);
    finish (&children[i], directory);
    look_at (&children[i]);
    g_unlink (children[i].path);
    g_free (children[i].path);
  }
  g_rmdir (directory);
}

static void
test_survive__kill (void)
{
  for (guint round = 0; round < (g_test_slow () ? 2 : 1); round++)
    kill_some ();
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--child") == 0)
    return be_child (argv[2], argv[3], atoi (argv[4]));
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/survive/kill", test_survive__kill);
  return g_test_run ();
}
