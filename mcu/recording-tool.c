/* mcu/recording-tool.c - tessera-room in another role, for one file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/recording-tool.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define MAX_OUTPUT_BYTES (64 * 1024)

struct _McuRecordingTool
{
  GSubprocess *process;      /* owned (nullable) */
  McuRecordingToolFunc func; /* (nullable): NULL once stopped */
  gpointer user_data;
  guint timeout_source;
  gboolean is_late;
  GError *error;
  gsize n_output;
  char output[MAX_OUTPUT_BYTES + 1]; /* the last byte: it is more than that */
};

static void
finish (McuRecordingTool *self, JsonObject *result, const GError *error)
{
  if (self->func != NULL)
    self->func (result, error, self->user_data);
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  g_clear_object (&self->process);
  g_clear_error (&self->error);
  g_free (self);
}

static JsonObject *
read_output (McuRecordingTool *self, GError **error)
{
  JsonObject *object = NULL;

  if (self->is_late)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_TIMEOUT, "it took too long");
  else if (self->n_output > MAX_OUTPUT_BYTES)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "it said too much");
  else if (!g_subprocess_get_if_exited (self->process) ||
           g_subprocess_get_exit_status (self->process) != 0)
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "it failed");
  else
    object = mcu_json_parse_object (self->output, self->n_output, error);
  return object;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  McuRecordingTool *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (g_subprocess_wait_finish (self->process, result, &error))
    object = read_output (self, &error);
  finish (self, object, error);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  McuRecordingTool *self = data;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &self->n_output, NULL);
  if (self->n_output > MAX_OUTPUT_BYTES)
    g_subprocess_force_exit (self->process);
  g_subprocess_wait_async (self->process, NULL, on_ended, self);
}

static gboolean
on_late (gpointer data)
{
  McuRecordingTool *self = data;

  self->timeout_source = 0;
  self->is_late = TRUE;
  g_subprocess_force_exit (self->process);
  return G_SOURCE_REMOVE;
}

static gboolean
on_not_started (gpointer data)
{
  McuRecordingTool *self = data;

  finish (self, NULL, self->error);
  return G_SOURCE_REMOVE;
}

/* Nobody has to write to it: the process reads as much of it as it likes. */
static int
make_input (const char *input, GError **error)
{
  gsize length = strlen (input);
  int fd = memfd_create ("input", MFD_CLOEXEC);

  if (fd >= 0 && write (fd, input, length) == (gssize) length && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  g_set_error_literal (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no memory for what it is to read");
  if (fd >= 0)
    close (fd);
  return -1;
}

static GSubprocess *
spawn (const char *program, const char *const *arguments, const char *input, GError **error)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  int fd = input != NULL ? make_input (input, error) : -1;

  if (input != NULL && fd < 0)
    return NULL;
  if (fd >= 0)
    g_subprocess_launcher_take_stdin_fd (launcher, fd);
  g_ptr_array_add (argv, (gpointer) program);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
}

McuRecordingTool *
mcu_recording_tool_run (const char *program, const char *const *arguments, const char *input,
                        guint timeout_s, McuRecordingToolFunc func, gpointer user_data)
{
  McuRecordingTool *self = g_new0 (McuRecordingTool, 1);

  self->func = func;
  self->user_data = user_data;
  self->process = spawn (program, arguments, input, &self->error);
  if (self->process == NULL) {
    g_idle_add (on_not_started, self);
    return self;
  }
  self->timeout_source = g_timeout_add_seconds (timeout_s, on_late, self);
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (self->process), self->output,
                                 sizeof self->output, G_PRIORITY_DEFAULT, NULL, on_read, self);
  return self;
}

void
mcu_recording_tool_stop (McuRecordingTool *self)
{
  self->func = NULL;
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
}
