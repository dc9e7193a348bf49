/* pipelines/peer/bitstream.h - how large the picture is that a coded frame claims to hold.
 * From: depayloaded frames.  To: the guard in front of the decoder.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looks only at what must be known before a decoder allocates: VP8's keyframe header (RFC 6386
 * section 9.1) and every H.264 SPS (ITU-T H.264 section 7.3.2.1.1). */
#pragma once

#include <glib.h>

#include "pipelines/types.h"

typedef enum
{
  MCU_BITSTREAM_OK,
  MCU_BITSTREAM_TOO_BIG, /* over MCU_MAX_PICTURE_WIDTH_PX x MCU_MAX_PICTURE_HEIGHT_PX, either way up
                          */
  MCU_BITSTREAM_BROKEN
} McuBitstreamResult;

/** McuBitstreamInfo: sizes are 0 when the frame does not say (a delta frame, no SPS). */
typedef struct
{
  gboolean is_keyframe;
  guint width_px; /* to be shown: after cropping */
  guint height_px;
  guint coded_width_px; /* what the decoder allocates; this is what is judged */
  guint coded_height_px;
} McuBitstreamInfo;

/**
 * mcu_bitstream_check:
 * @codec: MCU_CODEC_VP8 or MCU_CODEC_H264; others are OK and say nothing
 * @data: one frame; H.264: an access unit as byte-stream (start codes) or with 4-byte NAL lengths
 * @out: (out) (not nullable): filled whatever is returned; with several SPS the largest
 *
 * Reads at most @n bytes, allocates nothing, time is linear in @n.  Thread: any (streaming).
 */
McuBitstreamResult mcu_bitstream_check (McuCodec codec, const guint8 *data, gsize n,
                                        McuBitstreamInfo *out);
