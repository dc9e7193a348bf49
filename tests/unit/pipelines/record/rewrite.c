/* tests/unit/pipelines/record/rewrite.c - files that are finished and joined hold what they held.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/rewrite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "pipelines/process/plugins.h"
#include "pipelines/record/chapters.h"
#include "pipelines/record/mp4-tables.h"
#include "tests/unit/pipelines/record/support.h"

static const struct
{
  McuRecordFormat format;
  const char *first, *second, *joined;
  const char *video, *audio;
} files[] = {
    {MCU_RECORD_MP4, "p1.mp4", "p2.mp4", "all.mp4", "h264", "aac"},
    {MCU_RECORD_WEBM, "p1.webm", "p2.webm", "all.webm", "vp8", "opus"},
    {MCU_RECORD_MKV, "p1.mkv", "p2.mkv", "all.mkv", "h264", "opus"},
    {MCU_RECORD_OGG, "p1.ogg", "p2.ogg", "all.ogg", "", "opus"},
};

static void
record (Stage *stage, McuRecordFormat format, const char *part, guint ms)
{
  stage_record (stage, format, FALSE, part, -1, 0, 0);
  stage_play (stage, ms);
  stage_wait_begun (stage);
  stage_end (stage);
  g_assert_cmpstr (stage->error, ==, NULL);
}

static char *
sum_of (const char *path)
{
  g_autofree char *text = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &text, &n, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) text, n);
}

static void
probe (const char *path, McuRewriteInfo *info)
{
  g_autoptr (GError) error = NULL;

  mcu_rewrite_probe (open (path, O_RDONLY), info, &error);
  g_assert_no_error (error);
}

static void
finish (Stage *stage, const char *name, const GArray *chapters, McuRewriteInfo *info)
{
  g_autofree char *path = stage_path (stage, name);
  g_autofree char *temporary = g_strconcat (path, ".tmp", NULL);
  g_autofree char *sum = NULL;
  g_autoptr (GError) error = NULL;

  mcu_rewrite_finish (stage->directory_fd, name, chapters, 0, info, &error);
  g_assert_no_error (error);
  sum = sum_of (path);
  g_assert_cmpstr (info->sha256, ==, sum);
  g_assert_false (g_file_test (temporary, G_FILE_TEST_EXISTS));
}

/* The index is before the media. */
static void
assert_fast_start (const char *path)
{
  g_autofree char *text = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (path, &text, &n, NULL));
  g_assert_cmpmem (text + 4, 4, "ftyp", 4);
  g_assert_cmpmem (text + 32 + 4, 4, "moov", 4);
  g_assert_null (memmem (text, n, "moof", 4));
}

static void
test_rewrite__finished_files_hold_the_same (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    gboolean has_video = files[i].video[0] != '\0';
    McuRewriteInfo before, after, again;
    g_autofree char *path = NULL;
    Stage stage;
    Film film;

    stage_set_up (&stage);
    path = stage_path (&stage, files[i].first);
    g_test_message ("%s", files[i].first);
    record (&stage, files[i].format, "p1", 4000);
    probe (path, &before);
    g_assert_cmpstr (before.video, ==, files[i].video);
    g_assert_cmpstr (before.audio, ==, files[i].audio);
    g_assert_cmpuint (before.width_px, ==, has_video ? STAGE_WIDTH_PX : 0);
    g_assert_cmpuint (before.height_px, ==, has_video ? STAGE_HEIGHT_PX : 0);
    g_assert_true (before.is_playable);
    g_assert_cmpint (ABS ((int) before.duration_ms - 4000), <, 50);
    finish (&stage, files[i].first, NULL, &after);
    g_assert_cmpuint (after.duration_ms, ==, before.duration_ms);
    film_read (&film, path, has_video);
    g_assert_cmpfloat (fabs (film_sound_s (&film) - 4), <, 0.08);
    if (has_video)
      g_assert_cmpuint (film.times->len, ==, 4 * STAGE_FPS);
    for (guint second = 1; second < 4; second++) {
      g_assert_cmpfloat (fabs (film_tone_edge (&film, second) - second), <, 0.005);
      if (has_video)
        g_assert_cmpfloat (fabs (film_picture_edge (&film, second) - second), <, 0.002);
    }
    film_finish (&film);
    if (files[i].format == MCU_RECORD_MP4)
      assert_fast_start (path);
    finish (&stage, files[i].first, NULL, &again); /* twice is once */
    g_assert_cmpstr (again.sha256, ==, after.sha256);
    mcu_rewrite_info_clear (&after);
    mcu_rewrite_info_clear (&again);
    stage_tear_down (&stage);
  }
}

