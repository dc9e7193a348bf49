/* layouts/label.h - where a tile's name stands, and how it looks.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** McuLabelPosition: within the tile. */
typedef enum
{
  MCU_LABEL_NONE,
  MCU_LABEL_TOP_LEFT,
  MCU_LABEL_TOP,
  MCU_LABEL_TOP_RIGHT,
  MCU_LABEL_BOTTOM_LEFT,
  MCU_LABEL_BOTTOM,
  MCU_LABEL_BOTTOM_RIGHT,
  MCU_LABEL_N_POSITIONS
} McuLabelPosition;

/** McuLabelStyle: what is behind the text. */
typedef enum
{
  MCU_LABEL_PILL,  /* a dark rounded box as wide as the text */
  MCU_LABEL_BAR,   /* a dark bar as wide as the tile */
  MCU_LABEL_PLAIN, /* nothing: white text with a shadow */
  MCU_LABEL_N_STYLES
} McuLabelStyle;

/* All pure. Thread: any. */

/** mcu_label_position_to_string: (transfer none): "none", "top-left", "top", ... */
const char *mcu_label_position_to_string (McuLabelPosition position);
/** mcu_label_position_from_string: FALSE when @name is no position. */
gboolean mcu_label_position_from_string (const char *name, McuLabelPosition *position);
/** mcu_label_style_to_string: (transfer none): "pill", "bar" or "plain". */
const char *mcu_label_style_to_string (McuLabelStyle style);
/** mcu_label_style_from_string: FALSE when @name is no style. */
gboolean mcu_label_style_from_string (const char *name, McuLabelStyle *style);
