/* mcu/stun.c - one question of STUN.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/stun.h"

#include <string.h>

#define BINDING_REQUEST 0x0001
#define BINDING_SUCCESS 0x0101
#define XOR_MAPPED_ADDRESS 0x0020
#define FAMILY_IPV4 1
#define FAMILY_IPV6 2
#define ADDRESS_OFFSET 4 /* in the value: reserved, family, port */

static const guint8 cookie[] = {0x21, 0x12, 0xa4, 0x42};

static guint
read_16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

void
mcu_stun_write_request (const guint8 *transaction, guint8 *out)
{
  memset (out, 0, MCU_STUN_HEADER_BYTES);
  out[1] = BINDING_REQUEST;
  memcpy (out + 4, cookie, sizeof cookie);
  memcpy (out + 8, transaction, MCU_STUN_TRANSACTION_BYTES);
}

/* The address is XORed with cookie and transaction, which stand one after the other in the header.
 */
static GInetAddress *
read_address (const guint8 *value, gsize length, const guint8 *header)
{
  gsize n = length < ADDRESS_OFFSET   ? 0
            : value[1] == FAMILY_IPV4 ? 4
            : value[1] == FAMILY_IPV6 ? 16
                                      : 0;
  guint8 bytes[16];

  if (n == 0 || length < ADDRESS_OFFSET + n)
    return NULL;
  for (gsize i = 0; i < n; i++)
    bytes[i] = value[ADDRESS_OFFSET + i] ^ header[4 + i];
  return g_inet_address_new_from_bytes (bytes,
                                        n == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
}

GInetAddress *
mcu_stun_read_response (const guint8 *data, gsize length, const guint8 *transaction)
{
  gsize at = MCU_STUN_HEADER_BYTES;

  if (length < MCU_STUN_HEADER_BYTES || read_16 (data) != BINDING_SUCCESS ||
      read_16 (data + 2) != length - MCU_STUN_HEADER_BYTES ||
      memcmp (data + 4, cookie, sizeof cookie) != 0 ||
      memcmp (data + 8, transaction, MCU_STUN_TRANSACTION_BYTES) != 0)
    return NULL;
  while (length - at >= 4) {
    gsize n = read_16 (data + at + 2);

    if (n > length - at - 4)
      return NULL;
    if (read_16 (data + at) == XOR_MAPPED_ADDRESS)
      return read_address (data + at + 4, n, data);
    n = 4 + (n + 3) / 4 * 4; /* attributes are padded */
    if (n > length - at)
      return NULL;
    at += n;
  }
  return NULL;
}
