/* tests/bench/stun.c - see stun.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/stun.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define HEADER 20
#define COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu

enum
{
  ATTR_USERNAME = 0x0006,
  ATTR_INTEGRITY = 0x0008,
  ATTR_XOR_MAPPED = 0x0020,
  ATTR_PRIORITY = 0x0024,
  ATTR_USE_CANDIDATE = 0x0025,
  ATTR_FINGERPRINT = 0x8028,
  ATTR_CONTROLLED = 0x8029,
  ATTR_CONTROLLING = 0x802a
};

static guint16
read_u16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

static void
write_u16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static void
write_u32 (guint8 *at, guint32 value)
{
  write_u16 (at, value >> 16);
  write_u16 (at + 2, value & 0xffff);
}

static guint32
crc32_of (const guint8 *data, gsize size)
{
  guint32 crc = 0xffffffffu;

  for (gsize i = 0; i < size; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

gboolean
mcu_stun_is_stun (const guint8 *data, gsize size)
{
  return size >= HEADER && data[0] < 4;
}

gboolean
mcu_stun_parse (const guint8 *data, gsize size, McuStunMessage *message)
{
  memset (message, 0, sizeof *message);
  if (size < HEADER || read_u16 (data + 2) + (gsize) HEADER != size ||
      read_u16 (data + 4) != 0x2112)
    return FALSE;
  message->type = read_u16 (data);
  memcpy (message->id, data + 8, 12);
  for (gsize at = HEADER; at + 4 <= size;) {
    gsize length = read_u16 (data + at + 2);

    if (at + 4 + length > size)
      return FALSE;
    if (read_u16 (data + at) == ATTR_USERNAME && length < sizeof message->username)
      memcpy (message->username, data + at + 4, length);
    if (read_u16 (data + at) == ATTR_INTEGRITY && length == 20)
      message->integrity_at = at;
    at += 4 + (length + 3) / 4 * 4;
  }
  return TRUE;
}

/* RFC 8489, 14.5: the length counts up to and with MESSAGE-INTEGRITY, whatever follows. */
static void
integrity_of (const guint8 *data, gsize at, const char *password, guint8 digest[20])
{
  guint8 copy[1024];
  unsigned size = 20;

  memcpy (copy, data, at);
  write_u16 (copy + 2, (guint) (at + 24 - HEADER));
  HMAC (EVP_sha1 (), password, (int) strlen (password), copy, at, digest, &size);
}

gboolean
mcu_stun_is_from (const guint8 *data, const McuStunMessage *message, const char *password)
{
  guint8 digest[20];

  if (message->integrity_at == 0 || message->integrity_at > 1024)
    return FALSE;
  integrity_of (data, message->integrity_at, password, digest);
  return memcmp (digest, data + message->integrity_at + 4, sizeof digest) == 0;
}

static gsize
begin (guint8 *out, guint type, const guint8 id[12])
{
  write_u16 (out, type);
  write_u32 (out + 4, COOKIE);
  memcpy (out + 8, id, 12);
  return HEADER;
}

static gsize
add (guint8 *out, gsize at, guint type, const void *value, gsize size)
{
  write_u16 (out + at, type);
  write_u16 (out + at + 2, (guint) size);
  memset (out + at + 4, 0, (size + 3) / 4 * 4);
  if (size > 0)
    memcpy (out + at + 4, value, size);
  return at + 4 + (size + 3) / 4 * 4;
}

static gsize
end (guint8 *out, gsize at, const char *password)
{
  guint8 value[20];

  integrity_of (out, at, password, value);
  at = add (out, at, ATTR_INTEGRITY, value, 20);
  write_u16 (out + 2, (guint) (at + 8 - HEADER));
  write_u32 (value, crc32_of (out, at) ^ FINGERPRINT_XOR);
  return add (out, at, ATTR_FINGERPRINT, value, 4);
}

gsize
mcu_stun_write_check (guint8 *out, const guint8 id[12], const McuStunCheck *check)
{
  gsize at = begin (out, MCU_STUN_BINDING_REQUEST, id);
  guint8 value[8];

  at = add (out, at, ATTR_USERNAME, check->username, MIN (strlen (check->username), 100));
  write_u32 (value, check->priority);
  at = add (out, at, ATTR_PRIORITY, value, 4);
  write_u32 (value, (guint32) (check->tie_breaker >> 32));
  write_u32 (value + 4, (guint32) check->tie_breaker);
  at = add (out, at, check->controlling ? ATTR_CONTROLLING : ATTR_CONTROLLED, value, 8);
  if (check->controlling)
    at = add (out, at, ATTR_USE_CANDIDATE, NULL, 0);
  return end (out, at, check->password);
}

gsize
mcu_stun_write_response (guint8 *out, const guint8 id[12], const struct sockaddr_in *from,
                         const char *password)
{
  gsize at = begin (out, MCU_STUN_BINDING_RESPONSE, id);
  guint8 value[8] = {0, 1};

  write_u16 (value + 2, ntohs (from->sin_port) ^ (COOKIE >> 16));
  write_u32 (value + 4, ntohl (from->sin_addr.s_addr) ^ COOKIE);
  at = add (out, at, ATTR_XOR_MAPPED, value, 8);
  return end (out, at, password);
}