static void
cut (Stage *stage, const char *name, double share)
{
  g_autofree char *path = stage_path (stage, name);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (truncate (path, status.st_size * share), ==, 0);
}

/* A part that was cut off in the middle of something, and one that was finished. */
static void
test_rewrite__parts_are_joined (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    gboolean has_video = files[i].video[0] != '\0';
    g_autofree char *first = NULL, *second = NULL, *joined = NULL;
    g_autoptr (GError) error = NULL;
    McuRewriteInfo info, part, checked;
    guint64 offset_ms[2];
    int fds[2];
    double at_s;
    Stage stage;
    Film film;

    stage_set_up (&stage);
    first = stage_path (&stage, files[i].first);
    second = stage_path (&stage, files[i].second);
    joined = stage_path (&stage, files[i].joined);
    g_test_message ("%s", files[i].joined);
    record (&stage, files[i].format, "p1", 4000);
    cut (&stage, files[i].first, 0.8);
    probe (first, &part);
    g_assert_true (part.is_playable);
    g_assert_cmpuint (part.duration_ms, >, 1000);
    record (&stage, files[i].format, "p2", 3000);
    finish (&stage, files[i].second, NULL, &info);
    mcu_rewrite_info_clear (&info);
    fds[0] = open (first, O_RDONLY);
    fds[1] = open (second, O_RDONLY);
    mcu_rewrite_join (stage.directory_fd, files[i].joined, fds, 2, NULL, &info, offset_ms, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (offset_ms[0], ==, 0);
    g_assert_cmpuint (offset_ms[1], <=, part.duration_ms + 7); /* Opus skips 6.5 ms once */
    g_assert_cmpuint (offset_ms[1] + 700, >, part.duration_ms);
    probe (joined, &checked);
    g_assert_cmpint (ABS ((int) checked.duration_ms - (int) info.duration_ms), <, 30);
    film_read (&film, joined, has_video);
    at_s = offset_ms[1] / 1000.0;
    g_assert_cmpfloat (fabs (film_sound_s (&film) - at_s - 3), <, 0.1);
    g_assert_cmpfloat (fabs (film_tone_edge (&film, at_s + 1) - at_s - 1), <, 0.03);
    g_assert_cmpfloat (fabs (film_tone_edge (&film, at_s + 2) - at_s - 2), <, 0.03);
    if (has_video)
      g_assert_cmpfloat (fabs (film_picture_edge (&film, at_s + 1) - at_s - 1), <, 0.005);
    film_finish (&film);
    mcu_rewrite_info_clear (&info);
    fds[0] = open (first, O_RDONLY);
    g_assert_false (mcu_rewrite_join (stage.directory_fd, files[i].joined, fds, 1, NULL, &info,
                                      offset_ms, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_EXISTS);
    stage_tear_down (&stage);
  }
}

static void
test_rewrite__parts_that_do_not_fit_are_refused (void)
{
  g_autofree char *mp4 = NULL, *mkv = NULL, *ogg = NULL;
  const char *pairs[3][2];
  guint64 offset_ms[2];
  McuRewriteInfo info;
  Stage stage;

  stage_set_up (&stage);
  pairs[0][0] = pairs[1][0] = mp4 = stage_path (&stage, "a.mp4");
  pairs[0][1] = pairs[2][0] = mkv = stage_path (&stage, "b.mkv");
  pairs[1][1] = pairs[2][1] = ogg = stage_path (&stage, "c.ogg");
  record (&stage, MCU_RECORD_MP4, "a", 500);
  record (&stage, MCU_RECORD_MKV, "b", 500);
  record (&stage, MCU_RECORD_OGG, "c", 500);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    int fds[] = {open (pairs[i][0], O_RDONLY), open (pairs[i][1], O_RDONLY)};
    g_autoptr (GError) error = NULL;

    g_assert_false (
        mcu_rewrite_join (stage.directory_fd, "all", fds, 2, NULL, &info, offset_ms, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    g_assert_cmpint (faccessat (stage.directory_fd, "all.tmp", F_OK, 0), !=, 0);
  }
  stage_tear_down (&stage);
}

/* Read back by another implementation. */
static char *
list_chapters (const char *path)
{
  g_autofree char *command = g_strdup_printf (
      "ffprobe -v error -show_chapters -show_entries chapter=start_time:chapter_tags=title "
      "-of csv=p=0 %s",
      path);
  char *out = NULL;

  g_assert_true (g_spawn_command_line_sync (command, &out, NULL, NULL, NULL));
  return out;
}

static void
test_rewrite__chapters (void)
{
  const char text[] = "{\"chapters\":[{\"start_ms\":1500,\"title\":\"Größe 張\"},{\"start_ms\":-1},"
                      "7,{\"start_ms\":0,\"title\":\"Begin\"}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) chapters = mcu_chapters_parse (text, strlen (text), &error);
  g_autoptr (GArray) alone = mcu_chapters_parse ("[{\"start_ms\":5}]", 16, NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (chapters->len, ==, 2);
  g_assert_cmpuint (alone->len, ==, 1);
  g_assert_null (mcu_chapters_parse ("[", 1, NULL));
  for (guint i = 0; i < 3; i++) {
    g_autofree char *path = NULL, *listed = NULL;
    McuRewriteInfo info;
    Stage stage;

    stage_set_up (&stage);
    path = stage_path (&stage, files[i].first);
    record (&stage, files[i].format, "p1", 3000);
    finish (&stage, files[i].first, NULL, &info);
    mcu_rewrite_info_clear (&info);
    finish (&stage, files[i].first, chapters, &info); /* also into what is finished already */
    listed = list_chapters (path);
    g_assert_cmpstr (listed, ==, "0.000000,Begin\n1.500000,Größe 張\n");
    mcu_rewrite_info_clear (&info);
    stage_tear_down (&stage);
  }
}

static void
test_rewrite__is_told_what_cannot_be (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  McuRewriteInfo info;
  Stage stage;

  stage_set_up (&stage);
  g_assert_false (mcu_rewrite_finish (stage.directory_fd, "none.mp4", NULL, 0, &info, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  path = stage_path (&stage, "text.mp4");
  g_assert_true (g_file_set_contents (path, "This is no movie at all.", -1, NULL));
  g_assert_false (mcu_rewrite_finish (stage.directory_fd, "text.mp4", NULL, 0, &info, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE);
  g_clear_error (&error);
  g_assert_cmpint (mkfifoat (stage.directory_fd, "pipe.mp4", 0600), ==, 0);
  g_assert_false (mcu_rewrite_finish (stage.directory_fd, "pipe.mp4", NULL, 0, &info, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_UNSUPPORTED_TYPE);
  g_clear_error (&error);
  record (&stage, MCU_RECORD_MP4, "p1", 500);
  g_assert_false (
      mcu_rewrite_finish (stage.directory_fd, "p1.mp4", NULL, G_MAXUINT64 / 2, &info, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_DISK_FULL);
  stage_tear_down (&stage);
}

/* Anything may be in a file, and each end may be missing: nothing dies of it, and what is made of
 * it can be read again. */
static void
mutate (GByteArray *bytes)
{
  guint n = g_test_rand_int_range (0, 12);

  for (guint k = 0; k < n; k++) {
    guint near = MIN (bytes->len, 1500); /* where the headers are */
    guint at = g_test_rand_int_range (0, g_test_rand_bit () ? near : bytes->len);

    bytes->data[at] = g_test_rand_bit () ? 0xff : g_test_rand_int_range (0, 256);
  }
  if (g_test_rand_bit ())
    g_byte_array_set_size (bytes, g_test_rand_int_range (1, bytes->len + 1));
}

static void
test_rewrite__hostile_files (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = NULL, *text = NULL;
    guint n_finished = 0;
    Stage stage;
    gsize n;

    stage_set_up (&stage);
    path = stage_path (&stage, files[i].first);
    record (&stage, files[i].format, "p1", 1000);
    g_assert_true (g_file_get_contents (path, &text, &n, NULL));
    for (guint round = 0; round < (g_test_slow () ? 20000 : 150); round++) {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      McuRewriteInfo info, again;

      g_byte_array_append (bytes, (guint8 *) text, n);
      mutate (bytes);
      g_file_set_contents_full (path, (char *) bytes->data, bytes->len, G_FILE_SET_CONTENTS_NONE,
                                0600, &error);
      g_assert_no_error (error);
      if (!mcu_rewrite_finish (stage.directory_fd, files[i].first, NULL, 0, &info, NULL))
        continue;
      probe (path, &again);
      mcu_rewrite_info_clear (&info);
      n_finished++;
    }
    g_test_message ("%s: %u were still good for something", files[i].first, n_finished);
    g_assert_cmpuint (n_finished, >, 0);
    stage_tear_down (&stage);
  }
}

/* A fragment behind the others, of @n pictures that are all the whole file. */
static void
put_greedy_fragment (GByteArray *out, guint n)
{
  guint32 size = out->len;
  gsize moof = mcu_mp4_open (out, MCU_MP4_TYPE ('m', 'o', 'o', 'f'));
  gsize traf = mcu_mp4_open (out, MCU_MP4_TYPE ('t', 'r', 'a', 'f'));
  gsize tfhd = mcu_mp4_open (out, MCU_MP4_TYPE ('t', 'f', 'h', 'd'));

  mcu_mp4_put_u32 (out, 0x18); /* ticks and size of each */
  mcu_mp4_put_u32 (out, 1);
  mcu_mp4_put_u32 (out, 1);
  mcu_mp4_put_u32 (out, size);
  mcu_mp4_close (out, tfhd);
  for (guint i = 0; i < n; i++) {
    gsize trun = mcu_mp4_open (out, MCU_MP4_TYPE ('t', 'r', 'u', 'n'));

    mcu_mp4_put_u32 (out, 1);
    mcu_mp4_put_u32 (out, 1);
    mcu_mp4_put_u32 (out, -size);
    mcu_mp4_close (out, trun);
  }
  mcu_mp4_close (out, traf);
  mcu_mp4_close (out, moof);
}

/* What is made of a file is about as large as it: its bytes are not told to be in it again and
 * again until the disk is full. */
static void
test_rewrite__no_more_than_there_is (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *path = NULL, *text = NULL;
  McuRewriteInfo info;
  Stage stage;
  gsize n;

  stage_set_up (&stage);
  path = stage_path (&stage, "p1.mp4");
  record (&stage, MCU_RECORD_MP4, "p1", 1000);
  g_assert_true (g_file_get_contents (path, &text, &n, NULL));
  g_byte_array_append (bytes, (guint8 *) text, n);
  put_greedy_fragment (bytes, 50);
  g_assert_true (g_file_set_contents (path, (char *) bytes->data, bytes->len, NULL));
  finish (&stage, "p1.mp4", NULL, &info);
  g_assert_cmpuint (info.bytes, <=, 2 * n);
  g_assert_cmpuint (info.duration_ms, >, 500);
  mcu_rewrite_info_clear (&info);
  stage_tear_down (&stage);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_assert_true (mcu_plugins_init (NULL));
  g_test_add_func ("/record/rewrite/finish", test_rewrite__finished_files_hold_the_same);
  g_test_add_func ("/record/rewrite/join", test_rewrite__parts_are_joined);
  g_test_add_func ("/record/rewrite/misfits", test_rewrite__parts_that_do_not_fit_are_refused);
  g_test_add_func ("/record/rewrite/chapters", test_rewrite__chapters);
  g_test_add_func ("/record/rewrite/errors", test_rewrite__is_told_what_cannot_be);
  g_test_add_func ("/record/rewrite/greedy", test_rewrite__no_more_than_there_is);
  g_test_add_func ("/record/rewrite/hostile", test_rewrite__hostile_files);
  return g_test_run ();
}
