/* pipelines/room/signs.h - what a room's pictures have beside tiles: the layout's elements, the
 * caption, the clock, the recording mark; and the still pictures that these and avatars need.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Main loop only, but for the decoding of pictures: one at a time, each on a thread of its own. */
#pragma once

#include "pipelines/room/room.h"

/* A layout's own, and one for each person. */
#define MCU_SIGNS_MAX_IMAGES (MCU_ROOM_MAX_PEOPLE + 64)
#define MCU_SIGNS_MAX_IMAGE_BYTES (128 * 1024 * 1024)
/* What is kept of an avatar: as large as its disc on a canvas of 720 lines, nearly. */
#define MCU_SIGNS_AVATAR_PX 320
#define MCU_SIGNS_PICTURE_PX 1920
#define MCU_SIGNS_MAX_CAPTION 500 /* bytes */

typedef struct _McuSigns McuSigns;

/** mcu_signs_new: @room: outlives it. */
McuSigns *mcu_signs_new (McuRoom *room);
void mcu_signs_free (McuSigns *self);

/**
 * mcu_signs_add_image:
 * @message: of `image`
 * @fd: (transfer full): the file's bytes, read from its beginning; -1: did not come
 *
 * It is seen as soon as it is decoded, also by what named it before. What is no picture is told to
 * control as a `warning`, and is as if it had not come.
 */
void mcu_signs_add_image (McuSigns *self, JsonObject *message, int fd);

/** mcu_signs_remove_image: of `image_remove`; what shows it goes on until it is drawn anew. */
void mcu_signs_remove_image (McuSigns *self, const char *id);

/** mcu_signs_set_notices: @notices: (nullable): of `notices`; what it does not say is not there. */
void mcu_signs_set_notices (McuSigns *self, JsonObject *notices);

/** mcu_signs_set_avatar: @image: (nullable): the id of one that has come or will. */
void mcu_signs_set_avatar (McuSigns *self, const char *participant, const char *image);

/**
 * mcu_signs_place:
 * @message: of `place`
 *
 * Returns: (transfer none) (nullable): what that view has beside its tiles, to be placed with them;
 * from here on the view is kept up to date.
 */
McuElements *mcu_signs_place (McuSigns *self, JsonObject *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuSigns, mcu_signs_free)
