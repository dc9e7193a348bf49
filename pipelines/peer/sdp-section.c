/* pipelines/peer/sdp-section.c - what the client wrote, section by section, not yet judged.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "pipelines/peer/sdp-section.h"

#include <string.h>

#include "mcu/base/error.h"

/* RFC 8285: one-byte header extensions have ids 1 to 14; 15 is reserved. */
#define MAX_EXTENSION_ID 14

/* Where a line is put: @section is NULL before the first m-line. */
typedef struct
{
  McuSdpSession *session;
  McuSdpSection *section;
} Target;

static McuSdpTransport *
transport_of (Target *t)
{
  return t->section != NULL ? &t->section->transport : &t->session->transport;
}

static McuSdpFormat *
find_format (McuSdpSection *section, guint64 pt)
{
  for (guint i = 0; i < section->n_formats; i++)
    if (section->formats[i].pt == pt)
      return &section->formats[i];
  return NULL;
}

static void
on_ice_ufrag (Target *t, const char *value)
{
  if (mcu_sdp_is_ice_word (value, 4))
    transport_of (t)->ice_ufrag = value;
}

static void
on_ice_pwd (Target *t, const char *value)
{
  if (mcu_sdp_is_ice_word (value, 22))
    transport_of (t)->ice_pwd = value;
}

/* The first SHA-256 one counts: others are of hashes that we do not compare. */
static void
on_fingerprint (Target *t, const char *value)
{
  McuSdpTransport *transport = transport_of (t);

  if (!transport->has_fingerprint)
    transport->has_fingerprint = mcu_sdp_fingerprint (value, transport->fingerprint);
}

static void
on_setup (Target *t, const char *value)
{
  McuSdpTransport *transport = transport_of (t);

  for (McuSetup i = MCU_SETUP_ACTPASS; i <= MCU_SETUP_PASSIVE; i++)
    if (strcmp (value, mcu_setup_to_string (i)) == 0) {
      transport->setup = i;
      transport->has_setup = TRUE;
    }
}

static void
on_ice_options (Target *t, const char *value)
{
  char word[32];

  while (mcu_sdp_take_word (&value, word, sizeof word))
    if (strcmp (word, "trickle") == 0)
      t->session->trickle = TRUE;
}

static void
on_ice_lite (Target *t, const char *value)
{
  t->session->ice_lite = TRUE;
}

static void
on_extmap_allow_mixed (Target *t, const char *value)
{
  t->session->extmap_allow_mixed = TRUE;
}

static void
on_group (Target *t, const char *value)
{
  if (t->section == NULL && t->session->bundle == NULL && g_str_has_prefix (value, "BUNDLE") &&
      (value[6] == ' ' || value[6] == '\0'))
    t->session->bundle = value + 6;
}

static void
set_direction (Target *t, gboolean sends, gboolean receives)
{
  if (t->section != NULL) {
    t->section->sends = sends;
    t->section->receives = receives;
  } else {
    t->session->sends = sends;
    t->session->receives = receives;
  }
}

static void
on_sendrecv (Target *t, const char *value)
{
  set_direction (t, TRUE, TRUE);
}

static void
on_sendonly (Target *t, const char *value)
{
  set_direction (t, TRUE, FALSE);
}

static void
on_recvonly (Target *t, const char *value)
{
  set_direction (t, FALSE, TRUE);
}

static void
on_inactive (Target *t, const char *value)
{
  set_direction (t, FALSE, FALSE);
}

static void
on_extmap (Target *t, const char *value)
{
  McuSdpExtensions *e = t->section != NULL ? &t->section->extensions : &t->session->extensions;
  char uri[128];
  guint64 id;

  /* One with a direction ("3/recvonly") is not both ways: left out, as it may be. */
  if (!mcu_sdp_take_uint (&value, MAX_EXTENSION_ID, &id) || id == 0 || *value != ' ' ||
      !mcu_sdp_take_word (&value, uri, sizeof uri))
    return;

  if (strcmp (uri, "urn:ietf:params:rtp-hdrext:sdes:mid") == 0)
    e->mid = (guint8) id;
  else if (strcmp (uri, "http://www.ietf.org/id/"
                        "draft-holmer-rmcat-transport-wide-cc-extensions-01") == 0)
    e->twcc = (guint8) id;
  else if (strcmp (uri, "urn:ietf:params:rtp-hdrext:ssrc-audio-level") == 0)
    e->level = (guint8) id;
  else if (strcmp (uri, "http://www.webrtc.org/experiments/rtp-hdrext/color-space") == 0)
    e->colour = (guint8) id;
}

#if TESSERA_DEBUG_FAULTS
static void
on_fault (Target *t, const char *value)
{
  if (strcmp (value, "abort") == 0)
    t->session->debug_fault = MCU_DEBUG_FAULT_ABORT;
  else if (strcmp (value, "hang") == 0)
    t->session->debug_fault = MCU_DEBUG_FAULT_HANG;
}
#endif

static void
on_mid (Target *t, const char *value)
{
  t->section->mid = value;
}

static void
on_rtcp_mux (Target *t, const char *value)
{
  t->section->rtcp_mux = TRUE;
}

