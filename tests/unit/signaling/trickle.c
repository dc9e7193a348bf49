/* tests/unit/signaling/trickle.c - tests signaling/trickle.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/trickle.h"

#include <string.h>

#include "mcu/base/error.h"

static void
test_trickle__candidates_know_their_section (void)
{
  static const char text[] = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
                             "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                             "a=candidate:1 1 udp 2130706431 192.0.2.1 61764 typ host\r\n"
                             "m=video 9 UDP/TLS/RTP/SAVPF 0\na=mid:v\n"
                             "a=candidate:2 1 udp 1 192.0.2.1 61766 typ host\n"
                             "a=end-of-candidates\n";
  g_autoptr (McuTrickle) trickle = mcu_trickle_parse (text, strlen (text), NULL);

  g_assert_nonnull (trickle);
  g_assert_cmpstr (trickle->ufrag, ==, "EsAw");
  g_assert_cmpstr (trickle->pwd, ==, "P2uYro0UCOQ4zxjKXaWCBui1");
  g_assert_cmpuint (trickle->candidates->len, ==, 2);
  g_assert_cmpstr (trickle->candidates->pdata[0], ==,
                   "candidate:1 1 udp 2130706431 192.0.2.1 61764 typ host");
  g_assert_cmpstr (trickle->mids->pdata[0], ==, "0");
  g_assert_cmpstr (trickle->mids->pdata[1], ==, "v");
  g_assert_true (trickle->is_end);
}

static int
code_of (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuTrickle) trickle = mcu_trickle_parse (text, length, &error);

  g_assert_true ((trickle == NULL) == (error != NULL));
  return error != NULL ? error->code : -1;
}

static void
test_trickle__bounds (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *lengthy = g_strnfill (600, 'a');

  lengthy[1] = '=';
  for (guint i = 0; i < MCU_TRICKLE_MAX_CANDIDATES; i++)
    g_string_append (many, "a=candidate:1\r\n");
  g_assert_cmpint (code_of (many->str, many->len), ==, -1);
  g_string_append (many, "a=candidate:1\r\n");
  g_assert_cmpint (code_of (many->str, many->len), ==, MCU_ERROR_TOO_LARGE);
  g_assert_cmpint (code_of (lengthy, 600), ==, MCU_ERROR_BAD_SDP);
  g_assert_cmpint (code_of ("", 0), ==, -1);
  g_assert_cmpint (code_of ("x", 1), ==, MCU_ERROR_BAD_SDP);
  g_assert_cmpint (code_of ("\r\n\r\n", 4), ==, MCU_ERROR_BAD_SDP);
  g_assert_cmpint (code_of ("a=\xff\n", 4), ==, MCU_ERROR_BAD_SDP);
  g_assert_cmpint (code_of ("a=\0\n", 4), ==, MCU_ERROR_BAD_SDP);
}

static void
test_trickle__ufrag_of_the_offer (void)
{
  static const char offer[] = "v=0\r\na=ice-ufrag:one\r\nm=audio\r\na=ice-ufrag:two\n";
  gsize length = strlen (offer);

  g_assert_true (mcu_trickle_offer_has_ufrag (offer, length, "one"));
  g_assert_true (mcu_trickle_offer_has_ufrag (offer, length, "two"));
  g_assert_true (mcu_trickle_offer_has_ufrag (offer, length - 1, "two"));
  g_assert_false (mcu_trickle_offer_has_ufrag (offer, length, "tw"));
  g_assert_false (mcu_trickle_offer_has_ufrag (offer, length, "three"));
  g_assert_false (mcu_trickle_offer_has_ufrag ("xa=ice-ufrag:one", 16, "one"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signaling/trickle/candidates_know_their_section",
                   test_trickle__candidates_know_their_section);
  g_test_add_func ("/signaling/trickle/bounds", test_trickle__bounds);
  g_test_add_func ("/signaling/trickle/ufrag_of_the_offer", test_trickle__ufrag_of_the_offer);
  return g_test_run ();
}
