/* pipelines/record/format.c - what kinds of files there are, and where one may be cut.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/format.h"

#include <string.h>

static const struct
{
  const char *name;
  const char *extension;
  const char *audio_extension;
  McuCodec video;
  guint cut_at;  /* where in a buffer that may follow a cut ... */
  guint8 cut[4]; /* ... this is */
} formats[] = {
    [MCU_RECORD_MP4] = {"mp4", "mp4", "m4a", MCU_CODEC_H264, 4, {'m', 'o', 'o', 'f'}},
    [MCU_RECORD_WEBM] = {"webm", "webm", "webm", MCU_CODEC_VP8, 0, {0x1f, 0x43, 0xb6, 0x75}},
    [MCU_RECORD_MKV] = {"mkv", "mkv", "mka", MCU_CODEC_H264, 0, {0x1f, 0x43, 0xb6, 0x75}},
    [MCU_RECORD_OGG] = {"ogg", "ogg", "ogg", MCU_CODEC_NONE, 0, {'O', 'g', 'g', 'S'}},
};

gboolean
mcu_record_format_from_string (const char *name, McuRecordFormat *format)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (formats[i].name, name) == 0) {
      *format = i;
      return TRUE;
    }
  return FALSE;
}

const char *
mcu_record_format_to_string (McuRecordFormat format)
{
  return formats[format].name;
}

const char *
mcu_record_format_extension (McuRecordFormat format, gboolean audio_only)
{
  return audio_only ? formats[format].audio_extension : formats[format].extension;
}

McuCodec
mcu_record_format_video (McuRecordFormat format, gboolean audio_only)
{
  return audio_only ? MCU_CODEC_NONE : formats[format].video;
}

gboolean
mcu_record_format_is_cut (McuRecordFormat format, const guint8 *data, gsize size)
{
  guint at = formats[format].cut_at;

  return size >= at + sizeof formats[format].cut &&
         memcmp (data + at, formats[format].cut, sizeof formats[format].cut) == 0;
}
