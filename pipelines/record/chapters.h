/* pipelines/record/chapters.h - the chapters of a recording, as control writes them down.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/movie.h"

/**
 * mcu_chapters_parse:
 * @text: (array length=size): `{"chapters": [{"start_ms": n, "title": "..."}]}`, or the array alone
 *
 * In the order of their starts; what is not one is left out, and what is over
 * MCU_MOVIE_MAX_CHAPTERS.  Returns: (transfer full) (element-type McuChapter): MCU_ERROR_BAD_JSON.
 */
GArray *mcu_chapters_parse (const char *text, gsize size, GError **error);
