/* tests/unit/pipelines/record/recorder.c - what was shown and heard is what the file has.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/recorder.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "pipelines/process/plugins.h"
#include "tests/unit/pipelines/record/support.h"

#define LIP_SYNC_S 0.005 /* the bar is 40 ms; nothing is played late here */

static const struct
{
  const char *format;
  const char *file;
} files[] = {{"mp4", "p1.mp4"}, {"webm", "p1.webm"}, {"mkv", "p1.mkv"}};

static McuRecordFormat
format_of (const char *name)
{
  McuRecordFormat format;

  g_assert_true (mcu_record_format_from_string (name, &format));
  return format;
}

static void
assert_constant_rate (const Film *film)
{
  for (guint i = 1; i < film->times->len; i++)
    g_assert_cmpfloat (fabs (g_array_index (film->times, double, i) -
                             g_array_index (film->times, double, i - 1) - 1.0 / STAGE_FPS),
                       <, 0.0011); /* Matroska counts in ms */
}

static void
assert_in_step (const Film *film, guint seconds)
{
  for (guint second = 1; second < seconds; second++) {
    double picture_s = film_picture_edge (film, second);
    double tone_s = film_tone_edge (film, second);

    g_test_message ("second %u: picture at %.4f s, sound %+.1f ms", second, picture_s,
                    (tone_s - picture_s) * 1000);
    g_assert_cmpfloat (fabs (picture_s - second), <, 0.002);
    g_assert_cmpfloat (fabs (tone_s - picture_s), <, LIP_SYNC_S);
  }
}

/* What measures is measured first. */
static void
test_recorder__edges_are_found_where_they_are (void)
{
  Film film = {.pcm = g_array_new (FALSE, TRUE, sizeof (gint16))};

  for (guint n = 0; n < 3 * 48000; n++) {
    gint16 sample = stage_sample (n);

    g_array_append_val (film.pcm, sample);
  }
  g_assert_cmpfloat (fabs (film_tone_edge (&film, 1.1) - 1), <, 0.0015);
  g_assert_cmpfloat (fabs (film_tone_edge (&film, 1.9) - 2), <, 0.0015);
  g_array_unref (film.pcm);
}

static void
test_recorder__files_hold_what_was_shown_and_heard (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    Stage stage;
    Film film;
    g_autofree char *path = NULL;

    stage_set_up (&stage);
    path = stage_path (&stage, files[i].file);
    g_test_message ("%s", files[i].file);
    stage_record (&stage, format_of (files[i].format), FALSE, "p1", -1, 0, 0);
    stage_play (&stage, 4000);
    stage_wait_begun (&stage);
    stage_end (&stage);
    g_assert_cmpstr (stage.error, ==, NULL);
    g_assert_cmpstr (stage.states->str, ==, " recording finishing finished");
    g_assert_cmpuint (stage.last.duration_ms, ==, 4000);
    film_read (&film, path, TRUE);
    g_assert_cmpuint (film.times->len, ==, 4 * STAGE_FPS);
    g_assert_cmpfloat (g_array_index (film.times, double, 0), ==, 0);
    /* No black start: the first picture is the first colour. */
    g_assert_cmpint (ABS (g_array_index (film.luma, guint8, 0) - 145), <, 6);
    g_assert_cmpint (ABS (g_array_index (film.chroma, guint8, 45) - 240), <, 6);
    g_assert_cmpfloat (fabs (film_sound_s (&film) - 4), <, 0.08);
    assert_constant_rate (&film);
    assert_in_step (&film, 4);
    film_finish (&film);
    stage_tear_down (&stage);
  }
}