static void
on_rtcp_rsize (Target *t, const char *value)
{
  t->section->rtcp_rsize = TRUE;
}

static void
on_bundle_only (Target *t, const char *value)
{
  t->section->bundle_only = TRUE;
}

/* "96 VP8/90000" */
static void
on_rtpmap (Target *t, const char *value)
{
  guint64 pt, clock_rate;
  char encoding[64];

  if (!mcu_sdp_take_uint (&value, 127, &pt) ||
      !mcu_sdp_take_word (&value, encoding, sizeof encoding))
    return;

  McuSdpFormat *format = find_format (t->section, pt);
  char *slash = strchr (encoding, '/');
  if (format == NULL || format->name[0] != '\0' || slash == NULL)
    return;
  *slash = '\0';
  const char *rate = slash + 1;
  if (!mcu_sdp_take_uint (&rate, 192000, &clock_rate) || (*rate != '\0' && *rate != '/') ||
      strlen (encoding) >= sizeof format->name)
    return;

  for (guint i = 0; encoding[i] != '\0'; i++)
    format->name[i] = g_ascii_tolower (encoding[i]);
  format->clock_rate_hz = (guint) clock_rate;
}

static void
on_fmtp (Target *t, const char *value)
{
  guint64 pt;
  McuSdpFormat *format;

  if (mcu_sdp_take_uint (&value, 127, &pt) && *value == ' ' &&
      (format = find_format (t->section, pt)) != NULL && format->fmtp == NULL)
    format->fmtp = value + 1;
}

static void
set_feedback (McuSdpFormat *format, const char *what)
{
  if (strcmp (what, "nack") == 0)
    format->fb_nack = TRUE;
  else if (strcmp (what, "nack pli") == 0)
    format->fb_pli = TRUE;
  else if (strcmp (what, "ccm fir") == 0)
    format->fb_fir = TRUE;
  else if (strcmp (what, "transport-cc") == 0)
    format->fb_twcc = TRUE;
  else if (strcmp (what, "goog-remb") == 0)
    format->fb_remb = TRUE;
}

/* "96 nack pli", "* transport-cc" */
static void
on_rtcp_fb (Target *t, const char *value)
{
  gboolean all = *value == '*';
  guint64 pt = 0;

  if (all)
    value++;
  else if (!mcu_sdp_take_uint (&value, 127, &pt))
    return;
  if (*value++ != ' ')
    return;

  for (guint i = 0; i < t->section->n_formats; i++)
    if (all || t->section->formats[i].pt == pt)
      set_feedback (&t->section->formats[i], value);
}

static void
on_ssrc (Target *t, const char *value)
{
  McuSdpSection *s = t->section;
  guint64 ssrc;

  if (!mcu_sdp_take_uint (&value, G_MAXUINT32, &ssrc) || ssrc == 0 ||
      s->n_ssrcs == MCU_SDP_MAX_SSRCS)
    return;
  for (guint i = 0; i < s->n_ssrcs; i++)
    if (s->ssrcs[i] == ssrc)
      return;
  s->ssrcs[s->n_ssrcs++] = (guint32) ssrc;
}

static void
on_ssrc_group (Target *t, const char *value)
{
  McuSdpSection *s = t->section;
  char semantics[16];
  guint64 first, second = 0;

  if (!mcu_sdp_take_word (&value, semantics, sizeof semantics))
    return;
  mcu_sdp_skip_spaces (&value);
  if (!mcu_sdp_take_uint (&value, G_MAXUINT32, &first) || first == 0)
    return;
  mcu_sdp_skip_spaces (&value);
  if (!mcu_sdp_take_uint (&value, G_MAXUINT32, &second) || second == 0)
    return;

  if (strcmp (semantics, "SIM") == 0) {
    s->sim_first = (guint32) first;
  } else if (strcmp (semantics, "FID") == 0 && s->n_fid < MCU_SDP_MAX_SSRCS && first != second) {
    s->fid[s->n_fid][0] = (guint32) first;
    s->fid[s->n_fid++][1] = (guint32) second;
  }
}

static void
on_candidate (Target *t, const char *value)
{
  if (t->section->n_candidates < MCU_SDP_MAX_CANDIDATES)
    t->section->candidates[t->section->n_candidates++] = value;
}

static const struct
{
  const char *name;
  gboolean in_session; /* else only behind an m-line */
  void (*handle) (Target *t, const char *value);
} attributes[] = {
    {"ice-ufrag", TRUE, on_ice_ufrag},
    {"ice-pwd", TRUE, on_ice_pwd},
    {"fingerprint", TRUE, on_fingerprint},
    {"setup", TRUE, on_setup},
    {"ice-options", TRUE, on_ice_options},
    {"ice-lite", TRUE, on_ice_lite},
    {"extmap-allow-mixed", TRUE, on_extmap_allow_mixed},
    {"group", TRUE, on_group},
    {"sendrecv", TRUE, on_sendrecv},
    {"sendonly", TRUE, on_sendonly},
    {"recvonly", TRUE, on_recvonly},
    {"inactive", TRUE, on_inactive},
    {"extmap", TRUE, on_extmap},
#if TESSERA_DEBUG_FAULTS
    {"x-tessera-fault", TRUE, on_fault},
#endif
    {"mid", FALSE, on_mid},
    {"rtcp-mux", FALSE, on_rtcp_mux},
    {"rtcp-rsize", FALSE, on_rtcp_rsize},
    {"bundle-only", FALSE, on_bundle_only},
    {"rtpmap", FALSE, on_rtpmap},
    {"fmtp", FALSE, on_fmtp},
    {"rtcp-fb", FALSE, on_rtcp_fb},
    {"ssrc", FALSE, on_ssrc},
    {"ssrc-group", FALSE, on_ssrc_group},
    {"candidate", FALSE, on_candidate},
};

