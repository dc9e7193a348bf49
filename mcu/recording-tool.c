/* mcu/recording-tool.c - tessera-room in another role, for one file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-tool.h"

#include <gio/gio.h>
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define MAX_OUTPUT_BYTES (64 * 1024)

typedef struct
{
  GSubprocess *process; /* owned (nullable) */
  McuRecordingToolFunc func;
  gpointer user_data;
  guint timeout_source;
  gboolean is_late;
  GError *error;
} Run;

static void
free_run (Run *run)
{
  g_clear_handle_id (&run->timeout_source, g_source_remove);
  g_clear_object (&run->process);
  g_clear_error (&run->error);
  g_free (run);
}

static JsonObject *
read_output (Run *run, const char *text, GError **error)
{
  JsonObject *object = NULL;

  if (run->is_late)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_TIMEOUT, "it took too long");
  else if (!g_subprocess_get_if_exited (run->process) ||
           g_subprocess_get_exit_status (run->process) != 0)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "it failed");
  else if (text == NULL || strlen (text) > MAX_OUTPUT_BYTES)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "it said nothing of use");
  else
    object = mcu_json_parse_object (text, strlen (text), error);
  return object;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (g_subprocess_communicate_utf8_finish (run->process, result, &text, NULL, &error))
    object = read_output (run, text, &error);
  run->func (object, error, run->user_data);
  free_run (run);
}

static gboolean
on_late (gpointer data)
{
  Run *run = data;

  run->timeout_source = 0;
  run->is_late = TRUE;
  g_subprocess_force_exit (run->process);
  return G_SOURCE_REMOVE;
}

static gboolean
on_not_started (gpointer data)
{
  Run *run = data;

  run->func (NULL, run->error, run->user_data);
  free_run (run);
  return G_SOURCE_REMOVE;
}

void
mcu_recording_tool_run (const char *program, const char *const *arguments, const char *input,
                        guint timeout_s, McuRecordingToolFunc func, gpointer user_data)
{
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                           (input != NULL ? G_SUBPROCESS_FLAGS_STDIN_PIPE : 0);
  Run *run = g_new0 (Run, 1);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  run->func = func;
  run->user_data = user_data;
  g_ptr_array_add (argv, (gpointer) program);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  run->process = g_subprocess_newv ((const char *const *) argv->pdata, flags, &run->error);
  if (run->process == NULL) {
    g_idle_add (on_not_started, run);
    return;
  }
  run->timeout_source = g_timeout_add_seconds (timeout_s, on_late, run);
  g_subprocess_communicate_utf8_async (run->process, input, NULL, on_ended, run);
}
