/* tests/server/harness.c - starts the real program and talks to it over plain sockets.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static char *
read_ready_line (Server *self)
{
  g_autoptr (GDataInputStream)
      lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "tessera ready: http"));
  return line;
}

/* A test that dies leaves nothing behind. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

Server *
server_start (const char *const *settings, const char *option)
{
  Server *self = g_new0 (Server, 1);
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  const char *argv[] = {g_getenv ("TESSERA"), option, NULL};

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->state_directory = g_dir_make_tmp ("tessera-test-XXXXXX", NULL);
  g_subprocess_launcher_setenv (launcher, "STATE_DIRECTORY", self->state_directory, TRUE);
  g_subprocess_launcher_setenv (launcher, "TESSERA_HTTP_PORT", "0", TRUE);
  for (guint i = 0; settings != NULL && settings[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (settings[i], "=", 2);

    g_subprocess_launcher_setenv (launcher, parts[0], parts[1], TRUE);
  }
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  line = read_ready_line (self);
  self->url = g_strdup (line + strlen ("tessera ready: "));
  self->port = g_ascii_strtoull (strrchr (self->url, ':') + 1, NULL, 10);
  return self;
}

void
server_signal (Server *self, int signal_number)
{
  g_subprocess_send_signal (self->process, signal_number);
}

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("the server did not end");
  return G_SOURCE_REMOVE;
}

static void
on_waited (GObject *process, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
}

int
server_wait (Server *self)
{
  guint watchdog = g_timeout_add (2 * HARNESS_WAIT_MS, on_watchdog, NULL);
  gboolean has_ended = FALSE;

  g_subprocess_wait_async (self->process, NULL, on_waited, &has_ended);
  while (!has_ended)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process)
                                                    : -1;
}

void
server_free (Server *self)
{
  g_autoptr (GDir) directory = g_dir_open (self->state_directory, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (self->state_directory, name, NULL);

    g_remove (path);
  }
  g_rmdir (self->state_directory);
  g_object_unref (self->process);
  g_free (self->state_directory);
  g_free (self->url);
  g_free (self);
}

void
server_stop (Server *self)
{
  server_signal (self, SIGTERM);
  g_assert_cmpint (server_wait (self), ==, 0);
  server_free (self);
}

int
raw_connect (Server *server)
{
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons (server->port),
                                .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

void
raw_write (int fd, const char *data, gsize length)
{
  while (length > 0) {
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    gssize n;

    g_assert_cmpint (poll (&ready, 1, HARNESS_WAIT_MS), ==, 1);
    n = send (fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
      continue;
    if (n < 0)
      return;
    data += n;
    length -= n;
  }
}

/* Returns: FALSE at the end of the connection. */
static gboolean
read_some (int fd, GByteArray *out, guint wait_ms, gboolean *timed_out)
{
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  guint8 buffer[16384];
  gssize n;

  *timed_out = poll (&ready, 1, wait_ms) == 0;
  if (*timed_out)
    return FALSE;
  n = recv (fd, buffer, sizeof buffer, 0);
  if (n > 0)
    g_byte_array_append (out, buffer, n);
  return n > 0;
}

char *
raw_read_to_end (int fd, guint wait_ms)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  gboolean timed_out = FALSE;

  while (read_some (fd, all, wait_ms, &timed_out))
    ;
  close (fd);
  if (timed_out)
    return NULL;
  g_byte_array_append (all, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&all), FALSE);
}

/* Of the response at the start of @bytes; 0: not all of its head is there. */
static gsize
response_bytes (const GByteArray *bytes)
{
  g_autofree char *text = g_strndup (bytes->len > 0 ? (const char *) bytes->data : "", bytes->len);
  g_autofree char *length = NULL;
  const char *end = strstr (text, "\r\n\r\n");

  if (end == NULL)
    return 0;
  length = http_header (text, "Content-Length");
  return end + 4 - text + (length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0);
}

char *
raw_read_response (int fd, GByteArray *rest)
{
  gboolean timed_out = FALSE;
  gsize wanted;
  char *response;

  while ((wanted = response_bytes (rest)) == 0 || rest->len < wanted)
    if (!read_some (fd, rest, HARNESS_WAIT_MS, &timed_out)) {
      g_assert_false (timed_out);
      return NULL;
    }
  response = g_strndup ((const char *) rest->data, wanted);
  g_byte_array_remove_range (rest, 0, wanted);
  return response;
}

char *
http (Server *server, const char *method, const char *path, const char *head, const char *body,
      guint *status)
{
  int fd = raw_connect (server);
  g_autofree char *request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: "
                                              "close\r\nContent-Length: %zu\r\n%s\r\n%s",
                                              method, path, server->port,
                                              body != NULL ? strlen (body) : 0,
                                              head != NULL ? head : "", body != NULL ? body : "");
  char *response;

  raw_write (fd, request, strlen (request));
  response = raw_read_to_end (fd, HARNESS_WAIT_MS);
  g_assert_nonnull (response);
  g_assert_true (g_str_has_prefix (response, "HTTP/1.1 "));
  *status = g_ascii_strtoull (response + strlen ("HTTP/1.1 "), NULL, 10);
  return response;
}

char *
http_header (const char *response, const char *name)
{
  g_autofree char *head = g_strndup (response, http_body (response) - response);
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);
  gsize length = strlen (name);

  for (guint i = 1; lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, length) == 0 && lines[i][length] == ':')
      return g_strdup (g_strstrip (lines[i] + length + 1));
  return NULL;
}

const char *
http_body (const char *response)
{
  const char *end = strstr (response, "\r\n\r\n");

  g_assert_nonnull (end);
  return end + 4;
}
