/* tests/bench/ice.c - see ice.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/ice.h"

#include <openssl/rand.h>
#include <string.h>

#include "tests/bench/clock.h"
#include "tests/bench/stun.h"

#define CHECK_EVERY_NS (50 * MCU_LOAD_MS)
/* RFC 7675 asks for one about every 5 s. */
#define CONSENT_EVERY_NS (5 * MCU_LOAD_S)
/* RFC 8445, 5.1.2.1: type preference 110 of a peer-reflexive candidate. */
#define PRIORITY (110u << 24 | 65535u << 8 | 255)

static void
random_text (char *out, gsize n)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  for (gsize i = 0; i < n; i++)
    out[i] = alphabet[g_random_int_range (0, sizeof alphabet - 1)];
  out[n] = '\0';
}

void
mcu_load_ice_init (McuLoadIce *self, gboolean controlling, McuLoadSendFunc send, gpointer user_data)
{
  memset (self, 0, sizeof *self);
  random_text (self->local_ufrag, 8);
  random_text (self->local_password, 24);
  self->controlling = controlling;
  self->tie_breaker = (guint64) g_random_int () << 32 | g_random_int ();
  RAND_bytes (self->request_id, sizeof self->request_id);
  self->send = send;
  self->user_data = user_data;
}

static void
answer_check (McuLoadIce *self, const McuStunMessage *message, const struct sockaddr_in *from)
{
  guint8 out[MCU_STUN_MAX_SIZE];
  gsize size = mcu_stun_write_response (out, message->id, from, self->local_password);

  self->send (out, size, from, self->user_data);
  /* Nomination is aggressive on both our sides: the first pair that works is the pair. */
  if (!self->controlling && !self->is_selected) {
    self->selected = *from;
    self->is_selected = TRUE;
  }
}

void
mcu_load_ice_handle (McuLoadIce *self, const guint8 *data, gsize size,
                     const struct sockaddr_in *from, gint64 now_ns)
{
  McuStunMessage message;

  if (!mcu_stun_parse (data, size, &message))
    return;
  if (message.type == MCU_STUN_BINDING_REQUEST) {
    if (mcu_stun_is_from (data, &message, self->local_password))
      answer_check (self, &message, from);
    return;
  }
  if (message.type != MCU_STUN_BINDING_RESPONSE ||
      memcmp (message.id, self->request_id, sizeof message.id) != 0 ||
      !mcu_stun_is_from (data, &message, self->remote_password))
    return;
  self->last_response_ns = now_ns;
  if (!self->is_selected) {
    self->selected = *from;
    self->is_selected = TRUE;
    self->next_check_ns = now_ns + CONSENT_EVERY_NS;
  }
}

static void
send_check (McuLoadIce *self, const struct sockaddr_in *to)
{
  g_autofree char *username = g_strdup_printf ("%s:%s", self->remote_ufrag, self->local_ufrag);
  McuStunCheck check = {.username = username,
                        .password = self->remote_password,
                        .priority = PRIORITY,
                        .tie_breaker = self->tie_breaker,
                        .controlling = self->controlling};
  guint8 out[MCU_STUN_MAX_SIZE];

  self->send (out, mcu_stun_write_check (out, self->request_id, &check), to, self->user_data);
}

void
mcu_load_ice_tick (McuLoadIce *self, gint64 now_ns)
{
  if (self->remote_ufrag[0] == '\0' || now_ns < self->next_check_ns)
    return;
  if (self->is_selected) {
    RAND_bytes (self->request_id, sizeof self->request_id);
    send_check (self, &self->selected);
    self->next_check_ns = now_ns + CONSENT_EVERY_NS;
    return;
  }
  for (guint i = 0; i < self->n_remotes; i++)
    send_check (self, &self->remotes[i]);
  self->next_check_ns = now_ns + CHECK_EVERY_NS;
}
