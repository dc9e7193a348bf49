/* mcu/base/log.c - one line per event on standard error.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/log.h"

#include <string.h>
#include <unistd.h>

/* Set once in init (the subject: under the lock), then read by any thread. */
static const char *log_program = "tessera";
static GLogLevelFlags log_least = G_LOG_LEVEL_MESSAGE;
static GMutex subject_lock;
static char *log_subject;

static const struct
{
  const char *name;
  const char *shown;
  GLogLevelFlags level;
} levels[] = {
    {"error", "ERROR", G_LOG_LEVEL_ERROR},    {"error", "ERROR", G_LOG_LEVEL_CRITICAL},
    {"warning", "WARN", G_LOG_LEVEL_WARNING}, {"message", "NOTE", G_LOG_LEVEL_MESSAGE},
    {"info", "INFO", G_LOG_LEVEL_INFO},       {"debug", "DEBUG", G_LOG_LEVEL_DEBUG},
};

static void
append_escaped (GString *line, const char *text, gssize length)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;

  for (gsize i = 0; i < n; i++) {
    guchar c = text[i];
    if (c == '\n')
      g_string_append (line, "\\n");
    else if (c < 0x20 || c == 0x7f)
      g_string_append_printf (line, "\\x%02x", c);
    else
      g_string_append_c (line, c);
  }
}

static const char *
shown_name (GLogLevelFlags level)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    if (level & levels[i].level)
      return levels[i].shown;
  return "NOTE";
}

static GLogWriterOutput
write_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *stamp = NULL;
  g_autoptr (GString) line = NULL;

  if ((level & G_LOG_LEVEL_MASK) > log_least)
    return G_LOG_WRITER_HANDLED;

  now = g_date_time_new_now_utc ();
  stamp = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  line = g_string_new (NULL);
  g_string_append_printf (line, "%s.%03dZ %s", stamp, g_date_time_get_microsecond (now) / 1000,
                          log_program);
  g_mutex_lock (&subject_lock);
  if (log_subject != NULL)
    g_string_append_printf (line, "[%s]", log_subject);
  g_mutex_unlock (&subject_lock);
  g_string_append_printf (line, " %s ", shown_name (level));
  for (gsize i = 0; i < n_fields; i++)
    if (g_strcmp0 (fields[i].key, "MESSAGE") == 0)
      append_escaped (line, fields[i].value, fields[i].length);
  g_string_append_c (line, '\n');
  /* A log that cannot be written has nobody to be told. */
  if (write (STDERR_FILENO, line->str, line->len) < 0)
    return G_LOG_WRITER_UNHANDLED;
  return G_LOG_WRITER_HANDLED;
}

void
mcu_log_init (const char *program)
{
  const char *wanted = g_getenv ("TESSERA_LOG");

  log_program = program;
  for (guint i = 0; wanted != NULL && i < G_N_ELEMENTS (levels); i++)
    if (g_ascii_strcasecmp (wanted, levels[i].name) == 0)
      log_least = levels[i].level;
  g_log_set_writer_func (write_line, NULL, NULL);
}

void
mcu_log_set_subject (const char *subject)
{
  g_mutex_lock (&subject_lock);
  g_free (log_subject);
  log_subject = g_strdup (subject);
  g_mutex_unlock (&subject_lock);
}
