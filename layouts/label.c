/* layouts/label.c - where a tile's name stands, and how it looks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/label.h"

static const char *const positions[MCU_LABEL_N_POSITIONS] = {
    [MCU_LABEL_NONE] = "none",
    [MCU_LABEL_TOP_LEFT] = "top-left",
    [MCU_LABEL_TOP] = "top",
    [MCU_LABEL_TOP_RIGHT] = "top-right",
    [MCU_LABEL_BOTTOM_LEFT] = "bottom-left",
    [MCU_LABEL_BOTTOM] = "bottom",
    [MCU_LABEL_BOTTOM_RIGHT] = "bottom-right",
};
static const char *const styles[MCU_LABEL_N_STYLES] = {
    [MCU_LABEL_PILL] = "pill",
    [MCU_LABEL_BAR] = "bar",
    [MCU_LABEL_PLAIN] = "plain",
};

const char *
mcu_label_position_to_string (McuLabelPosition position)
{
  return (guint) position < MCU_LABEL_N_POSITIONS ? positions[position] : "none";
}

gboolean
mcu_label_position_from_string (const char *name, McuLabelPosition *position)
{
  for (guint i = 0; i < MCU_LABEL_N_POSITIONS; i++)
    if (g_strcmp0 (name, positions[i]) == 0) {
      *position = i;
      return TRUE;
    }
  return FALSE;
}

const char *
mcu_label_style_to_string (McuLabelStyle style)
{
  return (guint) style < MCU_LABEL_N_STYLES ? styles[style] : "pill";
}

gboolean
mcu_label_style_from_string (const char *name, McuLabelStyle *style)
{
  for (guint i = 0; i < MCU_LABEL_N_STYLES; i++)
    if (g_strcmp0 (name, styles[i]) == 0) {
      *style = i;
      return TRUE;
    }
  return FALSE;
}
