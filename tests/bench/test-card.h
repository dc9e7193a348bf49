/* tests/bench/test-card.h - a moving test picture that costs an encoder what a camera does.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

typedef struct _McuTestCard McuTestCard;

/** mcu_test_card_new: (transfer full): free with mcu_test_card_free(); @width and @height even. */
McuTestCard *mcu_test_card_new (int width, int height);
void mcu_test_card_free (McuTestCard *self);

/**
 * mcu_test_card_draw:
 * @index: the frame's number, also drawn as its time code
 *
 * A textured background that drifts, three discs on their ways, and a sensor's noise.
 *
 * Returns: (transfer none): planar I420 without padding, valid until the next call.
 */
const guint8 *mcu_test_card_draw (McuTestCard *self, guint index);
gsize mcu_test_card_size (const McuTestCard *self);
