/* Tests pipelines/mix/audio/rtp-header.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/rtp-header.h"

#include <string.h>

static void
test_rtp_header__finds_the_payload (void)
{
  static const struct
  {
    guint8 rtp[32];
    gsize n, begin, n_payload; /* n_payload 0: refused */
  } rows[] = {
      {{0x80, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 'a'}, 13, 12, 1},
      {{0x80, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4}, 12, 0, 0},                   /* empty */
      {{0x80, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0}, 11, 0, 0},                      /* short */
      {{0x40, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 'a'}, 13, 0, 0},              /* version */
      {{0x81, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 9, 'a'}, 17, 16, 1}, /* CSRC */
      {{0x8f, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 9, 'a'}, 17, 0, 0},
      {{0x90, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe, 0xde, 0, 1, 0, 0, 0, 0, 'a'}, 21, 20, 1},
      {{0x90, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe, 0xde, 0xff, 0xff, 'a'}, 17, 0, 0},
      {{0x90, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe}, 13, 0, 0},
      {{0xa0, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 'a', 'b', 0, 2}, 16, 12, 2}, /* padding */
      {{0xa0, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 'a', 'b', 0, 4}, 16, 0, 0},
      {{0xa0, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 'a', 'b', 0, 0}, 16, 0, 0},
      {{0xa0, 111, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 'a', 'b', 0, 200}, 16, 0, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree guint8 *exact = g_memdup2 (rows[i].rtp, rows[i].n); /* ASan sees one byte beyond */
    McuRtpHeader header;
    gboolean good = mcu_rtp_header_parse (exact, rows[i].n, &header);

    g_assert_cmpint (good, ==, rows[i].n_payload > 0);
    if (!good)
      continue;
    g_assert_cmpuint (header.seq, ==, 0x0102);
    g_assert_cmpuint (header.timestamp, ==, 3);
    g_assert_cmpuint (header.ssrc, ==, 4);
    g_assert_cmpuint (header.payload - exact, ==, rows[i].begin);
    g_assert_cmpuint (header.n_payload, ==, rows[i].n_payload);
  }
}

static void
test_rtp_header__any_bytes_stay_inside (void)
{
  for (guint round = 0; round < 20000; round++) {
    gsize n = g_random_int_range (0, 60);
    g_autofree guint8 *rtp = g_malloc (n);
    McuRtpHeader header;

    for (gsize i = 0; i < n; i++)
      rtp[i] = g_random_int ();
    if (mcu_rtp_header_parse (rtp, n, &header))
      g_assert_true (header.payload >= rtp + 12 && header.payload + header.n_payload <= rtp + n);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtp-header/finds_the_payload", test_rtp_header__finds_the_payload);
  g_test_add_func ("/rtp-header/any_bytes_stay_inside", test_rtp_header__any_bytes_stay_inside);
  return g_test_run ();
}
