/* signaling/main.c - tessera's command line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/base/log.h"
#include "mcu/config.h"
#include "signaling/commands.h"
#include "signaling/serve.h"

#define EXIT_USAGE 2

typedef struct
{
  char *config_path; /* (nullable) */
  gboolean open;
  gboolean check_config;
  gboolean print_config;
  gboolean version;
} Options;

static const char summary[] =
    "Video meetings, mixed on the server. Without a command it serves.\n\n"
    "Commands:\n"
    "  layout check FILE...                                  say whether layout files are good\n"
    "  layout draw LAYOUT --people N --out FILE.png          draw one\n"
    "  token --room ROOM [--admin] [--viewer] [--name N] [--ttl S] [--url]   print a token\n"
    "  keys                                                  make a new API key and secret\n"
    "  recordings check                                      compare their index with the files\n"
    "  recordings join ID                                    make one file of a recording's parts";

static gboolean
parse (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"config", 0, 0, G_OPTION_ARG_FILENAME, &options->config_path, "read this key file", "FILE"},
      {"open", 0, 0, G_OPTION_ARG_NONE, &options->open,
       "listen beyond loopback without keys: everybody may join", NULL},
      {"check-config", 0, 0, G_OPTION_ARG_NONE, &options->check_config,
       "say whether the configuration is good, and end", NULL},
      {"print-config", 0, 0, G_OPTION_ARG_NONE, &options->print_config,
       "print every setting as it is now, and end", NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "print the version, and end", NULL},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[COMMAND]");

  g_option_context_set_summary (context, summary);
  g_option_context_set_strict_posix (context, TRUE); /* what follows a command is the command's */
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static McuConfig *
load_config (gpointer user_data, GError **error)
{
  const Options *options = user_data;
  g_autoptr (McuConfig) config = mcu_config_new ();

  if ((options->config_path != NULL &&
       !mcu_config_load_file (config, options->config_path, error)) ||
      !mcu_config_load_environment (config, error) || !mcu_config_finish (config, error))
    return NULL;
  return g_steal_pointer (&config);
}

static int
print_config (McuConfig *config)
{
  g_autofree char *text = mcu_config_print (config);

  fputs (text, stdout);
  return EXIT_SUCCESS;
}

static int
run_command (int argc, char **argv, McuConfig *config)
{
  if (strcmp (argv[0], "token") == 0)
    return mcu_command_token (argc, argv, config);
  if (strcmp (argv[0], "keys") == 0)
    return mcu_command_keys ();
  if (strcmp (argv[0], "layout") == 0)
    return mcu_command_layout (argc, argv);
  if (strcmp (argv[0], "recordings") == 0)
    return mcu_command_recordings (argc, argv, config);
  fprintf (stderr, "tessera: unknown command '%s'; see tessera --help\n", argv[0]);
  return EXIT_USAGE;
}

static int
run (int argc, char **argv, Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuConfig) config = NULL;

  if (options->version) {
    puts ("tessera " TESSERA_VERSION);
    return EXIT_SUCCESS;
  }
  config = load_config (options, &error);
  if (config == NULL) {
    fprintf (stderr, "tessera: %s\n", error->message);
    return EXIT_FAILURE;
  }
  if (options->print_config)
    return print_config (config);
  if (options->check_config) {
    puts ("the configuration is good");
    return EXIT_SUCCESS;
  }
  if (argc > 1)
    return run_command (argc - 1, argv + 1, config);
  return mcu_serve (config, options->open, load_config, options);
}

int
main (int argc, char **argv)
{
  Options options = {0};
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "");
  mcu_log_init ("tessera");
  if (parse (&argc, &argv, &options, &error)) {
    status = run (argc, argv, &options);
  } else {
    fprintf (stderr, "tessera: %s\n", error->message);
    status = EXIT_USAGE;
  }
  g_free (options.config_path);
  return status;
}
