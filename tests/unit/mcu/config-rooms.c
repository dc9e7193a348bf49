/* tests/unit/mcu/config-rooms.c - settings of rooms by name patterns.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/config-rooms.h"

#include <string.h>

#include <glib/gstdio.h>

#include "mcu/base/error.h"
#include "mcu/config.h"

static McuConfig *
load (const char *text, GError **error)
{
  g_autoptr (McuConfig) config = mcu_config_new ();
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("tessera-config-XXXXXX", &path, NULL);
  gboolean ok;

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  ok = mcu_config_load_file (config, path, error) && mcu_config_finish (config, error);
  g_unlink (path);
  return ok ? g_steal_pointer (&config) : NULL;
}

static void
test_config_rooms__first_that_fits (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuConfig)
      config = load ("[rooms]\nlayout=speaker\nlobby=true\ncanvas_fps=25\n"
                     "[room lecture-1]\nlayout=lecture\nempty_timeout_s=7\n"
                     "[room lecture-*]\nlocked=true\nlobby=false\nrecord=true\nmax_participants=9\n"
                     "[room p?]\nportrait=true\nfps=15\n"
                     "[room *]\ncanvas_width=640\ncanvas_height=360\n",
                     &error);
  g_auto (McuRoomSettings) one = {0};
  g_auto (McuRoomSettings) two = {0};
  g_auto (McuRoomSettings) portrait = {0};
  g_auto (McuRoomSettings) other = {0};

  g_assert_no_error (error);
  mcu_room_settings_init (&one, config, "lecture-1");
  mcu_room_settings_init (&two, config, "lecture-2");
  mcu_room_settings_init (&portrait, config, "p7");
  mcu_room_settings_init (&other, config, "weekly");
  g_assert_cmpstr (one.layout, ==, "lecture");
  g_assert_cmpuint (one.empty_timeout_s, ==, 7);
  g_assert_true (one.lobby);   /* of [rooms] */
  g_assert_false (one.locked); /* the second group fits too, and does not hold */
  g_assert_cmpstr (two.layout, ==, "speaker");
  g_assert_true (two.locked && two.record && !two.lobby);
  g_assert_cmpuint (two.max_participants, ==, 9);
  g_assert_cmpuint (two.canvas_fps, ==, 25);
  g_assert_cmpint (portrait.canvas_width_px, ==, 720);
  g_assert_cmpint (portrait.canvas_height_px, ==, 1280);
  g_assert_cmpuint (portrait.canvas_fps, ==, 15);
  g_assert_cmpint (other.canvas_width_px, ==, 640);
  g_assert_cmpint (other.canvas_height_px, ==, 360);
}

static void
test_config_rooms__errors_name_group_and_key (void)
{
  static const struct
  {
    const char *text;
    const char *named;
  } bad[] = {
      {"[room x-*]\nfps=4\n", "[room x-*] fps = 4: a whole number from 5 to 60"},
      {"[room x-*]\nlocked=yes\n", "[room x-*] locked = yes: true or false"},
      {"[room x-*]\nlayout=\n", "[room x-*] layout"},
      {"[room x-*]\ncolour=red\n", "[room x-*] colour: there is no such setting"},
      {"[room x-*]\nmax_participants=0\n", "[room x-*] max_participants"},
      {"[room x-*]\ncanvas_width=641\n", "[room x-*] canvas_width"},
      {"[room x-*]\ncanvas_height=1280\n", "[room x-*] canvas_width, canvas_height: 1280x1280"},
      {"[room ]\nlocked=true\n", "[room ]"},
      {"[room]\nlocked=true\n", "[room]"},
      {"[room a b]\n", "[room a b]: a pattern"},
      {"[room a/b]\n", "[room a/b]: a pattern"},
      {"[rooms]\ncanvas_width=1920\ncanvas_height=1920\n", "[rooms] canvas_width, canvas_height"},
      {"[rooms]\ncanvas_fps=4\n", "[rooms] canvas_fps"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (bad[i].text, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    if (strstr (error->message, bad[i].named) == NULL)
      g_error ("%s: %s", bad[i].text, error->message);
  }
}

static void
test_config_rooms__print_reads_back (void)
{
  g_autoptr (McuConfig) config = load (
      "[room b-*]\nlayout=panel\nportrait=true\nfps=12\nlobby=false\n[room a]\n", NULL);
  g_autofree char *text = mcu_config_print (config);
  g_autofree char *page = mcu_config_to_markdown ();
  g_autoptr (McuConfig) again = NULL;
  g_auto (McuRoomSettings) settings = {0};

  g_assert_nonnull (strstr (
      text, "\n[room b-*]\nlayout=panel\nfps=12\nportrait=true\nlobby=false\n\n[room a]\n"));
  g_assert_nonnull (strstr (page, "| `[room PATTERN]` | `portrait` |"));
  again = load (text, NULL);
  g_assert_nonnull (again);
  mcu_room_settings_init (&settings, again, "b-1");
  g_assert_cmpstr (settings.layout, ==, "panel");
  g_assert_cmpint (settings.canvas_height_px, ==, 1280);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config_rooms/first_that_fits", test_config_rooms__first_that_fits);
  g_test_add_func ("/config_rooms/errors_name_group_and_key",
                   test_config_rooms__errors_name_group_and_key);
  g_test_add_func ("/config_rooms/print_reads_back", test_config_rooms__print_reads_back);
  return g_test_run ();
}
