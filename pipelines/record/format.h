/* pipelines/record/format.h - what kinds of files there are, and where one may be cut.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/types.h"

/** McuRecordFormat: the contract's names. */
typedef enum
{
  MCU_RECORD_MP4,  /* H.264 and AAC, in fragments */
  MCU_RECORD_WEBM, /* VP8 and Opus */
  MCU_RECORD_MKV,  /* H.264 and Opus */
  MCU_RECORD_OGG   /* Opus, no picture */
} McuRecordFormat;

/** mcu_record_format_from_string: FALSE when @name is none of "mp4", "webm", "mkv", "ogg". */
gboolean mcu_record_format_from_string (const char *name, McuRecordFormat *format);
/** mcu_record_format_to_string: (transfer none). */
const char *mcu_record_format_to_string (McuRecordFormat format);

/** mcu_record_format_extension: (transfer none): of the file's name, without the dot. */
const char *mcu_record_format_extension (McuRecordFormat format, gboolean audio_only);

/** mcu_record_format_video: the rung's codec it takes; MCU_CODEC_NONE: it has no picture. */
McuCodec mcu_record_format_video (McuRecordFormat format, gboolean audio_only);

/**
 * mcu_record_format_is_cut:
 * @data: (array length=size): what a muxer gave as one buffer
 *
 * A file that ends in front of @data has no broken fragment, cluster or page in it.
 *
 * Sources: ISO/IEC 14496-12 8.8.4 (moof), RFC 9559 5.1.3 (Cluster), RFC 3533 6 (OggS).
 */
gboolean mcu_record_format_is_cut (McuRecordFormat format, const guint8 *data, gsize size);
