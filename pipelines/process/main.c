/* pipelines/process/main.c - tessera-room: one meeting's media, in a process of its own.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Started by tessera with the link as file descriptor 3. Warms up, closes itself in, says hello. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/base/link.h"
#include "mcu/base/log.h"
#include "pipelines/live/input-role.h"
#include "pipelines/live/stream-role.h"
#include "pipelines/mix/video/canvas.h"
#include "pipelines/process/draw.h"
#include "pipelines/process/plugins.h"
#include "pipelines/process/record-tool.h"
#include "pipelines/process/sandbox.h"
#include "pipelines/room/commands.h"

/* A peer has ten threads and more; with glibc's default of 8 arenas a core each would keep its own.
 */
#define MALLOC_ARENAS 4

/* Nobody pings a process that is ending, so a teardown that hangs then would be there for ever. */
#define END_WITHIN_S 10

/* Where recordings go; what starts us says it, since nothing can be opened later. */
#define CA_VARIABLE "TESSERA_CA_FILE"
#define RECORDINGS_VARIABLE "TESSERA_RECORDINGS"

/* Returns: -1 when there are to be none. */
static int
open_recordings (void)
{
  const char *path = g_getenv (RECORDINGS_VARIABLE);
  int fd = path != NULL ? open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

  if (path != NULL && fd < 0)
    g_warning ("no recordings: %s: %s", path, g_strerror (errno));
  return fd;
}

static gboolean
get_ready (GError **error)
{
  if (!mcu_plugins_init (error) || !mcu_plugins_warm_up (error))
    return FALSE;
  mcu_decor_warm_up ();
  return mcu_sandbox_enter (error);
}

static gboolean
has_link (void)
{
  struct stat status;

  return fstat (MCU_LINK_FD, &status) == 0 && S_ISSOCK (status.st_mode);
}

/* No settings of somebody's desktop, and no way around egress.h through a proxy. */
static void
clean_environment (void)
{
  static const char *const proxies[] = {"http_proxy",  "https_proxy", "all_proxy", "HTTP_PROXY",
                                        "HTTPS_PROXY", "ALL_PROXY",   "ftp_proxy"};

  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (proxies); i++)
    g_unsetenv (proxies[i]);
}

/* Instead of the system's authorities. */
static gboolean
trust_authorities (const char *path, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;

  if (path == NULL)
    return TRUE;
  database = g_tls_file_database_new (path, error);
  if (database == NULL)
    return FALSE;
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
  return TRUE;
}

/* A live output or an input: the same sandbox, but for connections. Plugins come when it is known
 * which. */
static int
run_side (const char *name, int (*run) (void))
{
  const char *ca_file = g_getenv (CA_VARIABLE);
  g_autoptr (GError) error = NULL;

  mcu_log_init (name);
  signal (SIGINT, SIG_IGN);
  signal (SIGTERM, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  clean_environment ();
  mcu_sandbox_allow_network (ca_file);
  if (!trust_authorities (ca_file, &error) || !mcu_plugins_start (&error) ||
      !mcu_sandbox_enter (&error)) {
    g_warning ("not usable: %s", error->message);
    return 1;
  }
  /* Nothing here is to be finished when control dies, and one that hangs would be there for ever.
   */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  return run ();
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (McuCommands) commands = NULL;
  g_autoptr (GError) error = NULL;
  int recordings_fd;

  if (argc > 1 && strcmp (argv[1], "--version") == 0) {
    puts ("tessera-room " TESSERA_VERSION);
    return 0;
  }
  if (argc > 1 && strcmp (argv[1], "draw") == 0)
    return mcu_draw_main (argc - 1, argv + 1);
  if (mcu_record_tool_is_asked (argc, argv))
    return mcu_record_tool_main (argc, argv);
  if (!has_link ()) {
    fputs ("tessera-room is started by tessera; it has no link here\n", stderr);
    return 2;
  }
  if (argc > 1 && strcmp (argv[1], "--stream") == 0)
    return run_side ("tessera-stream", mcu_stream_role_run);
  if (argc > 1 && strcmp (argv[1], "--input") == 0)
    return run_side ("tessera-input", mcu_input_role_run);
  mcu_log_init ("tessera-room");
  mallopt (M_ARENA_MAX, MALLOC_ARENAS);
  /* Ctrl-C in a terminal reaches us too; control decides when we end. */
  signal (SIGINT, SIG_IGN);
  signal (SIGTERM, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  recordings_fd = open_recordings ();
  mcu_sandbox_allow_recordings (recordings_fd);
  if (!get_ready (&error)) {
    g_warning ("not usable: %s", error->message);
    return 1;
  }
  commands = mcu_commands_new (MCU_LINK_FD, loop);
  mcu_commands_set_recordings (commands, recordings_fd);
  g_main_loop_run (loop);
  alarm (END_WITHIN_S); /* SIGALRM ends us */
  g_clear_pointer (&commands, mcu_commands_free);
  mcu_plugins_finish ();
  return 0;
}
