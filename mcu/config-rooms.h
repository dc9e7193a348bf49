/* mcu/config-rooms.h - the `[room PATTERN]` groups: settings of rooms by their names.
 * SPDX-License-Identifier: Apache-2.0
 *
 * `*` stands for any letters, `?` for one. Of the groups whose pattern fits a name the first in the
 * file holds, and only that one. Thread: main. */
#pragma once

#include "mcu/room-settings.h"

/** McuRoomGroups: of one configuration. */
typedef struct _McuRoomGroups McuRoomGroups;

McuRoomGroups *mcu_room_groups_new (void);
void mcu_room_groups_free (McuRoomGroups *self);

/** mcu_room_groups_is_name: whether @group is such a group, good or bad. */
gboolean mcu_room_groups_is_name (const char *group);

/**
 * mcu_room_groups_set:
 * @group: "room PATTERN", a new one comes after all others
 * @key: (nullable): none: only the group is made
 * @error: MCU_ERROR_BAD_REQUEST, naming group, key and why
 */
gboolean mcu_room_groups_set (McuRoomGroups *self, const char *group, const char *key,
                              const char *value, GError **error);

/** mcu_room_groups_apply: what the first group that fits @room_name says goes over @settings. */
void mcu_room_groups_apply (McuRoomGroups *self, const char *room_name, McuRoomSettings *settings);

/**
 * mcu_room_groups_check:
 * @defaults: of `[rooms]`
 * @error: MCU_ERROR_BAD_REQUEST: a group makes an impossible canvas of them
 */
gboolean mcu_room_groups_check (McuRoomGroups *self, const McuRoomSettings *defaults,
                                GError **error);

/** mcu_room_groups_print: as they would stand in a file, after a comment that says what there is.
 */
void mcu_room_groups_print (McuRoomGroups *self, GString *out);

/** mcu_room_groups_to_markdown: their rows of the documentation's table. */
void mcu_room_groups_to_markdown (GString *out);
