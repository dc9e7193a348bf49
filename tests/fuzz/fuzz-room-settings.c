/* tests/fuzz/fuzz-room-settings.c - the body of a PATCH from anybody, up to a room's settings.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/room-settings.h"
#include "tests/fuzz/fuzz.h"

static const McuRoomSettings defaults = {.layout = (char *) "grid",
                                         .canvas_width_px = 1280,
                                         .canvas_height_px = 720,
                                         .canvas_fps = 30,
                                         .max_participants = 100,
                                         .empty_timeout_s = 300};

static void
check (const McuRoomSettings *settings)
{
  g_assert_null (mcu_canvas_problem (settings->canvas_width_px, settings->canvas_height_px,
                                     settings->canvas_fps));
  g_assert_true (settings->layout != NULL && settings->layout[0] != '\0');
  g_assert_cmpuint (settings->max_participants, >=, 1);
  g_assert_cmpuint (settings->max_participants, <=, MCU_ROOM_MAX_PARTICIPANTS);
  g_assert_cmpuint (settings->empty_timeout_s, <=, MCU_ROOM_MAX_EMPTY_TIMEOUT_S);
  g_assert_true (settings->locked == TRUE || settings->locked == FALSE);
  g_assert_true (settings->metadata == NULL ||
                 strlen (settings->metadata) <= MCU_METADATA_MAX_BYTES);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) members = mcu_json_parse_object ((const char *) data, size, NULL);
  g_auto (McuRoomSettings) settings = {0};
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (members == NULL)
    return 0;
  mcu_room_settings_copy (&settings, &defaults);
  ok = mcu_room_settings_merge (&settings, &defaults, members, &error);
  g_assert_true (ok == (error == NULL));
  g_assert_true (ok || mcu_room_settings_equal (&settings, &defaults));
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  check (&settings);
  return 0;
}
