/* mcu/recording-rebuild.c - the index and the files made to agree: at a start, after a crash, by
 * command.  SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "mcu/base/json-check.h"
#include "mcu/recording-log.h"
#include "mcu/recording-store.h"

typedef struct
{
  McuRecordingProblemFunc func; /* (nullable) */
  gpointer user_data;
  guint n;
} Problems;

static void G_GNUC_PRINTF (2, 3) tell (Problems *problems, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  problems->n++;
  if (problems->func != NULL)
    problems->func (text, problems->user_data);
}

static guint
number_of (const char *file)
{
  return file[strspn (file, "0123456789")] == '.' ? strtoul (file, NULL, 10) : 0;
}

static gboolean
has_part (const McuRecordingInfo *info, const char *file)
{
  for (guint i = 0; i < info->parts->len; i++)
    if (g_str_equal (((McuRecordingPart *) info->parts->pdata[i])->file, file))
      return TRUE;
  return FALSE;
}

static gint
compare_parts (gconstpointer a, gconstpointer b)
{
  const McuRecordingPart *one = *(const McuRecordingPart *const *) a;
  const McuRecordingPart *other = *(const McuRecordingPart *const *) b;

  return (gint) number_of (one->file) - (gint) number_of (other->file);
}

/* Parts that are there and not known, and sizes as they are; a part without a file stays, with
 * nothing in it. How long a part is, only a look inside says. */
static void
look_at_parts (McuRecordingFiles *files, McuRecordingInfo *info, Problems *problems)
{
  g_auto (GStrv) names = mcu_recording_files_list (files, info->folder);

  for (guint i = 0; names[i] != NULL; i++) {
    const McuRecordingPart *last = mcu_recording_info_last_part (info);
    McuRecordingPart *part;

    if (number_of (names[i]) == 0 || has_part (info, names[i]) ||
        info->parts->len >= MCU_RECORDING_MAX_PARTS)
      continue;
    tell (problems, "%s: %s was not known", info->id, names[i]);
    part = mcu_recording_info_add_part (info, names[i],
                                        last != NULL ? last->offset_ms + last->duration_ms : 0);
    part->bytes = MAX (0, mcu_recording_files_get_size (files, info->folder, names[i]));
  }
  g_ptr_array_sort (info->parts, compare_parts);
  for (guint i = 0; i < info->parts->len; i++) {
    McuRecordingPart *part = info->parts->pdata[i];
    gint64 bytes = mcu_recording_files_get_size (files, info->folder, part->file);

    if (bytes < 0)
      tell (problems, "%s: %s is missing", info->id, part->file);
    else if (bytes != part->bytes && mcu_recording_state_is_over (info->state))
      tell (problems, "%s: %s has %" G_GINT64_FORMAT " bytes, not %" G_GINT64_FORMAT, info->id,
            part->file, bytes, part->bytes);
    part->bytes = MAX (bytes, 0);
  }
}

static const char *
format_of (const char *file)
{
  static const char *const pairs[][2] = {{".mp4", "mp4"}, {".m4a", "mp4"}, {".webm", "webm"},
                                         {".mkv", "mkv"}, {".mka", "mkv"}, {".ogg", "ogg"}};

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_str_has_suffix (file, pairs[i][0]))
      return pairs[i][1];
  return NULL;
}

/* Of a folder whose sidecar is gone: which room it was of nobody knows any more. */
static McuRecordingInfo *
guess (McuRecordingFiles *files, const char *folder)
{
  g_auto (GStrv) names = mcu_recording_files_list (files, folder);
  g_autofree char *day = g_strdup_printf ("%.4s-%.2s-01T00:00:00Z", folder, folder + 5);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (day, NULL);
  McuRecordingInfo *info = NULL;

  for (guint i = 0; names[i] != NULL && info == NULL; i++) {
    if (number_of (names[i]) == 0 || time == NULL)
      continue;
    info = mcu_recording_info_new (strrchr (folder, '/') + 1, "unknown", format_of (names[i]),
                                   g_date_time_to_unix (time) * G_USEC_PER_SEC);
    info->audio_only = g_str_has_suffix (names[i], "a");
    info->state = MCU_RECORDING_FINISHING;
  }
  return info;
}

static McuRecordingInfo *
read_folder (McuRecordingFiles *files, const char *folder, Problems *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) sidecar = mcu_recording_files_read_sidecar (files, folder, &error);
  McuRecordingInfo *info = sidecar != NULL ? mcu_recording_info_from_json (sidecar) : NULL;

  if (info == NULL || !g_str_equal (info->id, strrchr (folder, '/') + 1)) {
    g_clear_pointer (&info, mcu_recording_info_free);
    tell (problems, "%s: no good sidecar%s%s", folder, error != NULL ? ": " : "",
          error != NULL ? error->message : "");
    info = guess (files, folder);
  }
  if (info == NULL)
    return NULL;
  g_free (info->folder);
  info->folder = g_strdup (folder);
  look_at_parts (files, info, problems);
  return info;
}

