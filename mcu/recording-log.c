/* mcu/recording-log.c - what happened while a recording ran: for its sidecar.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-log.h"

#include <string.h>

#include "mcu/base/json-check.h"

/* Chapters and pauses are read once more for each part, on the main loop; anybody who shares a
 * screen makes chapters. */
#define MAX_OUTLINE_BYTES (256 * 1024)

/* Kept as text: writing a sidecar of a long meeting is copying, not building it anew. */
typedef enum
{
  PEOPLE,
  SPOKE,
  SCREENS,
  LAYOUTS,
  CHAT,
  PAUSES,
  CHAPTERS,
  N_LISTS
} List;

static const char *const list_names[N_LISTS] = {"participants", "spoke",  "screens", "layouts",
                                                "chat",         "pauses", "chapters"};

struct _McuRecordingLog
{
  GString *lists[N_LISTS]; /* entries, separated by commas */
  GHashTable *people;      /* id -> JsonObject, owned: who is there */
  GHashTable *screens;     /* the same, of who shares */
  JsonObject *speaker;     /* owned (nullable) */
  JsonObject *pause;       /* owned (nullable) */
  gsize bytes;
  gboolean truncated;
};

static void
append (GString *list, JsonObject *entry)
{
  g_autofree char *text = mcu_json_to_text (entry);

  if (list->len > 0)
    g_string_append_c (list, ',');
  g_string_append (list, text);
}

static void
add (McuRecordingLog *self, List list, JsonObject *entry)
{
  gsize before = self->lists[list]->len;
  gboolean is_outline = list == CHAPTERS || list == PAUSES;

  if (self->bytes >= MCU_RECORDING_LOG_MAX_BYTES || (is_outline && before >= MAX_OUTLINE_BYTES)) {
    self->truncated = TRUE;
    return;
  }
  append (self->lists[list], entry);
  self->bytes += self->lists[list]->len - before;
}

McuRecordingLog *
mcu_recording_log_new (void)
{
  McuRecordingLog *self = g_new0 (McuRecordingLog, 1);

  for (List i = 0; i < N_LISTS; i++)
    self->lists[i] = g_string_new (NULL);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) json_object_unref);
  self->screens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) json_object_unref);
  return self;
}

void
mcu_recording_log_free (McuRecordingLog *self)
{
  if (self == NULL)
    return;
  for (List i = 0; i < N_LISTS; i++)
    g_string_free (self->lists[i], TRUE);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->screens);
  g_clear_pointer (&self->speaker, json_object_unref);
  g_clear_pointer (&self->pause, json_object_unref);
  g_free (self);
}

static JsonObject *
new_entry (const char *participant, const char *time, gint64 at_ms)
{
  JsonObject *entry = json_object_new ();

  if (participant != NULL)
    json_object_set_string_member (entry, "participant", participant);
  json_object_set_int_member (entry, time, at_ms);
  return entry;
}

/* @entry is taken out of where it goes on, and written down. */
static void
end (McuRecordingLog *self, List list, JsonObject *entry, const char *time, gint64 at_ms)
{
  json_object_set_int_member (entry, time, at_ms);
  add (self, list, entry);
}

void
mcu_recording_log_joined (McuRecordingLog *self, gint64 at_ms, const McuRecordingLogPerson *person)
{
  JsonObject *entry;

  if (g_hash_table_contains (self->people, person->id))
    return;
  entry = json_object_new ();
  json_object_set_string_member (entry, "id", person->id);
  json_object_set_string_member (entry, "name", person->name);
  if (person->identity != NULL)
    json_object_set_string_member (entry, "identity", person->identity);
  json_object_set_string_member (entry, "kind", person->kind);
  json_object_set_boolean_member (entry, "recorded", person->recorded);
  json_object_set_int_member (entry, "joined_ms", at_ms);
  g_hash_table_insert (self->people, g_strdup (person->id), entry);
}

void
mcu_recording_log_left (McuRecordingLog *self, gint64 at_ms, const char *id)
{
  JsonObject *entry = g_hash_table_lookup (self->people, id);

  mcu_recording_log_screen (self, at_ms, id, FALSE);
  if (self->speaker != NULL && g_str_equal (mcu_json_string (self->speaker, "participant"), id))
    mcu_recording_log_speaker (self, at_ms, NULL);
  if (entry == NULL)
    return;
  end (self, PEOPLE, entry, "left_ms", at_ms);
  g_hash_table_remove (self->people, id);
}

void
mcu_recording_log_recorded (McuRecordingLog *self, gint64 at_ms, const char *id, gboolean recorded)
{
  JsonObject *entry = g_hash_table_lookup (self->people, id);
  JsonArray *changes = entry != NULL ? mcu_json_array (entry, "changes") : NULL;
  JsonObject *change;

  if (entry == NULL || (changes != NULL && json_array_get_length (changes) >= 100))
    return;
  if (changes == NULL) {
    changes = json_array_new ();
    json_object_set_array_member (entry, "changes", changes);
  }
  change = new_entry (NULL, "at_ms", at_ms);
  json_object_set_boolean_member (change, "recorded", recorded);
  json_array_add_object_element (changes, change);
}

