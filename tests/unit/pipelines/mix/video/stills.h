/* tests/unit/pipelines/mix/video/stills.h - files of still pictures of one colour.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/unit/pipelines/mix/video/pictures.h"

/** test_still_png: (transfer full): @argb: premultiplied. */
GByteArray *test_still_png (int width, int height, guint32 argb);
/** test_still_jpeg: (transfer full) */
GByteArray *test_still_jpeg (int width, int height, guint32 argb);
