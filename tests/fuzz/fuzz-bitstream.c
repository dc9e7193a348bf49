/* tests/fuzz/fuzz-bitstream.c - a coded frame; the first byte chooses the codec.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>

#include "pipelines/peer/bitstream.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  McuBitstreamInfo info;

  if (size == 0)
    return 0;
  McuBitstreamResult result = mcu_bitstream_check (
      data[0] % 2 == 0 ? MCU_CODEC_H264 : MCU_CODEC_VP8, data + 1, size - 1, &info);

  g_assert_cmpuint (info.width_px, <=, info.coded_width_px);
  g_assert_cmpuint (info.height_px, <=, info.coded_height_px);
  if (result == MCU_BITSTREAM_OK) {
    g_assert_cmpuint (info.coded_width_px, <=, MCU_MAX_PICTURE_WIDTH_PX);
    g_assert_cmpuint (info.coded_height_px, <=, MCU_MAX_PICTURE_WIDTH_PX);
  }
  return 0;
}
