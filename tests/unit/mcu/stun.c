/* tests/unit/mcu/stun.c - answers of STUN servers, and what is none.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/stun.h"

#include <string.h>

static const guint8 transaction[] = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                     0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

/* 192.0.2.1, port 32853, behind an attribute of 11 bytes and its padding. */
static const guint8 good[] = {
    0x01, 0x01, 0x00, 0x1c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 't',  'e',  's',  't',  ' ',  'v',  'e',  'c',
    't',  'o',  'r',  ' ',  0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};

static void
assert_reads (const guint8 *data, gsize length, const char *wanted)
{
  g_autoptr (GInetAddress) address = mcu_stun_read_response (data, length, transaction);
  g_autofree char *text = address != NULL ? g_inet_address_to_string (address) : NULL;

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_stun__request (void)
{
  guint8 request[MCU_STUN_HEADER_BYTES];
  static const guint8 start[] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};

  mcu_stun_write_request (transaction, request);
  g_assert_cmpmem (request, 8, start, 8);
  g_assert_cmpmem (request + 8, 12, transaction, 12);
}

static void
test_stun__good (void)
{
  assert_reads (good, sizeof good, "192.0.2.1");
}

static void
test_stun__ipv6 (void)
{
  guint8 data[44] = {0x01, 0x01, 0x00, 0x18, 0x21, 0x12, 0xa4, 0x42};

  memcpy (data + 8, transaction, sizeof transaction);
  memcpy (data + 20, (guint8[]){0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47}, 8);
  memcpy (data + 28, data + 4, 16); /* :: XOR the header */
  data[43] ^= 1;
  assert_reads (data, sizeof data, "::1");
}

/* Cut anywhere, and with any single byte changed: never more than an address or nothing. */
static void
test_stun__bad (void)
{
  guint8 other[MCU_STUN_TRANSACTION_BYTES] = {0};

  for (gsize n = 0; n < sizeof good; n++) {
    g_autofree guint8 *cut = g_memdup2 (good, MAX (n, 1)); /* its end is seen by ASan */

    assert_reads (cut, n, NULL);
  }
  for (gsize i = 0; i < sizeof good; i++)
    for (guint bit = 0; bit < 8; bit++) {
      g_autofree guint8 *changed = g_memdup2 (good, sizeof good);
      g_autoptr (GInetAddress) address = NULL;

      changed[i] ^= 1 << bit;
      address = mcu_stun_read_response (changed, sizeof good, transaction);
      g_assert_true (address == NULL || i >= MCU_STUN_HEADER_BYTES);
    }
  g_assert_null (mcu_stun_read_response (good, sizeof good, other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/request", test_stun__request);
  g_test_add_func ("/stun/good", test_stun__good);
  g_test_add_func ("/stun/ipv6", test_stun__ipv6);
  g_test_add_func ("/stun/bad", test_stun__bad);
  return g_test_run ();
}
