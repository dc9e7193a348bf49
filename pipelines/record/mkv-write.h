/* pipelines/record/mkv-write.h - an ordinary Matroska file: with a duration, an index, chapters.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/movie.h"
#include "pipelines/record/target-file.h"

/**
 * mcu_mkv_write:
 * @plan: of Matroska movies
 * @chapters: (nullable) (element-type McuChapter)
 *
 * The index (Cues) stands before the media, so that a browser can seek before it has all. Nothing
 * is encoded anew. What goes wrong with the files is told by mcu_target_file_end().
 */
void mcu_mkv_write (McuTargetFile *out, const McuMoviePlan *plan, const GArray *chapters);
