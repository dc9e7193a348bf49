/* mcu/recording-chapters.c - a recording's chapters as players read them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-chapters.h"

#include "mcu/base/json-check.h"
#include "mcu/recording-info.h"

/* A sidecar is read back from a folder that a room's process can write to: what is counted of it is
 * bounded, whatever it says. */
#define MAX_CUES 2000
#define MAX_CHAPTERS 20000
#define MAX_PAUSES 20000
#define MAX_MS (G_GINT64_CONSTANT (10) * 365 * 24 * 3600 * 1000)

typedef struct
{
  gint64 at_ms;
  const char *title;
} Cue;

typedef struct
{
  gint64 offset_ms, duration_ms;
} Part;

/* Moments in order, and with each the sum of all up to it. */
typedef struct
{
  GArray *at_ms;  /* gint64 */
  GArray *sum_ms; /* gint64, one more: from 0 on */
} Moments;

typedef struct
{
  GArray *parts; /* Part */
  Moments from, to;
} Timeline;

static gint64
read_ms (JsonObject *object, const char *name, gint64 fallback)
{
  return CLAMP (mcu_json_int (object, name, fallback), -1, MAX_MS);
}

static int
compare_ms (gconstpointer a, gconstpointer b)
{
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

static void
init_moments (Moments *self)
{
  self->at_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->sum_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
clear_moments (Moments *self)
{
  g_array_unref (self->at_ms);
  g_array_unref (self->sum_ms);
}

static void
sum_up (Moments *self)
{
  gint64 sum = 0;

  g_array_sort (self->at_ms, compare_ms);
  g_array_append_val (self->sum_ms, sum);
  for (guint i = 0; i < self->at_ms->len; i++) {
    sum += g_array_index (self->at_ms, gint64, i);
    g_array_append_val (self->sum_ms, sum);
  }
}

/* How long ago, at @at_ms, each of those was that are past by then: all together. */
static gint64
since (const Moments *self, gint64 at_ms)
{
  guint low = 0, high = self->at_ms->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (g_array_index (self->at_ms, gint64, middle) < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return (gint64) low * at_ms - g_array_index (self->sum_ms, gint64, low);
}

static void
read_pauses (Timeline *self, JsonArray *pauses)
{
  for (guint i = 0; pauses != NULL && i < json_array_get_length (pauses) && i < MAX_PAUSES; i++) {
    JsonObject *one = mcu_json_array_object (pauses, i);
    gint64 from_ms = one != NULL ? read_ms (one, "from_ms", 0) : 0;
    gint64 to_ms = one != NULL ? read_ms (one, "to_ms", MAX_MS) : 0;

    if (to_ms <= from_ms)
      continue;
    g_array_append_val (self->from.at_ms, from_ms);
    g_array_append_val (self->to.at_ms, to_ms);
  }
  sum_up (&self->from);
  sum_up (&self->to);
}

static void
init_timeline (Timeline *self, JsonObject *sidecar)
{
  JsonArray *parts = mcu_json_array (sidecar, "parts");

  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  init_moments (&self->from);
  init_moments (&self->to);
  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++) {
    JsonObject *one = mcu_json_array_object (parts, i);
    Part part = {.offset_ms = one != NULL ? read_ms (one, "offset_ms", 0) : MAX_MS,
                 .duration_ms = one != NULL ? MAX (0, read_ms (one, "duration_ms", 0)) : 0};

    if (self->parts->len < MCU_RECORDING_MAX_PARTS)
      g_array_append_val (self->parts, part);
  }
  read_pauses (self, mcu_json_array (sidecar, "pauses"));
}

static void
clear_timeline (Timeline *self)
{
  g_array_unref (self->parts);
  clear_moments (&self->from);
  clear_moments (&self->to);
}

static gint64
paused_before_ms (const Timeline *self, gint64 at_ms)
{
  return since (&self->from, at_ms) - since (&self->to, at_ms);
}

static gint64
media_ms (const Timeline *self, guint part, gint64 at_ms)
{
  gint64 before_ms = 0;
  gint64 found_ms = -1;

  for (guint i = 0; i < self->parts->len; i++) {
    const Part *one = &g_array_index (self->parts, Part, i);
    gint64 inside_ms;

    if (one->offset_ms > at_ms)
      break;
    if (part == 0 || part == i + 1) {
      inside_ms = at_ms - one->offset_ms -
                  (paused_before_ms (self, at_ms) - paused_before_ms (self, one->offset_ms));
      if (part == 0)
        found_ms = before_ms + CLAMP (inside_ms, 0, one->duration_ms);
      else
        found_ms = inside_ms <= one->duration_ms ? MAX (0, inside_ms) : -1;
    }
    before_ms += one->duration_ms;
  }
  return found_ms;
}

gint64
mcu_recording_media_ms (JsonObject *sidecar, guint part, gint64 at_ms)
{
  Timeline timeline;
  gint64 found_ms;

  init_timeline (&timeline, sidecar);
  found_ms = media_ms (&timeline, part, CLAMP (at_ms, -1, MAX_MS));
  clear_timeline (&timeline);
  return found_ms;
}

static gint64
total_ms (JsonObject *sidecar, guint part)
{
  Timeline timeline;
  gint64 sum = 0;

  init_timeline (&timeline, sidecar);
  for (guint i = 0; i < timeline.parts->len; i++)
    if (part == 0 || part == i + 1)
      sum += g_array_index (timeline.parts, Part, i).duration_ms;
  clear_timeline (&timeline);
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
  guint n = chapters != NULL ? MIN (json_array_get_length (chapters), MAX_CHAPTERS) : 0;
  GArray *cues = g_array_new (FALSE, FALSE, sizeof (Cue));
  Timeline timeline;

  init_timeline (&timeline, sidecar);
  for (guint i = 0; i < n && cues->len < MAX_CUES; i++) {
    JsonObject *one = mcu_json_array_object (chapters, i);
    Cue cue = {.title = one != NULL ? mcu_json_string (one, "title") : NULL};

    if (cue.title == NULL)
      continue;
    cue.at_ms = media_ms (&timeline, part, read_ms (one, "at_ms", 0));
    if (cue.at_ms >= 0)
      g_array_append_val (cues, cue);
  }
  clear_timeline (&timeline);
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
