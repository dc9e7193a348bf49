/* pipelines/mix/video/range.h - pictures of full range (0..255) into video range
 * (16..235, 16..240). SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/picture.h"

/**
 * mcu_range_limit:
 * @from: samples of 0..255 that all mean something (what a browser's canvas gives)
 * @to: of the same size; all of it is written
 *
 * Source: ITU-T H.273, VideoFullRangeFlag; BT.601.  Thread: any.
 */
void mcu_range_limit (const McuPicture *from, McuPicture *to);
