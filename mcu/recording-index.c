/* mcu/recording-index.c - which recordings there are: a table in the state directory.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-index.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

/* Raised when the table's shape changes: one of another shape is made anew from the files. */
#define SHAPE 1
#define BUSY_MS 2000 /* `tessera recordings` beside a server that runs */

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS recordings (id TEXT PRIMARY KEY, room TEXT NOT NULL,"
    " folder TEXT NOT NULL, state TEXT NOT NULL, started_us INTEGER NOT NULL,"
    " ended_us INTEGER NOT NULL, bytes INTEGER NOT NULL, document TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS by_time ON recordings (started_us DESC, id DESC);"
    "CREATE INDEX IF NOT EXISTS by_room ON recordings (room, started_us DESC, id DESC);";

struct _McuRecordingIndex
{
  sqlite3 *db;
};

static gboolean
fail (McuRecordingIndex *self, const char *what, GError **error)
{
  gboolean is_full = sqlite3_errcode (self->db) == SQLITE_FULL;

  g_set_error (error, MCU_ERROR, is_full ? MCU_ERROR_DISK_FULL : MCU_ERROR_INTERNAL,
               "index of recordings: %s: %s", what, sqlite3_errmsg (self->db));
  return FALSE;
}

static gboolean
run (McuRecordingIndex *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail (self, sql, error);
}

static sqlite3_stmt *
prepare (McuRecordingIndex *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  fail (self, sql, error);
  return NULL;
}

static gint64
ask_number (McuRecordingIndex *self, const char *sql, gint64 fallback)
{
  sqlite3_stmt *statement = prepare (self, sql, NULL);
  gint64 number = fallback;

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

static gboolean
is_sound (McuRecordingIndex *self)
{
  sqlite3_stmt *statement = prepare (self, "PRAGMA quick_check (1)", NULL);
  gboolean sound = statement != NULL && sqlite3_step (statement) == SQLITE_ROW &&
                   g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;

  sqlite3_finalize (statement);
  return sound;
}

/* Its log and its shared memory get the same mode. */
static void
make_private (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    close (fd);
}

static McuRecordingIndex *
try_open (const char *path, gboolean *is_new)
{
  g_autoptr (McuRecordingIndex) self = g_new0 (McuRecordingIndex, 1);
  g_autofree char *shape = g_strdup_printf ("PRAGMA user_version = %d", SHAPE);
  gint64 version;

  make_private (path);
  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
      SQLITE_OK)
    return NULL;
  sqlite3_busy_timeout (self->db, BUSY_MS);
  version = ask_number (self, "PRAGMA user_version", -1);
  *is_new = version == 0;
  /* A write-ahead log survives a kill, and a power cut loses no more than the files know. */
  if ((version != 0 && version != SHAPE) || !is_sound (self) ||
      !run (self, "PRAGMA journal_mode = WAL", NULL) ||
      !run (self, "PRAGMA synchronous = NORMAL", NULL) || !run (self, schema, NULL) ||
      !run (self, shape, NULL))
    return NULL;
  return g_steal_pointer (&self);
}

static void
put_aside (const char *path)
{
  static const char *const endings[] = {"", "-wal", "-shm"};

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *from = g_strconcat (path, endings[i], NULL);
    g_autofree char *to = g_strconcat (path, ".broken", endings[i], NULL);

    if (g_rename (from, to) != 0)
      g_unlink (to); /* of an earlier time: it would not belong to the others */
  }
}

McuRecordingIndex *
mcu_recording_index_open (const char *path, gboolean *made, GError **error)
{
  McuRecordingIndex *self = try_open (path, made);

  if (self != NULL)
    return self;
  g_warning ("%s is no index of recordings; it is put aside and made anew", path);
  put_aside (path);
  self = try_open (path, made);
  *made = TRUE;
  if (self == NULL)
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no index of recordings at %s", path);
  return self;
}

void
mcu_recording_index_free (McuRecordingIndex *self)
{
  if (self == NULL)
    return;
  sqlite3_close (self->db);
  g_free (self);
}

static void
bind_text (sqlite3_stmt *statement, int at, const char *text)
{
  sqlite3_bind_text (statement, at, text, -1, SQLITE_TRANSIENT);
}

static gboolean
finish (McuRecordingIndex *self, sqlite3_stmt *statement, GError **error)
{
  gboolean good = sqlite3_step (statement) == SQLITE_DONE || fail (self, "write", error);

  sqlite3_finalize (statement);
  return good;
}

gboolean
mcu_recording_index_put (McuRecordingIndex *self, const McuRecordingInfo *info, GError **error)
{
  sqlite3_stmt *statement = prepare (
      self, "INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", error);
  g_autoptr (JsonObject) object = mcu_recording_info_to_json (info);
  g_autofree char *document = mcu_json_to_text (object);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, info->id);
  bind_text (statement, 2, info->room);
  bind_text (statement, 3, info->folder);
  bind_text (statement, 4, mcu_recording_state_to_string (info->state));
  sqlite3_bind_int64 (statement, 5, info->started_at_us);
  sqlite3_bind_int64 (statement, 6, info->ended_at_us);
  sqlite3_bind_int64 (statement, 7, mcu_recording_info_bytes (info));
  bind_text (statement, 8, document);
  return finish (self, statement, error);
}

