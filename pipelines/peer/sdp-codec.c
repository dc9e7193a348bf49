/* pipelines/peer/sdp-codec.c - which payload type of a section carries a codec that we take.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/sdp-codec.h"

#include <string.h>

static const struct
{
  McuCodec codec;
  const char *name;
  const char *rtpmap;
  guint clock_rate_hz;
  int static_pt; /* RFC 3551 table 4; -1 for none */
} codecs[] = {
    {MCU_CODEC_OPUS, "opus", "opus/48000/2", 48000, -1},
    {MCU_CODEC_PCMU, "pcmu", "PCMU/8000", 8000, 0},
    {MCU_CODEC_PCMA, "pcma", "PCMA/8000", 8000, 8},
    {MCU_CODEC_VP8, "vp8", "VP8/90000", 90000, -1},
    {MCU_CODEC_H264, "h264", "H264/90000", 90000, -1},
};

static int
codec_index (McuCodec codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (codecs[i].codec == codec)
      return (int) i;
  return -1;
}

guint
mcu_sdp_codec_clock (McuCodec codec)
{
  int i = codec_index (codec);

  return i >= 0 ? codecs[i].clock_rate_hz : 0;
}

const char *
mcu_sdp_codec_rtpmap (McuCodec codec)
{
  int i = codec_index (codec);

  return i >= 0 ? codecs[i].rtpmap : NULL;
}

static gboolean
format_is (const McuSdpFormat *format, int i)
{
  if (format->name[0] == '\0')
    return format->pt == codecs[i].static_pt;
  return strcmp (format->name, codecs[i].name) == 0 &&
         format->clock_rate_hz == codecs[i].clock_rate_hz;
}

/* Three bytes in hex: profile_idc, the constraint flags, level_idc. */
static gboolean
profile_level_of (const McuSdpFormat *format, guint *out)
{
  char text[8];

  /* RFC 6184 section 8.1: without it, baseline at level 1. */
  if (!mcu_sdp_fmtp_param (format->fmtp, "profile-level-id", text, sizeof text)) {
    *out = 0x42000a;
    return TRUE;
  }
  if (strlen (text) != 6)
    return FALSE;
  *out = 0;
  for (guint i = 0; i < 6; i++) {
    int digit = g_ascii_xdigit_value (text[i]);
    if (digit < 0)
      return FALSE;
    *out = *out << 4 | (guint) digit;
  }
  return TRUE;
}

/* 0: not for us. Constraint flag 1 (0x40) says "constrained baseline": preferred, because plain
 * baseline may use slice groups that no decoder here knows. */
static guint
h264_rank (const McuSdpFormat *format)
{
  char mode[4];
  guint profile;

  if (!mcu_sdp_fmtp_param (format->fmtp, "packetization-mode", mode, sizeof mode) ||
      strcmp (mode, "1") != 0 || !profile_level_of (format, &profile))
    return 0;
  if (profile >> 16 != 0x42 || (profile >> 8 & 0x0f) != 0)
    return 0;
  return (profile >> 8 & 0x40) != 0 ? 2 : 1;
}

const McuSdpFormat *
mcu_sdp_find_codec (const McuSdpSection *section, McuCodec codec)
{
  const McuSdpFormat *best = NULL;
  guint best_rank = 0;
  int wanted = codec_index (codec);

  for (guint i = 0; wanted >= 0 && i < section->n_formats; i++) {
    const McuSdpFormat *format = &section->formats[i];
    guint rank = codec == MCU_CODEC_H264 ? h264_rank (format) : 1;

    if (format_is (format, wanted) && rank > best_rank) {
      best = format;
      best_rank = rank;
    }
  }

  return best;
}

const McuSdpFormat *
mcu_sdp_find_rtx (const McuSdpSection *section, guint8 pt)
{
  for (guint i = 0; i < section->n_formats; i++) {
    const McuSdpFormat *format = &section->formats[i];
    char apt[4];
    const char *p = apt;
    guint64 of;

    if (strcmp (format->name, "rtx") == 0 && format->clock_rate_hz == 90000 && format->pt != pt &&
        mcu_sdp_fmtp_param (format->fmtp, "apt", apt, sizeof apt) &&
        mcu_sdp_take_uint (&p, 127, &of) && of == pt)
      return format;
  }

  return NULL;
}

static char *
opus_fmtp (const McuSdpFormat *format, gboolean stereo)
{
  char value[4];

  if (stereo && mcu_sdp_fmtp_param (format->fmtp, "stereo", value, sizeof value) &&
      strcmp (value, "1") == 0)
    return g_strdup ("minptime=10;useinbandfec=1;stereo=1");
  return g_strdup ("minptime=10;useinbandfec=1");
}

char *
mcu_sdp_codec_fmtp (const McuSdpFormat *format, McuCodec codec, gboolean stereo)
{
  guint profile;

  if (codec == MCU_CODEC_OPUS)
    return opus_fmtp (format, stereo);
  if (codec == MCU_CODEC_H264 && profile_level_of (format, &profile))
    return g_strdup_printf ("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=%06x",
                            profile);
  return NULL;
}
