/* mcu/config-print.c - the settings as a file, and as a page of the documentation.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/config-table.h"

static char *
value_to_text (McuConfig *self, McuSetting setting)
{
  switch (mcu_setting_infos[setting].type) {
  case MCU_SETTING_INT:
    return g_strdup_printf ("%" G_GINT64_FORMAT, mcu_config_get_int (self, setting));
  case MCU_SETTING_BOOL:
    return g_strdup (mcu_config_get_bool (self, setting) ? "true" : "false");
  case MCU_SETTING_STRING:
    return g_strdup (mcu_config_get_string (self, setting));
  case MCU_SETTING_STRINGS:
    return g_strjoinv (",", (char **) mcu_config_get_strings (self, setting));
  }
  g_assert_not_reached ();
}

static char *
range_to_text (const McuSettingInfo *info)
{
  switch (info->type) {
  case MCU_SETTING_INT:
    return g_strdup_printf ("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, info->min, info->max);
  case MCU_SETTING_BOOL:
    return g_strdup ("true or false");
  case MCU_SETTING_STRING:
    return g_strdup ("text");
  case MCU_SETTING_STRINGS:
    return g_strdup ("list, separated by commas");
  }
  g_assert_not_reached ();
}

char *
mcu_config_print (McuConfig *self)
{
  GString *out = g_string_new (NULL);

  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++) {
    const McuSettingInfo *info = &mcu_setting_infos[s];
    g_autofree char *range = range_to_text (info);
    g_autofree char *value = value_to_text (self, s);

    if (s == 0 || !g_str_equal (info->group, mcu_setting_infos[s - 1].group))
      g_string_append_printf (out, "%s[%s]\n", s == 0 ? "" : "\n", info->group);
    g_string_append_printf (out, "# %s (%s)\n", info->sentence, range);
    g_string_append_printf (out, "%s=%s\n", info->key,
                            info->secret && value[0] != '\0' ? "..." : value);
  }
  mcu_room_groups_print (mcu_config_get_room_groups (self), out);
  g_string_append (out, "\n[keys]\n# API keys: name=secret.\n");
  return g_string_free (out, FALSE);
}

char *
mcu_config_to_markdown (void)
{
  GString *out = g_string_new (
      "| group | key | built-in | range | what |\n|---|---|---|---|---|\n");

  for (McuSetting s = 0; s < MCU_N_SETTINGS; s++) {
    const McuSettingInfo *info = &mcu_setting_infos[s];
    g_autofree char *range = range_to_text (info);

    g_string_append_printf (out, "| `[%s]` | `%s` | %s%s%s | %s | %s |\n", info->group, info->key,
                            info->fallback[0] != '\0' ? "`" : "", info->fallback,
                            info->fallback[0] != '\0' ? "`" : "", range, info->sentence);
  }
  mcu_room_groups_to_markdown (out);
  return g_string_free (out, FALSE);
}
