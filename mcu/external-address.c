/* mcu/external-address.c - under which address others see us.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/external-address.h"

#include <string.h>

#include "mcu/base/id.h"
#include "mcu/stun.h"
#include "mcu/times.h"

#define AUTO "auto"
#define STUN_PORT 3478

struct _McuExternalAddress
{
  McuConfig *config;
  char *address; /* (nullable) */
  gboolean first_round_is_over;

  /* Of the round that is going on. */
  GCancellable *cancellable; /* (nullable): of the look-up */
  GSocket *socket;           /* (nullable) */
  GSource *readable;         /* (nullable) */
  guint8 transaction[MCU_STUN_TRANSACTION_BYTES];
  guint n_tries;

  guint source; /* the next try, or the next round */
};

static void begin_round (McuExternalAddress *self);

static void
wait (McuExternalAddress *self, guint ms, GSourceFunc func)
{
  if (self->source != 0)
    g_source_remove (self->source);
  self->source = g_timeout_add (mcu_times_ms (ms), func, self);
}

static void
close_socket (McuExternalAddress *self)
{
  if (self->readable != NULL)
    g_source_destroy (self->readable);
  g_clear_pointer (&self->readable, g_source_unref);
  g_clear_object (&self->socket);
}

static gboolean
on_next_round (gpointer data)
{
  McuExternalAddress *self = data;

  self->source = 0;
  begin_round (self);
  return G_SOURCE_REMOVE;
}

static void
end_round (McuExternalAddress *self, gboolean well, const char *why)
{
  close_socket (self);
  self->first_round_is_over = TRUE;
  if (!well)
    g_warning ("external address: %s: %s",
               mcu_config_get_string (self->config, MCU_SETTING_MEDIA_STUN_SERVER), why);
  wait (self, well ? MCU_STUN_CHECK_MS : MCU_STUN_AGAIN_MS, on_next_round);
}

static void
take_address (McuExternalAddress *self, GInetAddress *address)
{
  g_autofree char *text = g_inet_address_to_string (address);

  if (g_strcmp0 (text, self->address) != 0)
    g_message ("external address: %s", text);
  g_free (self->address);
  self->address = g_steal_pointer (&text);
  end_round (self, TRUE, NULL);
}

/* Whatever else comes is no answer of ours, and costs nothing but being read. */
static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  McuExternalAddress *self = data;
  guint8 datagram[MCU_STUN_MAX_BYTES];
  gssize n = g_socket_receive (socket, (char *) datagram, sizeof datagram, NULL, NULL);
  g_autoptr (GInetAddress) address = n > 0 ? mcu_stun_read_response (datagram, n, self->transaction)
                                           : NULL;

  if (address != NULL)
    take_address (self, address);
  return address == NULL;
}

static gboolean
on_try (gpointer data)
{
  McuExternalAddress *self = data;
  guint8 request[MCU_STUN_HEADER_BYTES];

  self->source = 0;
  if (self->n_tries == MCU_STUN_TRIES) {
    end_round (self, FALSE, "no answer");
    return G_SOURCE_REMOVE;
  }
  mcu_stun_write_request (self->transaction, request);
  g_socket_send (self->socket, (const char *) request, sizeof request, NULL, NULL);
  wait (self, MCU_STUN_FIRST_WAIT_MS << self->n_tries++, on_try);
  return G_SOURCE_REMOVE;
}

static gboolean
open_socket (McuExternalAddress *self, GInetAddress *server, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new (server, port);

  self->socket = g_socket_new (g_inet_address_get_family (server), G_SOCKET_TYPE_DATAGRAM,
                               G_SOCKET_PROTOCOL_UDP, error);
  if (self->socket == NULL)
    return FALSE;
  g_socket_set_blocking (self->socket, FALSE);
  if (!g_socket_connect (self->socket, to, NULL, error)) /* nobody else is heard */
    return FALSE;
  self->readable = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->readable, NULL);
  return TRUE;
}

static guint16
port_of (McuExternalAddress *self, char **host)
{
  const char *server = mcu_config_get_string (self->config, MCU_SETTING_MEDIA_STUN_SERVER);
  g_autoptr (GNetworkAddress)
      address = G_NETWORK_ADDRESS (g_network_address_parse (server, STUN_PORT, NULL));

  *host = address != NULL ? g_strdup (g_network_address_get_hostname (address)) : NULL;
  return address != NULL ? g_network_address_get_port (address) : 0;
}

static void
on_resolved (GObject *resolver, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);
  McuExternalAddress *self = data;
  g_autofree char *host = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* we are gone */
  g_clear_object (&self->cancellable);
  if (addresses != NULL && open_socket (self, addresses->data, port_of (self, &host), &error)) {
    mcu_random_bytes (self->transaction, sizeof self->transaction);
    self->n_tries = 0;
    on_try (self);
  } else {
    end_round (self, FALSE, error->message);
  }
  g_resolver_free_addresses (addresses);
}

/* IPv4: it is what one-to-one NAT is about. */
static void
begin_round (McuExternalAddress *self)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autofree char *host = NULL;

  port_of (self, &host);
  self->cancellable = g_cancellable_new ();
  g_resolver_lookup_by_name_with_flags_async (
      resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY, self->cancellable, on_resolved, self);
}

McuExternalAddress *
mcu_external_address_new (McuConfig *config)
{
  McuExternalAddress *self = g_new0 (McuExternalAddress, 1);
  const char *wanted = mcu_config_get_string (config, MCU_SETTING_MEDIA_EXTERNAL_ADDRESS);

  self->config = mcu_config_ref (config);
  self->first_round_is_over = strcmp (wanted, AUTO) != 0;
  if (!self->first_round_is_over)
    begin_round (self);
  else if (*wanted != '\0')
    self->address = g_strdup (wanted);
  return self;
}

void
mcu_external_address_free (McuExternalAddress *self)
{
  if (self == NULL)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  close_socket (self);
  if (self->source != 0)
    g_source_remove (self->source);
  g_free (self->address);
  mcu_config_unref (self->config);
  g_free (self);
}

const char *
mcu_external_address_get (McuExternalAddress *self)
{
  return self->address;
}

gboolean
mcu_external_address_is_asking (McuExternalAddress *self)
{
  return !self->first_round_is_over;
}
