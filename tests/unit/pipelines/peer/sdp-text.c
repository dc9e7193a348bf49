/* tests/unit/pipelines/peer/sdp-text.c - tests pipelines/peer/sdp-text.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/sdp-text.h"

#include <string.h>

#include "mcu/base/error.h"

static void
test_sdp_text__both_line_ends (void)
{
  g_auto (McuSdpText) text = {0};

  g_assert_true (mcu_sdp_text_init (&text, "v=0\na=x\r\n\r\na=y", -1, 100, NULL));
  g_assert_cmpuint (text.lines->len, ==, 3);
  g_assert_cmpstr (text.lines->pdata[1], ==, "a=x");
  g_assert_cmpstr (text.lines->pdata[2], ==, "a=y");
}

static void
test_sdp_text__length_counts (void)
{
  g_auto (McuSdpText) text = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_sdp_text_init (&text, "v=0\na=x", 3, 3, NULL));
  g_assert_cmpuint (text.lines->len, ==, 1);
  g_auto (McuSdpText) big = {0};
  g_assert_false (mcu_sdp_text_init (&big, "v=0\n", -1, 3, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

static void
test_sdp_text__attribute (void)
{
  g_assert_cmpstr (mcu_sdp_attribute ("a=mid:0", "mid"), ==, "0");
  g_assert_cmpstr (mcu_sdp_attribute ("a=rtcp-mux", "rtcp-mux"), ==, "");
  g_assert_null (mcu_sdp_attribute ("a=rtcp-mux-only", "rtcp-mux"));
  g_assert_null (mcu_sdp_attribute ("b=mid:0", "mid"));
}

static void
test_sdp_text__numbers (void)
{
  static const struct
  {
    const char *text;
    guint64 max;
    gboolean ok;
    guint64 value;
  } rows[] = {{"0", 0, TRUE, 0},
              {"127 x", 127, TRUE, 127},
              {"128", 127, FALSE, 0},
              {"4294967295", G_MAXUINT32, TRUE, G_MAXUINT32},
              {"4294967296", G_MAXUINT32, FALSE, 0},
              {"18446744073709551615", G_MAXUINT64, TRUE, G_MAXUINT64},
              {"18446744073709551616", G_MAXUINT64, FALSE, 0},
              {"00000000000000000000000", 9, FALSE, 0},
              {"3", 2, FALSE, 0},
              {"-1", 9, FALSE, 0},
              {"", 9, FALSE, 0}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *cursor = rows[i].text;
    guint64 value = 0;

    g_test_message ("%s", rows[i].text);
    g_assert_cmpint (mcu_sdp_take_uint (&cursor, rows[i].max, &value), ==, rows[i].ok);
    g_assert_cmpuint (value, ==, rows[i].value);
    if (!rows[i].ok)
      g_assert_true (cursor == rows[i].text);
  }
}

static void
test_sdp_text__words (void)
{
  const char *cursor = "  one toolong three";
  char word[6];

  g_assert_true (mcu_sdp_take_word (&cursor, word, sizeof word));
  g_assert_cmpstr (word, ==, "one");
  g_assert_false (mcu_sdp_take_word (&cursor, word, sizeof word));
}

static void
test_sdp_text__fmtp (void)
{
  const char *fmtp = "Profile-Level-ID=42e01f ; packetization-mode=1;x";
  char value[8];

  g_assert_true (mcu_sdp_fmtp_param (fmtp, "profile-level-id", value, sizeof value));
  g_assert_cmpstr (value, ==, "42e01f");
  g_assert_true (mcu_sdp_fmtp_param (fmtp, "packetization-mode", value, sizeof value));
  g_assert_cmpstr (value, ==, "1");
  g_assert_false (mcu_sdp_fmtp_param (fmtp, "x", value, sizeof value));
  g_assert_false (mcu_sdp_fmtp_param (fmtp, "mode", value, sizeof value));
  g_assert_false (mcu_sdp_fmtp_param (fmtp, "profile-level-id", value, 6));
  g_assert_false (mcu_sdp_fmtp_param (NULL, "x", value, sizeof value));
}

static void
test_sdp_text__fingerprint (void)
{
  guint8 in[32], out[32];
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < 32; i++)
    in[i] = (guint8) (i * 7);
  mcu_sdp_append_fingerprint (line, in);
  g_assert_true (g_str_has_suffix (line->str, "\r\n"));
  g_string_truncate (line, line->len - 2);
  const char *value = mcu_sdp_attribute (line->str, "fingerprint");
  g_assert_true (mcu_sdp_fingerprint (value, out));
  g_assert_cmpmem (in, 32, out, 32);

  g_string_append (line, ":00");
  g_assert_false (mcu_sdp_fingerprint (mcu_sdp_attribute (line->str, "fingerprint"), out));
  for (gsize n = strlen ("a=fingerprint:") + 32 * 3 + 7; n > strlen ("a=fingerprint:");) {
    g_string_truncate (line, --n);
    g_assert_false (mcu_sdp_fingerprint (line->str + strlen ("a=fingerprint:"), out));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp-text/both-line-ends", test_sdp_text__both_line_ends);
  g_test_add_func ("/sdp-text/length-counts", test_sdp_text__length_counts);
  g_test_add_func ("/sdp-text/attribute", test_sdp_text__attribute);
  g_test_add_func ("/sdp-text/numbers", test_sdp_text__numbers);
  g_test_add_func ("/sdp-text/words", test_sdp_text__words);
  g_test_add_func ("/sdp-text/fmtp", test_sdp_text__fmtp);
  g_test_add_func ("/sdp-text/fingerprint", test_sdp_text__fingerprint);
  return g_test_run ();
}