void
mcu_recording_log_speaker (McuRecordingLog *self, gint64 at_ms, const char *id)
{
  if (self->speaker != NULL) {
    end (self, SPOKE, self->speaker, "to_ms", at_ms);
    g_clear_pointer (&self->speaker, json_object_unref);
  }
  if (id != NULL)
    self->speaker = new_entry (id, "from_ms", at_ms);
}

void
mcu_recording_log_screen (McuRecordingLog *self, gint64 at_ms, const char *id, gboolean is_shared)
{
  JsonObject *entry = g_hash_table_lookup (self->screens, id);

  if (is_shared == (entry != NULL))
    return;
  if (is_shared) {
    g_hash_table_insert (self->screens, g_strdup (id), new_entry (id, "from_ms", at_ms));
    return;
  }
  end (self, SCREENS, entry, "to_ms", at_ms);
  g_hash_table_remove (self->screens, id);
}

static void
add_named (McuRecordingLog *self, List list, gint64 at_ms, const char *name, const char *value)
{
  g_autoptr (JsonObject) entry = new_entry (NULL, "at_ms", at_ms);

  json_object_set_string_member (entry, name, value);
  add (self, list, entry);
}

void
mcu_recording_log_layout (McuRecordingLog *self, gint64 at_ms, const char *name)
{
  add_named (self, LAYOUTS, at_ms, "name", name);
}

void
mcu_recording_log_chapter (McuRecordingLog *self, gint64 at_ms, const char *title)
{
  add_named (self, CHAPTERS, at_ms, "title", title);
}

void
mcu_recording_log_chat (McuRecordingLog *self, gint64 at_ms, const char *id, const char *name,
                        const char *text)
{
  g_autoptr (JsonObject) entry = new_entry (id, "at_ms", at_ms);

  json_object_set_string_member (entry, "name", name);
  json_object_set_string_member (entry, "text", text);
  add (self, CHAT, entry);
}

void
mcu_recording_log_pause (McuRecordingLog *self, gint64 at_ms, gboolean is_paused)
{
  if (is_paused == (self->pause != NULL))
    return;
  if (is_paused) {
    self->pause = new_entry (NULL, "from_ms", at_ms);
    return;
  }
  end (self, PAUSES, self->pause, "to_ms", at_ms);
  g_clear_pointer (&self->pause, json_object_unref);
}

static void
end_all (McuRecordingLog *self, List list, GHashTable *going, const char *time, gint64 at_ms)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, going);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    end (self, list, entry, time, at_ms);
  g_hash_table_remove_all (going);
}

void
mcu_recording_log_close (McuRecordingLog *self, gint64 at_ms)
{
  mcu_recording_log_speaker (self, at_ms, NULL);
  mcu_recording_log_pause (self, at_ms, FALSE);
  end_all (self, SCREENS, self->screens, "to_ms", at_ms);
  end_all (self, PEOPLE, self->people, "left_ms", at_ms);
}

void
mcu_recording_log_read (McuRecordingLog *self, JsonObject *sidecar)
{
  for (List i = 0; i < N_LISTS; i++) {
    JsonArray *entries = mcu_json_array (sidecar, list_names[i]);

    for (guint j = 0; entries != NULL && j < json_array_get_length (entries); j++) {
      JsonObject *entry = mcu_json_array_object (entries, j);

      if (entry != NULL)
        add (self, i, entry);
    }
  }
  self->truncated = self->truncated || mcu_json_bool (sidecar, "log_truncated", FALSE);
}

static void
append_all (GString *list, GHashTable *going)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, going);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    append (list, entry);
}

/* What goes on is written without an end; then taken off again. */
static void
append_list (McuRecordingLog *self, GString *text, List i)
{
  GString *list = self->lists[i];
  gsize length = list->len;

  if (i == PEOPLE)
    append_all (list, self->people);
  if (i == SCREENS)
    append_all (list, self->screens);
  if (i == SPOKE && self->speaker != NULL)
    append (list, self->speaker);
  if (i == PAUSES && self->pause != NULL)
    append (list, self->pause);
  g_string_append_printf (text, ",\n\"%s\":[", list_names[i]);
  g_string_append_len (text, list->str, list->len);
  g_string_append_c (text, ']');
  g_string_truncate (list, length);
}

char *
mcu_recording_log_to_text (McuRecordingLog *self, JsonObject *about)
{
  g_autofree char *start = mcu_json_to_text (about);
  GString *text = g_string_new_len (start, strrchr (start, '}') - start);

  for (List i = 0; i < N_LISTS; i++)
    append_list (self, text, i);
  g_string_append_printf (text, ",\n\"log_truncated\":%s}\n", self->truncated ? "true" : "false");
  return g_string_free (text, FALSE);
}

JsonObject *
mcu_recording_log_outline (McuRecordingLog *self, JsonObject *about)
{
  g_autofree char *start = mcu_json_to_text (about);
  g_autoptr (GString) text = g_string_new_len (start, strrchr (start, '}') - start);

  append_list (self, text, PAUSES);
  append_list (self, text, CHAPTERS);
  g_string_append_c (text, '}');
  return mcu_json_parse_object (text->str, text->len, NULL);
}
