/* pipelines/types.c - the words all stages share.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/types.h"

static const char *const codec_names[] = {
    [MCU_CODEC_NONE] = "none", [MCU_CODEC_OPUS] = "opus", [MCU_CODEC_PCMU] = "pcmu",
    [MCU_CODEC_PCMA] = "pcma", [MCU_CODEC_VP8] = "vp8",   [MCU_CODEC_H264] = "h264",
};

static const char *const stream_names[] = {
    [MCU_STREAM_MICROPHONE] = "microphone",
    [MCU_STREAM_CAMERA] = "camera",
    [MCU_STREAM_SCREEN] = "screen",
};

const char *
mcu_codec_to_string (McuCodec codec)
{
  return codec_names[codec];
}

McuCodec
mcu_codec_from_string (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (codec_names); i++)
    if (g_strcmp0 (name, codec_names[i]) == 0)
      return i;
  return MCU_CODEC_NONE;
}

const char *
mcu_stream_to_string (McuStream stream)
{
  return stream_names[stream];
}

gboolean
mcu_stream_from_string (const char *name, McuStream *stream)
{
  for (guint i = 0; i < G_N_ELEMENTS (stream_names); i++)
    if (g_strcmp0 (name, stream_names[i]) == 0) {
      *stream = i;
      return TRUE;
    }
  return FALSE;
}
