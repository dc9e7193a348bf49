/* tests/unit/mcu/recording-info.c - what is known of a recording: there and back, and what is not
 * believed.  SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-info.h"

#include <string.h>

#include "mcu/base/json-check.h"

/* 2026-11-21T05:51:18.025Z */
#define STARTED_US G_GINT64_CONSTANT (1795240278025000)

static McuRecordingInfo *
make (void)
{
  McuRecordingInfo *info = mcu_recording_info_new ("rec_1", "room.1", "mp4", STARTED_US + 7);
  McuRecordingPart *part = mcu_recording_info_add_part (info, "1.mp4", 0);

  part->duration_ms = 1500;
  part->bytes = 100;
  part = mcu_recording_info_add_part (info, "2.mp4", 3000);
  part->duration_ms = 500;
  part->bytes = 50;
  part->sha256 = g_strnfill (64, 'a');
  info->state = MCU_RECORDING_PAUSED;
  info->layout = g_strdup ("grid");
  info->width = 1280;
  info->is_held = TRUE;
  mcu_recording_info_set_error (info, "disk_full", "it is full");
  mcu_recording_info_set_error (info, "internal", "and more");
  return info;
}

static void
test_recording_info__there_and_back (void)
{
  g_autoptr (McuRecordingInfo) info = make ();
  g_autoptr (McuRecordingInfo) copy = mcu_recording_info_copy (info);
  g_autoptr (JsonObject) object = mcu_recording_info_to_json (copy);
  g_autoptr (McuRecordingInfo) back = mcu_recording_info_from_json (object);
  g_autoptr (JsonObject) again = mcu_recording_info_to_json (back);
  g_autofree char *text = mcu_json_to_text (object);
  g_autofree char *text_again = mcu_json_to_text (again);

  g_assert_cmpstr (text, ==, text_again);
  g_assert_cmpint (mcu_json_int (object, "duration_ms", 0), ==, 2000);
  g_assert_cmpint (mcu_json_int (object, "bytes", 0), ==, 150);
  g_assert_cmpstr (mcu_json_string (object, "started_at"), ==, "2026-11-21T05:51:18.025Z");
  g_assert_cmpstr (mcu_json_string (mcu_json_object (object, "error"), "code"), ==, "disk_full");
  g_assert_cmpstr (back->folder, ==, "2026/11/rec_1");
  g_assert_false (json_object_has_member (object, "ended_at"));
  g_assert_false (json_object_has_member (object, "sha256")); /* of several files there is none */
}

static void
assert_none (const char *member, const char *value)
{
  g_autoptr (McuRecordingInfo) info = make ();
  g_autoptr (JsonObject) object = mcu_recording_info_to_json (info);
  McuRecordingInfo *back;

  json_object_set_string_member (object, member, value);
  back = mcu_recording_info_from_json (object);
  g_assert_null (back);
}

static void
test_recording_info__not_believed (void)
{
  assert_none ("id", "../../etc");
  assert_none ("id", "");
  assert_none ("room", ".hidden");
  assert_none ("format", "sh");
  assert_none ("state", "over");
  assert_none ("started_at", "yesterday");
}

static void
test_recording_info__files_that_lead_out_are_left_out (void)
{
  static const char *const bad[] = {"../1.mp4", "a/1.mp4", ".mp4",   "1.mp4.sh",
                                    "1",        "1.",      "1.mp4/", ""};
  g_autoptr (McuRecordingInfo) info = make ();
  g_autoptr (JsonObject) object = mcu_recording_info_to_json (info);
  JsonArray *parts = mcu_json_array (object, "parts");
  g_autoptr (McuRecordingInfo) back = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    JsonObject *one = json_object_new ();

    g_assert_false (mcu_recording_file_is_valid (bad[i]));
    json_object_set_string_member (one, "file", bad[i]);
    json_array_add_object_element (parts, one);
  }
  json_object_set_string_member (object, "joined", "/etc/passwd");
  back = mcu_recording_info_from_json (object);
  g_assert_cmpuint (back->parts->len, ==, 2);
  g_assert_null (back->joined);
}

static void
test_recording_info__folders (void)
{
  g_assert_true (mcu_recording_folder_is_valid ("2026/11/rec_1", "rec_1"));
  g_assert_false (mcu_recording_folder_is_valid ("2026/11/rec_1", "rec_2"));
  g_assert_false (mcu_recording_folder_is_valid ("2026/11/..", ".."));
  g_assert_false (mcu_recording_folder_is_valid ("2026/1/rec_1", "rec_1"));
  g_assert_false (mcu_recording_folder_is_valid ("../11/rec_1", "rec_1"));
  g_assert_false (mcu_recording_folder_is_valid ("/2026/11/rec_1", "rec_1"));
  g_assert_false (mcu_recording_folder_is_valid ("2026/11/x/rec_1", "rec_1"));
  g_assert_false (mcu_recording_folder_is_valid (NULL, "rec_1"));
}

static void
test_recording_info__kinds (void)
{
  g_assert_cmpstr (mcu_recording_extension ("mp4", TRUE), ==, "m4a");
  g_assert_cmpstr (mcu_recording_extension ("mkv", FALSE), ==, "mkv");
  g_assert_null (mcu_recording_extension ("avi", FALSE));
  g_assert_null (mcu_recording_extension (NULL, FALSE));
  g_assert_cmpstr (mcu_recording_content_type ("1.webm"), ==, "video/webm");
  g_assert_cmpstr (mcu_recording_content_type ("1"), ==, "application/octet-stream");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu/recording_info/there_and_back", test_recording_info__there_and_back);
  g_test_add_func ("/mcu/recording_info/not_believed", test_recording_info__not_believed);
  g_test_add_func ("/mcu/recording_info/files_that_lead_out_are_left_out",
                   test_recording_info__files_that_lead_out_are_left_out);
  g_test_add_func ("/mcu/recording_info/folders", test_recording_info__folders);
  g_test_add_func ("/mcu/recording_info/kinds", test_recording_info__kinds);
  return g_test_run ();
}
