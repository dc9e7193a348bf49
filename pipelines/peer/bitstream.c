/* pipelines/peer/bitstream.c - how large the picture is that a coded frame claims to hold.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/bitstream.h"

#include <string.h>

#include "pipelines/peer/bitstream-h264.h"

static gboolean
is_too_big (guint width_px, guint height_px)
{
  /* A phone held upright sends the same picture turned. */
  return MAX (width_px, height_px) > MCU_MAX_PICTURE_WIDTH_PX ||
         MIN (width_px, height_px) > MCU_MAX_PICTURE_HEIGHT_PX;
}

static McuBitstreamResult
check_vp8 (const guint8 *data, gsize n, McuBitstreamInfo *out)
{
  /* RFC 6386 section 9.1: 3 bytes of frame tag; a keyframe has 7 more. */
  if (n < 3)
    return MCU_BITSTREAM_BROKEN;
  if ((data[0] & 1) != 0)
    return MCU_BITSTREAM_OK;
  if (n < 10 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
    return MCU_BITSTREAM_BROKEN;

  /* The upper two bits are a wish of how to scale for display. */
  out->is_keyframe = TRUE;
  out->width_px = out->coded_width_px = (data[6] | data[7] << 8) & 0x3fff;
  out->height_px = out->coded_height_px = (data[8] | data[9] << 8) & 0x3fff;
  if (out->width_px == 0 || out->height_px == 0)
    return MCU_BITSTREAM_BROKEN;
  return is_too_big (out->coded_width_px, out->coded_height_px) ? MCU_BITSTREAM_TOO_BIG
                                                                : MCU_BITSTREAM_OK;
}

static McuBitstreamResult
judge_sps (const guint8 *nal, gsize n, McuBitstreamInfo *out)
{
  McuSpsSize size;

  if (!mcu_h264_sps_size (nal, n, &size))
    return MCU_BITSTREAM_BROKEN;
  if ((guint64) size.coded_width_px * size.coded_height_px >=
      (guint64) out->coded_width_px * out->coded_height_px) {
    out->width_px = size.width_px;
    out->height_px = size.height_px;
    out->coded_width_px = size.coded_width_px;
    out->coded_height_px = size.coded_height_px;
  }
  return is_too_big (size.coded_width_px, size.coded_height_px) ? MCU_BITSTREAM_TOO_BIG
                                                                : MCU_BITSTREAM_OK;
}

static McuBitstreamResult
check_h264 (const guint8 *data, gsize n, McuBitstreamInfo *out)
{
  McuBitstreamResult worst = MCU_BITSTREAM_OK;
  McuNalReader reader;
  const guint8 *nal;
  gsize length;

  mcu_nal_reader_init (&reader, data, n);
  while (mcu_nal_reader_next (&reader, &nal, &length)) {
    guint type = nal[0] & 0x1f;

    if ((nal[0] & 0x80) != 0)
      return MCU_BITSTREAM_BROKEN;
    if (type == MCU_NAL_IDR)
      out->is_keyframe = TRUE;
    if (type == MCU_NAL_SPS || type == MCU_NAL_SUBSET_SPS) {
      McuBitstreamResult result = judge_sps (nal, length, out);
      worst = MAX (worst, result);
    }
  }

  return reader.broken ? MCU_BITSTREAM_BROKEN : worst;
}

McuBitstreamResult
mcu_bitstream_check (McuCodec codec, const guint8 *data, gsize n, McuBitstreamInfo *out)
{
  memset (out, 0, sizeof *out);
  if (codec == MCU_CODEC_VP8)
    return check_vp8 (data, n, out);
  if (codec == MCU_CODEC_H264)
    return check_h264 (data, n, out);
  return MCU_BITSTREAM_OK;
}
