/* tests/bench/stun.h - the few STUN messages that ICE needs (RFC 8489, RFC 8445). No state.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <netinet/in.h>

#define MCU_STUN_MAX_SIZE 256
#define MCU_STUN_BINDING_REQUEST 0x0001
#define MCU_STUN_BINDING_RESPONSE 0x0101
#define MCU_STUN_BINDING_ERROR 0x0111

typedef struct
{
  guint16 type;
  guint8 id[12];
  char username[128]; /* empty when absent */
  gsize integrity_at; /* offset of MESSAGE-INTEGRITY, 0 when absent */
} McuStunMessage;

/** McuStunCheck: what a connectivity check says. */
typedef struct
{
  const char *username;
  const char *password;
  guint32 priority;
  guint64 tie_breaker;
  gboolean controlling; /* then it also nominates */
} McuStunCheck;

/** mcu_stun_is_stun: TRUE for what RFC 7983 takes for STUN. */
gboolean mcu_stun_is_stun (const guint8 *data, gsize size);
/** mcu_stun_parse: FALSE when it is not well formed. */
gboolean mcu_stun_parse (const guint8 *data, gsize size, McuStunMessage *message);
/** mcu_stun_is_from: TRUE when the message's integrity is right under @password. */
gboolean mcu_stun_is_from (const guint8 *data, const McuStunMessage *message, const char *password);
/** mcu_stun_write_check: a binding request. Returns: its size; @out has MCU_STUN_MAX_SIZE bytes. */
gsize mcu_stun_write_check (guint8 *out, const guint8 id[12], const McuStunCheck *check);
/** mcu_stun_write_response: success, with the address the request came from. Returns: its size. */
gsize mcu_stun_write_response (guint8 *out, const guint8 id[12], const struct sockaddr_in *from,
                               const char *password);
