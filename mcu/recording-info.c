/* mcu/recording-info.c - what is known of a recording.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-info.h"

#include <string.h>

#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/participant.h"

/* No recording is longer than the clock; what says so is not believed. */
#define MAX_MS (G_GINT64_CONSTANT (100) * 365 * 24 * 3600 * 1000)

static const struct
{
  const char *format;
  const char *both;
  const char *audio; /* alone */
} formats[] = {
    {"mp4", "mp4", "m4a"}, {"webm", "webm", "webm"}, {"mkv", "mkv", "mka"}, {"ogg", "ogg", "ogg"}};

static const struct
{
  const char *extension;
  const char *content_type;
} content_types[] = {{"mp4", "video/mp4"},        {"m4a", "audio/mp4"},
                     {"webm", "video/webm"},      {"mkv", "video/x-matroska"},
                     {"mka", "audio/x-matroska"}, {"ogg", "audio/ogg"}};

void
mcu_recording_part_free (McuRecordingPart *self)
{
  g_free (self->file);
  g_free (self->sha256);
  g_free (self);
}

static void
free_track (gpointer data)
{
  McuRecordingTrack *track = data;

  g_free (track->participant);
  g_free (track->file);
  g_free (track);
}

McuRecordingInfo *
mcu_recording_info_new (const char *id, const char *room, const char *format, gint64 started_at_us)
{
  McuRecordingInfo *self = g_new0 (McuRecordingInfo, 1);

  self->id = g_strdup (id);
  self->room = g_strdup (room);
  self->format = g_strdup (format);
  self->started_at_us = started_at_us / 1000 * 1000; /* as exact as it is written down */
  self->folder = mcu_recording_folder (id, started_at_us);
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_recording_part_free);
  self->tracks_of = g_ptr_array_new_with_free_func (free_track);
  return self;
}

McuRecordingInfo *
mcu_recording_info_copy (const McuRecordingInfo *self)
{
  McuRecordingInfo *copy = g_new0 (McuRecordingInfo, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->room = g_strdup (self->room);
  copy->folder = g_strdup (self->folder);
  copy->format = g_strdup (self->format);
  copy->error_code = g_strdup (self->error_code);
  copy->error_detail = g_strdup (self->error_detail);
  copy->joined = g_strdup (self->joined);
  copy->layout = g_strdup (self->layout);
  copy->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_recording_part_free);
  for (guint i = 0; i < self->parts->len; i++) {
    const McuRecordingPart *part = self->parts->pdata[i];
    McuRecordingPart *other = mcu_recording_info_add_part (copy, part->file, part->offset_ms);

    other->duration_ms = part->duration_ms;
    other->bytes = part->bytes;
    other->sha256 = g_strdup (part->sha256);
  }
  copy->tracks_of = g_ptr_array_new_with_free_func (free_track);
  for (guint i = 0; i < self->tracks_of->len; i++) {
    const McuRecordingTrack *track = self->tracks_of->pdata[i];

    mcu_recording_info_set_track (copy, track->participant, track->file, track->offset_ms);
  }
  return copy;
}

void
mcu_recording_info_free (McuRecordingInfo *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->tracks_of);
  g_free (self->id);
  g_free (self->room);
  g_free (self->folder);
  g_free (self->format);
  g_free (self->error_code);
  g_free (self->error_detail);
  g_free (self->joined);
  g_free (self->layout);
  g_free (self);
}

McuRecordingPart *
mcu_recording_info_add_part (McuRecordingInfo *self, const char *file, gint64 offset_ms)
{
  McuRecordingPart *part = g_new0 (McuRecordingPart, 1);

  part->file = g_strdup (file);
  part->offset_ms = offset_ms;
  g_ptr_array_add (self->parts, part);
  return part;
}

gboolean
mcu_recording_info_set_track (McuRecordingInfo *self, const char *participant, const char *file,
                              gint64 offset_ms)
{
  McuRecordingTrack *track;

  for (guint i = 0; i < self->tracks_of->len; i++) {
    track = self->tracks_of->pdata[i];
    if (g_strcmp0 (track->file, file) == 0)
      return TRUE;
  }
  if (self->tracks_of->len >= MCU_RECORDING_MAX_TRACKS || !mcu_recording_file_is_valid (file) ||
      !mcu_id_is_valid (participant))
    return FALSE;
  track = g_new0 (McuRecordingTrack, 1);
  track->participant = g_strdup (participant);
  track->file = g_strdup (file);
  track->offset_ms = offset_ms;
  g_ptr_array_add (self->tracks_of, track);
  return TRUE;
}

McuRecordingPart *
mcu_recording_info_last_part (const McuRecordingInfo *self)
{
  return self->parts->len > 0 ? self->parts->pdata[self->parts->len - 1] : NULL;
}

gint64
mcu_recording_info_duration_ms (const McuRecordingInfo *self)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->parts->len; i++)
    sum += ((McuRecordingPart *) self->parts->pdata[i])->duration_ms;
  return sum;
}

