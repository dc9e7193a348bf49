/* layouts/layout-file.h - layout documents as JSON: read strictly, and written back.
 * From: files, REST.  To: layouts/layout.  SPDX-License-Identifier: Apache-2.0
 *
 * The format is described in docs/layout-format.md and in layouts/layout.schema.json. Whatever is
 * wrong is an error that names file, path and reason, e.g.
 * `lecture.json: arrangements[1].slots[0].width: not between 0 and 1`; nothing is guessed. */
#pragma once

#include <json-glib/json-glib.h>

#include "layouts/layout.h"

#define MCU_LAYOUT_MAX_BYTES (64 * 1024)

/**
 * mcu_layout_parse:
 * @text: (array length=length): from outside, not terminated
 * @file: how errors name it
 * @error: MCU_ERROR_BAD_JSON; MCU_ERROR_TOO_LARGE: over MCU_LAYOUT_MAX_BYTES;
 *   MCU_ERROR_BAD_REQUEST: anything that is wrong in it, the first one in order
 *
 * Thread: any, pure.  Returns: (transfer full) (nullable): the layout.
 */
McuLayout *mcu_layout_parse (const char *text, gsize length, const char *file, GError **error);

/**
 * mcu_layout_from_json:
 * @object: a whole document that is nested at most MCU_JSON_MAX_DEPTH deep
 * @error: MCU_ERROR_BAD_REQUEST
 *
 * The same for one that came inside a message; the caller bounds its size.
 */
McuLayout *mcu_layout_from_json (JsonObject *object, const char *file, GError **error);

/**
 * mcu_layout_check_members:
 * @text: (array length=length): that mcu_json_parse_object() took
 * @error: MCU_ERROR_BAD_REQUEST: a member stands twice in an object
 *
 * For who parses a document's text themselves; mcu_layout_parse() does this too.
 *
 * Thread: any, pure.
 */
gboolean mcu_layout_check_members (const char *text, gsize length, const char *file,
                                   GError **error);

/**
 * mcu_layout_to_json:
 *
 * Thread: any, pure.  Returns: (transfer full): a document that reads as the same layout. Members
 * that have their default are left out.
 */
JsonObject *mcu_layout_to_json (const McuLayout *self);

/** mcu_layout_to_text: (transfer full): the same as indented text that ends with a newline. */
char *mcu_layout_to_text (const McuLayout *self);