/* 2 s, a pause of half a minute in which other things are shown, 2 s. */
static void
test_recorder__a_pause_is_not_in_the_file (void)
{
  Stage stage;
  Film film;
  g_autofree char *path = NULL;

  stage_set_up (&stage);
  path = stage_path (&stage, "p1.mp4");
  stage_record (&stage, MCU_RECORD_MP4, FALSE, "p1", -1, 0, 0);
  stage_play (&stage, 2000);
  stage_settle (&stage);
  mcu_recorder_pause (stage.recorder);
  stage_play (&stage, 2000); /* so long that the rung has no memory to give */
  stage_settle (&stage);
  stage_pass (&stage, 30000);
  mcu_recorder_resume (stage.recorder);
  stage_rejoin (&stage);
  stage_play (&stage, 2000);
  stage_end (&stage);
  g_assert_cmpstr (stage.error, ==, NULL);
  g_assert_true (g_str_has_suffix (stage.states->str, " paused recording finishing finished"));
  film_read (&film, path, TRUE);
  g_assert_cmpuint (film.times->len, ==, 4 * STAGE_FPS);
  assert_constant_rate (&film);
  g_assert_cmpfloat (fabs (film_sound_s (&film) - 4), <, 0.08);
  /* Seconds 0, 1, 4 and 5 of the stage: tones in 1 and 5. */
  g_assert_cmpfloat (fabs (film_tone_edge (&film, 1) - 1), <, LIP_SYNC_S);
  g_assert_true (film_is_tone (&film, 1.5));
  g_assert_false (film_is_tone (&film, 2.5));
  g_assert_cmpfloat (fabs (film_tone_edge (&film, 3) - 3), <, LIP_SYNC_S);
  g_assert_cmpfloat (fabs (film_picture_edge (&film, 3) - 3), <, 0.002);
  film_finish (&film);
  stage_tear_down (&stage);
}

/* An encoder that fails is made anew, which takes its time: the last picture stays, and the sound
 * goes on. */
static void
test_recorder__holds_the_last_picture (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    Stage stage;
    Film film;
    McuRung *rung;
    g_autofree char *path = NULL;

    stage_set_up (&stage);
    path = stage_path (&stage, files[i].file);
    g_test_message ("%s", files[i].file);
    stage_record (&stage, format_of (files[i].format), FALSE, "p1", -1, 0, 0);
    stage_play (&stage, 2000);
    stage_settle (&stage);
    rung = g_steal_pointer (&stage.rung);
    stage_play (&stage, 8000); /* sound alone */
    stage.rung = rung;
    stage_play (&stage, 2000);
    stage_end (&stage);
    g_assert_cmpstr (stage.error, ==, NULL);
    g_assert_cmpuint (stage.last.duration_ms, ==, 12000);
    film_read (&film, path, TRUE);
    g_assert_cmpuint (film.times->len, ==, 4 * STAGE_FPS);
    g_assert_cmpfloat (fabs (film_sound_s (&film) - 12), <, 0.08);
    g_assert_cmpfloat (fabs (film_tone_edge (&film, 9) - 9), <, LIP_SYNC_S);
    g_assert_cmpfloat (fabs (g_array_index (film.times, double, 60) - 10), <, 0.002);
    g_assert_cmpfloat (fabs (film_tone_edge (&film, 11) - 11), <, LIP_SYNC_S);
    g_assert_cmpfloat (fabs (film_picture_edge (&film, 11) - 11), <, 0.002);
    film_finish (&film);
    stage_tear_down (&stage);
  }
}

static void
test_recorder__sound_alone (void)
{
  const struct
  {
    McuRecordFormat format;
    const char *file;
  } cases[] = {{MCU_RECORD_OGG, "s.ogg"}, {MCU_RECORD_MP4, "s.m4a"}, {MCU_RECORD_WEBM, "s.webm"}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Stage stage;
    Film film;
    g_autofree char *path = NULL;

    stage_set_up (&stage);
    path = stage_path (&stage, cases[i].file);
    stage_record (&stage, cases[i].format, TRUE, "s", -1, 0, 0);
    g_assert_null (mcu_recorder_get_receiver (stage.recorder));
    stage_play (&stage, 3000);
    stage_end (&stage);
    g_assert_cmpstr (stage.error, ==, NULL);
    g_assert_cmpuint (stage.last.duration_ms, ==, 3000);
    film_read (&film, path, FALSE);
    g_assert_cmpfloat (fabs (film_sound_s (&film) - 3), <, 0.08);
    g_assert_false (film_is_tone (&film, 0.5));
    g_assert_true (film_is_tone (&film, 1.5));
    g_assert_false (film_is_tone (&film, 2.5));
    film_finish (&film);
    stage_tear_down (&stage);
  }
}

