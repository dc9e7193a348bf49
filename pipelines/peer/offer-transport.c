/* pipelines/peer/offer-transport.c - which of the client's transports is used, and its values.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/offer-transport.h"

#include <string.h>

#include "mcu/base/error.h"

/* The next mid of the group; over-long ones are passed over, as no section can have them. */
static gboolean
next_mid (const char **cursor, char word[MCU_SDP_MID_MAX + 1])
{
  while (*cursor != NULL && **cursor != '\0') {
    if (mcu_sdp_take_word (cursor, word, MCU_SDP_MID_MAX + 1))
      return TRUE;
    mcu_sdp_skip_spaces (cursor);
    *cursor += strcspn (*cursor, " \t");
  }
  return FALSE;
}

gboolean
mcu_sdp_is_bundled (const McuSdpSession *session, const char *mid)
{
  const char *cursor = session->bundle;
  char word[MCU_SDP_MID_MAX + 1];

  while (mid != NULL && next_mid (&cursor, word))
    if (strcmp (word, mid) == 0)
      return TRUE;
  return FALSE;
}

static McuOfferSection *
find_mid (McuOffer *offer, const char *mid)
{
  for (guint i = 0; i < offer->n_sections; i++)
    if (g_strcmp0 (offer->sections[i].mid, mid) == 0)
      return &offer->sections[i];
  return NULL;
}

/* Only an unbundled section can be without, so there is at most one. */
static void
invent_mids (McuOffer *offer)
{
  for (guint i = 0; i < offer->n_sections; i++) {
    McuOfferSection *s = &offer->sections[i];
    char mid[16] = "t0";

    if (s->canonical_index < 0 || s->mid != NULL)
      continue;
    for (guint n = 1; find_mid (offer, mid) != NULL; n++)
      g_snprintf (mid, sizeof mid, "t%u", n);
    s->mid = g_strdup (mid);
    s->mid_is_ours = TRUE;
  }
}

/* The accepted mids in the order of the group; the first is the tagged one (RFC 8843, 7.3.1). */
static void
set_bundle (McuOffer *offer, const McuSdpSession *session)
{
  g_autoptr (GPtrArray) mids = g_ptr_array_new ();
  const char *cursor = session->bundle;
  char word[MCU_SDP_MID_MAX + 1];

  offer->bundled = cursor != NULL;
  while (next_mid (&cursor, word)) {
    const McuOfferSection *s = find_mid (offer, word);

    if (s == NULL || s->canonical_index < 0 || g_ptr_array_find (mids, s->mid, NULL))
      continue;
    if (mids->len == 0)
      offer->tagged_section = s->index;
    g_ptr_array_add (mids, s->mid);
  }
  if (mids->len == 0) {
    offer->tagged_section = mcu_offer_accepted (offer, 0)->index;
    g_ptr_array_add (mids, offer->sections[offer->tagged_section].mid);
  }

  g_ptr_array_add (mids, NULL);
  offer->bundle_mids = g_strdupv ((char **) mids->pdata);
}

/* What the tagged section does not say is said before all sections, or, when bundle-only sections
 * follow a section that we reject, in that one. */
static const McuSdpTransport *
transport_with (const McuOffer *offer, const McuSdpSession *session,
                gboolean (*has) (const McuSdpTransport *))
{
  const McuSdpTransport *tagged = &session->sections[offer->tagged_section].transport;

  if (has (tagged))
    return tagged;
  if (has (&session->transport))
    return &session->transport;
  for (guint i = 0; i < session->n_sections; i++)
    if (mcu_sdp_is_bundled (session, session->sections[i].mid) &&
        has (&session->sections[i].transport))
      return &session->sections[i].transport;
  return NULL;
}

static gboolean
has_ice (const McuSdpTransport *t)
{
  return t->ice_ufrag != NULL && t->ice_pwd != NULL;
}

static gboolean
has_fingerprint (const McuSdpTransport *t)
{
  return t->has_fingerprint;
}

static gboolean
has_setup (const McuSdpTransport *t)
{
  return t->has_setup;
}

static gboolean
set_values (McuOffer *offer, const McuSdpSession *session, GError **error)
{
  const McuSdpTransport *ice = transport_with (offer, session, has_ice);
  const McuSdpTransport *fingerprint = transport_with (offer, session, has_fingerprint);
  const McuSdpTransport *setup = transport_with (offer, session, has_setup);

  if (ice == NULL || fingerprint == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_SDP, "no usable %s",
                 ice == NULL ? "ice-ufrag and ice-pwd" : "sha-256 fingerprint");
    return FALSE;
  }

  offer->ice_ufrag = g_strdup (ice->ice_ufrag);
  offer->ice_pwd = g_strdup (ice->ice_pwd);
  memcpy (offer->fingerprint, fingerprint->fingerprint, sizeof offer->fingerprint);
  offer->setup = setup != NULL ? setup->setup : MCU_SETUP_ACTPASS;
  offer->our_setup = offer->setup == MCU_SETUP_ACTIVE ? MCU_SETUP_PASSIVE : MCU_SETUP_ACTIVE;
  offer->ice_lite = session->ice_lite;
  offer->trickle = session->trickle;
  return TRUE;
}

static void
set_candidates (McuOffer *offer, const McuSdpSession *session, gboolean allow_loopback)
{
  const McuSdpSection *raw = &session->sections[offer->tagged_section];

  offer->candidates = g_new0 (McuCandidate, MCU_CANDIDATES_MAX);
  for (guint i = 0; i < raw->n_candidates && offer->n_candidates < MCU_CANDIDATES_MAX; i++) {
    g_autofree char *line = g_strconcat ("candidate:", raw->candidates[i], NULL);

    if (mcu_candidate_parse (line, -1, allow_loopback, &offer->candidates[offer->n_candidates]) ==
        MCU_CANDIDATE_OK)
      offer->n_candidates++;
  }
}

gboolean
mcu_offer_set_transport (McuOffer *offer, const McuSdpSession *session, gboolean allow_loopback,
                         GError **error)
{
  invent_mids (offer);
  set_bundle (offer, session);
  if (!set_values (offer, session, error))
    return FALSE;
  set_candidates (offer, session, allow_loopback);
  return TRUE;
}
