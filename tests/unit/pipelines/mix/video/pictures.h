/* tests/unit/pipelines/mix/video/pictures.h - pictures of known colour, and how to read them back.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/rect.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/picture.h"

/** test_picture_new: (transfer full): a picture of one colour, in memory of its own. */
McuPicture *test_picture_new (int width, int height, McuYuv colour);
/** test_picture_pixel: the colour at @x,@y. */
McuYuv test_picture_pixel (const McuPicture *picture, int x, int y);
/** test_rect_is: every pixel in @rect is within 2 of @colour. */
gboolean test_rect_is (const McuPicture *picture, const McuRect *rect, McuYuv colour);
/** test_rect_differs: how many pixels of luma or chroma differ between @a and @b within @rect. */
guint test_rect_differs (const McuPicture *a, const McuPicture *b, const McuRect *rect);

#define TEST_GREEN ((McuYuv){145, 54, 34})
#define TEST_RED ((McuYuv){82, 90, 240})
#define TEST_BLUE ((McuYuv){41, 240, 110})
#define TEST_WHITE ((McuYuv){235, 128, 128})
