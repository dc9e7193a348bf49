/* pipelines/mix/video/decor.h - names, marks and initials, drawn for a tile's size.
 * To: mix/video/scene.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/mix/video/overlay.h"

/* Drawing takes up to some ms for each text that is new, and goes through a cache that all canvases
 * share. Thread: main loop (Pango's fonts are opened per thread); never the ticker. */

/**
 * mcu_decor_label:
 * @name: (nullable): as the user gave it
 * @muted: with the crossed-out microphone
 * @tile_width: px
 * @tile_height: px
 *
 * Returns: (transfer full) (nullable): what goes into the tile's bottom left corner, at most as
 * large as the tile; NULL when there is nothing to say or no room.
 */
McuOverlay *mcu_decor_label (const char *name, gboolean muted, int tile_width, int tile_height);

/**
 * mcu_decor_initials:
 * @id: the participant's, for the colour
 * @name: (nullable): as the user gave it
 * @tile_width: px
 * @tile_height: px
 *
 * Returns: (transfer full) (nullable): the round mark for the middle of a placeholder; NULL when
 * there is no room.
 */
McuOverlay *mcu_decor_initials (const char *id, const char *name, int tile_width, int tile_height);
