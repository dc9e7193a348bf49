/* pipelines/record/mp4-read.h - an MP4, in fragments or not, whole or cut off anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/movie.h"

/**
 * mcu_mp4_read:
 * @file: (transfer full): also on error
 *
 * What a kill of the process left half-written at the end is left out.
 * Sources: ISO/IEC 14496-12 (boxes), 14496-14 (esds).
 *
 * Returns: (transfer full): MCU_ERROR_UNSUPPORTED_TYPE: this is none that can be read.
 */
McuMovie *mcu_mp4_read (McuSourceFile *file, GError **error);