/* Of a row: folder, document. */
static McuRecordingInfo *
read_row (sqlite3_stmt *statement)
{
  const char *folder = (const char *) sqlite3_column_text (statement, 0);
  const char *document = (const char *) sqlite3_column_text (statement, 1);
  g_autoptr (JsonObject) object = NULL;
  McuRecordingInfo *info;

  if (document == NULL)
    return NULL;
  object = mcu_json_parse_object (document, strlen (document), NULL);
  info = object != NULL ? mcu_recording_info_from_json (object) : NULL;
  if (info != NULL && mcu_recording_folder_is_valid (folder, info->id)) {
    g_free (info->folder);
    info->folder = g_strdup (folder);
  }
  return info;
}

static GPtrArray *
read_rows (McuRecordingIndex *self, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray)
      rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mcu_recording_info_free);
  int status;

  while ((status = sqlite3_step (statement)) == SQLITE_ROW) {
    McuRecordingInfo *info = read_row (statement);

    if (info != NULL)
      g_ptr_array_add (rows, info);
  }
  if (status != SQLITE_DONE)
    fail (self, "read", error);
  sqlite3_finalize (statement);
  return status == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

McuRecordingInfo *
mcu_recording_index_get (McuRecordingIndex *self, const char *id, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "SELECT folder, document FROM recordings WHERE id = ?",
                                     error);
  g_autoptr (GPtrArray) rows = NULL;

  if (statement == NULL)
    return NULL;
  bind_text (statement, 1, id);
  rows = read_rows (self, statement, error);
  return rows != NULL && rows->len > 0 ? mcu_recording_info_copy (rows->pdata[0]) : NULL;
}

gboolean
mcu_recording_index_remove (McuRecordingIndex *self, const char *id, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "DELETE FROM recordings WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, id);
  return finish (self, statement, error);
}

/* A cursor is "TIME_ID" of the last one shown. Returns: FALSE when @text is none. */
static gboolean
read_cursor (const char *text, gint64 *started_us, const char **id)
{
  char *end;

  *started_us = g_ascii_strtoll (text, &end, 10);
  *id = end + 1;
  return end != text && *end == '_';
}

GPtrArray *
mcu_recording_index_list (McuRecordingIndex *self, const char *room, guint limit, const char *after,
                          char **next, GError **error)
{
  sqlite3_stmt *statement = prepare (
      self,
      "SELECT folder, document FROM recordings WHERE (?1 IS NULL OR room = ?1)"
      " AND (started_us, id) < (?2, ?3) ORDER BY started_us DESC, id DESC LIMIT ?4",
      error);
  gint64 started_us = G_MAXINT64;
  const char *id = "~";
  GPtrArray *rows;

  *next = NULL;
  if (statement == NULL)
    return NULL;
  if (after != NULL && !read_cursor (after, &started_us, &id)) {
    started_us = G_MAXINT64;
    id = "~";
  }
  if (room != NULL)
    bind_text (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, started_us);
  bind_text (statement, 3, id);
  sqlite3_bind_int64 (statement, 4, (gint64) limit + 1);
  rows = read_rows (self, statement, error);
  if (rows != NULL && rows->len > limit) {
    const McuRecordingInfo *last = rows->pdata[limit - 1];

    *next = g_strdup_printf ("%" G_GINT64_FORMAT "_%s", last->started_at_us, last->id);
    g_ptr_array_set_size (rows, limit);
  }
  return rows;
}

gboolean
mcu_recording_index_count (McuRecordingIndex *self, guint64 counts[MCU_RECORDING_N_STATES],
                           GError **error)
{
  sqlite3_stmt *statement = prepare (self, "SELECT state, COUNT (*) FROM recordings GROUP BY state",
                                     error);
  McuRecordingState state;

  memset (counts, 0, sizeof *counts * MCU_RECORDING_N_STATES);
  if (statement == NULL)
    return FALSE;
  while (sqlite3_step (statement) == SQLITE_ROW)
    if (mcu_recording_state_from_string ((const char *) sqlite3_column_text (statement, 0), &state))
      counts[state] = sqlite3_column_int64 (statement, 1);
  sqlite3_finalize (statement);
  return TRUE;
}

GPtrArray *
mcu_recording_index_all (McuRecordingIndex *self, GError **error)
{
  sqlite3_stmt *statement = prepare (
      self, "SELECT folder, document FROM recordings ORDER BY ended_us, started_us", error);

  return statement != NULL ? read_rows (self, statement, error) : NULL;
}

gboolean
mcu_recording_index_clear (McuRecordingIndex *self, GError **error)
{
  return run (self, "DELETE FROM recordings", error);
}

gboolean
mcu_recording_index_begin (McuRecordingIndex *self, GError **error)
{
  return run (self, "BEGIN IMMEDIATE", error);
}

gboolean
mcu_recording_index_end (McuRecordingIndex *self, gboolean keep, GError **error)
{
  return run (self, keep ? "COMMIT" : "ROLLBACK", error);
}
