/* pipelines/peer/answer-parts.c - the values that webrtcbin chose, read from what it wrote.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/peer/answer.h"
#include "pipelines/peer/sdp-section.h"
#include "pipelines/peer/sdp-text.h"

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "own description: %s", what);
  return FALSE;
}

gboolean
mcu_answer_parts_add_candidate (McuAnswerParts *parts, const char *line)
{
  McuCandidate c;

  /* Which of our own addresses are offered is the configuration's business: loopback passes. */
  if (parts->n_candidates == MCU_ANSWER_MAX_CANDIDATES ||
      mcu_candidate_parse (line, -1, TRUE, &c) != MCU_CANDIDATE_OK)
    return FALSE;
  /* Nobody reaches a link-local address without its interface, which no candidate names. */
  if (g_ascii_strncasecmp (c.address, "fe80:", 5) == 0)
    return FALSE;
  for (guint i = 0; i < parts->n_candidates; i++)
    if (parts->candidates[i].port == c.port && parts->candidates[i].type == c.type &&
        strcmp (parts->candidates[i].address, c.address) == 0)
      return FALSE;

  c.ufrag[0] = '\0';
  parts->candidates[parts->n_candidates++] = c;
  return TRUE;
}

/* "a=ssrc:888 cname:user1@host" */
static void
read_cname (McuAnswerParts *parts, const char *line)
{
  const char *value = mcu_sdp_attribute (line, "ssrc");
  const char *cname = value != NULL ? strstr (value, " cname:") : NULL;
  char word[MCU_CNAME_MAX + 1];

  if (cname != NULL && parts->cname[0] == '\0' && (cname += strlen (" cname:")) &&
      mcu_sdp_take_word (&cname, word, sizeof word))
    g_strlcpy (parts->cname, word, sizeof parts->cname);
}

static void
read_section (McuAnswerSectionParts *out, const McuSdpSection *raw)
{
  out->ssrc = raw->n_fid > 0 ? raw->fid[0][0] : raw->n_ssrcs > 0 ? raw->ssrcs[0] : 0;
  out->rtx_ssrc = raw->n_fid > 0 ? raw->fid[0][1] : 0;
}

static gboolean
read_transport (McuAnswerParts *parts, const McuSdpSession *session, GError **error)
{
  const McuSdpTransport *first = &session->sections[0].transport;
  const McuSdpTransport *fingerprint = first->has_fingerprint ? first : &session->transport;

  if (first->ice_ufrag == NULL || first->ice_pwd == NULL)
    return fail (error, "no ICE credentials");
  if (!fingerprint->has_fingerprint)
    return fail (error, "no sha-256 fingerprint");
  if (!first->has_setup || first->setup == MCU_SETUP_ACTPASS)
    return fail (error, "no DTLS role");

  g_strlcpy (parts->ice_ufrag, first->ice_ufrag, sizeof parts->ice_ufrag);
  g_strlcpy (parts->ice_pwd, first->ice_pwd, sizeof parts->ice_pwd);
  memcpy (parts->fingerprint, fingerprint->fingerprint, sizeof parts->fingerprint);
  parts->setup = first->setup;
  return TRUE;
}

gboolean
mcu_answer_parts_read (McuAnswerParts *parts, const char *webrtcbin_sdp, GError **error)
{
  g_auto (McuSdpText) text = {0};
  g_autofree McuSdpSession *session = g_new (McuSdpSession, 1);

  if (!mcu_sdp_text_init (&text, webrtcbin_sdp, -1, 2 * MCU_OFFER_MAX_BYTES, NULL) ||
      !mcu_sdp_session_read (session, &text, NULL))
    return fail (error, "not SDP");
  if (session->n_sections > MCU_OFFER_MAX_ACCEPTED)
    return fail (error, "more sections than we offered");
  if (!read_transport (parts, session, error))
    return FALSE;

  parts->n_sections = session->n_sections;
  for (guint i = 0; i < session->n_sections; i++)
    read_section (&parts->sections[i], &session->sections[i]);
  for (guint i = 0; i < text.lines->len; i++) {
    read_cname (parts, text.lines->pdata[i]);
    if (mcu_sdp_attribute (text.lines->pdata[i], "candidate") != NULL)
      mcu_answer_parts_add_candidate (parts, text.lines->pdata[i]);
  }

  return TRUE;
}
