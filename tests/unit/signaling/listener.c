/* tests/unit/signaling/listener.c - tests signaling/listener.c and guarded-stream.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/listener.h"

#include <string.h>

#define WATCHDOG_S 5

typedef struct
{
  McuListener *listener;
  GPtrArray *streams; /* (element-type McuGuardedStream) owned */
} Fixture;

static void
on_stream (McuGuardedStream *stream, GSocketAddress *local, GSocketAddress *remote,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (mcu_listener_stream_of (remote) == stream);
  g_ptr_array_add (fixture->streams, g_object_ref (stream));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  McuListenerLimits limits = {.max_connections = 3, .max_per_address = 1};

  fixture->streams = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->listener = mcu_listener_new (&limits, on_stream, fixture);
  g_assert_true (mcu_listener_listen (fixture->listener, "127.0.0.1", 0, NULL));
  g_assert_cmpuint (mcu_listener_get_port (fixture->listener), >, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->streams);
  mcu_listener_free (fixture->listener);
}

static gboolean
on_watchdog (gpointer user_data)
{
  g_error ("watchdog");
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint watchdog_ = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);                       \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (watchdog_);                                                                   \
  }                                                                                                \
  G_STMT_END

static GSocketConnection *
connect_to (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection = g_socket_client_connect_to_host (
      client, "127.0.0.1", mcu_listener_get_port (fixture->listener), NULL, NULL);

  g_assert_nonnull (connection);
  return connection;
}

static void
write_to (GSocketConnection *connection, const char *data, gsize length)
{
  g_assert_true (g_output_stream_write_all (
      g_io_stream_get_output_stream (G_IO_STREAM (connection)), data, length, NULL, NULL, NULL));
}

static void
test_listener__counts_and_turns_away (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) a = connect_to (fixture);
  g_autoptr (GSocketConnection) b = connect_to (fixture);
  g_autoptr (GSocketConnection) c = connect_to (fixture);
  g_autoptr (GSocketConnection) d = connect_to (fixture);

  /* Loopback is bound by the whole number alone. */
  WAIT_FOR (mcu_listener_cut_total (fixture->listener) == 1);
  g_assert_cmpuint (mcu_listener_count (fixture->listener), ==, 3);
  g_io_stream_close (fixture->streams->pdata[0], NULL, NULL);
  g_assert_cmpuint (mcu_listener_count (fixture->listener), ==, 2);
  g_ptr_array_remove_index (fixture->streams, 0);
  g_assert_cmpuint (mcu_listener_count (fixture->listener), ==, 2);
}

static void
test_listener__reads_no_more_than_the_budget (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) client = connect_to (fixture);
  g_autofree char *flood = g_strnfill (MCU_GUARD_MAX_HEADER_BYTES + 1000, 'x');
  g_autofree char *buffer = g_malloc (MCU_GUARD_MAX_HEADER_BYTES + 1000);
  g_autoptr (GError) error = NULL;
  McuGuardedStream *stream;
  GInputStream *input;
  gsize total = 0;
  gssize n_read;

  WAIT_FOR (fixture->streams->len == 1);
  stream = fixture->streams->pdata[0];
  input = g_io_stream_get_input_stream (G_IO_STREAM (stream));
  write_to (client, flood, MCU_GUARD_MAX_HEADER_BYTES + 1000);
  while ((n_read = g_input_stream_read (input, buffer, 5000, NULL, &error)) > 0)
    total += n_read;
  g_assert_cmpuint (total, ==, MCU_GUARD_MAX_HEADER_BYTES);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpstr (mcu_guarded_stream_get_cut_reason (stream), ==, "too much");
}

/* Its deadline is long over; the listener's tick finds it within a second. */
static void
test_listener__cuts_who_is_overdue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) client = connect_to (fixture);
  McuGuardedStream *stream;

  WAIT_FOR (fixture->streams->len == 1);
  stream = fixture->streams->pdata[0];
  mcu_guarded_stream_get_guard (stream)->entered_us = g_get_monotonic_time () -
                                                      (MCU_GUARD_HEADER_MS + 1) * 1000;
  WAIT_FOR (mcu_guarded_stream_get_cut_reason (stream) != NULL);
  g_assert_cmpstr (mcu_guarded_stream_get_cut_reason (stream), ==, "too slow");
  g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  g_assert_cmpuint (mcu_listener_cut_total (fixture->listener), ==, 1);
}

/* The client writes all it has before it reads: the refusal must not be lost to a reset. */
static void
test_listener__refusal_survives_unread_input (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) client = connect_to (fixture);
  g_autofree char *flood = g_strnfill (100000, 'x');
  char answer[16] = {0};
  gsize n_read;

  WAIT_FOR (fixture->streams->len == 1);
  write_to (client, flood, 100000);
  mcu_guarded_stream_refuse (fixture->streams->pdata[0], g_bytes_new_static ("no", 2));
  g_assert_true (g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (client)),
                                          answer, sizeof answer, &n_read, NULL, NULL));
  g_assert_cmpstr (answer, ==, "no");
  g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
  WAIT_FOR (mcu_listener_count (fixture->listener) == 0);
}

static void
test_listener__bad_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (mcu_listener_listen (fixture->listener, "localhost", 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/signaling/listener/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("counts_and_turns_away", test_listener__counts_and_turns_away);
  ADD ("reads_no_more_than_the_budget", test_listener__reads_no_more_than_the_budget);
  ADD ("cuts_who_is_overdue", test_listener__cuts_who_is_overdue);
  ADD ("refusal_survives_unread_input", test_listener__refusal_survives_unread_input);
  ADD ("bad_address", test_listener__bad_address);
  return g_test_run ();
}