gint64
mcu_recording_info_bytes (const McuRecordingInfo *self)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->parts->len; i++)
    sum += ((McuRecordingPart *) self->parts->pdata[i])->bytes;
  return sum;
}

void
mcu_recording_info_set_error (McuRecordingInfo *self, const char *code, const char *detail)
{
  if (self->error_code != NULL)
    return;
  self->error_code = g_strdup (code);
  self->error_detail = g_utf8_make_valid (detail != NULL ? detail : "", -1);
}

const char *
mcu_recording_extension (const char *format, gboolean audio_only)
{
  for (guint i = 0; format != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].format, format))
      return audio_only ? formats[i].audio : formats[i].both;
  return NULL;
}

const char *
mcu_recording_content_type (const char *file)
{
  const char *dot = strrchr (file, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (content_types); i++)
    if (g_str_equal (content_types[i].extension, dot + 1))
      return content_types[i].content_type;
  return "application/octet-stream";
}

char *
mcu_recording_folder (const char *id, gint64 started_at_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (started_at_us / G_USEC_PER_SEC);

  return g_strdup_printf ("%04d/%02d/%s", g_date_time_get_year (time), g_date_time_get_month (time),
                          id);
}

static gboolean
is_number (const char *text, gsize length)
{
  if (strlen (text) != length)
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isdigit (*text))
      return FALSE;
  return TRUE;
}

gboolean
mcu_recording_folder_is_valid (const char *folder, const char *id)
{
  g_auto (GStrv) names = folder != NULL ? g_strsplit (folder, "/", 4) : NULL;

  return names != NULL && g_strv_length (names) == 3 && is_number (names[0], 4) &&
         is_number (names[1], 2) && mcu_id_is_valid (id) && g_str_equal (names[2], id);
}

gboolean
mcu_recording_file_is_valid (const char *file)
{
  const char *dot = file != NULL ? strchr (file, '.') : NULL;
  g_autofree char *name = dot != NULL ? g_strndup (file, dot - file) : NULL;

  if (name == NULL || !mcu_id_is_valid (name))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (content_types); i++)
    if (g_str_equal (content_types[i].extension, dot + 1))
      return TRUE;
  return FALSE;
}

static void
set_time (JsonObject *object, const char *name, gint64 real_us)
{
  g_autofree char *text = mcu_time_to_json (real_us);

  json_object_set_string_member (object, name, text);
}

static JsonArray *
parts_to_json (const McuRecordingInfo *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->parts->len; i++) {
    const McuRecordingPart *part = self->parts->pdata[i];
    JsonObject *one = json_object_new ();

    json_object_set_string_member (one, "file", part->file);
    json_object_set_int_member (one, "offset_ms", part->offset_ms);
    json_object_set_int_member (one, "duration_ms", part->duration_ms);
    json_object_set_int_member (one, "bytes", part->bytes);
    if (part->sha256 != NULL)
      json_object_set_string_member (one, "sha256", part->sha256);
    json_array_add_object_element (array, one);
  }
  return array;
}

static JsonArray *
tracks_to_json (const McuRecordingInfo *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->tracks_of->len; i++) {
    const McuRecordingTrack *track = self->tracks_of->pdata[i];
    JsonObject *one = json_object_new ();

    json_object_set_string_member (one, "participant", track->participant);
    json_object_set_string_member (one, "file", track->file);
    json_object_set_int_member (one, "offset_ms", track->offset_ms);
    json_array_add_object_element (array, one);
  }
  return array;
}

static JsonObject *
canvas_to_json (const McuRecordingInfo *self)
{
  JsonObject *canvas = json_object_new ();

  json_object_set_int_member (canvas, "width", self->width);
  json_object_set_int_member (canvas, "height", self->height);
  json_object_set_int_member (canvas, "fps", self->fps);
  return canvas;
}

static void
set_error_member (JsonObject *object, const McuRecordingInfo *self)
{
  JsonObject *error = json_object_new ();

  json_object_set_string_member (error, "code", self->error_code);
  json_object_set_string_member (error, "detail", self->error_detail);
  json_object_set_object_member (object, "error", error);
}

JsonObject *
mcu_recording_info_to_json (const McuRecordingInfo *self)
{
  JsonObject *object = json_object_new ();
  const McuRecordingPart *first = self->parts->len == 1 ? self->parts->pdata[0] : NULL;

  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "room", self->room);
  json_object_set_string_member (object, "format", self->format);
  json_object_set_string_member (object, "state", mcu_recording_state_to_string (self->state));
  if (self->error_code != NULL)
    set_error_member (object, self);
  set_time (object, "started_at", self->started_at_us);
  if (self->ended_at_us != 0)
    set_time (object, "ended_at", self->ended_at_us);
  json_object_set_int_member (object, "duration_ms", mcu_recording_info_duration_ms (self));
  json_object_set_int_member (object, "bytes", mcu_recording_info_bytes (self));
  if (first != NULL && first->sha256 != NULL)
    json_object_set_string_member (object, "sha256", first->sha256);
  json_object_set_array_member (object, "parts", parts_to_json (self));
  if (self->joined != NULL)
    json_object_set_string_member (object, "joined", self->joined);
  json_object_set_string_member (object, "layout", self->layout != NULL ? self->layout : "");
  if (self->has_layout)
    json_object_set_boolean_member (object, "own_layout", TRUE);
  if (!self->audio_only)
    json_object_set_object_member (object, "canvas", canvas_to_json (self));
  json_object_set_boolean_member (object, "audio_only", self->audio_only);
  json_object_set_boolean_member (object, "tracks", self->tracks);
  if (self->tracks)
    json_object_set_array_member (object, "track_files", tracks_to_json (self));
  json_object_set_boolean_member (object, "automatic", self->is_automatic);
  if (self->is_held)
    json_object_set_boolean_member (object, "held", TRUE);
  return object;
}

