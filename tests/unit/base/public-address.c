/* tests/unit/base/public-address.c - whether an address is somebody's out there.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/public-address.h"

static const struct
{
  const char *text;
  gboolean is_public;
} table[] = {
    {"8.8.8.8", TRUE},
    {"1.1.1.1", TRUE},
    {"9.255.255.255", TRUE},
    {"11.0.0.0", TRUE},
    {"100.63.255.255", TRUE},
    {"100.128.0.0", TRUE},
    {"172.15.255.255", TRUE},
    {"172.32.0.0", TRUE},
    {"192.167.255.255", TRUE},
    {"192.169.0.0", TRUE},
    {"198.17.255.255", TRUE},
    {"198.20.0.0", TRUE},
    {"223.255.255.255", TRUE},
    {"0.0.0.0", FALSE},
    {"0.1.2.3", FALSE},
    {"10.0.0.1", FALSE},
    {"10.255.255.255", FALSE},
    {"100.64.0.1", FALSE},
    {"100.127.255.255", FALSE},
    {"127.0.0.1", FALSE},
    {"127.255.255.254", FALSE},
    {"169.254.169.254", FALSE},
    {"172.16.0.1", FALSE},
    {"172.31.255.255", FALSE},
    {"192.0.0.8", FALSE},
    {"192.0.2.1", FALSE},
    {"192.88.99.1", FALSE},
    {"192.168.0.1", FALSE},
    {"198.18.0.1", FALSE},
    {"198.19.255.255", FALSE},
    {"198.51.100.7", FALSE},
    {"203.0.113.7", FALSE},
    {"224.0.0.1", FALSE},
    {"239.255.255.255", FALSE},
    {"240.0.0.1", FALSE},
    {"255.255.255.255", FALSE},
    {"2606:4700::1111", TRUE},
    {"2a00:1450:4001::1", TRUE},
    {"2001:4860:4860::8888", TRUE},
    {"::ffff:8.8.8.8", TRUE},
    {"::", FALSE},
    {"::1", FALSE},
    {"::8.8.8.8", FALSE},
    {"::ffff:127.0.0.1", FALSE},
    {"::ffff:192.168.1.1", FALSE},
    {"::ffff:169.254.169.254", FALSE},
    {"64:ff9b::7f00:1", FALSE},
    {"100::1", FALSE},
    {"2001::1", FALSE},
    {"2001:db8::1", FALSE},
    {"2002:7f00:1::", FALSE},
    {"3fff::1", FALSE},
    {"4000::1", FALSE},
    {"fc00::1", FALSE},
    {"fd12:3456::1", FALSE},
    {"fe80::1", FALSE},
    {"fec0::1", FALSE},
    {"ff02::1", FALSE},
};

static void
test_public_address_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (table[i].text);

    g_assert_nonnull (address);
    g_test_message ("%s", table[i].text);
    g_assert_cmpint (mcu_inet_address_is_public (address), ==, table[i].is_public);
  }
}

static void
test_public_address_other_families_are_not (void)
{
  const guint8 bytes[16] = {8, 8, 8, 8};

  g_assert_false (mcu_address_is_public (1, bytes));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/public-address/table", test_public_address_table);
  g_test_add_func ("/base/public-address/other-families-are-not",
                   test_public_address_other_families_are_not);
  return g_test_run ();
}
