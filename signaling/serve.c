/* signaling/serve.c - the life of the server: start, signals, drain, end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/serve.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "mcu/config.h"
#include "mcu/server.h"
#include "signaling/http-server.h"

/* After the last meeting: what is still written to sockets may take so long. */
#define FLUSH_MS 1000
#define FLUSH_POLL_MS 20
/* Connections, and a socket pair and pipes for each room. */
#define SPARE_FILES 512

typedef struct
{
  GMainLoop *loop;
  McuServer *server;
  McuHttpServer *http;
  McuLoadConfigFunc load_config;
  gpointer user_data;
  gboolean is_stopping;
  gint64 flush_until_us;
} Service;

static gboolean
on_flush_tick (gpointer user_data)
{
  Service *service = user_data;

  if (mcu_http_server_count_sockets (service->http) > 0 &&
      g_get_monotonic_time () < service->flush_until_us)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (service->loop);
  return G_SOURCE_REMOVE;
}

static void
on_stopped (gpointer user_data)
{
  Service *service = user_data;

  service->flush_until_us = g_get_monotonic_time () + FLUSH_MS * 1000;
  g_timeout_add (FLUSH_POLL_MS, on_flush_tick, service);
}

static gboolean
on_stop (gpointer user_data)
{
  Service *service = user_data;

  if (service->is_stopping) {
    g_main_loop_quit (service->loop);
    return G_SOURCE_CONTINUE;
  }
  g_message ("stopping");
  service->is_stopping = TRUE;
  mcu_server_stop (service->server, on_stopped, service);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_reload (gpointer user_data)
{
  Service *service = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (McuConfig) config = service->load_config (service->user_data, &error);

  mcu_server_reload_layouts (service->server);
  if (config != NULL && mcu_http_server_reload (service->http, config, &error))
    g_message ("configuration read again");
  else
    g_warning ("configuration stays as it was: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static void
allow_files (McuConfig *config)
{
  rlim_t wanted = mcu_config_get_int (config, MCU_SETTING_HTTP_MAX_CONNECTIONS) + SPARE_FILES;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
    return;
  limit.rlim_cur = MIN (wanted, limit.rlim_max);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
start (Service *service, McuConfig *config, gboolean open, GError **error)
{
  g_autofree char *url = NULL;

  service->server = mcu_server_new (config, error);
  if (service->server == NULL)
    return FALSE;
  service->http = mcu_http_server_new (config, service->server, open, error);
  if (service->http == NULL || !mcu_http_server_listen (service->http, error))
    return FALSE;
  url = mcu_http_server_get_url (service->http);
  printf ("tessera ready: %s\n", url);
  fflush (stdout);
  return TRUE;
}

int
mcu_serve (McuConfig *config, gboolean open, McuLoadConfigFunc load_config, gpointer user_data)
{
  Service service = {.load_config = load_config, .user_data = user_data};
  g_autoptr (GError) error = NULL;
  guint signals[3];

  signal (SIGPIPE, SIG_IGN);
  allow_files (config);
  service.loop = g_main_loop_new (NULL, FALSE);
  signals[0] = g_unix_signal_add (SIGTERM, on_stop, &service);
  signals[1] = g_unix_signal_add (SIGINT, on_stop, &service);
  signals[2] = g_unix_signal_add (SIGHUP, on_reload, &service);
  if (start (&service, config, open, &error))
    g_main_loop_run (service.loop);
  else
    fprintf (stderr, "tessera: %s\n", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  g_clear_pointer (&service.http, mcu_http_server_free);
  g_clear_pointer (&service.server, mcu_server_free);
  g_main_loop_unref (service.loop);
  return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
