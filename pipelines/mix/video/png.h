/* pipelines/mix/video/png.h - a picture as a PNG.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/picture.h"

/**
 * mcu_picture_to_png:
 * @error: MCU_ERROR_INTERNAL
 *
 * Some 50 ms for 1280x720: on a thread that nobody waits for.  Thread: any.
 * Returns: (transfer full)
 */
GByteArray *mcu_picture_to_png (const McuPicture *picture, GError **error);
