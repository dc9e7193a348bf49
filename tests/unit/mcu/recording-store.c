/* tests/unit/mcu/recording-store.c - index, files and sidecars: kept, compared, made anew, let go.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define T0 G_GINT64_CONSTANT (1795240278000000) /* 2026-11-21 */
#define DAY (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)

typedef struct
{
  char *state;
  char *recordings;
  McuRecordingStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->state = g_dir_make_tmp ("tessera-XXXXXX", NULL);
  f->recordings = g_build_filename (f->state, "recordings", NULL);
  f->store = mcu_recording_store_new (f->state, f->recordings);
  g_assert_true (mcu_recording_store_open (f->store, &error));
  g_assert_no_error (error);
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

static void
tear_down (Fixture *f, gconstpointer data)
{
  mcu_recording_store_free (f->store);
  remove_all (f->state);
  g_free (f->state);
  g_free (f->recordings);
}

static void
reopen (Fixture *f)
{
  mcu_recording_store_free (f->store);
  f->store = mcu_recording_store_new (f->state, f->recordings);
  g_assert_true (mcu_recording_store_open (f->store, NULL));
}

static char *
path_of (Fixture *f, const McuRecordingInfo *info, const char *name)
{
  return g_build_filename (f->recordings, info->folder, name, NULL);
}

static void
put_file (Fixture *f, const McuRecordingInfo *info, const char *name, const char *text)
{
  g_autofree char *path = path_of (f, info, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static gboolean
save (Fixture *f, const McuRecordingInfo *info)
{
  g_autoptr (JsonObject) about = mcu_recording_info_to_json (info);
  g_autofree char *text = mcu_json_to_text (about);

  return mcu_recording_store_save (f->store, info, text, NULL);
}

static McuRecordingInfo *
add (Fixture *f, const char *id, const char *room, gint64 at_us, McuRecordingState state)
{
  McuRecordingInfo *info = mcu_recording_info_new (id, room, "mp4", at_us);
  McuRecordingPart *part = mcu_recording_info_add_part (info, "1.mp4", 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_recording_store_begin (f->store, info, "{}", &error));
  g_assert_no_error (error);
  put_file (f, info, "1.mp4", "0123456789");
  part->bytes = 10;
  part->duration_ms = 1000;
  info->state = state;
  info->ended_at_us = mcu_recording_state_is_over (state) ? at_us + G_USEC_PER_SEC : 0;
  g_assert_true (save (f, info));
  return info;
}

static void
test_recording_store__folders_are_private (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) info = add (f, "rec_1", "r", T0, MCU_RECORDING_RECORDING);
  g_autofree char *folder = path_of (f, info, "");
  g_autofree char *month = g_path_get_dirname (f->recordings);
  g_autofree char *sidecar = path_of (f, info, "rec_1.json");
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_cmpint (stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (stat (f->recordings, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 066, ==, 0); /* passed through by room processes, not read */
  g_assert_cmpint (stat (sidecar, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_false (mcu_recording_store_begin (f->store, info, "{}", &error)); /* it is there */
}

static void
test_recording_store__lists_in_pages (Fixture *f, gconstpointer data)
{
  McuRecordingIndex *index = mcu_recording_store_get_index (f->store);
  g_autofree char *after = NULL;
  guint n = 0;

  for (guint i = 0; i < 25; i++) {
    g_autofree char *id = g_strdup_printf ("rec_%02u", i);
    /* Several began at the same moment. */
    McuRecordingInfo *info = add (f, id, i % 5 == 0 ? "five" : "r", T0 + (i / 3) * 1000,
                                  MCU_RECORDING_FINISHED);
    mcu_recording_info_free (info);
  }
  do {
    char *next = NULL;
    g_autoptr (GPtrArray) rows = mcu_recording_index_list (index, NULL, 4, after, &next, NULL);

    g_assert_nonnull (rows);
    for (guint i = 0; i < rows->len; i++, n++) {
      g_autofree char *id = g_strdup_printf ("rec_%02u", 24 - n);
      g_assert_cmpstr (((McuRecordingInfo *) rows->pdata[i])->id, ==, id);
    }
    g_free (after);
    after = next;
  } while (after != NULL);
  g_assert_cmpuint (n, ==, 25);
  {
    g_autofree char *next = NULL;
    g_autoptr (GPtrArray)
        rows = mcu_recording_index_list (index, "five", 200, "rubbish", &next, NULL);
    g_assert_cmpuint (rows->len, ==, 5);
    g_assert_null (next);
  }
}

static void
count_problems (const char *problem, gpointer user_data)
{
  g_test_message ("%s", problem);
  ++*(guint *) user_data;
}

static guint
check (Fixture *f)
{
  guint n = 0;
  gint said = mcu_recording_store_check (f->store, FALSE, count_problems, &n, NULL);

  g_assert_cmpint (said, ==, n);
  return n;
}

static void
test_recording_store__index_is_made_anew (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) info = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  g_autofree char *index = g_build_filename (f->state, MCU_RECORDING_INDEX_FILE, NULL);
  g_autoptr (McuRecordingInfo) found = NULL;

  g_assert_cmpuint (check (f), ==, 0);
  mcu_recording_store_free (f->store);
  g_assert_cmpint (g_unlink (index), ==, 0);
  f->store = mcu_recording_store_new (f->state, f->recordings);
  g_assert_true (mcu_recording_store_open (f->store, NULL));
  found = mcu_recording_store_get (f->store, "rec_1", NULL);
  g_assert_cmpstr (found->room, ==, "r");
  g_assert_cmpint (mcu_recording_info_duration_ms (found), ==, 1000);
  g_assert_cmpuint (check (f), ==, 0);
}

static void
test_recording_store__a_broken_index_is_put_aside (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) info = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  g_autofree char *index = g_build_filename (f->state, MCU_RECORDING_INDEX_FILE, NULL);
  g_autofree char *rubbish = g_strnfill (20000, 'x');

  mcu_recording_store_free (f->store);
  g_assert_true (g_file_set_contents (index, rubbish, -1, NULL));
  f->store = mcu_recording_store_new (f->state, f->recordings);
  g_test_expect_message ("tessera", G_LOG_LEVEL_WARNING, "*is no index*");
  g_assert_true (mcu_recording_store_open (f->store, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (check (f), ==, 0);
}

static void
test_recording_store__check_finds (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) one = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  g_autoptr (McuRecordingInfo) two = add (f, "rec_2", "r", T0, MCU_RECORDING_FINISHED);
  g_autoptr (McuRecordingInfo) three = add (f, "rec_3", "r", T0, MCU_RECORDING_RECORDING);
  g_autofree char *gone = path_of (f, one, "1.mp4");
  g_autofree char *sidecar = path_of (f, two, "rec_2.json");

  g_assert_cmpuint (check (f), ==, 1); /* three is open */
  g_assert_cmpint (g_unlink (gone), ==, 0);
  g_assert_cmpuint (check (f), ==, 2);
  g_assert_cmpint (g_unlink (sidecar), ==, 0);
  g_assert_cmpuint (check (f), ==, 3);
  put_file (f, two, "2.mp4", "more");
  g_assert_cmpuint (check (f), ==, 4);
  g_assert_true (
      mcu_recording_index_remove (mcu_recording_store_get_index (f->store), "rec_2", NULL));
  g_assert_cmpuint (check (f), ==, 3); /* in no index, instead of two things that are wrong in it */
}

/* The server was killed while it recorded: the file is there, and grew after the last word. */
static void
test_recording_store__recovers (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) over = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  g_autoptr (McuRecordingInfo) open = add (f, "rec_2", "r", T0, MCU_RECORDING_RECORDING);
  g_autoptr (GPtrArray) found = NULL;
  const McuRecordingFound *one;

  put_file (f, open, "1.mp4", "0123456789abcdef");
  put_file (f, open, "2.mp4", "x");
  put_file (f, open, "notes.txt", "x");
  reopen (f);
  found = mcu_recording_store_recover (f->store, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  one = found->pdata[0];
  g_assert_cmpstr (one->info->id, ==, "rec_2");
  g_assert_nonnull (one->sidecar);
  g_assert_cmpuint (one->info->parts->len, ==, 2);
  g_assert_cmpint (mcu_recording_info_bytes (one->info), ==, 17);
}

static void
test_recording_store__media_stay_inside (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) info = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  McuRecordingMedia *media = mcu_recording_store_open_media (f->store, "rec_1", 0, 0, NULL);
  g_autofree char *path = path_of (f, info, "1.mp4");
  g_autofree char *secret = g_build_filename (f->state, "secret", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (media->bytes, ==, 10);
  g_assert_cmpstr (media->content_type, ==, "video/mp4");
  g_assert_cmpstr (media->name, ==, "r-20261121-055118-1.mp4");
  mcu_recording_media_free (media);
  g_assert_null (mcu_recording_store_open_media (f->store, "rec_1", 2, 0, NULL));
  g_assert_null (mcu_recording_store_open_media (f->store, "../x", 0, 0, NULL));

  g_assert_true (g_file_set_contents (secret, "secret", -1, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink (secret, path), ==, 0);
  g_assert_null (mcu_recording_store_open_media (f->store, "rec_1", 0, 0, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (mcu_recording_store_open_media (f->store, "rec_1", 0, 0, NULL));
}

static void
test_recording_store__remove (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) info = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  g_autofree char *year = g_build_filename (f->recordings, "2026", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_recording_store_remove (f->store, "rec_1", NULL));
  g_assert_false (g_file_test (year, G_FILE_TEST_EXISTS));
  g_assert_false (mcu_recording_store_remove (f->store, "rec_1", &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
}

/* What a room's process may have left there. */
static void
test_recording_store__remove_with_folders (Fixture *f, gconstpointer data)
{
  g_autoptr (McuRecordingInfo) info = add (f, "rec_1", "r", T0, MCU_RECORDING_FINISHED);
  g_autofree char *folder = g_build_filename (f->recordings, info->folder, NULL);
  g_autofree char *deep = g_build_filename (folder, "a", "b", NULL);
  g_autofree char *file = g_build_filename (deep, "c", NULL);
  g_autofree char *outside = g_build_filename (f->state, "outside", NULL);
  g_autofree char *kept = g_build_filename (outside, "kept", NULL);
  g_autofree char *bridge = g_build_filename (deep, "bridge", NULL);

  g_assert_cmpint (g_mkdir_with_parents (deep, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (outside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  g_assert_true (g_file_set_contents (kept, "x", -1, NULL));
  g_assert_cmpint (symlink (outside, bridge), ==, 0);
  g_assert_true (mcu_recording_store_remove (f->store, "rec_1", NULL));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
}

static char *
left (Fixture *f)
{
  g_autoptr (GPtrArray)
      all = mcu_recording_index_all (mcu_recording_store_get_index (f->store), NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < all->len; i++)
    g_string_append (text, ((McuRecordingInfo *) all->pdata[i])->id + strlen ("rec_"));
  return g_string_free (text, FALSE);
}

static void
test_recording_store__lets_go (Fixture *f, gconstpointer data)
{
  McuRetention age = {.max_age_us = 10 * DAY, .now_us = T0 + 12 * DAY};
  McuRetention all = {.max_bytes = 1500, .now_us = T0 + 12 * DAY};
  g_autofree char *big = g_strnfill (1000, 'x');
  static const int days[] = {0, 1, 5, 6, 7};

  for (guint i = 0; i < G_N_ELEMENTS (days); i++) {
    g_autofree char *id = g_strdup_printf ("rec_%u", i);
    g_autoptr (McuRecordingInfo) info = add (f, id, "r", T0 + days[i] * DAY,
                                             i == 0   ? MCU_RECORDING_PAUSED
                                             : i == 3 ? MCU_RECORDING_FAILED
                                                      : MCU_RECORDING_FINISHED);
    put_file (f, info, "1.mp4", i >= 2 ? big : "");
  }
  g_assert_cmpuint (mcu_recording_store_retain (f->store, &age), ==, 1); /* 1; 0 runs */
  g_free (g_steal_pointer (&big));
  big = left (f);
  g_assert_cmpstr (big, ==, "0234");
  g_free (g_steal_pointer (&big));
  g_assert_cmpuint (mcu_recording_store_retain (f->store, &all), >=, 2); /* the oldest first */
  big = left (f);
  g_assert_true (g_str_equal (big, "04") || g_str_equal (big, "0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/mcu/recording_store/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("folders_are_private", test_recording_store__folders_are_private);
  ADD ("lists_in_pages", test_recording_store__lists_in_pages);
  ADD ("index_is_made_anew", test_recording_store__index_is_made_anew);
  ADD ("a_broken_index_is_put_aside", test_recording_store__a_broken_index_is_put_aside);
  ADD ("check_finds", test_recording_store__check_finds);
  ADD ("recovers", test_recording_store__recovers);
  ADD ("media_stay_inside", test_recording_store__media_stay_inside);
  ADD ("remove", test_recording_store__remove);
  ADD ("remove_with_folders", test_recording_store__remove_with_folders);
  ADD ("lets_go", test_recording_store__lets_go);
  return g_test_run ();
}
