/* mcu/base/json-members.h - members that stand twice in one object of JSON text.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * mcu_json_find_twice:
 * @text: (array length=length): that mcu_json_parse_object() took
 *
 * json-glib silently keeps the last of two members with one name; for what people write by hand
 * (RFC 8259, section 4: names SHOULD be unique) that hides a slip. Names are compared as they read,
 * not as they are escaped.
 *
 * Thread: any, pure.
 * Returns: (transfer full) (nullable): where the first is, e.g. `arrangements[1].slots[0].x`, as
 * UTF-8 of at most some hundred bytes; NULL when there is none.
 */
char *mcu_json_find_twice (const char *text, gsize length);
