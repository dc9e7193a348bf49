/* tests/unit/pipelines/peer/offers.c - every offer of tests/data/offers against its .expect file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/peer/canonical.h"
#include "tests/unit/pipelines/peer/support.h"

/* One offer on its way through the gateway. */
typedef struct
{
  McuOffer *offer; /* (nullable) */
  GError *error;
  char *canonical;
  char *answer;
  char **sections; /* of the answer, "audio 111 sendrecv" */
  guint next_section;
} Run;

static char *
describe_section (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_auto (GStrv) words = g_strsplit (lines[0], " ", -1);

  g_assert_cmpuint (g_strv_length (words), >=, 4);
  if (strcmp (words[1], "0") == 0)
    return g_strdup_printf ("%s rejected", words[0]);

  g_autofree char *formats = g_strjoinv (" ", words + 3);
  const char *direction = test_has_line (text, "a=sendrecv")   ? "sendrecv"
                          : test_has_line (text, "a=sendonly") ? "sendonly"
                                                               : "recvonly";
  g_assert_true (strstr (text, "a=rtcp-mux\r\na=rtcp-mux-only\r\n") != NULL);
  return g_strdup_printf ("%s %s %s", words[0], formats, direction);
}

static void
run_gateway (Run *run, const char *sdp, McuOfferKind kind)
{
  const McuOfferOptions options = {.kind = kind};
  McuAnswerParts parts;

  run->offer = mcu_offer_parse (sdp, -1, &options, &run->error);
  if (run->offer == NULL)
    return;

  test_parts (run->offer, &parts);
  run->canonical = mcu_offer_to_canonical (run->offer);
  run->answer = mcu_answer_write (run->offer, &parts, &run->error);
  g_assert_no_error (run->error);
  g_assert_cmpuint (strlen (run->answer), <=, MCU_ANSWER_MAX_BYTES);

  g_auto (GStrv) pieces = g_strsplit (run->answer, "\nm=", -1);
  run->sections = g_new0 (char *, g_strv_length (pieces));
  for (guint i = 1; pieces[i] != NULL; i++)
    run->sections[i - 1] = describe_section (pieces[i]);
  g_assert_cmpuint (g_strv_length (run->sections), ==, run->offer->n_sections);
}

static void
clear_run (Run *run)
{
  g_clear_pointer (&run->offer, mcu_offer_free);
  g_clear_error (&run->error);
  g_free (run->canonical);
  g_free (run->answer);
  g_strfreev (run->sections);
}

static guint
count_ours (const McuOffer *offer)
{
  guint n = 0;

  for (guint i = 0; i < offer->n_sections; i++)
    n += offer->sections[i].canonical_index >= 0 && offer->sections[i].ssrc_is_ours;
  return n;
}

static void
expect_group (const Run *run, const char *value)
{
  g_autofree char *line = g_strdup_printf ("a=group:BUNDLE %s", value);

  if (strcmp (value, "none") == 0)
    g_assert_null (strstr (run->answer, "a=group"));
  else
    g_assert_true (test_has_line (run->answer, line));
}

static void
expect_stream (const Run *run, const char *value)
{
  guint64 index = g_ascii_strtoull (value, NULL, 10);
  const McuOfferSection *s = &run->offer->sections[index];

  g_assert_cmpuint (index, <, run->offer->n_sections);
  g_assert_true (s->we_receive);
  g_assert_cmpstr (mcu_stream_to_string (s->stream), ==, strchr (value, ' ') + 1);
}

static void
expect_codecs (const Run *run, const char *value)
{
  g_autofree char *codecs = g_strdup_printf ("%s %s", mcu_codec_to_string (run->offer->audio_codec),
                                             mcu_codec_to_string (run->offer->video_codec));

  g_assert_cmpstr (codecs, ==, value);
}

static void
expect_setup (const Run *run, const char *value)
{
  g_autofree char *line = g_strdup_printf ("a=setup:%s", value);

  g_assert_true (test_has_line (run->answer, line));
  g_assert_cmpstr (mcu_setup_to_string (run->offer->our_setup), ==, value);
}

static void
expect (Run *run, const char *key, const char *value)
{
  guint64 n = g_ascii_strtoull (value, NULL, 10);

  if (strcmp (key, "group") == 0)
    expect_group (run, value);
  else if (strcmp (key, "setup") == 0)
    expect_setup (run, value);
  else if (strcmp (key, "m") == 0)
    g_assert_cmpstr (run->sections[run->next_section++], ==, value);
  else if (strcmp (key, "codecs") == 0)
    expect_codecs (run, value);
  else if (strcmp (key, "stream") == 0)
    expect_stream (run, value);
  else if (strcmp (key, "candidates") == 0)
    g_assert_cmpuint (run->offer->n_candidates, ==, n);
  else if (strcmp (key, "ours") == 0)
    g_assert_cmpuint (count_ours (run->offer), ==, n);
  else if (strcmp (key, "tagged") == 0)
    g_assert_cmpuint (run->offer->tagged_section, ==, n);
  else if (strcmp (key, "has") == 0)
    g_assert_nonnull (strstr (run->answer, value));
  else if (strcmp (key, "hasnot") == 0)
    g_assert_null (strstr (run->answer, value));
  else if (strcmp (key, "canonical") == 0)
    g_assert_nonnull (strstr (run->canonical, value));
  else if (strcmp (key, "canonicalnot") == 0)
    g_assert_null (strstr (run->canonical, value));
  else
    g_assert_cmpstr (key, ==, "a known key");
}

static McuOfferKind
kind_in (const char *text)
{
  if (strstr (text, "kind=whip\n") != NULL)
    return MCU_OFFER_WHIP;
  return strstr (text, "kind=whep\n") != NULL ? MCU_OFFER_WHEP : MCU_OFFER_BROWSER;
}

static void
test_offers__answer_holds (gconstpointer data)
{
  const char *name = data;
  g_autofree char *sdp = test_offer_text (name);
  g_autofree char *path = g_strdup_printf ("%s/tests/data/offers/%s.expect", TESSERA_SOURCE_DIR,
                                           name);
  g_autofree char *wanted = NULL;
  Run run = {0};

  g_assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
  run_gateway (&run, sdp, kind_in (wanted));

  g_auto (GStrv) lines = g_strsplit (wanted, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
    char *value = strchr (lines[i], '=');

    g_test_message ("%s: %s", name, lines[i]);
    g_assert_nonnull (value);
    *value++ = '\0';
    if (strcmp (lines[i], "kind") == 0)
      continue;
    if (strcmp (lines[i], "error") == 0) {
      g_assert_null (run.offer);
      g_assert_cmpstr (mcu_error_code_of (run.error), ==, value);
      continue;
    }
    g_assert_no_error (run.error);
    expect (&run, lines[i], value);
  }
  if (run.offer != NULL)
    g_assert_cmpuint (run.next_section, ==, run.offer->n_sections);

  clear_run (&run);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = g_dir_open (TESSERA_SOURCE_DIR "/tests/data/offers", 0, NULL);
  const char *file;
  guint n = 0;

  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL) {
    if (!g_str_has_suffix (file, ".sdp"))
      continue;
    char *name = g_strndup (file, strlen (file) - 4);
    g_autofree char *path = g_strdup_printf ("/offers/%s", name);
    g_test_add_data_func_full (path, name, test_offers__answer_holds, g_free);
    n++;
  }
  g_assert_cmpuint (n, >=, 50);
  return g_test_run ();
}
