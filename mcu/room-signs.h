/* mcu/room-signs.h - what a room's pictures have beside tiles, told to its process: the layout's
 * elements and background, the caption, the recording mark, and the pictures that they and people's
 * avatars need.  SPDX-License-Identifier: Apache-2.0
 *
 * Thread: main loop. Bytes of pictures are passed on as descriptors, and never looked into. */
#pragma once

#include "mcu/room.h"

#define MCU_CAPTION_MAX_BYTES 500
#define MCU_AVATAR_MAX_BYTES (256 * 1024)

/** mcu_room_signs_stop: frees what @room holds of it. */
void mcu_room_signs_stop (McuRoom *room);

/**
 * mcu_room_signs_add:
 * @place: the message `place` that is to be sent next: gets `background` and `elements`
 * @layout: what it was solved from
 * @arrangement: the index of the arrangement that was used
 *
 * Pictures that the room's process does not have yet are sent to it, now.
 */
void mcu_room_signs_add (McuRoom *room, JsonObject *place, const McuLayout *layout,
                         guint arrangement, int canvas_width, int canvas_height);

/** mcu_room_signs_add_person: gives their `participant` message the member `avatar`; as above. */
void mcu_room_signs_add_person (McuParticipant *person, JsonObject *message);
/** mcu_room_signs_drop_person: their picture goes with them. */
void mcu_room_signs_drop_person (McuParticipant *person);

/** mcu_room_signs_notices: (transfer full): for `room_state`. */
JsonObject *mcu_room_signs_notices (McuRoom *room);

/** mcu_room_signs_process_gone: the next process has none of the pictures. */
void mcu_room_signs_process_gone (McuRoom *room);

/** mcu_room_signs_set_caption: @caption: (nullable): UTF-8 of at most MCU_CAPTION_MAX_BYTES. */
void mcu_room_signs_set_caption (McuRoom *room, const char *caption);

/** mcu_room_signs_set_recorded: whether layouts that have a mark for it show it. */
void mcu_room_signs_set_recorded (McuRoom *room, gboolean is_recorded);

/**
 * mcu_room_signs_set_avatar:
 * @bytes: (nullable) (array length=length): PNG or JPEG; NULL takes it away
 * @error: MCU_ERROR_TOO_LARGE, MCU_ERROR_UNSUPPORTED_TYPE (by its first bytes)
 */
gboolean mcu_room_signs_set_avatar (McuParticipant *person, const char *bytes, gsize length,
                                    GError **error);
