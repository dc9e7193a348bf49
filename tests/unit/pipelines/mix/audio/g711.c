/* Tests pipelines/mix/audio/g711.c against ITU-T G.711.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/audio/g711.h"

static void
test_g711__known_values (void)
{
  /* Tables 1a to 2b, scaled to 16 bit: silence, the ends, and the first of some segments. */
  static const struct
  {
    guint8 code;
    gint16 ulaw, alaw;
  } known[] = {
      {0xff, 0, 848},   {0x7f, 0, -848},    {0x80, 32124, 5504}, {0x00, -32124, -5504},
      {0xd5, 716, 8},   {0x55, -716, -8},   {0xaa, 5372, 32256}, {0x2a, -5372, -32256},
      {0xf0, 120, 688}, {0x70, -120, -688},
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    g_assert_cmpint (mcu_g711_ulaw_decode (known[i].code), ==, known[i].ulaw);
    g_assert_cmpint (mcu_g711_alaw_decode (known[i].code), ==, known[i].alaw);
  }
  g_assert_cmphex (mcu_g711_ulaw_encode (0), ==, 0xff);
  g_assert_cmphex (mcu_g711_ulaw_encode (32767), ==, 0x80);
  g_assert_cmphex (mcu_g711_ulaw_encode (-32768), ==, 0x00);
  g_assert_cmphex (mcu_g711_alaw_encode (0), ==, 0xd5);
  g_assert_cmphex (mcu_g711_alaw_encode (-1), ==, 0x55);
  g_assert_cmphex (mcu_g711_alaw_encode (32767), ==, 0xaa);
  g_assert_cmphex (mcu_g711_alaw_encode (-32768), ==, 0x2a);
}

static void
test_g711__every_code_comes_back (void)
{
  for (guint code = 0; code < 256; code++) {
    if (code != 0x7f) /* mu-law has two zeros */
      g_assert_cmphex (mcu_g711_ulaw_encode (mcu_g711_ulaw_decode (code)), ==, code);
    g_assert_cmphex (mcu_g711_alaw_encode (mcu_g711_alaw_decode (code)), ==, code);
  }
}

static void
test_g711__every_sample_is_near (void)
{
  for (int sample = -32768; sample <= 32767; sample++) {
    int most = ABS (sample) / 32 + 8; /* half a step of 1/16 */

    if (ABS (sample) < 32200)
      g_assert_cmpint (ABS (mcu_g711_ulaw_decode (mcu_g711_ulaw_encode (sample)) - sample), <=,
                       most);
    g_assert_cmpint (ABS (mcu_g711_alaw_decode (mcu_g711_alaw_encode (sample)) - sample), <=, most);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/g711/known_values", test_g711__known_values);
  g_test_add_func ("/g711/every_code_comes_back", test_g711__every_code_comes_back);
  g_test_add_func ("/g711/every_sample_is_near", test_g711__every_sample_is_near);
  return g_test_run ();
}
