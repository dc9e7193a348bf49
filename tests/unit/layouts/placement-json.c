/* tests/unit/layouts/placement-json.c - tiles over the link.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/placement-json.h"

#include <string.h>

#include "mcu/base/json-check.h"

static void
assert_same_behind_the_link (const McuPlacement *place)
{
  JsonObject *object = mcu_placement_to_json (place);
  g_autofree char *text = mcu_json_to_text (object);
  g_autoptr (GError) error = NULL;
  JsonObject *read = mcu_json_parse_object (text, strlen (text), &error);
  McuPlacement back;

  g_assert_no_error (error);
  g_assert_true (mcu_placement_from_json (read, &back));
  g_assert_true (mcu_placement_equal (place, &back));
  json_object_unref (object);
  json_object_unref (read);
}

static void
test_placement_json__round_trip (void)
{
  McuPlacement place;
  McuRect rect = {2, 4, 600, 800};

  for (int screen = 0; screen <= 1; screen++) {
    mcu_placement_init (&place, "p1", screen ? MCU_VIDEO_SCREEN : MCU_VIDEO_CAMERA, &rect);
    assert_same_behind_the_link (&place);
    place.fit = screen ? MCU_FIT_COVER : MCU_FIT_CONTAIN;
    place.z = 99;
    place.radius_px = 30;
    place.border_px = 4;
    place.border_rgba = 0x01020304;
    place.speaking_rgba = 0xfffefdfc;
    place.label = MCU_LABEL_NONE;
    place.label_style = MCU_LABEL_BAR;
    place.placeholder = TRUE;
    assert_same_behind_the_link (&place);
  }
}

static void
test_placement_json__what_there_always_was (void)
{
  static const char text[] = "{\"participant\":\"p\",\"stream\":\"camera\",\"x\":0,\"y\":2,"
                             "\"width\":4,\"height\":6,\"z\":1,\"newer\":[]}";
  JsonObject *object = mcu_json_parse_object (text, strlen (text), NULL);
  McuPlacement place, want;

  mcu_placement_init (&want, "p", MCU_VIDEO_CAMERA, &(McuRect){0, 2, 4, 6});
  want.z = 1;
  g_assert_true (mcu_placement_from_json (object, &place));
  g_assert_true (mcu_placement_equal (&place, &want));
  json_object_unref (object);
}

static void
test_placement_json__no_tiles (void)
{
  static const char *const bad[] = {
      "{}",
      "{\"participant\":\"\"}",
      "{\"participant\":7}",
      "{\"participant\":\"p\",\"stream\":\"microphone\"}",
      "{\"participant\":\"p\",\"x\":65537}",
      "{\"participant\":\"p\",\"width\":9223372036854775807}",
      "{\"participant\":\"p\",\"z\":-4294967295}",
      "{\"participant\":\"p\",\"radius\":-1}",
      "{\"participant\":\"p\",\"border\":{\"width\":2,\"colour\":\"#ffffff\"}}",
      "{\"participant\":\"p\",\"border\":{\"width\":1,\"colour\":\"#ffffff\",\"speaking\":"
      "\"#ffffff\"}}",
      "{\"participant\":\"p\",\"fit\":\"fill\"}",
      "{\"participant\":\"p\",\"label\":\"middle\"}",
      "{\"participant\":\"p\",\"label_style\":\"\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    JsonObject *object = mcu_json_parse_object (bad[i], strlen (bad[i]), &error);
    McuPlacement place;

    g_assert_no_error (error);
    g_test_message ("%s", bad[i]);
    g_assert_false (mcu_placement_from_json (object, &place));
    json_object_unref (object);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/placement-json/round_trip", test_placement_json__round_trip);
  g_test_add_func ("/layouts/placement-json/what_there_always_was",
                   test_placement_json__what_there_always_was);
  g_test_add_func ("/layouts/placement-json/no_tiles", test_placement_json__no_tiles);

  return g_test_run ();
}
