/* tests/bench/sdp.c - see sdp.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/sdp.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/dtls.h"

#define URI_LEVEL "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
#define URI_TWCC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#define URI_MID "urn:ietf:params:rtp-hdrext:sdes:mid"

static const char *const direction_names[] = {"sendrecv", "sendonly", "recvonly"};

static void
write_transport (GString *out, const McuLoadSdpWriter *w, int mid)
{
  g_string_append_printf (out,
                          "c=IN IP4 127.0.0.1\r\n"
                          "a=rtcp:9 IN IP4 0.0.0.0\r\n"
                          "a=candidate:1 1 udp 2130706431 127.0.0.1 %u typ host generation 0\r\n"
                          "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=ice-options:trickle\r\n"
                          "a=fingerprint:sha-256 %s\r\na=setup:%s\r\na=mid:%d\r\n"
                          "a=extmap:%d " URI_TWCC "\r\na=extmap:%d " URI_MID "\r\n",
                          w->port, w->ice->local_ufrag, w->ice->local_password,
                          mcu_load_dtls_fingerprint (), w->setup, mid, MCU_LOAD_EXT_TWCC,
                          MCU_LOAD_EXT_MID);
  if (mid == 0)
    g_string_append_printf (out, "a=extmap:%d " URI_LEVEL "\r\n", MCU_LOAD_EXT_LEVEL);
  g_string_append_printf (out, "a=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n",
                          direction_names[w->direction]);
}

static void
write_ssrc (GString *out, const McuLoadSdpWriter *w, guint32 ssrc, const char *track)
{
  g_string_append_printf (out, "a=ssrc:%u cname:%s\r\na=ssrc:%u msid:load %s\r\n", ssrc, w->cname,
                          ssrc, track);
}

static void
write_audio (GString *out, const McuLoadSdpWriter *w)
{
  g_string_append_printf (out, "m=audio %u UDP/TLS/RTP/SAVPF %d\r\n", w->port, MCU_LOAD_PT_OPUS);
  write_transport (out, w, 0);
  g_string_append_printf (out,
                          "a=rtpmap:%d opus/48000/2\r\na=rtcp-fb:%d transport-cc\r\n"
                          "a=fmtp:%d minptime=10;useinbandfec=1\r\n",
                          MCU_LOAD_PT_OPUS, MCU_LOAD_PT_OPUS, MCU_LOAD_PT_OPUS);
  if (w->direction == MCU_LOAD_RECVONLY)
    return;
  g_string_append (out, "a=msid:load audio\r\n");
  write_ssrc (out, w, w->audio_ssrc, "audio");
}

static void
write_video (GString *out, const McuLoadSdpWriter *w)
{
  int pt = w->video == MCU_MATERIAL_H264 ? MCU_LOAD_PT_H264 : MCU_LOAD_PT_VP8;

  g_string_append_printf (out, "m=video %u UDP/TLS/RTP/SAVPF %d %d\r\n", w->port, pt, pt + 1);
  write_transport (out, w, 1);
  g_string_append_printf (out, "a=rtpmap:%d %s/90000\r\n", pt,
                          w->video == MCU_MATERIAL_H264 ? "H264" : "VP8");
  g_string_append_printf (out,
                          "a=rtcp-fb:%d goog-remb\r\na=rtcp-fb:%d transport-cc\r\n"
                          "a=rtcp-fb:%d ccm fir\r\na=rtcp-fb:%d nack\r\na=rtcp-fb:%d nack pli\r\n",
                          pt, pt, pt, pt, pt);
  if (w->video == MCU_MATERIAL_H264)
    g_string_append_printf (
        out, "a=fmtp:%d level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n",
        pt);
  g_string_append_printf (out, "a=rtpmap:%d rtx/90000\r\na=fmtp:%d apt=%d\r\n", pt + 1, pt + 1, pt);
  if (w->direction == MCU_LOAD_RECVONLY)
    return;
  g_string_append_printf (out, "a=msid:load video\r\na=ssrc-group:FID %u %u\r\n", w->video_ssrc,
                          w->rtx_ssrc);
  write_ssrc (out, w, w->video_ssrc, "video");
  write_ssrc (out, w, w->rtx_ssrc, "video");
}

char *
mcu_load_sdp_write (const McuLoadSdpWriter *writer)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out,
                          "v=0\r\no=- %u 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                          "a=group:BUNDLE 0 1\r\na=extmap-allow-mixed\r\n"
                          "a=msid-semantic: WMS load\r\n",
                          g_random_int () >> 1);
  write_audio (out, writer);
  write_video (out, writer);
  return g_string_free (out, FALSE);
}

static void
take_text (char *out, gsize size, const char *value)
{
  if (out[0] == '\0')
    g_strlcpy (out, value, size);
}

static void
take_candidate (McuLoadSdp *sdp, const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 0);
  struct sockaddr_in at = {.sin_family = AF_INET};

  if (g_strv_length (words) < 8 || g_ascii_strcasecmp (words[2], "udp") != 0 ||
      sdp->n_candidates == MCU_LOAD_ICE_MAX_REMOTES ||
      inet_pton (AF_INET, words[4], &at.sin_addr) != 1)
    return;
  at.sin_port = htons ((guint16) atoi (words[5]));
  for (guint i = 0; i < sdp->n_candidates; i++)
    if (memcmp (&sdp->candidates[i], &at, sizeof at) == 0)
      return; /* every bundled section repeats it */
  sdp->candidates[sdp->n_candidates++] = at;
}

