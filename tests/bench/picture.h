/* tests/bench/picture.h - a moving test picture that costs an encoder what a camera does.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

typedef struct _McuPicture McuPicture;

/** mcu_picture_new: (transfer full): free with mcu_picture_free(); @width and @height even. */
McuPicture *mcu_picture_new (int width, int height);
void mcu_picture_free (McuPicture *self);

/**
 * mcu_picture_draw:
 * @index: the frame's number, also drawn as its time code
 *
 * A textured background that drifts, three discs on their ways, and a sensor's noise.
 *
 * Returns: (transfer none): planar I420 without padding, valid until the next call.
 */
const guint8 *mcu_picture_draw (McuPicture *self, guint index);
gsize mcu_picture_size (const McuPicture *self);
