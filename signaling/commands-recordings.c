/* signaling/commands-recordings.c - `tessera recordings`: looks after what is on the disk.
 * SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/config.h"
#include "mcu/recording-chapters.h"
#include "mcu/recording-log.h"
#include "mcu/recording-store.h"
#include "mcu/recording-tool.h"
#include "mcu/room-process.h"
#include "signaling/commands.h"

#define JOINED "joined"
#define JOIN_TIMEOUT_S 3600

static void
print_problem (const char *problem, gpointer user_data)
{
  printf ("%s\n", problem);
}

static McuRecordingStore *
open_store (McuConfig *config, GError **error)
{
  g_autofree char *state = mcu_state_directory (error);
  const char *given = mcu_config_get_string (config, MCU_SETTING_RECORDINGS_DIRECTORY);
  g_autofree char *directory = NULL;
  g_autoptr (McuRecordingStore) store = NULL;

  if (state == NULL)
    return NULL;
  directory = *given != '\0' ? g_canonicalize_filename (given, NULL)
                             : g_build_filename (state, "recordings", NULL);
  store = mcu_recording_store_new (state, directory);
  return mcu_recording_store_open (store, error) ? g_steal_pointer (&store) : NULL;
}

static int
complain (const GError *error)
{
  fprintf (stderr, "tessera recordings: %s\n", error->message);
  return EXIT_FAILURE;
}

static int
check (McuConfig *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuRecordingStore) store = open_store (config, &error);
  gboolean is_served = store != NULL && !mcu_recording_store_lock (store);
  gint n_problems = store != NULL
                        ? mcu_recording_store_check (store, is_served, print_problem, NULL, &error)
                        : -1;
  gint n;

  if (n_problems < 0)
    return complain (error);
  if (n_problems == 0) {
    printf ("index and files agree\n");
    return EXIT_SUCCESS;
  }
  if (is_served) {
    printf ("%d problems; a server is running, so nothing was changed\n", n_problems);
    return EXIT_FAILURE;
  }
  n = mcu_recording_store_rebuild (store, NULL, NULL, &error);
  if (n < 0)
    return complain (error);
  printf ("%d problems; the index was made anew from the files: %d recordings\n", n_problems, n);
  return EXIT_FAILURE;
}

/* ---- join ---- */

typedef struct
{
  GMainLoop *loop;
  JsonObject *result; /* (nullable) */
  char *why;          /* (nullable) */
} Join;

static void
on_joined (JsonObject *result, const GError *error, gpointer user_data)
{
  Join *join = user_data;

  if (result != NULL)
    join->result = json_object_ref (result);
  if (error != NULL)
    join->why = g_strdup (error->message);
  g_main_loop_quit (join->loop);
}

/* Sidecar and index say from now on which file it is. */
static gboolean
write_down (McuRecordingStore *store, McuRecordingFound *found, const char *file, GError **error)
{
  McuRecordingLog *log = mcu_recording_log_new ();
  g_autoptr (JsonObject) about = NULL;
  g_autofree char *text = NULL;

  g_free (found->info->joined);
  found->info->joined = g_strdup (file);
  about = mcu_recording_info_to_json (found->info);
  if (found->sidecar != NULL)
    mcu_recording_log_read (log, found->sidecar);
  text = mcu_recording_log_to_text (log, about);
  mcu_recording_log_free (log);
  return mcu_recording_store_save (store, found->info, text, error);
}

static char *
run_join (McuRecordingStore *store, const McuRecordingFound *found, const char *file, Join *join)
{
  const McuRecordingInfo *info = found->info;
  const char *directory = mcu_recording_files_get_directory (mcu_recording_store_get_files (store));
  g_autofree char *program = mcu_room_program ();
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *chapters = found->sidecar != NULL
                                  ? mcu_recording_chapters_to_json (found->sidecar, 0)
                                  : g_strdup ("{\"chapters\":[]}");
  char *target = g_build_filename (directory, info->folder, file, NULL);

  g_ptr_array_add (arguments, g_strdup ("--join"));
  g_ptr_array_add (arguments, g_strdup (target));
  for (guint i = 0; i < info->parts->len; i++)
    g_ptr_array_add (arguments,
                     g_build_filename (directory, info->folder,
                                       ((McuRecordingPart *) info->parts->pdata[i])->file, NULL));
  g_ptr_array_add (arguments, g_strdup ("--chapters"));
  g_ptr_array_add (arguments, g_strdup ("/dev/stdin"));
  g_ptr_array_add (arguments, NULL);
  signal (SIGPIPE, SIG_IGN); /* a tool that does not read */
  join->loop = g_main_loop_new (NULL, FALSE);
  mcu_recording_tool_run (program, (const char *const *) arguments->pdata, chapters, JOIN_TIMEOUT_S,
                          on_joined, join);
  g_main_loop_run (join->loop);
  g_main_loop_unref (join->loop);
  return target;
}

static int
join_parts (McuRecordingStore *store, McuRecordingFound *found)
{
  const McuRecordingInfo *info = found->info;
  g_autofree char *file = g_strdup_printf (
      JOINED ".%s", mcu_recording_extension (info->format, info->audio_only));
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  Join join = {0};

  path = run_join (store, found, file, &join);
  if (join.result == NULL) {
    fprintf (stderr, "tessera recordings join: %s\n", join.why);
    g_free (join.why);
    return EXIT_FAILURE;
  }
  json_object_unref (join.result);
  if (!write_down (store, found, file, &error))
    return complain (error);
  printf ("%s\n", path);
  return EXIT_SUCCESS;
}

static int
join (McuConfig *config, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuRecordingStore) store = open_store (config, &error);
  g_autoptr (McuRecordingFound) found = store != NULL ? mcu_recording_store_find (store, id, &error)
                                                      : NULL;

  if (found == NULL)
    return complain (error);
  if (found->info->parts->len == 0) {
    fprintf (stderr, "tessera recordings join: it has no files\n");
    return EXIT_FAILURE;
  }
  if (!mcu_recording_state_is_over (found->info->state)) {
    fprintf (stderr, "tessera recordings join: it is not finished yet\n");
    return EXIT_FAILURE;
  }
  return join_parts (store, found);
}

int
mcu_command_recordings (int argc, char **argv, McuConfig *config)
{
  if (argc == 2 && strcmp (argv[1], "check") == 0)
    return check (config);
  if (argc == 3 && strcmp (argv[1], "join") == 0 && mcu_id_is_valid (argv[2]))
    return join (config, argv[2]);
  fprintf (stderr, "tessera recordings: check, or join ID\n");
  return EXIT_FAILURE;
}
