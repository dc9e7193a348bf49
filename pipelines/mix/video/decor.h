/* pipelines/mix/video/decor.h - names, marks and initials, drawn for a tile's size.
 * To: mix/video/scene.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/element.h"
#include "layouts/label.h"
#include "pipelines/mix/video/colour.h"
#include "pipelines/mix/video/image.h"
#include "pipelines/mix/video/marks.h"
#include "pipelines/mix/video/overlay.h"

/* Drawing takes up to some ms for each text that is new, and goes through a cache that all canvases
 * share. Thread: main loop (Pango's fonts are opened per thread); never the ticker. */

/**
 * mcu_decor_label:
 * @name: (nullable): as the user gave it
 * @marks: beside it
 * @style: what is behind; of a bar only what stands on it, for it is as wide as the tile
 * @width: px, of the tile or of the part of it that is free
 * @height: px, the same
 *
 * Returns: (transfer full) (nullable): with mcu_decor_label_margin() on all sides it has room in
 * that; NULL when there is nothing to say or no room.
 */
McuOverlay *mcu_decor_label (const char *name, McuMarks marks, McuLabelStyle style, int width,
                             int height);

/** mcu_decor_label_margin: px, even, around a label that is so high. */
int mcu_decor_label_margin (McuLabelStyle style, int label_height);

/* What is behind a label: nearly black, dark enough for white letters on white. */
#define MCU_DECOR_BAR_RGB ((McuRgb){8, 8, 10})
#define MCU_DECOR_BAR_ALPHA 148

/**
 * mcu_decor_initials:
 * @id: the participant's, for the colour
 * @name: (nullable): as the user gave it
 * @avatar: (nullable): their picture, instead of initials
 * @tile_width: px
 * @tile_height: px
 *
 * Returns: (transfer full) (nullable): the round mark for the middle of a placeholder; NULL when
 * there is no room.
 */
McuOverlay *mcu_decor_initials (const char *id, const char *name, const McuImage *avatar,
                                int tile_width, int tile_height);

/* Not cached: who shows these keeps them. */

/**
 * mcu_decor_line:
 * @text: (nullable): any
 * @style: what is behind; a bar is as wide as @width, with @text at its @align
 * @width: px, of the box
 * @height: px, of the box: letters are as high as fits
 *
 * Returns: (transfer full) (nullable): at most as large as the box, ended with an ellipsis where it
 * is longer; NULL when there is nothing to say or no room.
 */
McuOverlay *mcu_decor_line (const char *text, McuLabelStyle style, McuElementAlign align, int width,
                            int height);

/** mcu_decor_dot: (transfer full) (nullable): the mark of a recording, in a square of @size px. */
McuOverlay *mcu_decor_dot (int size);
