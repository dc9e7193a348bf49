/* signaling/commands.c - sub-commands that need no running server.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/commands.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layouts/layout-store.h"
#include "mcu/base/id.h"
#include "mcu/config.h"
#include "mcu/room-process.h"
#include "signaling/jwt.h"

#define SECRET_BYTES 32
#define DEFAULT_TTL_S 3600
#define MAX_TTL_S (10 * 365 * 24 * 3600)

typedef struct
{
  char *room;
  char *name;
  char *identity;
  char *key;
  int ttl_s;
  gboolean admin;
  gboolean viewer;
  gboolean record;
  gboolean url;
} TokenOptions;

static void
clear_options (TokenOptions *options)
{
  g_free (options->room);
  g_free (options->name);
  g_free (options->identity);
  g_free (options->key);
}

static gboolean
parse_options (int argc, char **argv, TokenOptions *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"room", 0, 0, G_OPTION_ARG_STRING, &options->room, "the room it is for", "ROOM"},
      {"admin", 0, 0, G_OPTION_ARG_NONE, &options->admin, "a moderator's token", NULL},
      {"viewer", 0, 0, G_OPTION_ARG_NONE, &options->viewer, "may only watch", NULL},
      {"record", 0, 0, G_OPTION_ARG_NONE, &options->record, "may record, and fetch recordings",
       NULL},
      {"name", 0, 0, G_OPTION_ARG_STRING, &options->name, "display name", "NAME"},
      {"identity", 0, 0, G_OPTION_ARG_STRING, &options->identity,
       "by default none: the link is for many", "ID"},
      {"key", 0, 0, G_OPTION_ARG_STRING, &options->key, "name of the key; by default the first",
       "KEY"},
      {"ttl", 0, 0, G_OPTION_ARG_INT, &options->ttl_s, "how long it holds (3600)", "SECONDS"},
      {"url", 0, 0, G_OPTION_ARG_NONE, &options->url, "print the whole link", NULL},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- print a signed token");

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

static const char *
problem_of (const TokenOptions *options)
{
  if (!mcu_room_name_is_valid (options->room))
    return "--room ROOM is needed: 1 to 64 of A-Z a-z 0-9 . _ -, not starting with .";
  if (options->ttl_s < 1 || options->ttl_s > MAX_TTL_S)
    return "--ttl is 1 second to 10 years";
  if (options->admin && options->viewer)
    return "--admin and --viewer exclude each other";
  return NULL;
}

/* Source: the outside contract, "Tokens": the claims are LiveKit's. */
static JsonObject *
claims_of (const TokenOptions *options, const char *key)
{
  JsonObject *claims = json_object_new ();
  JsonObject *video = json_object_new ();
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  json_object_set_string_member (claims, "iss", key);
  /* Without an identity the link is for everybody who has it: a second join with the same one would
   * replace the first. */
  if (options->identity != NULL)
    json_object_set_string_member (claims, "sub", options->identity);
  json_object_set_int_member (claims, "nbf", now_s);
  json_object_set_int_member (claims, "exp", now_s + options->ttl_s);
  if (options->name != NULL)
    json_object_set_string_member (claims, "name", options->name);
  json_object_set_string_member (video, "room", options->room);
  json_object_set_boolean_member (video, "roomJoin", TRUE);
  if (options->admin)
    json_object_set_boolean_member (video, "roomAdmin", TRUE);
  if (options->record)
    json_object_set_boolean_member (video, "roomRecord", TRUE);
  if (options->viewer)
    json_object_set_boolean_member (video, "canPublish", FALSE);
  json_object_set_object_member (claims, "video", video);
  return claims;
}

/* Who listens on every address is reached at the one that media uses. */
static char *
base_url (McuConfig *config)
{
  const char *host = mcu_config_get_strings (config, MCU_SETTING_HTTP_ADDRESS)[0];
  gint64 port = mcu_config_get_int (config, MCU_SETTING_HTTP_PORT);
  gboolean is_tls = *mcu_config_get_string (config, MCU_SETTING_HTTP_TLS_CERTIFICATE) != '\0';
  gboolean is_ipv6;

  if (strcmp (host, "0.0.0.0") == 0 || strcmp (host, "::") == 0)
    host = mcu_config_get_strings (config, MCU_SETTING_MEDIA_ADDRESS)[0];
  is_ipv6 = strchr (host, ':') != NULL;
  return g_strdup_printf ("%s://%s%s%s:%" G_GINT64_FORMAT, is_tls ? "https" : "http",
                          is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port);
}

