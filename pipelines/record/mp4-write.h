/* pipelines/record/mp4-write.h - an ordinary MP4: the index first, then the media as they were.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/movie.h"
#include "pipelines/record/target-file.h"

/**
 * mcu_mp4_write:
 * @plan: of MP4 movies
 * @chapters: (nullable) (element-type McuChapter): as `udta/chpl`, which ffmpeg and players read
 *
 * Nothing is encoded anew. What goes wrong with the files is told by mcu_target_file_end().
 * Source: ISO/IEC 14496-12; `chpl`: the Nero box that ffmpeg's and GPAC's muxers write.
 */
void mcu_mp4_write (McuTargetFile *out, const McuMoviePlan *plan, const GArray *chapters);
