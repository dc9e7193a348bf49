/* pipelines/types.h - the words all stages share.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuMediaKind: what an m-line carries. */
typedef enum
{
  MCU_MEDIA_AUDIO,
  MCU_MEDIA_VIDEO
} McuMediaKind;

/** McuCodec: what we can take and give. */
typedef enum
{
  MCU_CODEC_NONE,
  MCU_CODEC_OPUS,
  MCU_CODEC_PCMU,
  MCU_CODEC_PCMA,
  MCU_CODEC_VP8,
  MCU_CODEC_H264
} McuCodec;

/** McuStream: which of a person's streams. */
typedef enum
{
  MCU_STREAM_MICROPHONE,
  MCU_STREAM_CAMERA,
  MCU_STREAM_SCREEN
} McuStream;

/* Source: ITU-T H.264 level 4 and what phones send; a bitstream that says more is a bomb. */
#define MCU_MAX_PICTURE_WIDTH_PX 1920
#define MCU_MAX_PICTURE_HEIGHT_PX 1088

/** mcu_codec_to_string: (transfer none): "opus", "pcmu", "pcma", "vp8", "h264" or "none". */
const char *mcu_codec_to_string (McuCodec codec);
/** mcu_codec_from_string: the codec of that lower-case name, MCU_CODEC_NONE for others. */
McuCodec mcu_codec_from_string (const char *name);
/** mcu_stream_to_string: (transfer none): "microphone", "camera" or "screen". */
const char *mcu_stream_to_string (McuStream stream);
/** mcu_stream_from_string: FALSE when @name is none of them. */
gboolean mcu_stream_from_string (const char *name, McuStream *stream);
