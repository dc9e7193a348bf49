/* mcu/recording-chapters.c - a recording's chapters as players read them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-chapters.h"

#include "mcu/base/json-check.h"

#define MAX_CHAPTERS 2000

typedef struct
{
  gint64 at_ms;
  const char *title;
} Cue;

/* Between @from_ms and @to_ms. */
static gint64
paused_ms (JsonObject *sidecar, gint64 from_ms, gint64 to_ms)
{
  JsonArray *pauses = mcu_json_array (sidecar, "pauses");
  gint64 sum = 0;

  for (guint i = 0; pauses != NULL && i < json_array_get_length (pauses); i++) {
    JsonObject *one = mcu_json_array_object (pauses, i);
    gint64 start = one != NULL ? MAX (from_ms, mcu_json_int (one, "from_ms", 0)) : to_ms;
    gint64 end = one != NULL ? MIN (to_ms, mcu_json_int (one, "to_ms", G_MAXINT64)) : to_ms;

    sum += MAX (0, end - start);
  }
  return sum;
}

gint64
mcu_recording_media_ms (JsonObject *sidecar, guint part, gint64 at_ms)
{
  JsonArray *parts = mcu_json_array (sidecar, "parts");
  gint64 before_ms = 0;
  gint64 found_ms = -1;

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++) {
    JsonObject *one = mcu_json_array_object (parts, i);
    gint64 offset_ms = one != NULL ? mcu_json_int (one, "offset_ms", 0) : G_MAXINT64;
    gint64 duration_ms = one != NULL ? MAX (0, mcu_json_int (one, "duration_ms", 0)) : 0;
    gint64 inside_ms;

    if (offset_ms > at_ms)
      break;
    inside_ms = at_ms - offset_ms - paused_ms (sidecar, offset_ms, at_ms);
    if (part == 0)
      found_ms = before_ms + CLAMP (inside_ms, 0, duration_ms);
    else if (part == i + 1)
      found_ms = inside_ms <= duration_ms ? MAX (0, inside_ms) : -1;
    before_ms += duration_ms;
  }
  return found_ms;
}

static gint64
total_ms (JsonObject *sidecar, guint part)
{
  JsonArray *parts = mcu_json_array (sidecar, "parts");
  gint64 sum = 0;

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++) {
    JsonObject *one = mcu_json_array_object (parts, i);

    if (one != NULL && (part == 0 || part == i + 1))
      sum += MAX (0, mcu_json_int (one, "duration_ms", 0));
  }
  return sum;
}

static void
append_time (GString *text, gint64 ms)
{
  g_string_append_printf (text, "%02d:%02d:%02d.%03d", (int) (ms / 3600000),
                          (int) (ms / 60000 % 60), (int) (ms / 1000 % 60), (int) (ms % 1000));
}

/* Source: WebVTT, 4.1: a cue's text has no line break of its own, no "-->", and & and < escaped. */
static void
append_title (GString *text, const char *title)
{
  for (const char *c = title; *c != '\0'; c++)
    if (*c == '&')
      g_string_append (text, "&amp;");
    else if (*c == '<')
      g_string_append (text, "&lt;");
    else if (*c == '>')
      g_string_append (text, "&gt;");
    else
      g_string_append_c (text, (guchar) *c < 0x20 ? ' ' : *c);
}

static GArray *
read_cues (JsonObject *sidecar, guint part)
{
  JsonArray *chapters = mcu_json_array (sidecar, "chapters");
  GArray *cues = g_array_new (FALSE, FALSE, sizeof (Cue));

  for (guint i = 0; chapters != NULL && i < json_array_get_length (chapters); i++) {
    JsonObject *one = mcu_json_array_object (chapters, i);
    const char *title = one != NULL ? mcu_json_string (one, "title") : NULL;
    Cue cue = {.title = title};

    if (title == NULL || cues->len >= MAX_CHAPTERS)
      continue;
    cue.at_ms = mcu_recording_media_ms (sidecar, part, mcu_json_int (one, "at_ms", 0));
    if (cue.at_ms >= 0)
      g_array_append_val (cues, cue);
  }
  return cues;
}

char *
mcu_recording_chapters_to_vtt (JsonObject *sidecar, guint part)
{
  g_autoptr (GArray) cues = read_cues (sidecar, part);
  gint64 end_ms = total_ms (sidecar, part);
  GString *text = g_string_new ("WEBVTT\n");

  for (guint i = 0; i < cues->len; i++) {
    const Cue *cue = &g_array_index (cues, Cue, i);
    gint64 to_ms = i + 1 < cues->len ? g_array_index (cues, Cue, i + 1).at_ms : end_ms;

    /* Several at one moment: the last of them is the chapter. */
    if (to_ms <= cue->at_ms)
      continue;
    g_string_append_c (text, '\n');
    append_time (text, cue->at_ms);
    g_string_append (text, " --> ");
    append_time (text, to_ms);
    g_string_append_c (text, '\n');
    append_title (text, cue->title);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

char *
mcu_recording_chapters_to_json (JsonObject *sidecar, guint part)
{
  g_autoptr (GArray) cues = read_cues (sidecar, part);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < cues->len; i++) {
    const Cue *cue = &g_array_index (cues, Cue, i);
    JsonObject *one;

    if (i + 1 < cues->len && g_array_index (cues, Cue, i + 1).at_ms <= cue->at_ms)
      continue;
    one = json_object_new ();
    json_object_set_int_member (one, "start_ms", cue->at_ms);
    json_object_set_string_member (one, "title", cue->title);
    json_array_add_object_element (array, one);
  }
  json_object_set_array_member (object, "chapters", array);
  return mcu_json_to_text (object);
}
