/* mcu/room-settings.h - what can be set of a room: where it comes from, what it may be.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Defaults are those of `[rooms]`, then of the first `[room PATTERN]` group that fits the name;
 * then come the members of a request, which are checked here and nowhere else. Pure: no room, no
 * I/O. Thread: any; the caller owns what it passes. */
#pragma once

#include <json-glib/json-glib.h>

#include "mcu/types.h"

#define MCU_METADATA_MAX_BYTES 4096

#define MCU_CANVAS_MIN_PX 90        /* of the shorter side */
#define MCU_CANVAS_MIN_LONG_PX 160  /* of the longer one */
#define MCU_CANVAS_MAX_PX 1088      /* of the shorter side */
#define MCU_CANVAS_MAX_LONG_PX 1920 /* of the longer one */
#define MCU_CANVAS_MIN_FPS 5
#define MCU_CANVAS_MAX_FPS 60
#define MCU_ROOM_MAX_PARTICIPANTS 1000
#define MCU_ROOM_MAX_EMPTY_TIMEOUT_S 86400

/** McuRoomSettings: by value; texts are owned. */
typedef struct
{
  char *layout; /* the name of one; whether there is such a layout is not known here */
  int canvas_width_px;
  int canvas_height_px;
  guint canvas_fps;
  gboolean locked;
  gboolean lobby;
  gboolean record; /* wanted; who records looks at it in mcu_room_settings_changed() */
  guint max_participants;
  guint empty_timeout_s;
  char *metadata; /* (nullable): opaque text of whoever made the room */
} McuRoomSettings;

/** mcu_room_settings_init: the defaults of a room of that name, by @config. */
void mcu_room_settings_init (McuRoomSettings *self, McuConfig *config, const char *room_name);
void mcu_room_settings_clear (McuRoomSettings *self);
/** mcu_room_settings_copy: into @self, which is not initialised. */
void mcu_room_settings_copy (McuRoomSettings *self, const McuRoomSettings *from);
/** mcu_room_settings_take: the contents of @from, which is left empty; @self's own are freed. */
void mcu_room_settings_take (McuRoomSettings *self, McuRoomSettings *from);
gboolean mcu_room_settings_equal (const McuRoomSettings *a, const McuRoomSettings *b);

/**
 * mcu_room_settings_merge:
 * @defaults: what null means
 * @members: (transfer none): of a request; `name` and `type` are the caller's business
 * @error: MCU_ERROR_BAD_REQUEST (names the member and why, also of members that are unknown or
 *         cannot be set), MCU_ERROR_TOO_LARGE (metadata)
 *
 * RFC 7396: members that are absent stay as they are. On error nothing changes.
 */
gboolean mcu_room_settings_merge (McuRoomSettings *self, const McuRoomSettings *defaults,
                                  JsonObject *members, GError **error);

/** mcu_room_member_label: (transfer none): how an error names a member of a request: not with any
 * length. */
const char *mcu_room_member_label (const char *member);

/** mcu_canvas_problem: (nullable) (transfer none): what is wrong with a canvas of that size. */
const char *mcu_canvas_problem (gint64 width_px, gint64 height_px, gint64 fps);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (McuRoomSettings, mcu_room_settings_clear)