static gboolean
read_formats (McuSdpSection *s, const char *cursor)
{
  char word[32];

  while (mcu_sdp_take_word (&cursor, word, sizeof word)) {
    const char *p = word;
    guint64 pt;

    if (!mcu_sdp_take_uint (&p, 127, &pt) || *p != '\0' || s->n_formats == MCU_SDP_MAX_FORMATS)
      return FALSE;
    if (find_format (s, pt) == NULL)
      s->formats[s->n_formats++].pt = (guint8) pt;
  }

  mcu_sdp_skip_spaces (&cursor);
  return *cursor == '\0';
}

/* "m=video 9 UDP/TLS/RTP/SAVPF 96 97", @value behind "m=" */
static gboolean
read_media_line (McuSdpSection *s, const char *value)
{
  guint64 port, n_ports;

  if (!mcu_sdp_take_word (&value, s->media, sizeof s->media) || !mcu_sdp_is_token (s->media, 15))
    return FALSE;
  mcu_sdp_skip_spaces (&value);
  if (!mcu_sdp_take_uint (&value, 65535, &port))
    return FALSE;
  if (*value == '/' && (value++, !mcu_sdp_take_uint (&value, 16, &n_ports)))
    return FALSE;
  if (*value != ' ' || !mcu_sdp_take_word (&value, s->proto, sizeof s->proto))
    return FALSE;
  s->port = (guint) port;

  const char *formats = value;
  if (!mcu_sdp_take_word (&value, s->format, sizeof s->format))
    return FALSE;
  if (strcmp (s->media, "audio") != 0 && strcmp (s->media, "video") != 0)
    return TRUE;
  return strstr (s->proto, "RTP/") == NULL || read_formats (s, formats);
}

static gboolean
fail (GError **error, McuError code, const char *what)
{
  g_set_error_literal (error, MCU_ERROR, code, what);
  return FALSE;
}

static gboolean
start_section (Target *t, const char *value, GError **error)
{
  McuSdpSession *session = t->session;

  if (session->n_sections == MCU_OFFER_MAX_SECTIONS)
    return fail (error, MCU_ERROR_TOO_MANY_STREAMS, "over 16 sections");

  t->section = &session->sections[session->n_sections++];
  t->section->sends = session->sends;
  t->section->receives = session->receives;
  t->section->extensions = session->extensions;
  if (!read_media_line (t->section, value))
    return fail (error, MCU_ERROR_BAD_SDP, "malformed m-line");
  return TRUE;
}

static gboolean
read_attribute (Target *t, const char *line, GError **error)
{
  if (t->section != NULL && ++t->section->n_lines > MCU_SDP_MAX_LINES)
    return fail (error, MCU_ERROR_BAD_SDP, "too many attributes in a section");

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++) {
    const char *value = mcu_sdp_attribute (line, attributes[i].name);
    if (value != NULL) {
      if (t->section != NULL || attributes[i].in_session)
        attributes[i].handle (t, value);
      break;
    }
  }

  return TRUE;
}

static gboolean
check_mids (const McuSdpSession *session, GError **error)
{
  for (guint i = 0; i < session->n_sections; i++) {
    const char *mid = session->sections[i].mid;

    if (mid == NULL)
      continue;
    if (!mcu_sdp_is_token (mid, MCU_SDP_MID_MAX))
      return fail (error, MCU_ERROR_BAD_SDP, "malformed mid");
    for (guint j = 0; j < i; j++)
      if (g_strcmp0 (session->sections[j].mid, mid) == 0)
        return fail (error, MCU_ERROR_BAD_SDP, "two sections have the same mid");
  }

  return TRUE;
}

gboolean
mcu_sdp_session_read (McuSdpSession *self, const McuSdpText *text, GError **error)
{
  Target target = {self, NULL};

  memset (self, 0, sizeof *self);
  self->sends = self->receives = TRUE;
  for (guint i = 1; i < text->lines->len; i++) {
    const char *line = text->lines->pdata[i];

    if (line[0] == 'm' && !start_section (&target, line + 2, error))
      return FALSE;
    if (line[0] == 'a' && !read_attribute (&target, line, error))
      return FALSE;
    if (line[0] == 'v')
      return fail (error, MCU_ERROR_BAD_SDP, "two descriptions in one");
  }
  if (self->n_sections == 0)
    return fail (error, MCU_ERROR_BAD_SDP, "no m-line");

  return check_mids (self, error);
}
