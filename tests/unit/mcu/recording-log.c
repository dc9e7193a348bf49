/* tests/unit/mcu/recording-log.c - sidecars, and chapters made of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-log.h"

#include <string.h>

#include "mcu/base/json-check.h"
#include "mcu/recording-chapters.h"

static const McuRecordingLogPerson ann = {"p_a", "Ann \"A\"", "ann@x", "browser", TRUE};

static JsonObject *
read_back (McuRecordingLog *log)
{
  g_autoptr (JsonObject) about = json_object_new ();
  g_autofree char *text = NULL;
  JsonObject *object;

  json_object_set_string_member (about, "id", "rec_1");
  text = mcu_recording_log_to_text (log, about);
  object = mcu_json_parse_object (text, strlen (text), NULL);
  g_assert_nonnull (object);
  return object;
}

static JsonObject *
entry (JsonObject *sidecar, const char *list, guint index)
{
  return mcu_json_array_object (mcu_json_array (sidecar, list), index);
}

static void
test_recording_log__what_goes_on_has_no_end (void)
{
  McuRecordingLog *log = mcu_recording_log_new ();
  g_autoptr (JsonObject) open = NULL;
  g_autoptr (JsonObject) closed = NULL;

  mcu_recording_log_joined (log, 10, &ann);
  mcu_recording_log_joined (log, 20, &ann);
  mcu_recording_log_speaker (log, 30, "p_a");
  mcu_recording_log_screen (log, 40, "p_a", TRUE);
  mcu_recording_log_pause (log, 50, TRUE);
  open = read_back (log);
  g_assert_cmpuint (json_array_get_length (mcu_json_array (open, "participants")), ==, 1);
  g_assert_cmpstr (mcu_json_string (entry (open, "participants", 0), "name"), ==, "Ann \"A\"");
  g_assert_false (json_object_has_member (entry (open, "participants", 0), "left_ms"));
  g_assert_false (json_object_has_member (entry (open, "spoke", 0), "to_ms"));
  mcu_recording_log_left (log, 60, "p_a");
  mcu_recording_log_close (log, 70);
  closed = read_back (log);
  g_assert_cmpint (mcu_json_int (entry (closed, "participants", 0), "left_ms", 0), ==, 60);
  g_assert_cmpint (mcu_json_int (entry (closed, "spoke", 0), "to_ms", 0), ==, 60);
  g_assert_cmpint (mcu_json_int (entry (closed, "screens", 0), "to_ms", 0), ==, 60);
  g_assert_cmpint (mcu_json_int (entry (closed, "pauses", 0), "to_ms", 0), ==, 70);
  mcu_recording_log_free (log);
}

static void
test_recording_log__read_again (void)
{
  McuRecordingLog *log = mcu_recording_log_new ();
  McuRecordingLog *other = mcu_recording_log_new ();
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  mcu_recording_log_joined (log, 1, &ann);
  mcu_recording_log_chat (log, 2, "p_a", "Ann", "</script> \" \\ \n");
  mcu_recording_log_layout (log, 3, "grid");
  mcu_recording_log_recorded (log, 4, "p_a", FALSE);
  mcu_recording_log_close (log, 5);
  first = read_back (log);
  mcu_recording_log_read (other, first);
  second = read_back (other);
  text = mcu_json_to_text (first);
  again = mcu_json_to_text (second);
  g_assert_cmpstr (text, ==, again);
  mcu_recording_log_free (log);
  mcu_recording_log_free (other);
}

static void
test_recording_log__bounded (void)
{
  McuRecordingLog *log = mcu_recording_log_new ();
  g_autofree char *text = g_strnfill (4096, 'x');
  g_autoptr (JsonObject) sidecar = NULL;

  for (guint i = 0; i < 2000; i++)
    mcu_recording_log_chat (log, i, "p_a", "Ann", text);
  sidecar = read_back (log);
  g_assert_true (mcu_json_bool (sidecar, "log_truncated", FALSE));
  g_assert_cmpuint (json_array_get_length (mcu_json_array (sidecar, "chat")), <, 1100);
  mcu_recording_log_free (log);
}

static void
test_recording_log__outline_bounded (void)
{
  McuRecordingLog *log = mcu_recording_log_new ();
  g_autoptr (JsonObject) about = json_object_new ();
  g_autoptr (JsonObject) outline = NULL;
  g_autofree char *text = NULL;

  json_object_set_string_member (about, "id", "rec_1");
  for (guint i = 0; i < 20000; i++)
    mcu_recording_log_chapter (log, i, "Ann shares their screen");
  mcu_recording_log_chat (log, 1, "p_a", "Ann", "still taken");
  outline = mcu_recording_log_outline (log, about);
  text = mcu_json_to_text (outline);
  g_assert_cmpuint (strlen (text), <, 300000);
  g_free (text);
  text = mcu_recording_log_to_text (log, about);
  g_assert_nonnull (strstr (text, "still taken"));
  g_assert_nonnull (strstr (text, "\"log_truncated\":true"));
  mcu_recording_log_free (log);
}

/* Two parts of 10 and 5 s, the second 20 s after the start; a pause of 3 s in the first. */
static const char sidecar_text[] =
    "{\"parts\":[{\"file\":\"1.mp4\",\"offset_ms\":0,\"duration_ms\":10000},"
    "{\"file\":\"2.mp4\",\"offset_ms\":20000,\"duration_ms\":5000}],"
    "\"pauses\":[{\"from_ms\":2000,\"to_ms\":5000}],"
    "\"chapters\":[{\"at_ms\":0,\"title\":\"Start\"},{\"at_ms\":6000,\"title\":\"A <b> & --> c\"},"
    "{\"at_ms\":21000,\"title\":\"hidden\"},{\"at_ms\":21000,\"title\":\"Two\\nlines\"}]}";