static gboolean
write_down (McuRecordingStore *self, const McuRecordingInfo *info, GError **error)
{
  McuRecordingFiles *files = mcu_recording_store_get_files (self);
  g_autoptr (JsonObject) sidecar = mcu_recording_files_read_sidecar (files, info->folder, NULL);
  g_autoptr (JsonObject) about = mcu_recording_info_to_json (info);
  McuRecordingLog *log = mcu_recording_log_new ();
  g_autofree char *text = NULL;

  if (sidecar != NULL)
    mcu_recording_log_read (log, sidecar);
  text = mcu_recording_log_to_text (log, about);
  mcu_recording_log_free (log);
  return mcu_recording_store_save (self, info, text, error);
}

static gint
rebuild (McuRecordingStore *self, McuRecordingProblemFunc problem, gpointer user_data,
         GError **error)
{
  McuRecordingFiles *files = mcu_recording_store_get_files (self);
  Problems problems = {problem, user_data, 0};
  g_auto (GStrv) folders = mcu_recording_files_scan (files);
  gint n = 0;

  if (!mcu_recording_index_clear (mcu_recording_store_get_index (self), error))
    return -1;
  for (guint i = 0; folders[i] != NULL; i++) {
    guint before = problems.n;
    g_autoptr (McuRecordingInfo) info = read_folder (files, folders[i], &problems);
    gboolean changed = problems.n != before;

    if (info == NULL)
      continue;
    if (!(changed ? write_down (self, info, error)
                  : mcu_recording_store_save (self, info, NULL, error)))
      return -1;
    n++;
  }
  return n;
}

gint
mcu_recording_store_rebuild (McuRecordingStore *self, McuRecordingProblemFunc problem,
                             gpointer user_data, GError **error)
{
  McuRecordingIndex *index = mcu_recording_store_get_index (self);
  gint n;

  if (!mcu_recording_index_begin (index, error))
    return -1;
  n = rebuild (self, problem, user_data, error);
  return mcu_recording_index_end (index, n >= 0, n >= 0 ? error : NULL) ? n : -1;
}

static void
check_entry (McuRecordingStore *self, McuRecordingInfo *info, GHashTable *known, gboolean is_served,
             Problems *problems)
{
  McuRecordingFiles *files = mcu_recording_store_get_files (self);
  g_autoptr (JsonObject) sidecar = mcu_recording_files_read_sidecar (files, info->folder, NULL);

  g_hash_table_add (known, g_strdup (info->folder));
  if (is_served && !mcu_recording_state_is_over (info->state))
    return;
  if (sidecar == NULL)
    tell (problems, "%s: its sidecar is missing", info->id);
  else if (g_strcmp0 (mcu_json_string (sidecar, "state"),
                      mcu_recording_state_to_string (info->state)) != 0)
    tell (problems, "%s: index and sidecar differ", info->id);
  look_at_parts (files, info, problems);
  if (!mcu_recording_state_is_over (info->state))
    tell (problems, "%s: is not finished (%s)", info->id,
          mcu_recording_state_to_string (info->state));
}

gint
mcu_recording_store_check (McuRecordingStore *self, gboolean is_served,
                           McuRecordingProblemFunc problem, gpointer user_data, GError **error)
{
  Problems problems = {problem, user_data, 0};
  g_autoptr (GPtrArray) all = mcu_recording_index_all (mcu_recording_store_get_index (self), error);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) folders = NULL;

  if (all == NULL)
    return -1;
  for (guint i = 0; i < all->len; i++)
    check_entry (self, all->pdata[i], known, is_served, &problems);
  folders = mcu_recording_files_scan (mcu_recording_store_get_files (self));
  for (guint i = 0; folders[i] != NULL; i++)
    if (!g_hash_table_contains (known, folders[i]))
      tell (&problems, "%s: is in no index", folders[i]);
  return problems.n;
}

GPtrArray *
mcu_recording_store_recover (McuRecordingStore *self, GError **error)
{
  g_autoptr (GPtrArray)
      all = mcu_recording_store_open (self, error)
                ? mcu_recording_index_all (mcu_recording_store_get_index (self), error)
                : NULL;
  GPtrArray *found;
  Problems nobody = {0};

  if (all == NULL)
    return NULL;
  found = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_recording_found_free);
  for (guint i = 0; i < all->len; i++) {
    const McuRecordingInfo *info = all->pdata[i];
    McuRecordingFound *one;

    if (mcu_recording_state_is_over (info->state))
      continue;
    one = mcu_recording_store_find (self, info->id, NULL);
    if (one == NULL)
      continue;
    look_at_parts (mcu_recording_store_get_files (self), one->info, &nobody);
    g_ptr_array_add (found, one);
  }
  return found;
}