static void
print_token (const TokenOptions *options, const char *token, McuConfig *config)
{
  g_autofree char *base = NULL;

  if (!options->url) {
    printf ("%s\n", token);
    return;
  }
  base = base_url (config);
  printf ("%s/r/%s#token=%s\n", base, options->room, token);
}

int
mcu_command_token (int argc, char **argv, McuConfig *config)
{
  TokenOptions options = {.ttl_s = DEFAULT_TTL_S};
  g_autoptr (GError) error = NULL;
  const char *key, *secret, *problem;
  int status = EXIT_FAILURE;

  if (!parse_options (argc, argv, &options, &error)) {
    fprintf (stderr, "tessera token: %s\n", error->message);
    clear_options (&options);
    return EXIT_FAILURE;
  }
  problem = problem_of (&options);
  key = options.key != NULL ? options.key : mcu_config_first_key (config);
  secret = key != NULL ? mcu_config_get_key (config, key) : NULL;
  if (problem == NULL && secret == NULL)
    problem = "no such key in [keys] or TESSERA_KEYS; `tessera keys` makes one";
  if (problem != NULL) {
    fprintf (stderr, "tessera token: %s\n", problem);
  } else {
    g_autoptr (JsonObject) claims = claims_of (&options, key);
    g_autofree char *token = mcu_jwt_sign (claims, secret);

    print_token (&options, token, config);
    status = EXIT_SUCCESS;
  }
  clear_options (&options);
  return status;
}

int
mcu_command_keys (void)
{
  guint8 secret[SECRET_BYTES];
  guint8 name[4];

  mcu_random_bytes (secret, sizeof secret);
  mcu_random_bytes (name, sizeof name);
  printf ("[keys]\nkey%02x%02x%02x%02x=", name[0], name[1], name[2], name[3]);
  for (guint i = 0; i < sizeof secret; i++)
    printf ("%02x", secret[i]);
  printf ("\n");
  return EXIT_SUCCESS;
}

typedef struct
{
  const char *directory;
  GError **error;
} PictureCheck;

static gboolean
is_readable (const char *name, gpointer user_data)
{
  PictureCheck *check = user_data;
  g_autoptr (McuPictureFile)
      file = mcu_picture_file_read (check->directory, name, NULL, check->error);

  return file != NULL;
}

static gboolean
check_pictures (const McuLayout *layout, const char *directory, const char *file, GError **error)
{
  PictureCheck check = {directory, error};

  if (mcu_layout_foreach_image (layout, is_readable, &check))
    return TRUE;
  g_prefix_error (error, "%s: ", file);
  return FALSE;
}

static int
check_layouts (int n, char **files)
{
  int status = n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;

  if (n == 0)
    fprintf (stderr, "tessera layout check: which files?\n");
  for (int i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *directory = g_path_get_dirname (files[i]);
    McuLayout *layout = mcu_layout_read_file (files[i], &error);

    if (layout == NULL || !check_pictures (layout, directory, files[i], &error)) {
      fprintf (stderr, "%s\n", error->message);
      g_clear_pointer (&layout, mcu_layout_unref);
      status = EXIT_FAILURE;
      continue;
    }
    printf ("%s: good\n", files[i]);
    mcu_layout_unref (layout);
  }
  return status;
}

/* Comes back only when it cannot be run. */
static int
run_room_program (char **argv)
{
  g_autofree char *program = mcu_room_program ();

  argv[0] = program;
  execv (program, argv);
  fprintf (stderr, "tessera layout draw: %s: %s\n", program, g_strerror (errno));
  return EXIT_FAILURE;
}

int
mcu_command_layout (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "check") == 0)
    return check_layouts (argc - 2, argv + 2);
  if (argc > 1 && strcmp (argv[1], "draw") == 0)
    return run_room_program (argv);
  fprintf (stderr, "tessera layout: check FILE..., or draw LAYOUT --people N --out FILE.png\n");
  return EXIT_FAILURE;
}