/* Returns: 0 when there is none. */
static gint64
read_time (JsonObject *object, const char *name)
{
  const char *text = mcu_json_string (object, name);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL)
    return 0;
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

static gint64
read_amount (JsonObject *object, const char *name, gint64 max)
{
  return CLAMP (mcu_json_int (object, name, 0), 0, max);
}

gint64
mcu_recording_read_bytes (JsonObject *object, gint64 fallback)
{
  return CLAMP (mcu_json_int (object, "bytes", fallback), 0, G_MAXINT64 / MCU_RECORDING_MAX_PARTS);
}

gint64
mcu_recording_read_ms (JsonObject *object, const char *name, gint64 fallback)
{
  return CLAMP (mcu_json_int (object, name, fallback), 0, MAX_MS);
}

static char *
read_sum (JsonObject *object)
{
  const char *text = mcu_json_string (object, "sha256");

  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64
             ? g_strdup (text)
             : NULL;
}

static void
read_parts (McuRecordingInfo *self, JsonObject *object)
{
  JsonArray *parts = mcu_json_array (object, "parts");

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++) {
    JsonObject *one = mcu_json_array_object (parts, i);
    McuRecordingPart *part;

    if (one == NULL || !mcu_recording_file_is_valid (mcu_json_string (one, "file")) ||
        self->parts->len >= MCU_RECORDING_MAX_PARTS)
      continue;
    part = mcu_recording_info_add_part (self, mcu_json_string (one, "file"),
                                        mcu_recording_read_ms (one, "offset_ms", 0));
    part->duration_ms = mcu_recording_read_ms (one, "duration_ms", 0);
    part->bytes = mcu_recording_read_bytes (one, 0);
    part->sha256 = read_sum (one);
  }
}

static void
read_tracks (McuRecordingInfo *self, JsonObject *object)
{
  JsonArray *tracks = mcu_json_array (object, "track_files");

  for (guint i = 0; tracks != NULL && i < json_array_get_length (tracks); i++) {
    JsonObject *one = mcu_json_array_object (tracks, i);

    if (one != NULL)
      mcu_recording_info_set_track (self, mcu_json_string (one, "participant"),
                                    mcu_json_string (one, "file"),
                                    read_amount (one, "offset_ms", MAX_MS));
  }
}

McuRecordingInfo *
mcu_recording_info_from_json (JsonObject *object)
{
  const char *id = mcu_json_string (object, "id");
  const char *room = mcu_json_string (object, "room");
  const char *format = mcu_json_string (object, "format");
  gint64 started_at_us = read_time (object, "started_at");
  JsonObject *canvas = mcu_json_object (object, "canvas");
  JsonObject *error = mcu_json_object (object, "error");
  McuRecordingState state;
  McuRecordingInfo *self;

  if (id == NULL || !mcu_id_is_valid (id) || !mcu_room_name_is_valid (room) ||
      mcu_recording_extension (format, FALSE) == NULL || started_at_us <= 0 ||
      !mcu_recording_state_from_string (mcu_json_string (object, "state"), &state))
    return NULL;
  self = mcu_recording_info_new (id, room, format, started_at_us);
  self->state = state;
  self->ended_at_us = read_time (object, "ended_at");
  self->layout = g_strdup (mcu_json_string (object, "layout"));
  self->has_layout = mcu_json_bool (object, "own_layout", FALSE);
  self->audio_only = mcu_json_bool (object, "audio_only", FALSE);
  self->tracks = mcu_json_bool (object, "tracks", FALSE);
  self->is_automatic = mcu_json_bool (object, "automatic", FALSE);
  self->is_held = mcu_json_bool (object, "held", FALSE);
  if (mcu_recording_file_is_valid (mcu_json_string (object, "joined")))
    self->joined = g_strdup (mcu_json_string (object, "joined"));
  if (canvas != NULL) {
    self->width = read_amount (canvas, "width", G_MAXINT16);
    self->height = read_amount (canvas, "height", G_MAXINT16);
    self->fps = read_amount (canvas, "fps", G_MAXINT16);
  }
  if (error != NULL && mcu_json_string (error, "code") != NULL)
    mcu_recording_info_set_error (self, mcu_json_string (error, "code"),
                                  mcu_json_string (error, "detail"));
  read_parts (self, object);
  read_tracks (self, object);
  return self;
}
