/* tests/unit/mcu/external-address.c - a STUN server on loopback, and none.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/external-address.h"

#include <gio/gio.h>
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/stun.h"
#include "mcu/times.h"

#define FASTER 50

/* A responder: answers the requests that it is not to overhear. */
typedef struct
{
  GSocket *socket;
  GSource *source;
  char *address; /* HOST:PORT */
  guint n_requests;
  guint deaf_for;   /* so many requests */
  guint8 last_byte; /* of the 203.0.113.x that it tells */
  gboolean lies;    /* first answers with another transaction */
} Responder;

static void
answer (Responder *self, GSocketAddress *to, const guint8 *request, gboolean right)
{
  guint8 data[32] = {0x01, 0x01, 0x00, 0x0c};
  guint8 address[] = {203, 0, 113, self->last_byte};

  memcpy (data + 4, request + 4, 16);
  if (!right)
    data[19] ^= 1;
  memcpy (data + 20, (guint8[]){0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0x00, 0x00}, 8);
  for (guint i = 0; i < 4; i++)
    data[28 + i] = address[i] ^ data[4 + i];
  if (!right)
    data[28] ^= 1;
  g_socket_send_to (self->socket, to, (const char *) data, sizeof data, NULL, NULL);
}

static gboolean
on_request (GSocket *socket, GIOCondition condition, gpointer data)
{
  Responder *self = data;
  g_autoptr (GSocketAddress) from = NULL;
  guint8 request[100];
  gssize n = g_socket_receive_from (socket, &from, (char *) request, sizeof request, NULL, NULL);

  g_assert_cmpint (n, ==, MCU_STUN_HEADER_BYTES);
  if (self->n_requests++ < self->deaf_for)
    return G_SOURCE_CONTINUE;
  if (self->lies)
    answer (self, from, request, FALSE);
  answer (self, from, request, TRUE);
  return G_SOURCE_CONTINUE;
}

static void
set_up (Responder *self, gconstpointer data)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) local = NULL;

  mcu_times_set_divisor_for_tests (FASTER);
  self->last_byte = 7;
  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP,
                               NULL);
  g_assert_true (g_socket_bind (self->socket, any, FALSE, NULL));
  local = g_socket_get_local_address (self->socket, NULL);
  self->address = g_strdup_printf ("127.0.0.1:%u",
                                   g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_request), self, NULL);
  g_source_attach (self->source, NULL);
}

static void
tear_down (Responder *self, gconstpointer data)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_object_unref (self->socket);
  g_free (self->address);
  mcu_times_set_divisor_for_tests (1);
}

static gboolean
on_watchdog (gpointer data)
{
  g_error ("waited too long");
  return G_SOURCE_REMOVE;
}

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint watchdog_ = g_timeout_add_seconds (20, on_watchdog, NULL);                               \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (watchdog_);                                                                   \
  }                                                                                                \
  G_STMT_END

static McuConfig *
new_config (const char *external, const char *server, gboolean good)
{
  McuConfig *config = mcu_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_config_set (config, "media", "external_address", external, NULL));
  g_assert_true (mcu_config_set (config, "media", "stun_server", server, NULL));
  g_assert_cmpint (mcu_config_finish (config, &error), ==, good);
  if (!good)
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  return config;
}

static void
test_external_address__asked (Responder *server, gconstpointer data)
{
  g_autoptr (McuConfig) config = new_config ("auto", server->address, TRUE);
  g_autoptr (McuExternalAddress) self = mcu_external_address_new (config);

  server->lies = TRUE;
  g_assert_true (mcu_external_address_is_asking (self));
  g_assert_null (mcu_external_address_get (self));
  wait_until (!mcu_external_address_is_asking (self));
  g_assert_cmpstr (mcu_external_address_get (self), ==, "203.0.113.7");
}

static void
test_external_address__retried (Responder *server, gconstpointer data)
{
  g_autoptr (McuConfig) config = new_config ("auto", server->address, TRUE);
  g_autoptr (McuExternalAddress) self = mcu_external_address_new (config);

  server->deaf_for = 3;
  wait_until (mcu_external_address_get (self) != NULL);
  g_assert_cmpuint (server->n_requests, ==, 4);
}

/* A whole round without an answer ends; the next one is begun after a while. */
static void
test_external_address__asked_again (Responder *server, gconstpointer data)
{
  g_autoptr (McuConfig) config = new_config ("auto", server->address, TRUE);
  g_autoptr (McuExternalAddress) self = mcu_external_address_new (config);

  server->deaf_for = MCU_STUN_TRIES;
  g_test_expect_message ("tessera", G_LOG_LEVEL_WARNING, "*no answer*");
  wait_until (!mcu_external_address_is_asking (self));
  g_test_assert_expected_messages ();
  g_assert_null (mcu_external_address_get (self));
  wait_until (mcu_external_address_get (self) != NULL);
  g_assert_cmpuint (server->n_requests, ==, MCU_STUN_TRIES + 1);
}

static void
test_external_address__checked_hourly (Responder *server, gconstpointer data)
{
  g_autoptr (McuConfig) config = new_config ("auto", server->address, TRUE);
  g_autoptr (McuExternalAddress) self = mcu_external_address_new (config);

  wait_until (mcu_external_address_get (self) != NULL);
  mcu_external_address_free (g_steal_pointer (&self)); /* also while an hour is waited for */
  mcu_times_set_divisor_for_tests (MCU_STUN_CHECK_MS / 10);
  self = mcu_external_address_new (config);
  wait_until (mcu_external_address_get (self) != NULL);
  server->last_byte = 8;
  wait_until (g_str_equal (mcu_external_address_get (self), "203.0.113.8"));
}

static void
test_external_address__set (Responder *server, gconstpointer data)
{
  static const struct
  {
    const char *external;
    const char *server;
    gboolean good;
  } rows[] = {
      {"203.0.113.1", "", TRUE}, {"2001:db8::1", "", TRUE},      {"", "", TRUE},
      {"auto", "", FALSE},       {"example.org", "", FALSE},     {"auto", "host:port", FALSE},
      {"auto", "[::1", FALSE},   {"auto", "stun.invalid", TRUE}, {"auto", "host:99999", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (McuConfig) config = NULL;
    g_autoptr (McuExternalAddress) self = NULL;

    g_test_message ("%s by %s", rows[i].external, rows[i].server);
    config = new_config (rows[i].external, rows[i].server, rows[i].good);
    if (!rows[i].good || g_str_equal (rows[i].external, "auto"))
      continue;
    self = mcu_external_address_new (config);
    g_assert_false (mcu_external_address_is_asking (self));
    g_assert_cmpstr (mcu_external_address_get (self), ==,
                     *rows[i].external != '\0' ? rows[i].external : NULL);
  }
}

#define add(name)                                                                                  \
  g_test_add ("/external_address/" #name, Responder, NULL, set_up, test_external_address__##name,  \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add (asked);
  add (retried);
  add (asked_again);
  add (checked_hourly);
  add (set);
  return g_test_run ();
}
