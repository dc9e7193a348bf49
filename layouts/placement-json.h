/* layouts/placement-json.h - a placement as a tile of the link's `place` message.
 * From, to: both ends of the link.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/placement.h"

/**
 * mcu_placement_to_json:
 *
 * {participant, stream, x, y, width, height, z}, and what is not as mcu_placement_init() makes it:
 * fit, radius, border: {width, colour, speaking}, label, label_style, placeholder. Alpha is not
 * told: fading is the room's own.
 *
 * Thread: any, pure.  Returns: (transfer full)
 */
JsonObject *mcu_placement_to_json (const McuPlacement *self);

/**
 * mcu_placement_from_json:
 * @self: (out): what is absent is as mcu_placement_init() makes it
 *
 * Numbers out of all bounds are refused; whether the tile is even and inside the canvas is for the
 * canvas to say. Unknown members are ignored: the other end may be newer.
 *
 * Thread: any, pure.  Returns: FALSE when it is no tile.
 */
gboolean mcu_placement_from_json (JsonObject *object, McuPlacement *self);
