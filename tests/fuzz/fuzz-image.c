/* tests/fuzz/fuzz-image.c - a still picture from anybody: an avatar.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/error.h"
#include "pipelines/mix/video/image.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuImage) image = mcu_image_decode (data, size, 64, &error);
  McuRect inner;

  g_assert_true ((image == NULL) == (error != NULL));
  if (image == NULL) {
    g_assert_true (error->domain == MCU_ERROR && g_utf8_validate (error->message, -1, NULL));
    return 0;
  }
  g_assert_cmpuint (mcu_image_get_bytes (image), <=, 64 * 64 * 4);
  for (int fit = MCU_FIT_COVER; fit <= MCU_FIT_CONTAIN; fit++) {
    g_autoptr (McuOverlay) overlay = mcu_image_draw (image, (McuFit) fit, 40, 22, 255, &inner);

    g_assert_true (mcu_rect_is_even (&inner) && mcu_rect_is_inside (&inner, 40, 22));
  }
  return 0;
}
