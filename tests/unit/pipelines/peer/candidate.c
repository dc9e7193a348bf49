/* tests/unit/pipelines/peer/candidate.c - tests pipelines/peer/candidate.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/candidate.h"

#include <string.h>

#define HOST "candidate:1 1 udp 2130706431 "

static const struct
{
  const char *line;
  gboolean allow_loopback;
  McuCandidateResult result;
  const char *again; /* (nullable): how we write it */
} table[] = {
    {HOST "192.0.2.7 5000 typ host", FALSE, MCU_CANDIDATE_OK,
     "candidate:1 1 UDP 2130706431 192.0.2.7 5000 typ host"},
    {"a=" HOST "192.0.2.7 5000 typ host generation 0 ufrag Ab+/ network-cost 999", FALSE,
     MCU_CANDIDATE_OK, "candidate:1 1 UDP 2130706431 192.0.2.7 5000 typ host ufrag Ab+/"},
    {HOST "2001:DB8:0:0::1 5000 typ host", FALSE, MCU_CANDIDATE_OK,
     "candidate:1 1 UDP 2130706431 2001:db8::1 5000 typ host"},
    {"candidate:a/+9 1 UDP 1 198.51.100.1 1 typ srflx raddr 10.0.0.1 rport 7", FALSE,
     MCU_CANDIDATE_OK, "candidate:a/+9 1 UDP 1 198.51.100.1 1 typ srflx raddr 10.0.0.1 rport 7"},
    {"candidate:1 1 UDP 1 198.51.100.1 1 typ relay raddr x.local rport 0", FALSE, MCU_CANDIDATE_OK,
     "candidate:1 1 UDP 1 198.51.100.1 1 typ relay raddr 0.0.0.0 rport 0"},
    {"", FALSE, MCU_CANDIDATE_END, NULL},
    {"a=end-of-candidates", FALSE, MCU_CANDIDATE_END, NULL},
    {HOST "9f1b2c3d.local 5000 typ host", FALSE, MCU_CANDIDATE_IGNORE, NULL},
    {"candidate:1 2 udp 1 192.0.2.7 5000 typ host", FALSE, MCU_CANDIDATE_IGNORE, NULL},
    {"candidate:1 1 tcp 1 192.0.2.7 9 typ host tcptype active", FALSE, MCU_CANDIDATE_IGNORE, NULL},
    {HOST "127.0.0.1 5000 typ host", FALSE, MCU_CANDIDATE_IGNORE, NULL},
    {HOST "127.0.0.1 5000 typ host", TRUE, MCU_CANDIDATE_OK,
     "candidate:1 1 UDP 2130706431 127.0.0.1 5000 typ host"},
    {HOST "::1 5000 typ host", FALSE, MCU_CANDIDATE_IGNORE, NULL},
    {HOST "::1 5000 typ host", TRUE, MCU_CANDIDATE_OK, NULL},
    {HOST "::ffff:127.0.0.1 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "0.0.0.0 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "0.1.2.3 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "224.0.0.251 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "255.255.255.255 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST ":: 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "ff02::1 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "fe80::1%eth0 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "example.org 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "192.0.2.7 0 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "192.0.2.7 65536 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "192.0.2.7 5000 typ wild", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "192.0.2.7 5000", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "192.0.2.7 5000 typ host raddr", TRUE, MCU_CANDIDATE_BAD, NULL},
    {"candidate:1 1 udp 0 192.0.2.7 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {"candidate:1 1 udp 4294967296 192.0.2.7 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {"candidate: 1 udp 1 192.0.2.7 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {"1 1 udp 1 192.0.2.7 5000 typ host", TRUE, MCU_CANDIDATE_BAD, NULL},
    {HOST "192.0.2.7 5000 typ host\r\na=setup:active", TRUE, MCU_CANDIDATE_BAD, NULL},
};

static void
test_candidate__table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    McuCandidate c;

    g_test_message ("%s", table[i].line);
    g_assert_cmpint (mcu_candidate_parse (table[i].line, -1, table[i].allow_loopback, &c), ==,
                     table[i].result);
    if (table[i].again == NULL)
      continue;
    g_autofree char *again = mcu_candidate_to_string (&c);
    g_assert_cmpstr (again, ==, table[i].again);
    McuCandidate c2;
    g_assert_cmpint (mcu_candidate_parse (again, -1, TRUE, &c2), ==, MCU_CANDIDATE_OK);
    g_autofree char *third = mcu_candidate_to_string (&c2);
    g_assert_cmpstr (third, ==, again);
  }
}

static void
test_candidate__length_is_bounded (void)
{
  g_autofree char *pad = g_strnfill (MCU_CANDIDATE_MAX_BYTES, 'x');
  g_autofree char *line = g_strconcat (HOST "192.0.2.7 5000 typ host foo ", pad, NULL);
  McuCandidate c;

  line[MCU_CANDIDATE_MAX_BYTES] = '\0';
  g_assert_cmpint (mcu_candidate_parse (line, -1, FALSE, &c), ==, MCU_CANDIDATE_OK);
  line[MCU_CANDIDATE_MAX_BYTES] = 'x';
  line[MCU_CANDIDATE_MAX_BYTES + 1] = '\0';
  g_assert_cmpint (mcu_candidate_parse (line, -1, FALSE, &c), ==, MCU_CANDIDATE_BAD);
  /* Not terminated where it says it ends. */
  g_assert_cmpint (mcu_candidate_parse (line, strlen (HOST "192.0.2.7 5000 typ host"), FALSE, &c),
                   ==, MCU_CANDIDATE_OK);
}

/* The longest of everything, without the related address that its type must have. */
static void
test_candidate__written_is_read_again (void)
{
  g_autofree char *foundation = g_strnfill (32, 'f');
  g_autofree char *ufrag = g_strnfill (MCU_UFRAG_MAX, 'u');
  g_autofree char *line = g_strdup_printf (
      "candidate:%s 1 udp 4294967295 2001:db8:1111:2222:3333:4444:5555:6666 65535 typ srflx ufrag "
      "%s",
      foundation, ufrag);
  McuCandidate c, again;

  g_assert_cmpint (mcu_candidate_parse (line, -1, FALSE, &c), ==, MCU_CANDIDATE_OK);
  g_autofree char *written = mcu_candidate_to_string (&c);
  g_assert_cmpuint (strlen (written), >, strlen (line));
  g_assert_cmpint (mcu_candidate_parse (written, -1, FALSE, &again), ==, MCU_CANDIDATE_OK);
  g_assert_cmpstr (again.ufrag, ==, ufrag);
}

static void
test_candidate__nul_is_bad (void)
{
  const char line[] = HOST "192.0.2.7 5000 typ host\0x";
  McuCandidate c;

  g_assert_cmpint (mcu_candidate_parse (line, sizeof line - 1, FALSE, &c), ==, MCU_CANDIDATE_BAD);
}

static void
test_candidate__public (void)
{
  static const struct
  {
    const char *address;
    gboolean public;
  } rows[] = {{"8.8.8.8", TRUE},      {"10.1.1.1", FALSE},    {"172.16.0.1", FALSE},
              {"172.32.0.1", TRUE},   {"192.168.1.1", FALSE}, {"100.64.0.1", FALSE},
              {"169.254.1.1", FALSE}, {"127.0.0.1", FALSE},   {"2001:db8::1", TRUE},
              {"fd00::1", FALSE},     {"fe80::1", FALSE},     {"::1", FALSE}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    McuCandidate c = {0};

    g_strlcpy (c.address, rows[i].address, sizeof c.address);
    g_test_message ("%s", rows[i].address);
    g_assert_cmpint (mcu_candidate_is_public (&c), ==, rows[i].public);
  }
}

static void
test_candidate__budget (void)
{
  McuCandidateBudget budget = {0};

  for (guint i = 0; i < MCU_CANDIDATES_MAX; i++)
    g_assert_true (mcu_candidate_budget_take (&budget));
  g_assert_false (mcu_candidate_budget_take (&budget));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/candidate/table", test_candidate__table);
  g_test_add_func ("/candidate/length-is-bounded", test_candidate__length_is_bounded);
  g_test_add_func ("/candidate/written-is-read-again", test_candidate__written_is_read_again);
  g_test_add_func ("/candidate/nul-is-bad", test_candidate__nul_is_bad);
  g_test_add_func ("/candidate/public", test_candidate__public);
  g_test_add_func ("/candidate/budget", test_candidate__budget);
  return g_test_run ();
}