static const struct
{
  guint part;
  gint64 at_ms;
  gint64 media_ms;
} moments[] = {
    {0, 0, 0},         {0, 1000, 1000},   {0, 3000, 2000}, {0, 6000, 3000},   {0, 19000, 10000},
    {0, 20000, 10000}, {0, 21000, 11000}, {1, 6000, 3000}, {1, 19000, -1},    {2, 21000, 1000},
    {2, 6000, -1},     {3, 6000, -1},     {0, -5, -1},     {0, 99999, 15000},
};

static void
test_recording_chapters__moments (void)
{
  g_autoptr (JsonObject)
      sidecar = mcu_json_parse_object (sidecar_text, strlen (sidecar_text), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    g_assert_cmpint (mcu_recording_media_ms (sidecar, moments[i].part, moments[i].at_ms), ==,
                     moments[i].media_ms);
}

static void
test_recording_chapters__vtt (void)
{
  g_autoptr (JsonObject)
      sidecar = mcu_json_parse_object (sidecar_text, strlen (sidecar_text), NULL);
  g_autofree char *whole = mcu_recording_chapters_to_vtt (sidecar, 0);
  g_autofree char *second = mcu_recording_chapters_to_vtt (sidecar, 2);
  g_autofree char *json = mcu_recording_chapters_to_json (sidecar, 2);

  g_assert_cmpstr (whole, ==,
                   "WEBVTT\n\n00:00:00.000 --> 00:00:03.000\nStart\n\n"
                   "00:00:03.000 --> 00:00:11.000\nA &lt;b&gt; &amp; --&gt; c\n\n"
                   "00:00:11.000 --> 00:00:15.000\nTwo lines\n");
  g_assert_cmpstr (second, ==, "WEBVTT\n\n00:00:01.000 --> 00:00:05.000\nTwo lines\n");
  g_assert_cmpstr (json, ==, "{\"chapters\":[{\"start_ms\":1000,\"title\":\"Two\\nlines\"}]}");
}

static void
append_many (GString *text, const char *list, const char *entry, guint n)
{
  g_string_append_printf (text, "%s\"%s\":[", text->len > 1 ? "," : "", list);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", entry);
  g_string_append_c (text, ']');
}

/* A room's process may write what it likes beside its files. Watchdog: such a sidecar once took
 * minutes of the main loop. */
static void
test_recording_chapters__hostile (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (JsonObject) sidecar = NULL;
  gint64 start_us;

  append_many (text, "parts",
               "{\"offset_ms\":-9223372036854775807,\"duration_ms\":9223372036854775807}", 3000);
  append_many (text, "pauses", "{\"from_ms\":-9223372036854775807,\"to_ms\":9223372036854775807}",
               30000);
  append_many (text, "chapters", "{\"at_ms\":9223372036854775807,\"title\":\"x\"}", 30000);
  g_string_append_c (text, '}');
  sidecar = mcu_json_parse_object (text->str, text->len, NULL);
  g_assert_nonnull (sidecar);
  start_us = g_get_monotonic_time ();
  for (guint part = 0; part < 3; part++) {
    g_autofree char *vtt = mcu_recording_chapters_to_vtt (sidecar, part);
    g_autofree char *json = mcu_recording_chapters_to_json (sidecar, part);

    g_assert_true (g_str_has_prefix (vtt, "WEBVTT"));
    g_assert_nonnull (json);
  }
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 10 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu/recording_log/what_goes_on_has_no_end",
                   test_recording_log__what_goes_on_has_no_end);
  g_test_add_func ("/mcu/recording_log/read_again", test_recording_log__read_again);
  g_test_add_func ("/mcu/recording_log/bounded", test_recording_log__bounded);
  g_test_add_func ("/mcu/recording_log/outline_bounded", test_recording_log__outline_bounded);
  g_test_add_func ("/mcu/recording_chapters/moments", test_recording_chapters__moments);
  g_test_add_func ("/mcu/recording_chapters/vtt", test_recording_chapters__vtt);
  g_test_add_func ("/mcu/recording_chapters/hostile", test_recording_chapters__hostile);
  return g_test_run ();
}
