/* tests/fuzz/fuzz-offer.c - a client's offer through the gateway: offer, canonical offer, answer.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <string.h>

#include "pipelines/peer/answer.h"
#include "pipelines/peer/canonical.h"
#include "tests/fuzz/fuzz.h"

static void
check_canonical (const McuOffer *offer)
{
  const McuOfferOptions options = {.allow_loopback = TRUE};
  g_autofree char *text = mcu_offer_to_canonical (offer);
  g_autoptr (GError) error = NULL;
  g_autoptr (McuOffer) again = mcu_offer_parse (text, -1, &options, &error);

  /* What we write we can read, and nothing got lost. */
  g_assert_no_error (error);
  g_assert_cmpuint (again->n_accepted, ==, offer->n_accepted);
  g_assert_cmpuint (again->n_sections, ==, offer->n_accepted);
  g_assert_cmpstr (again->ice_ufrag, ==, offer->ice_ufrag);
}

static void
check_answer (const McuOffer *offer)
{
  McuAnswerParts parts = {.ice_ufrag = "srvU",
                          .ice_pwd = "serverpasswordserverpass",
                          .fingerprint = {1},
                          .setup = offer->our_setup,
                          .n_sections = offer->n_accepted,
                          .max_video_bps = 600000};
  McuAnswerParts read = {0};
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < offer->n_candidates; i++) {
    g_autofree char *line = mcu_candidate_to_string (&offer->candidates[i]);
    mcu_answer_parts_add_candidate (&parts, line);
  }
  mcu_answer_parts_add_candidate (&parts, "candidate:1 1 UDP 7 192.0.2.1 40001 typ host");
  g_autofree char *answer = mcu_answer_write (offer, &parts, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (answer), <=, MCU_ANSWER_MAX_BYTES);

  g_auto (GStrv) sections = g_strsplit (answer, "\r\nm=", -1);
  g_assert_cmpuint (g_strv_length (sections), ==, offer->n_sections + 1);
  /* Of any text this gives values or an error. */
  mcu_answer_parts_read (&read, answer, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const McuOfferOptions options = {
      .kind = (McuOfferKind) (size % 3), .viewer = size % 5 == 0, .allow_loopback = size % 2 == 0};
  g_autoptr (GError) error = NULL;
  g_autoptr (McuOffer)
      offer = mcu_offer_parse ((const char *) data, (gssize) size, &options, &error);

  g_assert_true ((offer == NULL) == (error != NULL));
  if (offer != NULL) {
    check_canonical (offer);
    check_answer (offer);
  }
  return 0;
}
