/* tests/unit/signaling/origin.c - tests signaling/origin.c.  SPDX-License-Identifier: Apache-2.0 */
#include "signaling/origin.h"

static void
test_origin__loopback_names (void)
{
  static const char *const good[] = {"localhost",    "localhost:8080", "LOCALHOST:1", "127.0.0.1",
                                     "127.8.9.1:80", "[::1]",          "[::1]:8080"};
  static const char *const bad[] = {"",
                                    "evil.example",
                                    "localhost.evil.example",
                                    "127.0.0.1.evil.example:80",
                                    "[::1",
                                    "[::1]evil",
                                    "0.0.0.0",
                                    "192.168.1.5:8080",
                                    "::1:8",
                                    "127.0.0.1@evil",
                                    "evil:localhost"};

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (mcu_host_is_loopback (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (mcu_host_is_loopback (bad[i]));
  g_assert_false (mcu_host_is_loopback (NULL));
}

static void
test_origin__own_address (void)
{
  g_assert_true (mcu_host_is_address ("192.168.1.5:8080", "192.168.1.5"));
  g_assert_true (mcu_host_is_address ("[2001:db8::1]:80", "2001:db8:0::1"));
  g_assert_false (mcu_host_is_address ("192.168.1.50", "192.168.1.5"));
  g_assert_false (mcu_host_is_address ("evil.example", "192.168.1.5"));
  g_assert_false (mcu_host_is_address (NULL, "192.168.1.5"));
}

static void
test_origin__own_and_listed (void)
{
  static const char *const listed[] = {"https://meet.example", "https://b.example:8443", NULL};
  static const char *const any[] = {"*", NULL};

  g_assert_true (mcu_origin_is_own ("http://127.0.0.1:8080", "127.0.0.1:8080"));
  g_assert_true (mcu_origin_is_own ("https://Meet.example", "meet.example"));
  g_assert_false (mcu_origin_is_own ("http://127.0.0.1:8081", "127.0.0.1:8080"));
  g_assert_false (mcu_origin_is_own ("null", "127.0.0.1:8080"));
  g_assert_false (mcu_origin_is_own (NULL, "127.0.0.1:8080"));
  g_assert_false (mcu_origin_is_own ("http://a", NULL));
  g_assert_true (mcu_origin_is_loopback ("http://localhost:3000"));
  g_assert_false (mcu_origin_is_loopback ("http://evil.example:3000"));
  g_assert_false (mcu_origin_is_loopback ("null"));
  g_assert_true (mcu_origin_is_listed ("https://meet.example", listed));
  g_assert_false (mcu_origin_is_listed ("http://meet.example", listed));
  g_assert_false (mcu_origin_is_listed ("https://b.example", listed));
  g_assert_false (mcu_origin_is_listed (NULL, any));
  g_assert_true (mcu_origin_is_listed ("null", any));
  g_assert_false (mcu_origin_is_listed ("https://meet.example", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/origin/loopback_names", test_origin__loopback_names);
  g_test_add_func ("/signaling/origin/own_address", test_origin__own_address);
  g_test_add_func ("/signaling/origin/own_and_listed", test_origin__own_and_listed);
  return g_test_run ();
}
