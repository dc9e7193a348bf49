/* pipelines/room/still-images.h - the still pictures that control gave a room, by id.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Main loop only; each is read and decoded on a thread of its own, one after another. */
#pragma once

#include "pipelines/mix/video/image.h"

typedef struct _McuStillImages McuStillImages;

/**
 * McuStillImageFunc:
 * @image: (nullable) (transfer none): what @id is from now on
 * @error: (nullable): why it is nothing
 *
 * From the main loop, never from inside mcu_still_images_add().
 */
typedef void (*McuStillImageFunc) (const char *id, McuImage *image, const GError *error,
                                   gpointer user_data);

/** mcu_still_images_new: @max_images, @max_bytes: decoded; what is beyond them is refused. */
McuStillImages *mcu_still_images_new (guint max_images, gsize max_bytes, McuStillImageFunc func,
                                      gpointer user_data);
/** mcu_still_images_free: @func is not called any more. */
void mcu_still_images_free (McuStillImages *self);

/**
 * mcu_still_images_add:
 * @fd: (transfer full): of a regular file or a memfd; -1: none
 * @keep_side_px: see mcu_image_decode()
 *
 * Takes the place of another with that id.
 */
void mcu_still_images_add (McuStillImages *self, const char *id, int fd, int keep_side_px);
/** mcu_still_images_remove: also one that is still waited for. */
void mcu_still_images_remove (McuStillImages *self, const char *id);
/** mcu_still_images_find: (transfer none) (nullable): if it is decoded. */
McuImage *mcu_still_images_find (McuStillImages *self, const char *id);
