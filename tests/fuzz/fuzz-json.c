/* tests/fuzz/fuzz-json.c - a message from outside, up to where its members are read.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>

#include "mcu/base/json-check.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = mcu_json_parse_object ((const char *) data, size, &error);

  g_assert_true ((object == NULL) == (error != NULL));
  if (object != NULL) {
    mcu_json_string (object, "type");
    mcu_json_int (object, "session", -1);
    mcu_json_object (object, "streams");
    json_object_unref (object);
  }
  return 0;
}
