/* mcu/base/json-check.h - the look at JSON before json-glib may see it.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

/* Source: the outside contract; json-glib 1.6 recurses per bracket and dies of 100,000 of them. */
#define MCU_JSON_MAX_DEPTH 32

/**
 * mcu_json_parse_object:
 * @text: (array length=length): bytes from outside, not terminated
 * @error: MCU_ERROR_BAD_JSON
 *
 * Checks UTF-8, the absence of NUL, and the nesting depth, then parses.
 *
 * Thread: any.  Returns: (transfer full) (nullable): the object that the text is.
 */
JsonObject *mcu_json_parse_object (const char *text, gsize length, GError **error);

/**
 * mcu_json_string:
 *
 * Thread: any.
 * Returns: (transfer none) (nullable): the string member @name; %NULL when absent or not a string.
 */
const char *mcu_json_string (JsonObject *object, const char *name);

/** mcu_json_int: the number member @name as an integer, @fallback when absent or not a number. */
gint64 mcu_json_int (JsonObject *object, const char *name, gint64 fallback);

/** mcu_json_bool: the member @name, @fallback when absent or not a boolean. */
gboolean mcu_json_bool (JsonObject *object, const char *name, gboolean fallback);

/** mcu_json_object: (transfer none) (nullable): the object member @name. */
JsonObject *mcu_json_object (JsonObject *object, const char *name);

/** mcu_json_array: (transfer none) (nullable): the array member @name. */
JsonArray *mcu_json_array (JsonObject *object, const char *name);

/** mcu_json_array_object: (transfer none) (nullable): element @index where it is an object. */
JsonObject *mcu_json_array_object (JsonArray *array, guint index);

/** mcu_json_to_text: (transfer full): @object as one line. */
char *mcu_json_to_text (JsonObject *object);
