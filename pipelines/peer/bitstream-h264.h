/* pipelines/peer/bitstream-h264.h - H.264 NAL units, and the picture size in an SPS.
 * To: bitstream.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Source: ITU-T H.264 table 7-1. */
#define MCU_NAL_IDR 5
#define MCU_NAL_SPS 7
#define MCU_NAL_SUBSET_SPS 15

/** McuNalReader: walks an access unit; byte-stream when it starts with a start code. */
typedef struct
{
  const guint8 *next, *end;
  gboolean byte_stream;
  gboolean broken; /* what is left does not add up */
} McuNalReader;

void mcu_nal_reader_init (McuNalReader *self, const guint8 *data, gsize n);

/** mcu_nal_reader_next: @nal is at least one byte long, without start code or length. */
gboolean mcu_nal_reader_next (McuNalReader *self, const guint8 **nal, gsize *length);

typedef struct
{
  guint width_px, height_px; /* after cropping */
  guint coded_width_px, coded_height_px;
} McuSpsSize;

/** mcu_h264_sps_size: @nal with its header byte; FALSE when it cannot be true. */
gboolean mcu_h264_sps_size (const guint8 *nal, gsize n, McuSpsSize *out);
