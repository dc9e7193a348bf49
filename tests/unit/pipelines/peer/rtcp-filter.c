/* tests/unit/pipelines/peer/rtcp-filter.c - tests pipelines/peer/rtcp-filter.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/rtcp-filter.h"

#include <string.h>

/* Sources 0x11111111 are known; all that signs is let through unchanged. */
#define KNOWN "11111111"
#define SR                                                                                         \
  KNOWN "83aa7e80000000000000000000000000"                                                         \
        "00000000"
#define SR0 "80c80006" SR

static gboolean
map_known (gpointer user_data, guint32 *ssrc, gboolean is_source)
{
  return !is_source || *ssrc == 0x11111111;
}

static gsize
from_hex (const char *hex, guint8 *out)
{
  gsize n = strlen (hex) / 2;

  g_assert_cmpuint (strlen (hex) % 2, ==, 0);
  for (gsize i = 0; i < n; i++)
    out[i] = (guint8) (g_ascii_xdigit_value (hex[2 * i]) << 4 |
                       g_ascii_xdigit_value (hex[2 * i + 1]));
  return n;
}

static char *
to_hex (const guint8 *p, gsize n)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (out, "%02x", p[i]);
  return g_string_free (out, FALSE);
}

static const struct
{
  const char *what;
  const char *in;
  const char *out; /* NULL: dropped; "": same as in */
  gboolean malformed;
} table[] = {
    {"SR", SR0, "", FALSE},
    {"RR without blocks", "80c9000122222222", "", FALSE},
    {"RR with a block",
     "81c9000722222222"
     "33333333"
     "0000000000000000000000000000000000000000",
     "", FALSE},
    {"RR with an extension",
     "80c90002"
     "22222222"
     "deadbeef",
     "80c9000122222222", FALSE},
    {"SR and CNAME", SR0 "81ca0003" KNOWN "0103616263000000", "", FALSE},
    {"CNAME and TOOL: TOOL goes",
     SR0 "81ca0004" KNOWN "010361626306024754"
         "000000",
     SR0 "81ca0003" KNOWN "0103616263000000", FALSE},
    {"PRIV goes with its chunk", SR0 "81ca0003" KNOWN "0803026162000000", SR0, FALSE},
    {"CNAME of a stranger",
     SR0 "81ca0003"
         "99999999"
         "0103616263000000",
     SR0, FALSE},
    {"SR of a stranger",
     "80c80006"
     "99999999"
     "83aa7e80000000000000000000000000"
     "00000000",
     NULL, FALSE},
    {"item over the end", SR0 "81ca0003" KNOWN "01ff616263000000", NULL, TRUE},
    {"chunk without end", SR0 "81ca0002" KNOWN "01026162", NULL, TRUE},
    {"more chunks than there are", SR0 "82ca0003" KNOWN "0103616263000000", NULL, TRUE},
    {"BYE goes", SR0 "81cb0001" KNOWN, SR0, FALSE},
    {"APP goes", SR0 "80cc0002" KNOWN "41424344", SR0, FALSE},
    {"XR goes", SR0 "80cf0001" KNOWN, SR0, FALSE},
    {"only APP", "80cc0002" KNOWN "41424344", NULL, FALSE},
    {"PLI",
     "81ce0002"
     "22222222"
     "33333333",
     "", FALSE},
    {"PLI with more",
     "81ce0003"
     "22222222"
     "33333333"
     "00000000",
     NULL, TRUE},
    {"FIR",
     "84ce0004"
     "22222222"
     "00000000"
     "33333333"
     "01000000",
     "", FALSE},
    {"half a FIR",
     "84ce0003"
     "22222222"
     "00000000"
     "33333333",
     NULL, TRUE},
    {"NACK",
     "81cd0003"
     "22222222"
     "33333333"
     "00010000",
     "", FALSE},
    {"NACK of nothing",
     "81cd0002"
     "22222222"
     "33333333",
     NULL, TRUE},
    {"TMMBR goes",
     SR0 "83cd0004"
         "22222222"
         "00000000"
         "33333333"
         "00000000",
     SR0, FALSE},
    {"REMB",
     "8fce0005"
     "22222222"
     "00000000"
     "52454d42"
     "01000000"
     "33333333",
     "", FALSE},
    {"REMB of more than there is",
     "8fce0005"
     "22222222"
     "00000000"
     "52454d42"
     "02000000"
     "33333333",
     NULL, TRUE},
    {"AFB of others goes",
     SR0 "8fce0003"
         "22222222"
         "00000000"
         "41414141",
     SR0, FALSE},
    /* Two packets, a run of two small deltas. */
    {"TWCC",
     "8fcd0005"
     "22222222"
     "33333333"
     "0001"
     "0002"
     "00000000"
     "2002"
     "0102",
     "", FALSE},
    {"TWCC without its deltas",
     "8fcd0005"
     "22222222"
     "33333333"
     "0001"
     "0006"
     "00000000"
     "2006"
     "0102",
     NULL, TRUE},
    {"TWCC without chunks",
     "8fcd0004"
     "22222222"
     "33333333"
     "0001"
     "0002"
     "00000000",
     NULL, TRUE},
    {"TWCC over 2000",
     "8fcd0005"
     "22222222"
     "33333333"
     "0001"
     "07d1"
     "00000000"
     "07d1"
     "0000",
     NULL, TRUE},
    {"TWCC of 2000 lost",
     "8fcd0005"
     "22222222"
     "33333333"
     "0001"
     "07d0"
     "00000000"
     "07d0"
     "0000",
     "", FALSE},
    {"TWCC with an endless run",
     "8fcd0005"
     "22222222"
     "33333333"
     "0001"
     "0002"
     "00000000"
     "2000"
     "0000",
     NULL, TRUE},
    /* Chromium's padding of one byte: taken off, the word stays. */
    {"TWCC padded",
     "afcd0005"
     "22222222"
     "33333333"
     "0001"
     "0001"
     "00000000"
     "2001"
     "0101",
     "8fcd0005"
     "22222222"
     "33333333"
     "0001"
     "0001"
     "00000000"
     "2001"
     "0100",
     FALSE},
    {"padding longer than the packet",
     "a0c90001"
     "222222ff",
     NULL, TRUE},
    {"padding of none",
     "a0c90002"
     "22222222"
     "00000000",
     NULL, TRUE},
    {"a word of padding",
     "a0c90002"
     "22222222"
     "00000004",
     "80c9000122222222", FALSE},
    {"version", "40c9000122222222", NULL, TRUE},
    {"length over the end", "80c9000222222222", NULL, TRUE},
    {"bytes behind",
     "80c9000122222222"
     "80c9",
     NULL, TRUE},
    {"SR too short", "80c80001" KNOWN, NULL, TRUE},
    {"RR with fewer blocks than it says", "82c9000122222222", NULL, TRUE},
    {"SDES first", "81ca0003" KNOWN "0103616263000000", NULL, FALSE},
    {"nothing", "", NULL, TRUE},
};