static void
take_rtpmap (McuLoadSdpSection *section, const char *value)
{
  static const struct
  {
    const char *name;
    McuMaterialKind codec;
  } known[] = {
      {"opus/", MCU_MATERIAL_OPUS}, {"VP8/", MCU_MATERIAL_VP8}, {"H264/", MCU_MATERIAL_H264}};
  const char *name = strchr (value, ' ');

  if (name == NULL)
    return;
  name++;
  if (g_ascii_strncasecmp (name, "rtx/", 4) == 0)
    section->rtx_pt = atoi (value);
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (section->pt < 0 && g_ascii_strncasecmp (name, known[i].name, strlen (known[i].name)) == 0) {
      section->pt = atoi (value);
      section->codec = known[i].codec;
    }
}

static void
take_section_line (McuLoadSdpSection *section, const char *line)
{
  if (g_str_has_prefix (line, "a=rtpmap:"))
    take_rtpmap (section, line + 9);
  else if (g_str_has_prefix (line, "a=extmap:")) {
    section->has_twcc |= strstr (line, URI_TWCC) != NULL;
    section->has_mid |= strstr (line, URI_MID) != NULL;
    section->has_level |= strstr (line, URI_LEVEL) != NULL;
  } else if (g_str_has_prefix (line, "a=rtcp-rsize"))
    section->has_rsize = TRUE;
}

static void
take_line (McuLoadSdp *sdp, const char *line)
{
  if (g_str_has_prefix (line, "a=ice-ufrag:"))
    take_text (sdp->ufrag, sizeof sdp->ufrag, line + 12);
  else if (g_str_has_prefix (line, "a=ice-pwd:"))
    take_text (sdp->password, sizeof sdp->password, line + 10);
  else if (g_ascii_strncasecmp (line, "a=fingerprint:sha-256 ", 22) == 0)
    take_text (sdp->fingerprint, sizeof sdp->fingerprint, line + 22);
  else if (g_str_has_prefix (line, "a=setup:"))
    sdp->is_active = strcmp (line + 8, "active") == 0;
  else if (g_str_has_prefix (line, "a=candidate:"))
    take_candidate (sdp, line + 12);
}

static McuLoadSdpSection *
begin_section (McuLoadSdp *sdp, const char *line)
{
  McuLoadSdpSection *section = g_str_has_prefix (line, "m=audio ") ? &sdp->audio : &sdp->video;
  const char *port = strchr (line, ' ');

  *section = (McuLoadSdpSection){.pt = -1, .rtx_pt = -1};
  section->is_accepted = port != NULL && atoi (port) != 0;
  return section;
}

gboolean
mcu_load_sdp_parse (const char *text, McuLoadSdp *sdp, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
  McuLoadSdpSection *section = NULL;

  memset (sdp, 0, sizeof *sdp);
  sdp->audio.pt = sdp->video.pt = -1;
  for (char **line = lines; *line != NULL; line++) {
    g_strchomp (*line);
    if (g_str_has_prefix (*line, "m="))
      section = begin_section (sdp, *line);
    else if (section != NULL)
      take_section_line (section, *line);
    take_line (sdp, *line);
  }
  if (sdp->ufrag[0] != '\0' && sdp->password[0] != '\0' && sdp->fingerprint[0] != '\0' &&
      sdp->n_candidates > 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "the answer lacks ICE, a fingerprint or a candidate:\n%s", text);
  return FALSE;
}
