/* tests/unit/pipelines/peer/support.c - what the gateway's tests share.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "tests/unit/pipelines/peer/support.h"

#include <string.h>

char *
test_offer_text (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/tests/data/offers/%s.sdp", TESSERA_SOURCE_DIR, name);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

McuOffer *
test_offer (const char *name, McuOfferKind kind)
{
  g_autofree char *text = test_offer_text (name);
  const McuOfferOptions options = {.kind = kind};
  g_autoptr (GError) error = NULL;
  McuOffer *offer = mcu_offer_parse (text, -1, &options, &error);

  g_assert_no_error (error);
  g_assert_nonnull (offer);
  return offer;
}

char *
test_replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

void
test_parts (const McuOffer *offer, McuAnswerParts *parts)
{
  memset (parts, 0, sizeof *parts);
  g_strlcpy (parts->ice_ufrag, "srvU", sizeof parts->ice_ufrag);
  g_strlcpy (parts->ice_pwd, "serverpasswordserverpass", sizeof parts->ice_pwd);
  memset (parts->fingerprint, 0xab, sizeof parts->fingerprint);
  parts->setup = offer->our_setup;
  parts->n_sections = offer->n_accepted;
  for (guint i = 0; i < offer->n_accepted; i++) {
    parts->sections[i].ssrc = 800 + i;
    parts->sections[i].rtx_ssrc = 900 + i;
  }
  g_assert_true (mcu_answer_parts_add_candidate (
      parts, "candidate:1 1 UDP 2015363327 192.0.2.1 40001 typ host"));
}

gboolean
test_has_line (const char *sdp, const char *line)
{
  g_autofree char *framed = g_strdup_printf ("\n%s\r\n", line);

  return strstr (sdp, framed) != NULL;
}
