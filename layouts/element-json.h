/* layouts/element-json.h - an element's box as part of the link's `place` message.
 * From, to: both ends of the link.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/element.h"

/**
 * mcu_element_box_to_json:
 * @image: (nullable): the id of its picture on the link, instead of the file's name
 *
 * {kind, x, y, width, height, z}, and what that kind has: image, fit, alpha (0..255); style, align;
 * twelve_hours, seconds, zone; text.
 *
 * Thread: any, pure.  Returns: (transfer full)
 */
JsonObject *mcu_element_box_to_json (const McuElementBox *self, const char *image);

/**
 * mcu_element_box_from_json:
 * @self: (out): what is absent is as mcu_element_init() makes it
 *
 * Its rectangle is even, and inside a canvas of @canvas_width and @canvas_height; the rest is
 * within the bounds of layouts/element.h, but for the picture's name, which is the link's.
 *
 * Thread: any, pure.  Returns: FALSE when it is no element.
 */
gboolean mcu_element_box_from_json (JsonObject *object, int canvas_width, int canvas_height,
                                    McuElementBox *self);