static void
test_rtcp_filter__table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    guint8 buffer[256];
    gsize n = from_hex (table[i].in, buffer);
    g_autofree guint8 *packet = g_memdup2 (buffer, n); /* exactly so long, for ASan */
    McuRtcpVerdict verdict = mcu_rtcp_filter (packet, &n, map_known, NULL);

    g_test_message ("%s", table[i].what);
    g_assert_cmpint (verdict.malformed, ==, table[i].malformed);
    if (table[i].out == NULL) {
      g_assert_cmpuint (n, ==, 0);
      continue;
    }
    g_autofree char *out = to_hex (packet, n);
    g_assert_cmpstr (out, ==, table[i].out[0] != '\0' ? table[i].out : table[i].in);
    /* What is kept is kept again. */
    verdict = mcu_rtcp_filter (packet, &n, map_known, NULL);
    g_assert_false (verdict.malformed);
    g_autofree char *again = to_hex (packet, n);
    g_assert_cmpstr (again, ==, out);
  }
}

static gboolean
add_one (gpointer user_data, guint32 *ssrc, gboolean is_source)
{
  (*ssrc)++;
  return TRUE;
}

static void
test_rtcp_filter__targets (void)
{
  static const char in[] = "81c8000c"
                           "00000001"
                           "0000000000000000000000000000000000000000"
                           "000000a0"
                           "0000000000000000000000000000000000000000"
                           "81ce0002"
                           "00000001"
                           "000000b0"
                           "84ce0004"
                           "00000001"
                           "00000000"
                           "000000c0"
                           "01000000"
                           "8fce0005"
                           "00000001"
                           "00000000"
                           "52454d42"
                           "01000000"
                           "000000d0";
  static const char out[] = "81c8000c"
                            "00000001"
                            "0000000000000000000000000000000000000000"
                            "000000a1"
                            "0000000000000000000000000000000000000000"
                            "81ce0002"
                            "00000001"
                            "000000b1"
                            "84ce0004"
                            "00000001"
                            "00000001"
                            "000000c1"
                            "01000000"
                            "8fce0005"
                            "00000001"
                            "00000001"
                            "52454d42"
                            "01000000"
                            "000000d1";
  guint8 packet[256];
  gsize n = from_hex (in, packet);

  mcu_rtcp_map_targets (packet, n, add_one, NULL);
  g_autofree char *now = to_hex (packet, n);
  g_assert_cmpstr (now, ==, out);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtcp-filter/table", test_rtcp_filter__table);
  g_test_add_func ("/rtcp-filter/targets", test_rtcp_filter__targets);
  return g_test_run ();
}
