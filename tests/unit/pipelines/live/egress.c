/* tests/unit/pipelines/live/egress.c - what a process may connect to that somebody else names.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Order matters: what is restricted stays so. */
#include "pipelines/live/egress.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mcu/base/error.h"

typedef struct
{
  GSocketListener *listener;
  guint16 port;
} Server;

static void
set_up (Server *server, gconstpointer data)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  server->listener = g_socket_listener_new ();
  g_assert_true (g_socket_listener_add_address (server->listener, any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
tear_down (Server *server, gconstpointer data)
{
  g_object_unref (server->listener);
}

/* As libsoup, librtsp and rtmp2sink do. */
static gboolean
connect_by_gio (const char *host, guint16 port, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, host, port, NULL, error);
  return connection != NULL;
}

typedef struct
{
  gboolean is_answered;
  char *address;
  GError *error;
} Answer;

static void
on_resolved (GInetAddress *address, const GError *error, gpointer user_data)
{
  Answer *answer = user_data;

  answer->is_answered = TRUE;
  answer->address = address != NULL ? g_inet_address_to_string (address) : NULL;
  answer->error = error != NULL ? g_error_copy (error) : NULL;
}

static Answer
resolve (const char *host)
{
  Answer answer = {0};

  mcu_egress_resolve (host, on_resolved, &answer);
  while (!answer.is_answered)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

static void
test_egress_open (Server *server, gconstpointer data)
{
  Answer answer = resolve ("127.0.0.1");

  g_assert_cmpstr (answer.address, ==, "127.0.0.1");
  g_free (answer.address);
  g_assert_true (connect_by_gio ("127.0.0.1", server->port, NULL));
}

static void
test_egress_restricted (Server *server, gconstpointer data)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons (server->port)};
  struct sockaddr_in6 mapped = {.sin6_family = AF_INET6,
                                .sin6_port = htons (server->port),
                                .sin6_addr.s6_addr = {[10] = 0xff, 0xff, 127, 0, 0, 1}};
  static const char *const hosts[] = {"127.0.0.1",  "localhost", "127.1",           "0x7f000001",
                                      "2130706433", "::1",       "::ffff:127.0.0.1"};
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int fd6 = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  guint before;

  mcu_egress_restrict ();
  before = mcu_egress_n_refused ();
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, -1);
  g_assert_cmpint (errno, ==, EACCES);
  if (fd6 >= 0) {
    g_assert_cmpint (connect (fd6, (struct sockaddr *) &mapped, sizeof mapped), ==, -1);
    g_assert_cmpint (errno, ==, EACCES);
    close (fd6);
  }
  close (fd);
  g_assert_cmpuint (mcu_egress_n_refused (), >, before);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autoptr (GError) error = NULL;
    Answer answer = resolve (hosts[i]);

    g_test_message ("%s", hosts[i]);
    g_assert_false (connect_by_gio (hosts[i], server->port, &error));
    g_assert_null (answer.address);
    g_assert_true (g_error_matches (answer.error, MCU_ERROR, MCU_ERROR_FORBIDDEN) ||
                   g_error_matches (answer.error, MCU_ERROR, MCU_ERROR_NOT_FOUND));
    g_error_free (answer.error);
  }
}

/* What a redirect or a second answer of a name server would do: the address before was good. */
static void
test_egress_every_connection_is_looked_at (Server *server, gconstpointer data)
{
  g_autoptr (GInetAddress) good = g_inet_address_new_from_string ("127.0.0.1");

  mcu_egress_except_for_tests (good);
  g_assert_true (connect_by_gio ("127.0.0.1", server->port, NULL));
  g_assert_false (connect_by_gio ("127.0.0.2", server->port, NULL));
  mcu_egress_except_for_tests (NULL);
  g_assert_false (connect_by_gio ("127.0.0.1", server->port, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/live/egress/1-open", Server, NULL, set_up, test_egress_open, tear_down);
  g_test_add ("/live/egress/2-restricted", Server, NULL, set_up, test_egress_restricted, tear_down);
  g_test_add ("/live/egress/3-every-connection-is-looked-at", Server, NULL, set_up,
              test_egress_every_connection_is_looked_at, tear_down);
  return g_test_run ();
}