static void
test_recorder__is_told_what_cannot_be (void)
{
  Stage stage;

  stage_set_up (&stage);
  stage_record (&stage, MCU_RECORD_OGG, TRUE, "twice", -1, 0, 0);
  stage_play (&stage, 100);
  stage_end (&stage);
  g_assert_cmpstr (stage.error, ==, NULL);
  stage_record (&stage, MCU_RECORD_OGG, TRUE, "twice", -1, 0, 0);
  stage_wait_over (&stage);
  g_assert_cmpstr (stage.error, ==, "exists");
  stage_record (&stage, MCU_RECORD_OGG, TRUE, "reserve", -1, G_MAXUINT64 / 2, 0);
  stage_wait_over (&stage);
  g_assert_cmpstr (stage.error, ==, "disk_full");
  stage_record (&stage, MCU_RECORD_MP4, FALSE, "nothing", -1, 0, 0);
  stage_end (&stage);
  g_assert_cmpstr (stage.error, ==, "gone");
  stage_tear_down (&stage);
}

static void
test_recorder__names_come_from_us (void)
{
  const char *const names[] = {"../x", "a/b", "", ".", "x.mp4", NULL};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    McuRecorderSettings settings = {
        .format = MCU_RECORD_OGG, .fd = -1, .directory_fd = 0, .part = names[i]};
    g_autoptr (GError) error = NULL;

    g_assert_null (mcu_recorder_new (&settings, NULL, NULL, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  }
}

/* A pipe that nobody reads: the recording fails, and who plays never waits. */
static void
test_recorder__a_disk_that_hangs_stops_nobody (void)
{
  Stage stage;
  int fds[2];
  gint64 began_us;

  stage_set_up (&stage);
  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_cmpint (fcntl (fds[1], F_SETPIPE_SZ, 4096), >=, 4096);
  stage_record (&stage, MCU_RECORD_MKV, FALSE, NULL, fds[1], 0, 500000);
  began_us = g_get_monotonic_time ();
  stage_play (&stage, 6000);
  stage_wait_over (&stage);
  g_test_message ("six seconds were played in %.2f s",
                  (g_get_monotonic_time () - began_us) / 1000000.0);
  g_assert_cmpstr (stage.error, ==, "timeout");
  /* It was never in the way: no frame was left out, and to free it waits for nothing. */
  g_assert_cmpuint (stage_needs_key (&stage), ==, 0);
  began_us = g_get_monotonic_time ();
  stage_tear_down (&stage);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 1000000);
  close (fds[0]); /* which ends the writer's thread */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_assert_true (mcu_plugins_init (NULL)); /* as a room does, so without those of a recording */
  g_test_add_func ("/record/recorder/edges", test_recorder__edges_are_found_where_they_are);
  g_test_add_func ("/record/recorder/files", test_recorder__files_hold_what_was_shown_and_heard);
  g_test_add_func ("/record/recorder/pause", test_recorder__a_pause_is_not_in_the_file);
  g_test_add_func ("/record/recorder/held-picture", test_recorder__holds_the_last_picture);
  g_test_add_func ("/record/recorder/sound-alone", test_recorder__sound_alone);
  g_test_add_func ("/record/recorder/errors", test_recorder__is_told_what_cannot_be);
  g_test_add_func ("/record/recorder/names", test_recorder__names_come_from_us);
  g_test_add_func ("/record/recorder/hang", test_recorder__a_disk_that_hangs_stops_nobody);
  return g_test_run ();
}
