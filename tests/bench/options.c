/* tests/bench/options.c - see options.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/options.h"

#include <string.h>

/* Bounded, so that a slip of the finger does not take the machine down. */
#define MAX_CLIENTS 200
#define MAX_SECONDS 7200

static gboolean
check (McuLoadOptions *o, const char *codec, GError **error)
{
  const char *wrong = NULL;

  if (!o->is_direct && (o->server == NULL || !g_str_has_prefix (o->server, "http")))
    wrong = "--server http://ADDRESS:PORT, or --direct";
  else if (o->n_clients < 0 || o->n_viewers < 0 || o->n_clients + o->n_viewers < 1 ||
           o->n_clients + o->n_viewers > MAX_CLIENTS)
    wrong = "--clients and --viewers: 1 to 200 in all";
  else if (!(o->seconds > 0 && o->seconds <= MAX_SECONDS && o->warmup_s >= 0 &&
             o->warmup_s <= MAX_SECONDS))
    wrong = "--seconds and --warmup: up to 7200";
  else if (!(o->drop >= 0 && o->drop <= 0.5))
    wrong = "--drop: 0 to 0.5";
  else if (o->changes_layouts && (o->is_direct || o->over_http))
    wrong = "--layouts: with a server, by WebSocket";
  else if (strcmp (codec, "vp8") != 0 && strcmp (codec, "h264") != 0)
    wrong = "--codec: vp8 or h264";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", wrong);
  return FALSE;
}

/* Paths are put behind it, and the address that a server prints ends with a slash. */
static void
strip_slashes (char *url)
{
  for (gsize n = url != NULL ? strlen (url) : 0; n > 0 && url[n - 1] == '/'; n--)
    url[n - 1] = '\0';
}

gboolean
mcu_load_options_parse (McuLoadOptions *o, int *argc, char ***argv, GError **error)
{
  gboolean has_no_probe = FALSE;
  g_autofree char *codec = NULL;
  GOptionEntry entries[] = {
      {"server", 's', 0, G_OPTION_ARG_STRING, &o->server, "The server's address", "URL"},
      {"room", 'r', 0, G_OPTION_ARG_STRING, &o->room, "The room (load)", "NAME"},
      {"token", 0, 0, G_OPTION_ARG_STRING, &o->token, "A token for everybody", "JWT"},
      {"clients", 'n', 0, G_OPTION_ARG_INT, &o->n_clients, "Who send and receive (2)", "N"},
      {"viewers", 'v', 0, G_OPTION_ARG_INT, &o->n_viewers, "Who only receive (0)", "N"},
      {"cameras-off", 0, 0, G_OPTION_ARG_NONE, &o->cameras_off, "Nobody sends a picture", NULL},
      {"talkers", 't', 0, G_OPTION_ARG_INT, &o->n_talkers, "Who speak; others are quiet (2)", "N"},
      {"codec", 'c', 0, G_OPTION_ARG_STRING, &codec, "vp8 or h264 (h264)", "NAME"},
      {"seconds", 'd', 0, G_OPTION_ARG_DOUBLE, &o->seconds, "How long to measure (10)", "S"},
      {"warmup", 'w', 0, G_OPTION_ARG_DOUBLE, &o->warmup_s, "Before measuring (2)", "S"},
      {"drop", 0, 0, G_OPTION_ARG_DOUBLE, &o->drop, "Share of packets lost on purpose (0)", "0.05"},
      {"direct", 0, 0, G_OPTION_ARG_NONE, &o->is_direct, "No server: clients to each other", NULL},
      {"http", 0, 0, G_OPTION_ARG_NONE, &o->over_http, "WHIP and WHEP, no WebSocket", NULL},
      {"sendrecv", 0, 0, G_OPTION_ARG_NONE, &o->is_sendrecv, "With --http: both in one offer",
       NULL},
      {"layouts", 0, 0, G_OPTION_ARG_NONE, &o->changes_layouts,
       "Others all the time: how soon seen", NULL},
      {"in-step", 0, 0, G_OPTION_ARG_NONE, &o->is_in_step, "Picture and sound never part", NULL},
      {"unmarked", 0, 0, G_OPTION_ARG_NONE, &o->is_unmarked, "No ticks, and other time codes",
       NULL},
      {"no-probe", 0, 0, G_OPTION_ARG_NONE, &has_no_probe, "Nobody decodes: no delays", NULL},
      {"check", 0, 0, G_OPTION_ARG_NONE, &o->is_checked, "Fail unless all went well", NULL},
      {"material", 'm', 0, G_OPTION_ARG_STRING, &o->material, "Where the material is cached",
       "DIR"},
      {NULL}};
  g_autoptr (GOptionContext) context = g_option_context_new ("- load for a meeting");

  *o = (McuLoadOptions){.n_clients = 2, .n_talkers = 2, .seconds = 10, .warmup_s = 2};
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  strip_slashes (o->server);
  if (codec == NULL)
    codec = g_strdup ("h264");
  if (o->room == NULL)
    o->room = g_strdup ("load");
  if (o->material == NULL)
    o->material = g_build_filename (g_get_user_cache_dir (), "tessera-load", NULL);
  o->kind = strcmp (codec, "vp8") == 0 ? MCU_MATERIAL_VP8 : MCU_MATERIAL_H264;
  o->has_probe = !has_no_probe;
  return check (o, codec, error);
}

void
mcu_load_options_clear (McuLoadOptions *o)
{
  g_free (o->server);
  g_free (o->room);
  g_free (o->token);
  g_free (o->material);
}
