/* mcu/config-table.h - every setting, declared once.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "mcu/config.h"

typedef enum
{
  MCU_SETTING_INT,
  MCU_SETTING_BOOL,
  MCU_SETTING_STRING,
  MCU_SETTING_STRINGS /* separated by commas */
} McuSettingType;

/** McuSettingInfo: one row. All text is static. */
typedef struct
{
  const char *group;
  const char *key;
  McuSettingType type;
  const char *fallback; /* built-in value, as it would stand in a file */
  gint64 min;           /* of whole numbers */
  gint64 max;           /* of whole numbers; of lists: how many items, 0 for 100 */
  const char *sentence;
  gboolean secret; /* never printed */
} McuSettingInfo;

extern const McuSettingInfo mcu_setting_infos[MCU_N_SETTINGS];
