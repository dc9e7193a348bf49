/* tests/unit/mcu/room-settings.c - what a room's settings may be, and where they come from.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/room-settings.h"

#include <string.h>

#include "mcu/base/error.h"
#include "mcu/base/json-check.h"
#include "mcu/config.h"

static JsonObject *
parse (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  JsonObject *object = mcu_json_parse_object (json, strlen (json), NULL);

  g_assert_nonnull (object);
  return object;
}

static gboolean
merge (McuRoomSettings *settings, const char *text, GError **error)
{
  g_autoptr (McuConfig) config = mcu_config_new ();
  g_auto (McuRoomSettings) defaults = {0};
  g_autoptr (JsonObject) members = parse (text);

  mcu_room_settings_init (&defaults, config, "r");
  if (settings->layout == NULL)
    mcu_room_settings_copy (settings, &defaults);
  return mcu_room_settings_merge (settings, &defaults, members, error);
}

static void
test_room_settings__good (void)
{
  g_auto (McuRoomSettings) settings = {0};

  g_assert_true (
      merge (&settings,
             "{'name':'r','layout':'speaker','canvas':{'width':720,'height':1280,'fps':5},"
             "'locked':true,'lobby':true,'record':true,'max_participants':1000,"
             "'empty_timeout_s':0,'metadata':'m'}",
             NULL));
  g_assert_cmpstr (settings.layout, ==, "speaker");
  g_assert_cmpint (settings.canvas_width_px, ==, 720);
  g_assert_cmpint (settings.canvas_height_px, ==, 1280);
  g_assert_cmpuint (settings.canvas_fps, ==, 5);
  g_assert_true (settings.locked && settings.lobby && settings.record);
  g_assert_cmpuint (settings.max_participants, ==, 1000);
  g_assert_cmpuint (settings.empty_timeout_s, ==, 0);
  g_assert_cmpstr (settings.metadata, ==, "m");
  g_assert_true (merge (&settings, "{'canvas':{'fps':25}}", NULL)); /* the others stay */
  g_assert_cmpint (settings.canvas_width_px, ==, 720);
  g_assert_cmpuint (settings.canvas_fps, ==, 25);
}

static void
test_room_settings__null_is_the_default (void)
{
  g_auto (McuRoomSettings) settings = {0};
  g_auto (McuRoomSettings) before = {0};

  g_assert_true (merge (&settings, "{}", NULL));
  mcu_room_settings_copy (&before, &settings);
  g_assert_true (merge (&settings,
                        "{'layout':'x','canvas':{'width':640,'height':360,'fps':10},'locked':true,"
                        "'lobby':true,'record':true,'max_participants':2,'empty_timeout_s':1,"
                        "'metadata':''}",
                        NULL));
  g_assert_false (mcu_room_settings_equal (&settings, &before));
  g_assert_true (merge (&settings, "{'canvas':{'width':null,'height':null}}", NULL));
  g_assert_cmpint (settings.canvas_width_px, ==, 1280);
  g_assert_cmpuint (settings.canvas_fps, ==, 10);
  g_assert_true (merge (&settings,
                        "{'layout':null,'canvas':null,'locked':null,'lobby':null,'record':null,"
                        "'max_participants':null,'empty_timeout_s':null,'metadata':null}",
                        NULL));
  g_assert_true (mcu_room_settings_equal (&settings, &before));
}

static void
test_room_settings__bad_changes_nothing (void)
{
  static const char *const bad[] = {
      "{'locked':1}",
      "{'locked':'true'}",
      "{'lobby':[]}",
      "{'record':{}}",
      "{'layout':''}",
      "{'layout':7}",
      "{'layout':{'name':'grid'}}",
      "{'max_participants':0}",
      "{'max_participants':1001}",
      "{'max_participants':2.5}",
      "{'max_participants':'5'}",
      "{'empty_timeout_s':-1}",
      "{'empty_timeout_s':86401}",
      "{'empty_timeout_s':9223372036854775807}",
      "{'canvas':[]}",
      "{'canvas':7}",
      "{'canvas':{'width':641}}",
      "{'canvas':{'width':1922}}",
      "{'canvas':{'width':1920,'height':1920}}",
      "{'canvas':{'width':1090,'height':1090}}",
      "{'canvas':{'width':158,'height':90}}",
      "{'canvas':{'width':160,'height':88}}",
      "{'canvas':{'height':-720}}",
      "{'canvas':{'fps':4}}",
      "{'canvas':{'fps':61}}",
      "{'canvas':{'fps':29.97}}",
      "{'canvas':{'depth':3}}",
      "{'metadata':{}}",
      "{'created_at':'x'}",
      "{'participants':0}",
      "{'recording':true}",
      "{'no such':null}",
      "{'lobby':true,'locked':0}",
  };
  g_auto (McuRoomSettings) settings = {0};
  g_auto (McuRoomSettings) before = {0};

  g_assert_true (merge (&settings, "{'metadata':'kept'}", NULL));
  mcu_room_settings_copy (&before, &settings);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", bad[i]);
    g_assert_false (merge (&settings, bad[i], &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    g_assert_true (mcu_room_settings_equal (&settings, &before));
  }
}

static void
test_room_settings__errors_are_short (void)
{
  g_autofree char *name = g_strnfill (60000, 'n');
  g_autofree char *text = g_strdup_printf ("{'%s':1}", name);
  g_auto (McuRoomSettings) settings = {0};
  g_autoptr (GError) error = NULL;

  g_assert_false (merge (&settings, text, &error));
  g_assert_cmpuint (strlen (error->message), <, 200);
}

static void
test_room_settings__metadata_is_bounded (void)
{
  g_auto (McuRoomSettings) settings = {0};
  g_autofree char *longest = g_strnfill (MCU_METADATA_MAX_BYTES, 'm');
  g_autofree char *good = g_strdup_printf ("{'metadata':'%s'}", longest);
  g_autofree char *bad = g_strdup_printf ("{'metadata':'%sm'}", longest);
  g_autoptr (GError) error = NULL;

  g_assert_true (merge (&settings, good, NULL));
  g_assert_false (merge (&settings, bad, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

static void
test_room_settings__canvas_either_way_up (void)
{
  static const struct
  {
    int width, height, fps;
    gboolean good;
  } rows[] = {
      {1280, 720, 30, TRUE}, {720, 1280, 30, TRUE},  {1920, 1088, 60, TRUE},  {1088, 1920, 5, TRUE},
      {160, 90, 30, TRUE},   {1088, 1088, 30, TRUE}, {1920, 1090, 30, FALSE}, {90, 90, 30, FALSE},
      {88, 160, 30, FALSE},  {1280, 721, 30, FALSE}, {1280, 720, 4, FALSE},   {0, 0, 30, FALSE},
      {-2, -2, 30, FALSE},   {1280, 720, 61, FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (mcu_canvas_problem (rows[i].width, rows[i].height, rows[i].fps) == NULL, ==,
                     rows[i].good);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/room_settings/good", test_room_settings__good);
  g_test_add_func ("/room_settings/null_is_the_default", test_room_settings__null_is_the_default);
  g_test_add_func ("/room_settings/bad_changes_nothing", test_room_settings__bad_changes_nothing);
  g_test_add_func ("/room_settings/errors_are_short", test_room_settings__errors_are_short);
  g_test_add_func ("/room_settings/metadata_is_bounded", test_room_settings__metadata_is_bounded);
  g_test_add_func ("/room_settings/canvas_either_way_up", test_room_settings__canvas_either_way_up);
  return g_test_run ();
}
